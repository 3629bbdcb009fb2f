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
#include "guards.h"
#include "roll_back.h"
#include "text.h"

/* The devices of one transaction, in the order of their sysnames. */
struct transaction {
        struct bind_state *states;
        const char **sysnames;
        size_t n;
};

/* Records that the member STATE failed with R, if R is an error. Returns R. */
static int member_fail(struct bind_state *state, int r) {
        if (r >= 0)
                return r;
        state->is_failed = true;
        state->error = r;
        return r;
}

/* --- before anything is changed --- */

/*
 * Is the device bound to the wanted driver already? If the name of that is not known yet, it is
 * not.
 */
static bool is_bound_to_wanted(const struct bind_state *state) {
        const struct bind_driver *wanted = &state->request->wanted;
        char name[NAME_SIZE];

        if (bus_find_driver(state->handle, wanted->driver, wanted->module, name) < 0 ||
            !streq(name, state->previous_driver))
                return false;
        escape(state->report->attempts[0].driver, DRIVER_SIZE, name);
        return true;
}

/* A process killed during an unbind leaves no driver_override to recognise the device by. */
static int keep_bound(const struct bind_state *state) {
        struct bind_report *report = state->report;
        int r = 0;

        if (!streq(state->override, state->previous_driver) && !state->request->dry_run) {
                r = step_override(state->handle, state->previous_driver);
                report->changed = r >= 0;
        }
        if (r < 0)
                return bind_state_fail(state, report->attempts, BIND_STEP_OVERRIDE, r);
        report->result = VFIO_VARIANT_RESULT_ALREADY;
        return 0;
}

/* The guards read a parameter of the module vfio if the device has no IOMMU group. It exists once
 * the module is loaded. If that fails, a guard reports that it is not loaded. */
static void load_vfio(const struct bind_state *state) {
        const struct bind_loader *loader = &state->request->loader;

        if (!state->handle->group[0] && !state->request->dry_run)
                (void)loader->load_module("vfio", loader->userdata);
}

static int check_guards(const struct bind_state *state, const struct companions *companions) {
        struct bind_report *report = state->report;
        int r;

        load_vfio(state);
        r = guards_check_bind(state->handle, companions,
                              (state->request->force ? GUARDS_FORCE : 0U) |
                                      (state->request->dry_run ? GUARDS_DRY_RUN : 0U),
                              &report->finding);
        if (r < 0)
                return bind_state_fail(state, report->attempts, BIND_STEP_GUARDS, r);
        if (r > 0)
                report->result = VFIO_VARIANT_RESULT_REFUSED;
        return r > 0 ? -EBUSY : 0;
}

static int member_prepare(struct bind_state *state, const struct companions *companions) {
        state->is_done = is_bound_to_wanted(state);
        return member_fail(state,
                           state->is_done ? keep_bound(state) : check_guards(state, companions));
}

/*
 * All guards are checked, so that a user sees at once all that prevents the bind. Returns 0 or the
 * first error.
 */
static int prepare_all(struct transaction *transaction) {
        const struct companions companions = {transaction->sysnames, transaction->n};
        int first = 0;

        for (size_t i = 0; i < transaction->n; i++) {
                int r = member_prepare(&transaction->states[i], &companions);

                if (first == 0)
                        first = r;
        }
        return first;
}

/* --- the drivers are tried --- */

/* Runs STEP for this driver and each lower-ranked one, until it succeeds. */
static int try_drivers(struct bind_state *state, int (*step)(const struct bind_state *state)) {
        int r = step(state);

        while (r < 0 && attempt_next(state) >= 0) {
                r = attempt_unbind(state);
                if (r >= 0 && step != attempt_unbind)
                        r = step(state);
        }
        return r;
}

static int member_unbind(struct bind_state *state) {
        return try_drivers(state, attempt_unbind);
}

static int member_probe(struct bind_state *state) {
        int r = try_drivers(state, attempt_probe);

        if (r >= 0)
                state->report->result =
                        state->place == 0 ? VFIO_VARIANT_RESULT_DONE : VFIO_VARIANT_RESULT_FALLBACK;
        return r;
}

/* The error of the wanted driver is returned. */
static int member_error(const struct bind_state *state, int r) {
        if (bind_state_loss(state))
                return bind_state_loss(state);
        return state->report->attempts[0].error < 0 ? state->report->attempts[0].error : r;
}

/* Runs STEP for each device that is not bound yet, until one fails. */
static int transaction_each(struct transaction *transaction,
                            int (*step)(struct bind_state *state)) {
        for (size_t i = 0; i < transaction->n; i++) {
                struct bind_state *state = &transaction->states[i];
                int r = state->is_done ? 0 : step(state);

                if (r < 0)
                        return member_fail(state, member_error(state, r));
        }
        return 0;
}

static int bind_all(struct transaction *transaction) {
        int r = transaction_each(transaction, attempt_load);

        if (r < 0)
                return r;
        r = transaction_each(transaction, member_unbind);
        return r < 0 ? r : transaction_each(transaction, member_probe);
}

