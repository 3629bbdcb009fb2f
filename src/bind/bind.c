/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Binding: the state machine that binds one device, or several in a transaction, to VFIO drivers.
 */
#include "bind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bind_attempt.h"
#include "bind_state.h"
#include "bind_step.h"
#include "bus_driver.h"
#include "cleanup.h"
#include "escape.h"
#include "roll_back.h"
#include "text.h"

/* The devices of one transaction, in the order of their sysnames. */
struct transaction {
        struct act *acts;
        const char **sysnames;
        size_t n;
};

/* Records that the member STATE failed with R, if R is an error. Returns R. */
static int fail(struct act *act, int r) {
        if (r >= 0)
                return r;
        act->is_failed = true;
        act->error = r;
        return r;
}

/* --- before anything is changed --- */

/*
 * Is the device bound to the wanted driver already? If the name of that is not known yet, it is
 * not.
 */
static bool is_on_wanted(const struct act *act) {
        const struct bind_driver *wanted = &act->request->wanted;
        char name[NAME_SIZE];

        if (bus_find_driver(act->handle, wanted->driver, wanted->module, name) < 0 ||
            !streq(name, act->had))
                return false;
        show(act->report->driver, sizeof(act->report->driver), name);
        return true;
}

/* A process killed during an unbind leaves no driver_override to recognise the device by. */
static int keep_bound(const struct act *act) {
        struct bind_report *report = act->report;
        int r = 0;

        if (!streq(act->override, act->had) && !act->request->dry_run) {
                r = step_override(act->handle, act->had);
                report->changed = r >= 0;
        }
        if (r < 0)
                return act_fail(act, &report->wanted, BIND_STEP_OVERRIDE, r);
        report->result = VFIO_VARIANT_RESULT_ALREADY;
        return 0;
}

/* The guards read a parameter of the module vfio if the device has no IOMMU group. It exists once
 * the module is loaded. If that fails, a guard reports that it is not loaded. */
static void load_vfio(const struct act *act) {
        const struct bind_loader *loader = &act->request->loader;

        if (!act->handle->group[0] && !act->request->dry_run)
                (void)loader->load_module("vfio", loader->userdata);
}

static int ask_guards(const struct act *act, const struct companions *companions) {
        struct bind_report *report = act->report;
        int r;

        load_vfio(act);
        r = guards_check_bind(act->handle, companions, act->request->force, &report->finding);
        if (r < 0)
                return act_fail(act, &report->wanted, BIND_STEP_GUARDS, r);
        if (r > 0)
                report->result = VFIO_VARIANT_RESULT_REFUSED;
        return r > 0 ? -EBUSY : 0;
}

static int prepare(struct act *act, const struct companions *companions) {
        const char *driver = act->request->wanted.driver;

        /* Until the name on the bus is known */
        show(act->report->driver, sizeof(act->report->driver), driver ? driver : "");
        act->is_done = is_on_wanted(act);
        return fail(act, act->is_done ? keep_bound(act) : ask_guards(act, companions));
}

/*
 * All guards are checked, so that a user sees at once all that prevents the bind. Returns 0 or the
 * first error.
 */
static int prepare_all(struct transaction *transaction) {
        const struct companions companions = {transaction->sysnames, transaction->n};
        int first = 0;

        for (size_t i = 0; i < transaction->n; i++) {
                int r = prepare(&transaction->acts[i], &companions);

                if (first == 0)
                        first = r;
        }
        return first;
}

/* --- the drivers are tried --- */

/* Runs STEP for this driver and each lower-ranked one, until it succeeds. */
static int try_from(struct act *act, int (*step)(const struct act *act)) {
        int r = step(act);

        while (r < 0 && attempt_next(act) >= 0) {
                r = attempt_release(act);
                if (r >= 0 && step != attempt_release)
                        r = step(act);
        }
        return r;
}

static int release(struct act *act) {
        return try_from(act, attempt_release);
}

static int take(struct act *act) {
        int r = try_from(act, attempt_take);

        if (r >= 0)
                act->report->result =
                        act->place == 0 ? VFIO_VARIANT_RESULT_DONE : VFIO_VARIANT_RESULT_FALLBACK;
        return r;
}

/* The error of the wanted driver is returned. */
static int error_of(const struct act *act, int r) {
        if (act_loss(act))
                return act_loss(act);
        return act->report->wanted.error < 0 ? act->report->wanted.error : r;
}

/* Runs STEP for each device that is not bound yet, until one fails. */
static int each(struct transaction *transaction, int (*step)(struct act *act)) {
        for (size_t i = 0; i < transaction->n; i++) {
                struct act *act = &transaction->acts[i];
                int r = act->is_done ? 0 : step(act);

                if (r < 0)
                        return fail(act, error_of(act, r));
        }
        return 0;
}

static int bind_all(struct transaction *transaction) {
        int r = each(transaction, attempt_load);

        if (r >= 0)
                r = each(transaction, release);
        return r < 0 ? r : each(transaction, take);
}

/* --- the transaction failed --- */

/* Another member failed, and this one is unchanged. */
static void cancel(struct act *act) {
        enum vfio_variant_result result = act->report->result;

        if (act->is_done || act->is_failed)
                return;
        act->error = act_loss(act) ? act_loss(act) : -ECANCELED;
        if (!act_loss(act) && result != VFIO_VARIANT_RESULT_NO_DRIVER &&
            act->report->roll_back.step == BIND_STEP_NONE)
                act->report->result = VFIO_VARIANT_RESULT_CANCELLED;
}

