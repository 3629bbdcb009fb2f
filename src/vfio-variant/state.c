/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How it stands with a device: what `list` says in its last column. */
#include "state.h"

#include <errno.h>
#include <stdio.h>

#include "choose.h"
#include "facts.h"
#include "text.h"

/* A driver that is not the answer: the fallback, since the answer refused; or somebody's choice. */
static void say_bound(struct vfio_variant_device *device, struct device_state *ret) {
        const char *holder = fact_string(device, VFIO_VARIANT_HOLDER);
        const char *answer = fact_string(device, VFIO_VARIANT_ANSWER);

        ret->state = STATE_BOUND;
        if (holder && answer && !text_equal(holder, answer))
                (void)snprintf(ret->reason, sizeof(ret->reason), "bound, but to %s, not to %s",
                               holder, answer);
}

static void say_reserved(struct vfio_variant_device *device, struct device_state *ret) {
        const char *holder = fact_string(device, VFIO_VARIANT_HOLDER);

        ret->state = STATE_RESERVED;
        (void)snprintf(ret->reason, sizeof(ret->reason), "reserved by %s", holder ? holder : "");
}

/* A tagged device should be bound: where it isn't, say who has it. */
static void say_free(struct vfio_variant_device *device, struct device_state *ret) {
        const char *holder = fact_string(device, VFIO_VARIANT_HOLDER);

        ret->state = STATE_READY;
        if (ret->is_tagged && holder)
                (void)snprintf(ret->reason, sizeof(ret->reason), "held by %s", holder);
        else if (ret->is_tagged)
                (void)text_put(ret->reason, sizeof(ret->reason), "on no driver");
}

static void say_kept(struct vfio_variant_device *device, const char *objection,
                     struct device_state *ret) {
        const char *holder = fact_string(device, VFIO_VARIANT_HOLDER);

        ret->state = STATE_NOT_READY;
        (void)snprintf(ret->reason, sizeof(ret->reason), "%s%s%s%s", holder ? "held by " : "",
                       holder ? holder : "", holder ? ": " : "", objection);
}

static int say_unknown(int error, struct device_state *ret) {
        ret->state = STATE_UNKNOWN;
        (void)text_put(ret->reason, sizeof(ret->reason), choose_why(error));
        return error;
}

/* No VFIO driver holds it: could one? */
static int state_of_unbound(struct vfio_variant_device *device, struct device_state *ret) {
        const char *answer, *objection;
        int yields;
        int r = vfio_variant_device_get_string(device, VFIO_VARIANT_ANSWER, &answer);

        if (r == -ENODATA) {
                ret->state = STATE_UNFIT;
                return 0;
        }
        if (r >= 0)
                r = vfio_variant_device_find_objection(device, &objection, &yields);
        if (r < 0)
                return say_unknown(r, ret);
        if (r > 0)
                say_kept(device, objection, ret);
        else
                say_free(device, ret);
        return 0;
}

int state_of(struct vfio_variant_device *device, struct device_state *ret) {
        int type = fact_number(device, VFIO_VARIANT_TYPE);

        *ret = (struct device_state){.is_tagged = fact_is_tagged(device)};
        if (type < 0)
                return say_unknown(type, ret);
        if (fact_is_bridge(device))
                ret->state = STATE_BRIDGE;
        else if (type == VFIO_VARIANT_TYPE_VFIO)
                say_bound(device, ret);
        else if (type == VFIO_VARIANT_TYPE_STUB || type == VFIO_VARIANT_TYPE_XEN)
                say_reserved(device, ret);
        else
                return state_of_unbound(device, ret);
        return 0;
}

/* For JSON; and for a column, where all is well or no more than "tagged, " goes before it. */
static const struct {
        const char *word, *text, *tagged_text;
} states[] = {
        [STATE_BOUND] = {"bound", "bound", "bound"},
        [STATE_RESERVED] = {"reserved", "reserved", "tagged, reserved"},
        [STATE_READY] = {"ready", "ready", "tagged, not bound"},
        [STATE_NOT_READY] = {"not-ready", "not ready", "tagged, not ready"},
        [STATE_UNFIT] = {"unfit", "no driver fits", "tagged, no driver fits"},
        [STATE_BRIDGE] = {"bridge", "bridge", "bridge"},
        [STATE_UNKNOWN] = {"unknown", "unknown", "tagged, unknown"},
};

const char *state_word(enum state state) {
        return states[state].word;
}

const char *state_text(const struct device_state *state) {
        return state->is_tagged ? states[state->state].tagged_text : states[state->state].text;
}

const char *state_colour(const struct device_state *state) {
        if (state->state == STATE_BOUND)
                return state->reason[0] ? "yellow" : "green";
        if (state->state == STATE_UNKNOWN)
                return "red";
        return state->is_tagged && state->state != STATE_BRIDGE ? "red" : NULL;
}
