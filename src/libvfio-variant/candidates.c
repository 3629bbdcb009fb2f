/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates for a device, in rank order, and what became of each. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "device_keys.h"
#include "device_properties.h"
#include "reason.h"

/* All are collected first: the callback may look up others. */
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
                copy_printable(copy, size, text);
        return copy;
}

static int candidates_add(const struct choice_candidate *choice, void *userdata) {
        struct candidates *candidates = userdata;
        struct vfio_variant_candidate *added = arena_take(&candidates->arena, sizeof(*added));
        const char *alias = choice->candidate->alias;

        if (!added)
                return -ENOMEM;
        added->candidate = *choice->candidate;
        added->candidate.built_in = choice->is_built_in;
        added->verdict = choice->verdict;
        added->driver = copy_shown(&candidates->arena, choice->driver);
        added->candidate.module = copy_shown(&candidates->arena, choice->candidate->module);
        if (alias)
                added->candidate.alias = copy_shown(&candidates->arena, alias);
        added->ban = choice->ban;
        added->banned = copy_shown(&candidates->arena, choice->banned);
        if (!added->driver || !added->banned || !added->candidate.module ||
            (alias && !added->candidate.alias))
                return -ENOMEM;
        *candidates->end = added;
        candidates->end = &added->next;
        return 0;
}

static void candidates_finish(struct candidates *candidates, const char *modalias) {
        _uninitialized_ struct modalias key;

        if (modalias_parse(modalias, &key) < 0)
                return; /* there are no candidates then */
        for (struct vfio_variant_candidate *at = candidates->first; at; at = at->next) {
                at->rule =
                        at->next ? candidate_rule(&at->candidate, &at->next->candidate, key.generic)
                                 : VFIO_VARIANT_RULE_LAST;
                reason_write(at, candidates->pin_place);
        }
}

/* DEVICE: the device of PIN, or NULL. */
static int each_candidate(struct vfio_variant *context, const struct vfio_variant_device *device,
                          const char *modalias, const char *pin,
                          vfio_variant_candidate_fn on_candidate, void *userdata) {
        _cleanup_(candidates_done) struct candidates candidates = {};
        int r = context_open_source(context);

        candidates.end = &candidates.first;
        if (r >= 0)
                r = choice_explain(context->source, modalias, pin, candidates_add, &candidates);
        if (r < 0)
                return r == -ENAMETOOLONG ? -EINVAL : r;
        context_log_damage(context);
        if (device && pin)
                tags_find_pin(device, pin, candidates.pin_place);
        candidates_finish(&candidates, modalias);
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

_public_ int vfio_variant_device_each_candidate(struct vfio_variant_device *device, const char *pin,
                                                vfio_variant_candidate_fn on_candidate,
                                                void *userdata) {
        int r = choice_need_pin(device);

        if (r < 0)
                return r;
        if (!pin && device->properties.pin[0])
                pin = device->properties.pin;
        return each_candidate(device->context, device, device->handle.modalias, pin, on_candidate,
                              userdata);
}

_public_ const char *
vfio_variant_candidate_get_driver(const struct vfio_variant_candidate *candidate) {
        return string_or_null(candidate->driver);
}

_public_ const char *
vfio_variant_candidate_get_module(const struct vfio_variant_candidate *candidate) {
        return candidate->candidate.module;
}

_public_ const char *
vfio_variant_candidate_get_alias(const struct vfio_variant_candidate *candidate) {
        return string_or_null(candidate->candidate.alias ? candidate->candidate.alias : "");
}

_public_ const char *
vfio_variant_candidate_get_reason(const struct vfio_variant_candidate *candidate) {
        return candidate->reason;
}

_public_ enum vfio_variant_verdict
vfio_variant_candidate_get_verdict(const struct vfio_variant_candidate *candidate) {
        return candidate->verdict;
}

_public_ enum vfio_variant_candidate_origin
vfio_variant_candidate_get_origin(const struct vfio_variant_candidate *candidate) {
        return candidate->candidate.origin;
}

_public_ enum vfio_variant_rule
vfio_variant_candidate_get_rule(const struct vfio_variant_candidate *candidate) {
        return candidate->rule;
}

/* The numbers of a generic module without an alias are only for its rank. */
_public_ int vfio_variant_candidate_get_wildcards(const struct vfio_variant_candidate *candidate) {
        return candidate->candidate.alias ? candidate->candidate.wildcards : 0;
}

_public_ int vfio_variant_candidate_get_literals(const struct vfio_variant_candidate *candidate) {
        return candidate->candidate.alias ? candidate->candidate.literals : 0;
}

_public_ int vfio_variant_candidate_get_priority(const struct vfio_variant_candidate *candidate) {
        uint32_t priority = candidate->candidate.priority;

        if (!candidate->candidate.alias)
                return -ENODATA;
        return priority < INT_MAX ? (int)priority : INT_MAX;
}

_public_ int vfio_variant_candidate_is_built_in(const struct vfio_variant_candidate *candidate) {
        return candidate->candidate.built_in;
}

_public_ int
vfio_variant_candidate_is_excluded_by_cmdline(const struct vfio_variant_candidate *candidate) {
        return candidate->is_by_cmdline;
}
