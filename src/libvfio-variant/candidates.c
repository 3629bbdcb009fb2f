/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates for a device, in rank order, and what became of each. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "objects.h"
#include "vfio-variant-tag.h"

struct vfio_variant_candidate {
        struct vfio_variant_candidate *next;
        struct candidate candidate; /* its strings are in the list's arena, printable */
        const char *driver;
        const char *banned;
        enum policy_ban ban;
        enum answer_verdict verdict;
        enum vfio_variant_rule rule;
        char reason[REASON_SIZE];
};

/* They are collected first: who is told of one may ask for others. */
struct candidates {
        struct arena arena;
        struct vfio_variant_candidate *first, **end;
        char pin_place[TAG_KEY_SIZE]; /* in the hwdb; "": not known */
};

static void candidates_done(struct candidates *candidates) {
        arena_done(&candidates->arena);
}

static const char *copy_shown(struct arena *arena, const char *text) {
        size_t size = strlen(text) + 1;
        char *copy = arena_take(arena, size);

        if (copy)
                show_text(copy, size, text);
        return copy;
}

static int add(const struct answer_candidate *answer, void *userdata) {
        struct candidates *candidates = userdata;
        struct vfio_variant_candidate *added = arena_take(&candidates->arena, sizeof(*added));
        const char *alias = answer->candidate->alias;

        if (!added)
                return -ENOMEM;
        added->candidate = *answer->candidate;
        added->candidate.built_in = answer->is_built_in;
        added->verdict = answer->verdict;
        added->driver = copy_shown(&candidates->arena, answer->driver);
        added->candidate.module = copy_shown(&candidates->arena, answer->candidate->module);
        if (alias)
                added->candidate.alias = copy_shown(&candidates->arena, alias);
        added->ban = answer->ban;
        added->banned = copy_shown(&candidates->arena, answer->banned);
        if (!added->driver || !added->banned || !added->candidate.module ||
            (alias && !added->candidate.alias))
                return -ENOMEM;
        *candidates->end = added;
        candidates->end = &added->next;
        return 0;
}

static enum vfio_variant_rule rule_of(enum rank_rule rule) {
        static const enum vfio_variant_rule rules[] = {
                [RANK_ORIGIN] = VFIO_VARIANT_RULE_ORIGIN,
                [RANK_WILDCARDS] = VFIO_VARIANT_RULE_WILDCARDS,
                [RANK_LITERALS] = VFIO_VARIANT_RULE_LITERALS,
                [RANK_GENERIC] = VFIO_VARIANT_RULE_GENERIC,
                [RANK_PRIORITY] = VFIO_VARIANT_RULE_PRIORITY,
                [RANK_NAME] = VFIO_VARIANT_RULE_NAME,
        };

        return rules[rule];
}

static void give_reason(const struct candidates *candidates,
                        struct vfio_variant_candidate *candidate) {
        const struct reason reason = {
                .candidate = &candidate->candidate,
                .verdict = candidate->verdict,
                .rule = candidate->rule,
                .banned = candidate->banned,
                .ban = candidate->ban,
                .pin_place = candidates->pin_place,
        };

        reason_write(&reason, candidate->reason);
}

static void finish(struct candidates *candidates, const char *modalias) {
        _uninitialized_ struct modalias key;

        if (modalias_parse(modalias, &key) < 0)
                return; /* and there are none */
        for (struct vfio_variant_candidate *at = candidates->first; at; at = at->next) {
                at->rule = at->next ? rule_of(candidate_rule(&at->candidate, &at->next->candidate,
                                                             key.generic))
                                    : VFIO_VARIANT_RULE_LAST;
                give_reason(candidates, at);
        }
}

/* DEVICE: whose pin it is, or NULL. */
static int each_candidate(struct vfio_variant *context, const struct vfio_variant_device *device,
                          const char *modalias, const char *pin,
                          vfio_variant_candidate_fn on_candidate, void *userdata) {
        _cleanup_(candidates_done) struct candidates candidates = {};
        int r = context_open_source(context);

        candidates.end = &candidates.first;
        if (r >= 0)
                r = answer_explain(context->source, modalias, pin, add, &candidates);
        if (r < 0)
                return r == -ENAMETOOLONG ? -EINVAL : r;
        context_tell_damage(context);
        if (device && pin)
                tags_find_pin(device, pin, candidates.pin_place);
        finish(&candidates, modalias);
        r = 0;
        for (const struct vfio_variant_candidate *at = candidates.first; at && r == 0;
             at = at->next)
                r = on_candidate(at, userdata);
        return r;
}

