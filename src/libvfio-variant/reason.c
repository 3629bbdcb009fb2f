/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a candidate won or is excluded, in English, for every report. */
#include "reason.h"

#include <stdio.h>

#include "context.h"
#include "enum_texts.h"
#include "place.h"

#define BY_KERNEL "module_blacklist= on the kernel command line"

/* "FILE:LINE", printable, or MISSING if the line is not found. */
static void write_place(char ret[PLACE_SIZE], int found, const char *missing) {
        char place[PLACE_SIZE];

        if (found <= 0) {
                (void)snprintf(ret, PLACE_SIZE, "%s", missing);
                return;
        }
        (void)snprintf(place, sizeof(place), "%s", ret);
        copy_printable(ret, PLACE_SIZE, place);
}

static void write_winner(const struct reason *reason, char ret[REASON_SIZE]) {
        const struct candidate *candidate = reason->candidate;
        char place[PLACE_SIZE];

        switch (candidate->origin) {
        case VFIO_VARIANT_CANDIDATE_PIN:
                (void)snprintf(ret, REASON_SIZE, "won: pinned in %s",
                               *reason->pin_place ? reason->pin_place : "the hwdb");
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
                (void)snprintf(ret, REASON_SIZE, "won: %s", rule_clause(reason->rule));
        }
}

/* Returns whether a parameter on the kernel command line blacklists the module. */
static bool write_blacklisted(const char *module, char ret[REASON_SIZE]) {
        char place[PLACE_SIZE];
        int r = place_of(NULL, PLACE_BLACKLIST, module, NULL, place);

        write_place(place, r, "modprobe.blacklist= on the kernel command line");
        (void)snprintf(ret, REASON_SIZE, "out: blacklisted %s %s", r > 0 ? "in" : "by", place);
        return r <= 0;
}

/* Returns as write_blacklisted(). */
static bool write_banned(const struct reason *reason, const char *module, char ret[REASON_SIZE]) {
        const char *dependency =
                reason->verdict == VFIO_VARIANT_VERDICT_DEPENDENCY ? reason->banned : "";
        const char *which = *dependency ? ", which " : "";
        char place[PLACE_SIZE];

        if (reason->ban == POLICY_KERNEL) {
                (void)snprintf(ret, REASON_SIZE, "out: %s%s%s" BY_KERNEL " forbids%s",
                               *dependency ? "it depends on " : "", dependency, which,
                               *dependency ? "" : " it");
                return true;
        }
        write_place(place,
                    place_of(NULL, PLACE_INSTALL, *dependency ? dependency : module, NULL, place),
                    "modprobe.d");
        (void)snprintf(ret, REASON_SIZE, "out: %s%s%sthe install line in %s disables%s",
                       *dependency ? "it depends on " : "", dependency, which, place,
                       *dependency ? "" : " it");
        return false;
}

bool reason_write(const struct reason *reason, char ret[REASON_SIZE]) {
        const char *module = reason->candidate->module;

        switch (reason->verdict) {
        case VFIO_VARIANT_VERDICT_WON:
                write_winner(reason, ret);
                return false;
        case VFIO_VARIANT_VERDICT_BLACKLISTED:
                return write_blacklisted(module, ret);
        case VFIO_VARIANT_VERDICT_REFUSED:
        case VFIO_VARIANT_VERDICT_DISABLED:
        case VFIO_VARIANT_VERDICT_DEPENDENCY:
                return write_banned(reason, module, ret);
        default:
                (void)snprintf(ret, REASON_SIZE, "%s", verdict_clause(reason->verdict));
                return false;
        }
}
