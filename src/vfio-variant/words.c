/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for the library's numbers: for a person, and in JSON the same. */
#include "words.h"

#include <stddef.h>

#include "vfio-variant.h"

#define WORD_OF(words, number) word_of(words, sizeof(words) / sizeof(words[0]), number)

static const char *word_of(const char *const *words, size_t n, int number) {
        if (number < 0)
                return NULL;
        return (size_t)number < n ? words[number] : "other";
}

const char *word_of_type(int type) {
        static const char *const words[] = {
                [VFIO_VARIANT_TYPE_NONE] = "none",     [VFIO_VARIANT_TYPE_VFIO] = "vfio",
                [VFIO_VARIANT_TYPE_XEN] = "xen",       [VFIO_VARIANT_TYPE_STUB] = "stub",
                [VFIO_VARIANT_TYPE_NATIVE] = "native",
        };

        return WORD_OF(words, type);
}

const char *word_of_evidence(int evidence) {
        static const char *const words[] = {
                [VFIO_VARIANT_BY_KERNEL] = "kernel", [VFIO_VARIANT_BY_ALIAS] = "alias",
                [VFIO_VARIANT_BY_CORE] = "core",     [VFIO_VARIANT_BY_NAME] = "name",
                [VFIO_VARIANT_BY_GUESS] = "guess",
        };

        return WORD_OF(words, evidence);
}

const char *word_of_origin(int origin) {
        static const char *const words[] = {
                [VFIO_VARIANT_FROM_DATABASE] = "database",
                [VFIO_VARIANT_FROM_LOOK_UP] = "look-up",
        };

        return WORD_OF(words, origin);
}

const char *word_of_verdict(int verdict) {
        static const char *const words[] = {
                [VFIO_VARIANT_VERDICT_WON] = "won",
                [VFIO_VARIANT_VERDICT_FALLBACK] = "fallback",
                [VFIO_VARIANT_VERDICT_NEXT] = "next",
                [VFIO_VARIANT_VERDICT_BEHIND] = "behind",
                [VFIO_VARIANT_VERDICT_SAME] = "same",
                [VFIO_VARIANT_VERDICT_BLACKLISTED] = "blacklisted",
                [VFIO_VARIANT_VERDICT_REFUSED] = "refused",
                [VFIO_VARIANT_VERDICT_MISSING] = "missing",
                [VFIO_VARIANT_VERDICT_INVALID] = "invalid",
                [VFIO_VARIANT_VERDICT_DISABLED] = "disabled",
                [VFIO_VARIANT_VERDICT_DEPENDENCY] = "dependency",
        };

        return WORD_OF(words, verdict);
}

const char *word_of_candidate_origin(int origin) {
        static const char *const words[] = {
                [VFIO_VARIANT_ORIGIN_PIN] = "pin",
                [VFIO_VARIANT_ORIGIN_ADMIN] = "admin",
                [VFIO_VARIANT_ORIGIN_INDEX] = "index",
                [VFIO_VARIANT_ORIGIN_GENERIC] = "generic",
        };

        return WORD_OF(words, origin);
}

const char *word_of_rule(int rule) {
        static const char *const words[] = {
                [VFIO_VARIANT_RULE_LAST] = "last",
                [VFIO_VARIANT_RULE_ORIGIN] = "origin",
                [VFIO_VARIANT_RULE_WILDCARDS] = "wildcards",
                [VFIO_VARIANT_RULE_LITERALS] = "literals",
                [VFIO_VARIANT_RULE_GENERIC] = "generic",
                [VFIO_VARIANT_RULE_PRIORITY] = "priority",
                [VFIO_VARIANT_RULE_NAME] = "name",
        };

        return WORD_OF(words, rule);
}
