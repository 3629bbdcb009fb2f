/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roll-back: restores the previous driver and driver_override of a device. */
#include "roll_back.h"

#include <errno.h>

#include "bind_step.h"
#include "text.h"

static bool is_same(const char *a, const char *b) {
        return a && b && streq(a, b);
}

/*
 * Such a driver_override is not restored: it would keep the native driver from binding.
 * 70-vfio-variant-bind.rules writes it before the bind, and so did a bind that was killed.
 */
bool roll_back_override_is_ours(const struct act *act) {
        const struct bind_request *request = act->request;
        const char *override = act->override;

        return override[0] && !streq(override, act->had) &&
               (is_same(override, request->wanted.driver) ||
                is_same(override, request->wanted.module) ||
                is_same(override, request->fallback.driver) ||
                is_same(override, act->report->driver));
}

/*
 * Should the native driver be bound? True if the device had no driver, and only our driver_override
 * prevents the native driver from binding: if the device was never bound, or a roll-back was
 * killed.
 */
static bool native_is_due(const struct act *act) {
        return !act->had[0] && (!act->override[0] || roll_back_override_is_ours(act));
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
 * Binds the device to its previous driver: without an override if the driver matches the device, or
 * else with one. *keep: the driver_override to set in the end.
 */
static int give_back(const struct act *act, const char **keep) {
        int r = give_to_had(act, streq(act->override, act->had) ? act->had : "");

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

/* Restores the driver of the unbound device. *keep: as restore_previous_driver(). */
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

        if (device_override(act->handle->fd, now) >= 0 && streq(now, override))
                return 0;
        return step_override(act->handle, override);
}

/* Restores driver and driver_override as far as possible. */
static void undo(const struct act *act) {
        struct bind_failure *failure = &act->report->roll_back;
        const char *keep = roll_back_override_is_ours(act) ? "" : act->override;
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

void roll_back(const struct act *act) {
        struct bind_report *report = act->report;

        report->changed = true;
        undo(act);
        if (act_loss(act))
                return;
        if (act_is_held_by(act, act->had) > 0 ||
            (act_is_held_by(act, "") == 0 && device_is_on_vfio(act->handle->fd) == 0)) {
                report->result = VFIO_VARIANT_RESULT_ROLLED_BACK;
                if (report->roll_back.step != BIND_STEP_OVERRIDE)
                        report->roll_back = (struct bind_failure){};
        } else if (act_is_held_by(act, "") > 0)
                report->result = VFIO_VARIANT_RESULT_NO_DRIVER;
}

bool roll_back_is_due(const struct act *act) {
        return !act_loss(act) &&
               (act->report->changed || roll_back_override_is_ours(act) || native_is_due(act));
}