static void undo(struct transaction *transaction) {
        for (size_t i = transaction->n; i-- > 0;) {
                struct act *act = &transaction->acts[i];

                if (!act->is_done && roll_back_is_due(act))
                        roll_back(act);
                if (act_loss(act))
                        (void)fail(act, act_loss(act));
                cancel(act);
        }
}

/*
 * Is driver_override of no further use? A refused device that is claimed may be bound later, unless
 * no VFIO driver can ever bind it.
 */
static bool is_claim_over(const struct act *act) {
        return act->request->fresh ||
               (act->report->finding.guard == GUARD_NO_IOMMU && !act->had[0]);
}

/*
 * A guard refused, and nothing was changed. But a rule may have written driver_override before,
 * which keeps the native driver from binding.
 */
static void leave(struct act *act) {
        struct bind_report *report = act->report;
        enum vfio_variant_result result = report->result;

        if (!act->is_done && is_claim_over(act) && !act_loss(act) &&
            roll_back_override_is_ours(act)) {
                roll_back(act);
                if (act->is_failed && report->roll_back.step == BIND_STEP_NONE)
                        report->result = result;
        }
        cancel(act);
}

/* --- the transaction --- */

static bool is_dry(const struct transaction *transaction) {
        for (size_t i = 0; i < transaction->n; i++)
                if (transaction->acts[i].request->dry_run)
                        return true;
        return false;
}

static void say_possible(struct transaction *transaction) {
        for (size_t i = 0; i < transaction->n; i++)
                if (!transaction->acts[i].is_done)
                        transaction->acts[i].report->result = VFIO_VARIANT_RESULT_POSSIBLE;
}

static void run(struct transaction *transaction) {
        int r = prepare_all(transaction);

        if (r < 0) {
                for (size_t i = 0; i < transaction->n; i++)
                        if (!transaction->acts[i].request->dry_run)
                                leave(&transaction->acts[i]);
                        else
                                cancel(&transaction->acts[i]);
                return;
        }
        if (is_dry(transaction)) {
                say_possible(transaction);
                return;
        }
        if (bind_all(transaction) < 0)
                undo(transaction);
}

/* Locks are taken in this order, so that two transactions cannot deadlock. */
static int compare_sysnames(const void *a, const void *b) {
        return strcmp((*(struct bind_member *const *)a)->handle->sysname,
                      (*(struct bind_member *const *)b)->handle->sysname);
}

static bool is_same_device(const struct handle *a, const struct handle *b) {
        return a->device == b->device && a->inode == b->inode;
}

/* A device that is listed twice would wait for its own lock forever. */
static int check_order(struct bind_member **order, size_t n) {
        qsort(order, n, sizeof(struct bind_member *), compare_sysnames);
        for (size_t i = 1; i < n; i++)
                if (is_same_device(order[i - 1]->handle, order[i]->handle))
                        return -EINVAL;
        return 0;
}

static int start_all(struct transaction *transaction, struct bind_member **order) {
        int first = 0;

        for (size_t i = 0; i < transaction->n; i++) {
                struct act *act = &transaction->acts[i];
                int r = act_start(act, order[i]->handle, order[i]->request, order[i]->report);

                transaction->sysnames[i] = order[i]->handle->sysname;
                (void)fail(act, r);
                if (first == 0)
                        first = r;
        }
        return first;
}

/* Returns the error of the first member that failed; -ECANCELED of another is not the reason. */
static int end_all(struct transaction *transaction, struct bind_member **order) {
        int first = 0;

        for (size_t i = 0; i < transaction->n; i++) {
                struct act *act = &transaction->acts[i];

                act_end(act);
                order[i]->error = act->error;
                if (first == 0 && act->is_failed)
                        first = act->error;
        }
        return first;
}

/* Fails all members with R, before any was locked. Returns R. */
static int fail_all(struct bind_member *members, size_t n, int r) {
        for (size_t i = 0; i < n; i++) {
                *members[i].report = (struct bind_report){};
                members[i].error = r;
        }
        return r;
}

int bind_devices(struct bind_member *members, size_t n) {
        _cleanup_(arena_done) struct arena arena = {};
        struct act *acts = arena_take(&arena, n * sizeof(*acts));
        const char **sysnames = arena_take(&arena, n * sizeof(const char *));
        struct bind_member **order = arena_take(&arena, n * sizeof(struct bind_member *));
        struct transaction transaction = {acts, sysnames, n};
        int r;

        if (!acts || !sysnames || !order)
                return fail_all(members, n, -ENOMEM);
        for (size_t i = 0; i < n; i++)
                order[i] = &members[i];
        r = check_order(order, n);
        if (r < 0)
                return fail_all(members, n, r);
        r = start_all(&transaction, order);
        if (r >= 0)
                run(&transaction);
        else
                for (size_t i = 0; i < n; i++)
                        cancel(&transaction.acts[i]);
        return end_all(&transaction, order);
}

int bind_device(const struct handle *handle, const struct bind_request *request,
                struct bind_report *ret) {
        struct bind_member member = {.handle = handle, .request = request, .report = ret};

        return bind_devices(&member, 1);
}