/* --- the transaction failed --- */

/* Another member failed, and this one is unchanged. */
static void member_cancel(struct bind_state *state) {
        enum vfio_variant_result result = state->report->result;

        if (state->is_done || state->is_failed)
                return;
        state->error = bind_state_loss(state) ? bind_state_loss(state) : -ECANCELED;
        if (!bind_state_loss(state) && result != VFIO_VARIANT_RESULT_NO_DRIVER &&
            state->report->roll_back.step == BIND_STEP_NONE)
                state->report->result = VFIO_VARIANT_RESULT_CANCELLED;
}

static void transaction_roll_back(struct transaction *transaction) {
        for (size_t i = transaction->n; i-- > 0;) {
                struct bind_state *state = &transaction->states[i];

                if (!state->is_done && roll_back_is_due(state))
                        roll_back(state);
                if (bind_state_loss(state))
                        (void)member_fail(state, bind_state_loss(state));
                member_cancel(state);
        }
}

/*
 * Is driver_override of no further use? A refused device that is claimed may be bound later, unless
 * no VFIO driver can ever bind it.
 */
static bool is_claim_over(const struct bind_state *state) {
        return state->request->hotplug ||
               (state->report->finding.guard == GUARD_NO_IOMMU && !state->previous_driver[0]);
}

/*
 * A guard refused, and nothing was changed. But a rule may have written driver_override before,
 * which keeps the native driver from binding.
 */
static void restore_refused(struct bind_state *state) {
        struct bind_report *report = state->report;
        enum vfio_variant_result result = report->result;

        if (!state->is_done && is_claim_over(state) && !bind_state_loss(state) &&
            roll_back_override_is_ours(state)) {
                roll_back(state);
                if (state->is_failed && report->roll_back.step == BIND_STEP_NONE)
                        report->result = result;
        }
        member_cancel(state);
}

/* --- the transaction --- */

static bool is_dry(const struct transaction *transaction) {
        for (size_t i = 0; i < transaction->n; i++)
                if (transaction->states[i].request->dry_run)
                        return true;
        return false;
}

static void transaction_set_possible(struct transaction *transaction) {
        for (size_t i = 0; i < transaction->n; i++)
                if (!transaction->states[i].is_done)
                        transaction->states[i].report->result = VFIO_VARIANT_RESULT_POSSIBLE;
}

static void transaction_run(struct transaction *transaction) {
        int r = prepare_all(transaction);

        if (r < 0) {
                for (size_t i = 0; i < transaction->n; i++)
                        if (!transaction->states[i].request->dry_run)
                                restore_refused(&transaction->states[i]);
                        else
                                member_cancel(&transaction->states[i]);
                return;
        }
        if (is_dry(transaction)) {
                transaction_set_possible(transaction);
                return;
        }
        if (bind_all(transaction) < 0)
                transaction_roll_back(transaction);
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
                struct bind_state *state = &transaction->states[i];
                int r = bind_state_start(state, order[i]->handle, order[i]->request,
                                         order[i]->report);

                transaction->sysnames[i] = order[i]->handle->sysname;
                (void)member_fail(state, r);
                if (first == 0)
                        first = r;
        }
        return first;
}

/* Returns the error of the first member that failed; -ECANCELED of another is not the reason. */
static int end_all(struct transaction *transaction, struct bind_member **order) {
        int first = 0;

        for (size_t i = 0; i < transaction->n; i++) {
                struct bind_state *state = &transaction->states[i];

                bind_state_end(state);
                order[i]->error = state->error;
                if (first == 0 && state->is_failed)
                        first = state->error;
        }
        return first;
}

/* Fails all members with R, before any was locked. Returns R. */
static int fail_all(struct bind_member *members, size_t n, int r) {
        for (size_t i = 0; i < n; i++) {
                bind_report_begin(members[i].request, members[i].report);
                members[i].error = r;
        }
        return r;
}

int bind_devices(struct bind_member *members, size_t n) {
        _cleanup_(arena_done) struct arena arena = {};
        struct bind_state *states = arena_take(&arena, n * sizeof(*states));
        const char **sysnames = arena_take(&arena, n * sizeof(const char *));
        struct bind_member **order = arena_take(&arena, n * sizeof(struct bind_member *));
        struct transaction transaction = {states, sysnames, n};
        int r;

        if (!states || !sysnames || !order)
                return fail_all(members, n, -ENOMEM);
        for (size_t i = 0; i < n; i++)
                order[i] = &members[i];
        r = check_order(order, n);
        if (r < 0)
                return fail_all(members, n, r);
        r = start_all(&transaction, order);
        if (r >= 0)
                transaction_run(&transaction);
        else
                for (size_t i = 0; i < n; i++)
                        member_cancel(&transaction.states[i]);
        return end_all(&transaction, order);
}
