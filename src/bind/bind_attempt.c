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

struct bind_failure *attempt_failure(const struct act *act) {
        struct bind_report *report = act->report;

        if (act->place < FIRST_MORE)
                return act->place == 0 ? &report->wanted : &report->fallback;
        return &report->more[act->place - FIRST_MORE].failure;
}

/* *ret: the driver at state->place. Returns 1, 0 if there is none, or a negative errno. */
static int find_driver(const struct act *act, struct bind_driver *ret) {
        const struct bind_request *request = act->request;
        struct bind_report *report = act->report;
        unsigned number = act->place - FIRST_MORE;
        int r;

        if (act->place < FIRST_MORE) {
                *ret = act->place == 0 ? request->wanted : request->fallback;
                if (act->place == 1 && ret->driver)
                        show(report->fallback_driver, sizeof(report->fallback_driver), ret->driver);
                return act->place == 0 || ret->driver;
        }
        if (!request->next || number >= BIND_ATTEMPTS)
                return 0;
        r = request->next(number, ret, request->next_userdata);
        if (r > 0) {
                report->n_more = number + 1;
                show(report->more[number].driver, sizeof(report->more[number].driver), ret->driver);
        }
        return r;
}

/* Finds the name of DRIVER on the bus, and loads its module if it is not there yet. */
static int load_and_find(struct act *act, const struct bind_driver *driver) {
        struct bind_failure *failure = attempt_failure(act);
        const struct bind_loader *loader = &act->request->loader;
        int r = bus_find_driver(act->handle, driver->driver, driver->module, act->name);

        if (r == -ENOENT && driver->module) {
                r = loader->load_module(driver->module, loader->userdata);
                if (r < 0)
                        return act_fail(act, failure, BIND_STEP_LOAD, r);
                r = bus_find_driver(act->handle, driver->driver, driver->module, act->name);
        }
        return r < 0 ? act_fail(act, failure, BIND_STEP_DRIVER, r) : 0;
}

/* The report contains drivers by their names on the bus. */
static void show_name(const struct act *act) {
        struct bind_report *report = act->report;

        if (act->place == 0)
                show(report->driver, sizeof(report->driver), act->name);
        else if (act->place == 1)
                show(report->fallback_driver, sizeof(report->fallback_driver), act->name);
        else
                show(report->more[act->place - FIRST_MORE].driver, DRIVER_SIZE, act->name);
}

int attempt_load(struct act *act) {
        for (;; act->place++) {
                struct bind_driver driver;
                int r = find_driver(act, &driver);

                if (r <= 0)
                        return r < 0 ? r : -ENOENT;
                r = load_and_find(act, &driver);
                if (r >= 0) {
                        show_name(act);
                        return 0;
                }
                if (act_loss(act))
                        return act_loss(act);
        }
}

int attempt_next(struct act *act) {
        if (act_loss(act))
                return act_loss(act);
        act->place++;
        return attempt_load(act);
}

bool attempt_is_done(const struct act *act) {
        return act_is_held_by(act, act->name) > 0;
}

int attempt_release(const struct act *act) {
        struct bind_failure *failure = attempt_failure(act);
        int r = step_override(act->handle, act->name);

        if (r < 0)
                return act_fail(act, failure, BIND_STEP_OVERRIDE, r);
        act->report->changed = true;
        /* A driver probes matching devices when its module is loaded */
        if (attempt_is_done(act))
                return 0;
        r = step_unbind(act->handle);
        return r < 0 ? act_fail(act, failure, BIND_STEP_UNBIND, r) : 0;
}

/* The writes may succeed although the device is bound to another driver, or to none. */
static int read_back(const struct act *act) {
        struct bind_failure *failure = attempt_failure(act);
        int r = act_is_held_by(act, act->name);

        if (r > 0)
                return 0;
        act_show_holder(act, failure->holder);
        if (r == 0)
                r = failure->holder[0] ? -EBUSY : -ENXIO;
        return act_fail(act, failure, BIND_STEP_READ_BACK, r);
}

/* The number of probes once it is certain that the kernel has enabled them */
#define TRIES_WHEN_OVER 3

/*
 * Probes the device with the driver that driver_override names. A hotplugged device that no driver
 * binds was not rejected yet: until the kernel enables probes for it, a probe has no effect, and
 * succeeds.
 */
static int offer(const struct act *act) {
        struct bind_failure *failure = attempt_failure(act);
        bool is_fresh = act->request->fresh && !act->had[0];
        unsigned n_over = 0;

        for (unsigned n = 0; n == 0 || fresh_wait(n); n++) {
                int r;

                n_over += fresh_is_over(act->handle);
                r = step_probe(act->handle);
                if (r < 0)
                        return act_fail(act, failure, BIND_STEP_PROBE, r);
                if (!is_fresh || n_over >= TRIES_WHEN_OVER || act_is_held_by(act, "") <= 0)
                        break;
        }
        return 0;
}

/* The number of checks, with a sleep of hotplug_wait() before each: a fifth of a second */
#define LOOKS_AGAIN 10

/*
 * A native driver that was bound to a hotplugged device for a moment may still have work queued
 * that releases the device from whichever driver is bound by then. nvme_remove_dead_ctrl_work() of
 * Linux 6.1 does. The device is therefore probed again if it lost its driver.
 */
static int look_again(const struct act *act) {
        struct bind_failure *failure = attempt_failure(act);

        for (unsigned n = 1; n <= LOOKS_AGAIN && fresh_wait(n); n++) {
                int r = act_is_held_by(act, "") > 0 ? step_probe(act->handle) : 0;

                if (r < 0)
                        return act_fail(act, failure, BIND_STEP_PROBE, r);
        }
        return read_back(act);
}

int attempt_take(const struct act *act) {
        int r;

        if (attempt_is_done(act))
                return 0;
        r = offer(act);
        if (r >= 0)
                r = read_back(act);
        return r >= 0 && act->request->fresh && act->had[0] ? look_again(act) : r;
}
