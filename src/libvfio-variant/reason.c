/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a candidate won, or is out: the one place that words it, for all who report it. */
#include <stdio.h>

#include "objects.h"
#include "place.h"
#include "show.h"

#define BY_KERNEL "module_blacklist= on the kernel command line"

static const char *words_of_rule(enum vfio_variant_rule rule) {
        switch (rule) {
        case VFIO_VARIANT_RULE_ORIGIN:
                return "its origin goes before that of the next";
        case VFIO_VARIANT_RULE_WILDCARDS:
                return "it has fewer wildcards than the next";
        case VFIO_VARIANT_RULE_LITERALS:
                return "of as many wildcards, it has more letters than the next";
        case VFIO_VARIANT_RULE_GENERIC:
                return "it is the generic driver of the bus";
        case VFIO_VARIANT_RULE_PRIORITY:
                return "it fits as well as the next, and is before it in modules.order";
        case VFIO_VARIANT_RULE_NAME:
                return "it fits as well as the next, and its name sorts before";
        case VFIO_VARIANT_RULE_LAST:
        default:
                return "it is the only usable candidate";
        }
}

/* "FILE:LINE", printable, or MISSING if the line is not found. */
static void write_place(char ret[PLACE_SIZE], int found, const char *missing) {
        char place[PLACE_SIZE];

        if (found <= 0) {
                (void)snprintf(ret, PLACE_SIZE, "%s", missing);
                return;
        }
        (void)snprintf(place, sizeof(place), "%s", ret);
        show_text(ret, PLACE_SIZE, place);
}

static void write_winner(const struct reason *reason, char ret[REASON_SIZE]) {
        const struct candidate *candidate = reason->candidate;
        char place[PLACE_SIZE];

        switch (candidate->origin) {
        case CANDIDATE_PINNED:
                (void)snprintf(ret, REASON_SIZE, "won: pinned in %s",
                               *reason->pin_place ? reason->pin_place : "the hwdb");
                break;
        case CANDIDATE_ADMIN:
                write_place(place, place_of_alias(NULL, candidate->alias, candidate->module, place),
                            "modprobe.d");
                (void)snprintf(ret, REASON_SIZE, "won: by the alias in %s", place);
                break;
        case CANDIDATE_GENERIC:
                (void)snprintf(ret, REASON_SIZE,
                               "won: generic driver of the bus, which needs no alias");
                break;
        case CANDIDATE_INDEX:
        default:
                (void)snprintf(ret, REASON_SIZE, "won: %s", words_of_rule(reason->rule));
        }
}

static void write_blacklisted(const char *module, char ret[REASON_SIZE]) {
        char place[PLACE_SIZE];
        int r = place_of_blacklist(NULL, module, place);

        write_place(place, r, "modprobe.blacklist= on the kernel command line");
        (void)snprintf(ret, REASON_SIZE, "out: blacklisted %s %s", r > 0 ? "in" : "by", place);
}

static void write_banned(const struct reason *reason, const char *module, char ret[REASON_SIZE]) {
        const char *dependency = reason->verdict == VERDICT_DEPENDENCY ? reason->banned : "";
        const char *which = *dependency ? ", which " : "";
        char place[PLACE_SIZE];

        if (reason->ban == POLICY_KERNEL) {
                (void)snprintf(ret, REASON_SIZE, "out: %s%s%s" BY_KERNEL " forbids%s",
                               *dependency ? "it depends on " : "", dependency, which,
                               *dependency ? "" : " it");
                return;
        }
        write_place(place, place_of_install(NULL, *dependency ? dependency : module, place),
                    "modprobe.d");
        (void)snprintf(ret, REASON_SIZE, "out: %s%s%sthe install line in %s disables%s",
                       *dependency ? "it depends on " : "", dependency, which, place,
                       *dependency ? "" : " it");
}

static const char *words_of_verdict(enum answer_verdict verdict) {
        switch (verdict) {
        case VERDICT_FALLBACK:
                return "fallback: tried if the winner refuses the device";
        case VERDICT_NEXT:
                return "next: tried if all drivers above it refuse the device";
        case VERDICT_BEHIND:
                return "out: ranks after the generic driver, the last that is tried";
        case VERDICT_SAME:
                return "out: a better candidate names the same module";
        case VERDICT_MISSING:
                return "out: there is no such module, neither loadable nor built in";
        case VERDICT_INVALID:
                return "out: pinned, but no name that a driver or module can have";
        default:
                return "";
        }
}

void reason_write(const struct reason *reason, char ret[REASON_SIZE]) {
        const char *module = reason->candidate->module;

        switch (reason->verdict) {
        case VERDICT_WON:
                write_winner(reason, ret);
                break;
        case VERDICT_BLACKLISTED:
                write_blacklisted(module, ret);
                break;
        case VERDICT_REFUSED:
        case VERDICT_DISABLED:
        case VERDICT_DEPENDENCY:
                write_banned(reason, module, ret);
                break;
        default:
                (void)snprintf(ret, REASON_SIZE, "%s", words_of_verdict(reason->verdict));
        }
}
