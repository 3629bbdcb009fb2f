/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unbind, which restores the native driver, and claim, which reserves a device. */
#include <errno.h>
#include <string.h>

#include "bind.h"
#include "bind_state.h"
#include "bind_step.h"
#include "guards.h"
#include "text.h"

/*
 * The device is not bound to a VFIO driver. Clears a driver_override that names another driver than
 * the current one.
 */
static int clear_stale_override(const struct bind_state *state) {
        int r;

        state->report->result = VFIO_VARIANT_RESULT_ALREADY;
        if (!state->override[0] || streq(state->override, state->previous_driver) ||
            state->request->dry_run)
                return 0;
        r = step_override(state->handle, "");
        if (r < 0) {
                state->report->result = VFIO_VARIANT_RESULT_FAILED;
                return bind_state_fail(state, state->report->attempts, BIND_STEP_OVERRIDE, r);
        }
        state->report->changed = true;
        return 0;
}

static int check_guards(const struct bind_state *state) {
        struct bind_report *report = state->report;
        int r = guards_check_unbind(state->handle, &report->finding);

        if (r < 0)
                return bind_state_fail(state, report->attempts, BIND_STEP_GUARDS, r);
        if (r > 0)
                report->result = VFIO_VARIANT_RESULT_REFUSED;
        return r > 0 ? -EBUSY : 0;
}

/*
 * Verifies the current driver. A VFIO driver that matches the device by its ids= parameter binds it
 * again at once.
 */
static int read_back(const struct bind_state *state) {
        struct bind_report *report = state->report;
        int r = bind_state_is_bound_to(state, "");

        if (r > 0) {
                report->result = VFIO_VARIANT_RESULT_NO_DRIVER;
                return report->attempts[0].error;
        }
        if (r >= 0)
                r = device_is_bound_to_vfio(state->handle->fd);
        if (r != 0) {
                bind_state_get_driver(state, report->attempts[0].other_driver);
                return bind_state_fail(state, report->attempts, BIND_STEP_READ_BACK,
                                       r < 0 ? r : -EBUSY);
        }
        report->result = VFIO_VARIANT_RESULT_DONE;
        /* A module that could not be loaded was not needed */
        report->attempts[0].step = BIND_STEP_NONE;
        return 0;
}

static int unbind_from_vfio(const struct bind_state *state) {
        struct vfio_variant_attempt *attempt = state->report->attempts;
        int r = step_override(state->handle, "");

        if (r < 0)
                return bind_state_fail(state, attempt, BIND_STEP_OVERRIDE, r);
        state->report->changed = true;
        r = step_unbind(state->handle);
        if (r < 0)
                return bind_state_fail(state, attempt, BIND_STEP_UNBIND, r);
        (void)bind_state_probe_native(state, attempt);
        return bind_state_loss(state) ? bind_state_loss(state) : read_back(state);
}

static int run_unbind(const struct bind_state *state) {
        int r = device_is_bound_to_vfio(state->handle->fd);

        if (r < 0)
                return bind_state_fail(state, state->report->attempts, BIND_STEP_GUARDS, r);
        if (r == 0 && state->previous_driver[0])
                return clear_stale_override(state);
        r = r > 0 ? check_guards(state) : 0;
        if (r < 0)
                return r;
        if (state->request->dry_run) {
                state->report->result = VFIO_VARIANT_RESULT_POSSIBLE;
                return 0;
        }
        return unbind_from_vfio(state);
}

int unbind_device(const struct handle *handle, const struct bind_request *request,
                  struct bind_report *ret) {
        struct bind_state state;
        int r = bind_state_start(&state, handle, request, ret);

        if (r >= 0)
                r = run_unbind(&state);
        bind_state_end(&state);
        return r;
}

/*
 * A native driver may have bound the device before driver_override was written. It is restored
 * then.
 */
static int keep_claim(const struct bind_state *state, const char *driver) {
        struct bind_report *report = state->report;
        int r = bind_state_is_bound_to(state, "");

        if (r == 0)
                r = bind_state_is_bound_to(state, driver);
        report->result = r == 0 ? VFIO_VARIANT_RESULT_ALREADY : VFIO_VARIANT_RESULT_DONE;
        r = r == 0 ? step_override(state->handle, state->override) : 0;
        return r < 0 ? bind_state_fail(state, report->attempts, BIND_STEP_OVERRIDE, r) : 0;
}

static int run_claim(const struct bind_state *state, const char *driver) {
        struct bind_report *report = state->report;
        int r;

        if (!name_is_valid(driver, strlen(driver)))
                return bind_state_fail(state, report->attempts, BIND_STEP_DRIVER, -EINVAL);
        if (state->previous_driver[0] || streq(state->override, driver)) {
                report->result = VFIO_VARIANT_RESULT_ALREADY;
                return 0;
        }
        r = step_override(state->handle, driver);
        if (r < 0)
                return bind_state_fail(state, report->attempts, BIND_STEP_OVERRIDE, r);
        report->changed = true;
        return keep_claim(state, driver);
}

int claim_device(const struct handle *handle, const char *driver, struct bind_report *ret) {
        const struct bind_request request = {.wanted.driver = driver};
        struct bind_state state;
        int r = bind_state_start(&state, handle, &request, ret);

        if (r >= 0)
                r = run_claim(&state, driver);
        bind_state_end(&state);
        return r;
}