_public_ int vfio_variant_each_candidate(struct vfio_variant *context, const char *modalias,
                                         const char *pin, vfio_variant_candidate_fn on_candidate,
                                         void *userdata) {
        return each_candidate(context, NULL, modalias, pin, on_candidate, userdata);
}

_public_ int vfio_variant_device_each_candidate(struct vfio_variant_device *device,
                                                vfio_variant_candidate_fn on_candidate,
                                                void *userdata) {
        int r = properties_need_pin(device);

        return r < 0 ? r
                     : each_candidate(device->context, device, device->handle.modalias,
                                      device->properties.pin[0] ? device->properties.pin : NULL,
                                      on_candidate, userdata);
}

_public_ const char *
vfio_variant_candidate_get_string(const struct vfio_variant_candidate *candidate,
                                  enum vfio_variant_candidate_string what) {
        switch (what) {
        case VFIO_VARIANT_CANDIDATE_ALIAS:
                return candidate->candidate.alias;
        case VFIO_VARIANT_CANDIDATE_MODULE:
                return candidate->candidate.module;
        case VFIO_VARIANT_CANDIDATE_DRIVER:
                return *candidate->driver ? candidate->driver : NULL;
        case VFIO_VARIANT_CANDIDATE_REASON:
                return candidate->reason;
        default:
                return NULL;
        }
}

static enum vfio_variant_verdict verdict_of(enum answer_verdict verdict) {
        static const enum vfio_variant_verdict verdicts[] = {
                [VERDICT_WON] = VFIO_VARIANT_VERDICT_WON,
                [VERDICT_FALLBACK] = VFIO_VARIANT_VERDICT_FALLBACK,
                [VERDICT_NEXT] = VFIO_VARIANT_VERDICT_NEXT,
                [VERDICT_BEHIND] = VFIO_VARIANT_VERDICT_BEHIND,
                [VERDICT_SAME] = VFIO_VARIANT_VERDICT_SAME,
                [VERDICT_BLACKLISTED] = VFIO_VARIANT_VERDICT_BLACKLISTED,
                [VERDICT_REFUSED] = VFIO_VARIANT_VERDICT_REFUSED,
                [VERDICT_MISSING] = VFIO_VARIANT_VERDICT_MISSING,
                [VERDICT_INVALID] = VFIO_VARIANT_VERDICT_INVALID,
                [VERDICT_DISABLED] = VFIO_VARIANT_VERDICT_DISABLED,
                [VERDICT_DEPENDENCY] = VFIO_VARIANT_VERDICT_DEPENDENCY,
        };

        return verdicts[verdict];
}

static enum vfio_variant_candidate_origin origin_of(enum candidate_origin origin) {
        static const enum vfio_variant_candidate_origin origins[] = {
                [CANDIDATE_PINNED] = VFIO_VARIANT_ORIGIN_PIN,
                [CANDIDATE_ADMIN] = VFIO_VARIANT_ORIGIN_ADMIN,
                [CANDIDATE_INDEX] = VFIO_VARIANT_ORIGIN_INDEX,
                [CANDIDATE_GENERIC] = VFIO_VARIANT_ORIGIN_GENERIC,
        };

        return origins[origin];
}

/* Without an alias there is nothing to count; what the generic module weighs is our own. */
static int weight_of(const struct candidate *candidate, enum vfio_variant_candidate_number what) {
        if (!candidate->alias)
                return what == VFIO_VARIANT_CANDIDATE_PRIORITY ? -ENODATA : 0;
        if (what == VFIO_VARIANT_CANDIDATE_WILDCARDS)
                return candidate->wildcards;
        if (what == VFIO_VARIANT_CANDIDATE_LITERALS)
                return candidate->literals;
        return candidate->priority < INT_MAX ? (int)candidate->priority : INT_MAX;
}

_public_ int vfio_variant_candidate_get_number(const struct vfio_variant_candidate *candidate,
                                               enum vfio_variant_candidate_number what) {
        switch (what) {
        case VFIO_VARIANT_CANDIDATE_VERDICT:
                return verdict_of(candidate->verdict);
        case VFIO_VARIANT_CANDIDATE_ORIGIN:
                return origin_of(candidate->candidate.origin);
        case VFIO_VARIANT_CANDIDATE_RULE:
                return candidate->rule;
        case VFIO_VARIANT_CANDIDATE_WILDCARDS:
        case VFIO_VARIANT_CANDIDATE_LITERALS:
        case VFIO_VARIANT_CANDIDATE_PRIORITY:
                return weight_of(&candidate->candidate, what);
        case VFIO_VARIANT_CANDIDATE_IS_BUILT_IN:
                return candidate->candidate.built_in;
        default:
                return -EINVAL;
        }
}
