/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the enums of the public header. */
#include "reason.h"

#include "public.h"

/* NAME: for programs. CLAUSE: for messages. */
struct enum_text {
        const char *name, *clause;
};

static const struct enum_text types[] = {
        [VFIO_VARIANT_TYPE_NONE] = {"none"},     [VFIO_VARIANT_TYPE_VFIO] = {"vfio"},
        [VFIO_VARIANT_TYPE_XEN] = {"xen"},       [VFIO_VARIANT_TYPE_STUB] = {"stub"},
        [VFIO_VARIANT_TYPE_NATIVE] = {"native"},
};

static const struct enum_text evidences[] = {
        [VFIO_VARIANT_EVIDENCE_KERNEL] = {"kernel"}, [VFIO_VARIANT_EVIDENCE_ALIAS] = {"alias"},
        [VFIO_VARIANT_EVIDENCE_CORE] = {"core"},     [VFIO_VARIANT_EVIDENCE_NAME] = {"name"},
        [VFIO_VARIANT_EVIDENCE_GUESS] = {"guess"},
};

static const struct enum_text origins[] = {
        [VFIO_VARIANT_ORIGIN_DATABASE] = {"database"},
        [VFIO_VARIANT_ORIGIN_LOOKUP] = {"lookup"},
};

static const struct enum_text verdicts[] = {
        [VFIO_VARIANT_VERDICT_WON] = {"won", ""},
        [VFIO_VARIANT_VERDICT_FALLBACK] = {"fallback",
                                           "fallback: tried if the probe of the winner fails"},
        [VFIO_VARIANT_VERDICT_NEXT] = {"next", "next: tried if the probes of all above it fail"},
        [VFIO_VARIANT_VERDICT_LOWER] =
                {"lower", "out: ranks below the generic driver, the last that is tried"},
        [VFIO_VARIANT_VERDICT_SAME] = {"same", "out: a better candidate names the same module"},
        [VFIO_VARIANT_VERDICT_BLACKLISTED] = {"blacklisted", ""},
        [VFIO_VARIANT_VERDICT_REFUSED] = {"refused", ""},
        [VFIO_VARIANT_VERDICT_MISSING] =
                {"missing", "out: there is no such module, neither loadable nor built in"},
        [VFIO_VARIANT_VERDICT_INVALID] =
                {"invalid", "out: pinned, but not a valid name of a driver or module"},
        [VFIO_VARIANT_VERDICT_DISABLED] = {"disabled", ""},
        [VFIO_VARIANT_VERDICT_DEPENDENCY] = {"dependency", ""},
};

static const struct enum_text candidate_origins[] = {
        [VFIO_VARIANT_CANDIDATE_PIN] = {"pin"},
        [VFIO_VARIANT_CANDIDATE_ADMIN] = {"admin"},
        [VFIO_VARIANT_CANDIDATE_INDEX] = {"index"},
        [VFIO_VARIANT_CANDIDATE_GENERIC] = {"generic"},
};

static const struct enum_text rules[] = {
        [VFIO_VARIANT_RULE_LAST] = {"last", "it is the only usable candidate"},
        [VFIO_VARIANT_RULE_ORIGIN] = {"origin",
                                      "its origin takes precedence over that of the next"},
        [VFIO_VARIANT_RULE_WILDCARDS] = {"wildcards", "it has fewer wildcards than the next"},
        [VFIO_VARIANT_RULE_LITERALS] =
                {"literals", "it has as many wildcards, but more literal characters than the next"},
        [VFIO_VARIANT_RULE_GENERIC] = {"generic", "it is the generic driver of the bus"},
        [VFIO_VARIANT_RULE_PRIORITY] =
                {"priority", "it matches as well as the next, but is before it in modules.order"},
        [VFIO_VARIANT_RULE_NAME] = {"name",
                                    "it matches as well as the next, but its name sorts before"},
};

#define NAME_OF(table, value) name_of(table, sizeof(table) / sizeof((table)[0]), value)

static const char *name_of(const struct enum_text *table, size_t n, int value) {
        if (value < 0)
                return NULL;
        return (size_t)value < n ? table[value].name : "other";
}

_public_ const char *vfio_variant_type_name(int type) {
        return NAME_OF(types, type);
}

_public_ const char *vfio_variant_evidence_name(int evidence) {
        return NAME_OF(evidences, evidence);
}

_public_ const char *vfio_variant_origin_name(int origin) {
        return NAME_OF(origins, origin);
}

_public_ const char *vfio_variant_verdict_name(int verdict) {
        return NAME_OF(verdicts, verdict);
}

_public_ const char *vfio_variant_candidate_origin_name(int origin) {
        return NAME_OF(candidate_origins, origin);
}

_public_ const char *vfio_variant_rule_name(int rule) {
        return NAME_OF(rules, rule);
}

const char *verdict_clause(enum vfio_variant_verdict verdict) {
        return verdicts[verdict].clause;
}

const char *rule_clause(enum vfio_variant_rule rule) {
        return rules[rule].clause;
}
