/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding: the state machine that takes a device to a VFIO driver, or gives it back. */
#include "bind.h"

#include <errno.h>

#include "act.h"
#include "bus_driver.h"
#include "fresh.h"
#include "show.h"
#include "step.h"
#include "text.h"

/* --- one driver is tried --- */

/* Its name on the bus; its module is loaded where it is not there yet. */
static int load_and_find(const struct act *act, const struct bind_driver *driver,
                         struct bind_failure *failure, char ret[NAME_SIZE]) {
        const struct bind_loader *loader = &act->request->loader;
        int r = bus_find_driver(act->handle, driver->driver, driver->module, ret);

        if (r == -ENOENT && driver->module) {
                r = loader->load_module(driver->module, loader->userdata);
                if (r < 0)
                        return act_fail(act, failure, BIND_STEP_LOAD, r);
                r = bus_find_driver(act->handle, driver->driver, driver->module, ret);
        }
        return r < 0 ? act_fail(act, failure, BIND_STEP_DRIVER, r) : 0;
}

/* Success of all writes means nothing: who holds the device now? */
static int read_back(const struct act *act, const char *name, struct bind_failure *failure) {
        int r = act_is_held_by(act, name);

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
static int offer(const struct act *act, struct bind_failure *failure) {
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
static int look_again(const struct act *act, const char *name, struct bind_failure *failure) {
        for (unsigned n = 1; n <= LOOKS_AGAIN && fresh_wait(n); n++) {
                int r = act_is_held_by(act, "") > 0 ? step_probe(act->handle) : 0;

                if (r < 0)
                        return act_fail(act, failure, BIND_STEP_PROBE, r);
        }
        return read_back(act, name, failure);
}

static int hand_over(const struct act *act, const char *name, struct bind_failure *failure) {
        int r = step_override(act->handle, name);

        if (r < 0)
                return act_fail(act, failure, BIND_STEP_OVERRIDE, r);
        act->report->changed = true;
        /* It may have come by itself: a driver that registers looks for who waits for it */
        if (act_is_held_by(act, name) > 0)
                return 0;
        r = step_unbind(act->handle);
        if (r < 0)
                return act_fail(act, failure, BIND_STEP_UNBIND, r);
        r = offer(act, failure);
        if (r >= 0)
                r = read_back(act, name, failure);
        return r >= 0 && act->request->fresh && act->had[0] ? look_again(act, name, failure) : r;
}

static int try_wanted(const struct act *act) {
        struct bind_report *report = act->report;
        char name[NAME_SIZE];
        int r = load_and_find(act, &act->request->wanted, &report->wanted, name);

        if (r < 0)
                return r;
        show(report->driver, sizeof(report->driver), name);
        r = hand_over(act, name, &report->wanted);
        if (r >= 0)
                report->result = BIND_DONE;
        return r;
}

static int try_fallback(const struct act *act) {
        struct bind_report *report = act->report;
        char name[NAME_SIZE];
        int r;

        if (!act->request->fallback.driver)
                return -ENOENT;
        r = load_and_find(act, &act->request->fallback, &report->fallback, name);
        if (r >= 0)
                r = hand_over(act, name, &report->fallback);
        if (r >= 0)
                report->result = BIND_FALLBACK;
        return r;
}

/* --- roll-back --- */

static bool is_same(const char *a, const char *b) {
        return a && b && text_equal(a, b);
}

/*
 * Was the driver_override before one for this very binding? The rule writes it ahead, and so did
 * who was killed amid it. Then it is not put back: it would keep the native driver away.
 */
static bool override_is_ours(const struct act *act) {
        const struct bind_request *request = act->request;
        const char *override = act->override;

        return override[0] && !text_equal(override, act->had) &&
               (is_same(override, request->wanted.driver) ||
                is_same(override, request->wanted.module) ||
                is_same(override, request->fallback.driver) ||
                is_same(override, act->report->driver));
}

/*
 * Did no driver have it, with nobody's wish but ours against a native one? So it is where nobody
 * came yet, and behind who was killed amid this very roll-back.
 */
static bool native_is_due(const struct act *act) {
        return !act->had[0] && (!act->override[0] || override_is_ours(act));
}

static int give_to_had(const struct act *act, const char *override) {
        int r = step_override(act->handle, override);

        if (r >= 0)
                r = step_give(act->handle, act->had_fd);
        if (act_is_held_by(act, act->had) > 0)
                return 0;
        return act_fail(act, &act->report->roll_back, BIND_STEP_READ_BACK, r < 0 ? r : -ENXIO);
}

/*
 * To the driver that had it: as one that knows the device, and if it does not, by an override.
 * *keep is what driver_override is to be in the end.
 */
static int give_back(const struct act *act, const char **keep) {
        int r = give_to_had(act, text_equal(act->override, act->had) ? act->had : "");

        if (r >= 0 || act_loss(act))
                return r;
        r = give_to_had(act, act->had);
        if (r >= 0)
                *keep = act->had;
        if (r >= 0 || act_loss(act))
                return r;
        r = step_override(act->handle, "");
        return r < 0 ? act_fail(act, &act->report->roll_back, BIND_STEP_OVERRIDE, r)
                     : act_offer(act, &act->report->roll_back);
}

/* To whom it belongs, now that no driver holds it. */
static int give(const struct act *act, const char **keep) {
        int r;

        if (act->had[0])
                return give_back(act, keep);
        r = step_override(act->handle, "");
        if (r < 0)
                return act_fail(act, &act->report->roll_back, BIND_STEP_OVERRIDE, r);
        return native_is_due(act) ? act_offer(act, &act->report->roll_back) : 0;
}

static int put_override(const struct act *act, const char *override) {
        char now[DRIVER_SIZE];

        if (device_override(act->handle->fd, now) >= 0 && text_equal(now, override))
                return 0;
        return step_override(act->handle, override);
}

/* Back as it was, as far as that can be; what can't is in the report. */
static void undo(const struct act *act) {
        struct bind_failure *failure = &act->report->roll_back;
        const char *keep = override_is_ours(act) ? "" : act->override;
        int r;

        if (act_is_held_by(act, act->had) <= 0 || !act->had[0]) {
                r = step_unbind(act->handle);
                if (r < 0) {
                        (void)act_fail(act, failure, BIND_STEP_UNBIND, r);
                        return;
                }
                (void)give(act, &keep);
                if (act_loss(act))
                        return;
        }
        r = put_override(act, keep);
        if (r < 0)
                (void)act_fail(act, failure, BIND_STEP_OVERRIDE, r);
}

static void roll_back(const struct act *act) {
        struct bind_report *report = act->report;

        report->changed = true;
        undo(act);
        if (act_loss(act))
                return;
        if (act_is_held_by(act, act->had) > 0 ||
            (act_is_held_by(act, "") == 0 && device_is_on_vfio(act->handle->fd) == 0)) {
                report->result = BIND_ROLLED_BACK;
                if (report->roll_back.step != BIND_STEP_OVERRIDE)
                        report->roll_back = (struct bind_failure){};
        } else if (act_is_held_by(act, "") > 0)
                report->result = BIND_NOBODY;
}

/* --- the whole --- */

/* Is it there already? The name may not be known yet, but then nothing is held by it. */
static bool is_done(const struct act *act) {
        const struct bind_driver *wanted = &act->request->wanted;
        char name[NAME_SIZE];

        if (bus_find_driver(act->handle, wanted->driver, wanted->module, name) < 0 ||
            !text_equal(name, act->had))
                return false;
        show(act->report->driver, sizeof(act->report->driver), name);
        return true;
}

/* It is on the wanted driver. Who was killed amid unbinding it left no override to find it by. */
static int stay(const struct act *act) {
        struct bind_report *report = act->report;
        int r = 0;

        if (!text_equal(act->override, act->had) && !act->request->dry_run) {
                r = step_override(act->handle, act->had);
                report->changed = r >= 0;
        }
        if (r < 0)
                return act_fail(act, &report->wanted, BIND_STEP_OVERRIDE, r);
        report->result = BIND_ALREADY;
        return 0;
}

/* The guards read a parameter of the module vfio if the device has no IOMMU group. It exists once
 * the module is loaded. If that fails, a guard reports that it is not loaded. */
static void load_vfio(const struct act *act) {
        const struct bind_loader *loader = &act->request->loader;

        if (!act->handle->group[0] && !act->request->dry_run)
                (void)loader->load_module("vfio", loader->userdata);
}

static int ask_guards(const struct act *act) {
        struct bind_report *report = act->report;
        int r;

        load_vfio(act);
        r = guards_check_bind(act->handle, act->request->force, &report->finding);
        if (r < 0)
                return act_fail(act, &report->wanted, BIND_STEP_GUARDS, r);
        if (r > 0)
                report->result = BIND_REFUSED;
        return r > 0 ? -EBUSY : 0;
}

/* Neither would have it: as before, unless there is nothing to be put right. Returns R. */
static int give_up(const struct act *act, int r) {
        if (!act_loss(act) && (act->report->changed || override_is_ours(act) || native_is_due(act)))
                roll_back(act);
        return act_loss(act) ? act_loss(act) : r;
}

static int run(const struct act *act) {
        struct bind_report *report = act->report;
        const char *driver = act->request->wanted.driver;
        int r;

        /* Until its name is learnt */
        show(report->driver, sizeof(report->driver), driver ? driver : "");
        if (is_done(act))
                return stay(act);
        r = ask_guards(act);
        if (r < 0)
                return r;
        if (act->request->dry_run) {
                report->result = BIND_POSSIBLE;
                return 0;
        }
        r = try_wanted(act);
        if (r >= 0 || (!act_loss(act) && try_fallback(act) >= 0))
                return 0;
        return give_up(act, r);
}

int bind_device(const struct handle *handle, const struct bind_request *request,
                struct bind_report *ret) {
        struct act act;
        int r = act_start(&act, handle, request, ret);

        if (r >= 0)
                r = run(&act);
        act_end(&act);
        return r;
}
