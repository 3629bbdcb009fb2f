/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a candidate won or is excluded, in English, for every report. */
#include "reason.h"

#include <stdio.h>

#include "context.h"
#include "place.h"

#define BY_KERNEL "module_blacklist= on the kernel command line"

/* "FILE:LINE", printable, or MISSING if the line is not found. */
static void write_place(char ret[PLACE_SIZE], int found, const char *missing) {
        copy_printable(ret, PLACE_SIZE, found > 0 ? ret : missing);
}

static void write_winner(struct vfio_variant_candidate *winner, const char *pin_place) {
        const struct candidate *candidate = &winner->candidate;
        char *ret = winner->reason, place[PLACE_SIZE];

        switch (candidate->origin) {
        case VFIO_VARIANT_CANDIDATE_PIN:
                (void)snprintf(ret, REASON_SIZE, "won: pinned in %s",
                               *pin_place ? pin_place : "the hwdb");
                break;
        case VFIO_VARIANT_CANDIDATE_ADMIN:
                write_place(place,
                            place_of(NULL, PLACE_ALIAS, candidate->module, candidate->alias, place),
                            "modprobe.d");
                (void)snprintf(ret, REASON_SIZE, "won: by the alias in %s", place);
                break;
        case VFIO_VARIANT_CANDIDATE_GENERIC:
                (void)snprintf(ret, REASON_SIZE,
                               "won: generic driver of the bus, which needs no alias");
                break;
        case VFIO_VARIANT_CANDIDATE_INDEX:
        default:
                (void)snprintf(ret, REASON_SIZE, "won: %s", rule_clause(winner->rule));
        }
}

static void write_blacklisted(struct vfio_variant_candidate *candidate) {
        char place[PLACE_SIZE];
        int r = place_of(NULL, PLACE_BLACKLIST, candidate->candidate.module, NULL, place);

        write_place(place, r, "modprobe.blacklist= on the kernel command line");
        (void)snprintf(candidate->reason, REASON_SIZE, "out: blacklisted %s %s",
                       r > 0 ? "in" : "by", place);
        candidate->is_by_cmdline = r <= 0;
}

static void write_banned(struct vfio_variant_candidate *candidate) {
        const char *dependency =
                candidate->verdict == VFIO_VARIANT_VERDICT_DEPENDENCY ? candidate->banned : "";
        const char *which = *dependency ? ", which " : "";
        char place[PLACE_SIZE];

        candidate->is_by_cmdline = candidate->ban == POLICY_KERNEL;
        if (candidate->is_by_cmdline) {
                (void)snprintf(candidate->reason, REASON_SIZE, "out: %s%s%s" BY_KERNEL " forbids%s",
                               *dependency ? "it depends on " : "", dependency, which,
                               *dependency ? "" : " it");
                return;
        }
        write_place(place,
                    place_of(NULL, PLACE_INSTALL,
                             *dependency ? dependency : candidate->candidate.module, NULL, place),
                    "modprobe.d");
        (void)snprintf(candidate->reason, REASON_SIZE,
                       "out: %s%s%sthe install line in %s disables%s",
                       *dependency ? "it depends on " : "", dependency, which, place,
                       *dependency ? "" : " it");
}

void reason_write(struct vfio_variant_candidate *candidate, const char *pin_place) {
        switch (candidate->verdict) {
        case VFIO_VARIANT_VERDICT_WON:
                write_winner(candidate, pin_place);
                break;
        case VFIO_VARIANT_VERDICT_BLACKLISTED:
                write_blacklisted(candidate);
                break;
        case VFIO_VARIANT_VERDICT_REFUSED:
        case VFIO_VARIANT_VERDICT_DISABLED:
        case VFIO_VARIANT_VERDICT_DEPENDENCY:
                write_banned(candidate);
                break;
        default:
                (void)snprintf(candidate->reason, REASON_SIZE, "%s",
                               verdict_clause(candidate->verdict));
        }
}
