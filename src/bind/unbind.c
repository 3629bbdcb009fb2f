/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unbind, which restores the native driver, and claim, which reserves a device. */
#include <errno.h>
#include <string.h>

#include "bind_state.h"
#include "bind_step.h"
#include "escape.h"
#include "text.h"

/*
 * The device is not bound to a VFIO driver. Clears a driver_override that names another driver than
 * the current one.
 */
static int leave(const struct act *act) {
        int r;

        act->report->result = VFIO_VARIANT_RESULT_ALREADY;
        if (!act->override[0] || streq(act->override, act->had) || act->request->dry_run)
                return 0;
        r = step_override(act->handle, "");
        if (r < 0) {
                act->report->result = VFIO_VARIANT_RESULT_FAILED;
                return act_fail(act, &act->report->wanted, BIND_STEP_OVERRIDE, r);
        }
        act->report->changed = true;
        return 0;
}

static int ask_guards(const struct act *act) {
        struct bind_report *report = act->report;
        int r = guards_check_unbind(act->handle, &report->finding);

        if (r < 0)
                return act_fail(act, &report->wanted, BIND_STEP_GUARDS, r);
        if (r > 0)
                report->result = VFIO_VARIANT_RESULT_REFUSED;
        return r > 0 ? -EBUSY : 0;
}

/*
 * Verifies the current driver. A VFIO driver that matches the device by its ids= parameter binds it
 * again at once.
 */
static int read_back(const struct act *act) {
        struct bind_report *report = act->report;
        int r = act_is_held_by(act, "");

        if (r > 0) {
                report->result = VFIO_VARIANT_RESULT_NO_DRIVER;
                return report->wanted.error;
        }
        if (r >= 0)
                r = device_is_on_vfio(act->handle->fd);
        if (r != 0) {
                act_show_holder(act, report->wanted.holder);
                return act_fail(act, &report->wanted, BIND_STEP_READ_BACK, r < 0 ? r : -EBUSY);
        }
        report->result = VFIO_VARIANT_RESULT_DONE;
        report->wanted =
                (struct bind_failure){}; /* a module that could not be loaded was not needed */
        return 0;
}

static int take_away(const struct act *act) {
        struct bind_failure *failure = &act->report->wanted;
        int r = step_override(act->handle, "");

        if (r < 0)
                return act_fail(act, failure, BIND_STEP_OVERRIDE, r);
        act->report->changed = true;
        r = step_unbind(act->handle);
        if (r < 0)
                return act_fail(act, failure, BIND_STEP_UNBIND, r);
        (void)act_offer(act, failure);
        return act_loss(act) ? act_loss(act) : read_back(act);
}

static int run_unbind(const struct act *act) {
        int r = device_is_on_vfio(act->handle->fd);

        if (r < 0)
                return act_fail(act, &act->report->wanted, BIND_STEP_GUARDS, r);
        if (r == 0 && act->had[0])
                return leave(act);
        r = r > 0 ? ask_guards(act) : 0;
        if (r < 0)
                return r;
        if (act->request->dry_run) {
                act->report->result = VFIO_VARIANT_RESULT_POSSIBLE;
                return 0;
        }
        return take_away(act);
}

int unbind_device(const struct handle *handle, const struct bind_request *request,
                  struct bind_report *ret) {
        struct act act;
        int r = act_start(&act, handle, request, ret);

        if (r >= 0)
                r = run_unbind(&act);
        act_end(&act);
        return r;
}

/*
 * A native driver may have bound the device before driver_override was written. It is restored
 * then.
 */
static int keep_claim(const struct act *act, const char *driver) {
        struct bind_report *report = act->report;
        int r = act_is_held_by(act, "");

        if (r == 0)
                r = act_is_held_by(act, driver);
        report->result = r == 0 ? VFIO_VARIANT_RESULT_ALREADY : VFIO_VARIANT_RESULT_DONE;
        r = r == 0 ? step_override(act->handle, act->override) : 0;
        return r < 0 ? act_fail(act, &report->wanted, BIND_STEP_OVERRIDE, r) : 0;
}

static int run_claim(const struct act *act, const char *driver) {
        struct bind_report *report = act->report;
        int r;

        if (!name_is_valid(driver, strlen(driver)))
                return act_fail(act, &report->wanted, BIND_STEP_DRIVER, -EINVAL);
        show(report->driver, sizeof(report->driver), driver);
        if (act->had[0] || streq(act->override, driver)) {
                report->result = VFIO_VARIANT_RESULT_ALREADY;
                return 0;
        }
        r = step_override(act->handle, driver);
        if (r < 0)
                return act_fail(act, &report->wanted, BIND_STEP_OVERRIDE, r);
        report->changed = true;
        return keep_claim(act, driver);
}

int claim_device(const struct handle *handle, const char *driver, struct bind_report *ret) {
        const struct bind_request request = {};
        struct act act;
        int r = act_start(&act, handle, &request, ret);

        if (r >= 0)
                r = run_claim(&act, driver);
        act_end(&act);
        return r;
}
