/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries drivers for a device, in rank order. */
#include "bind_attempt.h"

#include <errno.h>

#include "bind_step.h"
#include "bus_driver.h"
#include "escape.h"
#include "hotplug_wait.h"

/* state->place of the first driver of request->next() */
#define FIRST_MORE 2

/* What is noted of the driver that is tried now. */
static struct vfio_variant_attempt *current_attempt(const struct bind_state *state) {
        return &state->report->attempts[state->place];
}

/* *ret: the driver at state->place. Returns 1, 0 if there is none, or a negative errno. */
static int find_driver(const struct bind_state *state, struct bind_driver *ret) {
        const struct bind_request *request = state->request;

        if (state->place < FIRST_MORE) {
                *ret = state->place == 0 ? request->wanted : request->fallback;
                return state->place == 0 || ret->driver;
        }
        if (!request->next || state->place >= BIND_ATTEMPTS)
                return 0;
        return request->next(state->place - FIRST_MORE, ret, request->next_userdata);
}

/* Finds the name of DRIVER on the bus, and loads its module if it is not there yet. */
static int load_and_find(struct bind_state *state, const struct bind_driver *driver) {
        struct vfio_variant_attempt *attempt = current_attempt(state);
        const struct bind_loader *loader = &state->request->loader;
        int r = bus_find_driver(state->handle, driver->driver, driver->module, state->name);

        if (r == -ENOENT && driver->module) {
                r = loader->load_module(driver->module, loader->userdata);
                if (r < 0)
                        return bind_state_fail(state, attempt, BIND_STEP_LOAD, r);
                r = bus_find_driver(state->handle, driver->driver, driver->module, state->name);
        }
        return r < 0 ? bind_state_fail(state, attempt, BIND_STEP_DRIVER, r) : 0;
}

int attempt_load(struct bind_state *state) {
        for (;; state->place++) {
                struct bind_driver driver;
                int r = find_driver(state, &driver);

                if (r <= 0)
                        return r < 0 ? r : -ENOENT;
                state->report->n_lower = state->place;
                if (driver.driver)
                        escape(current_attempt(state)->driver, DRIVER_SIZE, driver.driver);
                r = load_and_find(state, &driver);
                if (r >= 0) {
                        escape(current_attempt(state)->driver, DRIVER_SIZE, state->name);
                        return 0;
                }
                if (bind_state_loss(state))
                        return bind_state_loss(state);
        }
}

int attempt_next(struct bind_state *state) {
        if (bind_state_loss(state))
                return bind_state_loss(state);
        state->place++;
        return attempt_load(state);
}

static bool attempt_is_bound(const struct bind_state *state) {
        return bind_state_is_bound_to(state, state->name) > 0;
}

int attempt_unbind(const struct bind_state *state) {
        struct vfio_variant_attempt *attempt = current_attempt(state);
        int r = step_override(state->handle, state->name);

        if (r < 0)
                return bind_state_fail(state, attempt, BIND_STEP_OVERRIDE, r);
        state->report->changed = true;
        /* A driver probes matching devices when its module is loaded */
        if (attempt_is_bound(state))
                return 0;
        r = step_unbind(state->handle);
        return r < 0 ? bind_state_fail(state, attempt, BIND_STEP_UNBIND, r) : 0;
}

/* The writes may succeed although the device is bound to another driver, or to none. */
static int read_back(const struct bind_state *state) {
        struct vfio_variant_attempt *attempt = current_attempt(state);
        int r = bind_state_is_bound_to(state, state->name);

        if (r > 0)
                return 0;
        bind_state_get_driver(state, attempt->other_driver);
        if (r == 0)
                r = attempt->other_driver[0] ? -EBUSY : -ENXIO;
        return bind_state_fail(state, attempt, BIND_STEP_READ_BACK, r);
}

/* The number of probes once it is certain that the kernel has enabled them */
#define PROBES_WHEN_ENABLED 3

/*
 * Probes the device with the driver that driver_override names. A hotplugged device that no driver
 * binds was not rejected yet: until the kernel enables probes for it, a probe has no effect, and
 * succeeds.
 */
static int probe_until_bound(const struct bind_state *state) {
        struct vfio_variant_attempt *attempt = current_attempt(state);
        bool is_hotplugged = state->request->hotplug && !state->previous_driver[0];
        unsigned n_enabled = 0;

        for (unsigned n = 0; n == 0 || hotplug_wait(n); n++) {
                int r;

                n_enabled += hotplug_is_over(state->handle);
                r = step_probe(state->handle);
                if (r < 0)
                        return bind_state_fail(state, attempt, BIND_STEP_PROBE, r);
                if (!is_hotplugged || n_enabled >= PROBES_WHEN_ENABLED ||
                    bind_state_is_bound_to(state, "") <= 0)
                        break;
        }
        return 0;
}

/* The number of checks, with a sleep of hotplug_wait() before each: a fifth of a second */
#define N_RECHECKS 10

/*
 * A native driver that was bound to a hotplugged device for a moment may still have work queued
 * that releases the device from the driver that is bound by then. nvme_remove_dead_ctrl_work() of
 * Linux 6.1 does. The device is therefore probed again if it lost its driver.
 */
static int recheck(const struct bind_state *state) {
        struct vfio_variant_attempt *attempt = current_attempt(state);

        for (unsigned n = 1; n <= N_RECHECKS && hotplug_wait(n); n++) {
                int r = bind_state_is_bound_to(state, "") > 0 ? step_probe(state->handle) : 0;

                if (r < 0)
                        return bind_state_fail(state, attempt, BIND_STEP_PROBE, r);
        }
        return read_back(state);
}

int attempt_probe(const struct bind_state *state) {
        int r;

        if (attempt_is_bound(state))
                return 0;
        r = probe_until_bound(state);
        if (r >= 0)
                r = read_back(state);
        return r >= 0 && state->request->hotplug && state->previous_driver[0] ? recheck(state) : r;
}
