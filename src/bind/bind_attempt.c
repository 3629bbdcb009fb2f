/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One driver after the other is tried for a device, in rank order. */
#include "bind_attempt.h"

#include <errno.h>

#include "bind_step.h"
#include "bus_driver.h"
#include "escape.h"
#include "hotplug_wait.h"

/* act->place of the first driver that the request is asked for. */
#define FIRST_MORE 2

struct bind_failure *attempt_failure(const struct act *act) {
        struct bind_report *report = act->report;

        if (act->place < FIRST_MORE)
                return act->place == 0 ? &report->wanted : &report->fallback;
        return &report->more[act->place - FIRST_MORE].failure;
}

/* The driver at act->place. Returns 1, 0 if there is none, or a negative errno. */
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

/* Its name on the bus; its module is loaded where it is not there yet. */
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

/* The report shows the wanted driver, and those after the fallback, by their names on the bus. */
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
        /* A driver that registers looks for devices that wait for it */
        if (attempt_is_done(act))
                return 0;
        r = step_unbind(act->handle);
        return r < 0 ? act_fail(act, failure, BIND_STEP_UNBIND, r) : 0;
}

/* Success of all writes means nothing: who holds the device now? */
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

/* Once it is certain that drivers may have the device, so often is it offered to them. */
#define TRIES_WHEN_OVER 3

/*
 * Offers the device to the driver that the override names. A fresh one that nobody takes was not
 * refused yet: until the kernel lets drivers have it, a probe does nothing, and says success.
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

/* So often, and as many naps of fresh_wait(): for a fifth of a second. */
#define LOOKS_AGAIN 10

/*
 * A native driver that had a fresh device for a moment may have work under way by which it gives
 * the device up, and that releases whoever has it by then. nvme_remove_dead_ctrl_work() of Linux
 * 6.1 does. So who was robbed of it is offered it again.
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
