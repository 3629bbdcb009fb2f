/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roll-back: restores the previous driver and driver_override of a device. */
#include "roll_back.h"

#include <errno.h>

#include "bind_step.h"
#include "text.h"

static bool is_equal(const char *a, const char *b) {
        return a && b && streq(a, b);
}

/*
 * Such a driver_override is not restored: it would keep the native driver from binding.
 * 70-vfio-variant-bind.rules writes it before the bind, and so did a bind that was killed.
 */
bool roll_back_override_is_ours(const struct bind_state *state) {
        const struct bind_request *request = state->request;
        const char *override = state->override;

        return override[0] && !streq(override, state->previous_driver) &&
               (is_equal(override, request->wanted.driver) ||
                is_equal(override, request->wanted.module) ||
                is_equal(override, request->fallback.driver) ||
                is_equal(override, state->report->attempts[0].driver));
}

/*
 * Should the native driver be bound? True if the device had no driver, and only our driver_override
 * prevents the native driver from binding: if the device was never bound, or a roll-back was
 * killed.
 */
static bool native_is_due(const struct bind_state *state) {
        return !state->previous_driver[0] &&
               (!state->override[0] || roll_back_override_is_ours(state));
}

static int bind_to_previous(const struct bind_state *state, const char *override) {
        int r = step_override(state->handle, override);

        if (r >= 0)
                r = step_bind(state->handle, state->previous_driver_fd);
        if (bind_state_is_bound_to(state, state->previous_driver) > 0)
                return 0;
        return bind_state_fail(state, &state->report->roll_back, BIND_STEP_READ_BACK,
                               r < 0 ? r : -ENXIO);
}

/*
 * Binds the device to its previous driver: without an override if the driver matches the device, or
 * else with one. *keep: the driver_override to set in the end.
 */
static int restore_previous_driver(const struct bind_state *state, const char **keep) {
        int r = bind_to_previous(state, streq(state->override, state->previous_driver)
                                                ? state->previous_driver
                                                : "");

        if (r >= 0 || bind_state_loss(state))
                return r;
        r = bind_to_previous(state, state->previous_driver);
        if (r >= 0)
                *keep = state->previous_driver;
        if (r >= 0 || bind_state_loss(state))
                return r;
        r = step_override(state->handle, "");
        return r < 0 ? bind_state_fail(state, &state->report->roll_back, BIND_STEP_OVERRIDE, r)
                     : bind_state_probe_native(state, &state->report->roll_back);
}

/* Restores the driver of the unbound device. *keep: as restore_previous_driver(). */
static int restore_driver(const struct bind_state *state, const char **keep) {
        int r;

        if (state->previous_driver[0])
                return restore_previous_driver(state, keep);
        r = step_override(state->handle, "");
        if (r < 0)
                return bind_state_fail(state, &state->report->roll_back, BIND_STEP_OVERRIDE, r);
        return native_is_due(state) ? bind_state_probe_native(state, &state->report->roll_back) : 0;
}

static int restore_override(const struct bind_state *state, const char *override) {
        char now[DRIVER_SIZE];

        if (device_override(state->handle->fd, now) >= 0 && streq(now, override))
                return 0;
        return step_override(state->handle, override);
}

/* Restores driver and driver_override as far as possible. */
static void restore_state(const struct bind_state *state) {
        struct vfio_variant_attempt *attempt = &state->report->roll_back;
        const char *keep = roll_back_override_is_ours(state) ? "" : state->override;
        int r;

        if (bind_state_is_bound_to(state, state->previous_driver) <= 0 ||
            !state->previous_driver[0]) {
                r = step_unbind(state->handle);
                if (r < 0) {
                        (void)bind_state_fail(state, attempt, BIND_STEP_UNBIND, r);
                        return;
                }
                (void)restore_driver(state, &keep);
                if (bind_state_loss(state))
                        return;
        }
        r = restore_override(state, keep);
        if (r < 0)
                (void)bind_state_fail(state, attempt, BIND_STEP_OVERRIDE, r);
}

void roll_back(const struct bind_state *state) {
        struct bind_report *report = state->report;

        report->changed = true;
        (void)text_put(report->roll_back.driver, DRIVER_SIZE, report->previous_driver);
        restore_state(state);
        if (bind_state_loss(state))
                return;
        if (bind_state_is_bound_to(state, state->previous_driver) > 0 ||
            (bind_state_is_bound_to(state, "") == 0 &&
             device_is_bound_to_vfio(state->handle->fd) == 0)) {
                report->result = VFIO_VARIANT_RESULT_ROLLED_BACK;
                if (report->roll_back.step != BIND_STEP_OVERRIDE)
                        report->roll_back.step = BIND_STEP_NONE;
        } else if (bind_state_is_bound_to(state, "") > 0)
                report->result = VFIO_VARIANT_RESULT_NO_DRIVER;
}

bool roll_back_is_due(const struct bind_state *state) {
        return !bind_state_loss(state) &&
               (state->report->changed || roll_back_override_is_ours(state) ||
                native_is_due(state));
}
