/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bind, unbind and claim share: the state before, the report, and queries. */
#include "bind_state.h"

#include <errno.h>
#include <time.h>

#include "bind_step.h"
#include "cleanup.h"
#include "device_lock.h"
#include "escape.h"
#include "fd.h"
#include "guards.h"
#include "text.h"
#include "unbinding.h"

/* *ret: the current driver, "" for none. */
static int read_driver(const struct bind_state *state, char ret[DRIVER_SIZE]) {
        int r = device_driver(state->handle->fd, ret);

        if (r == -ENOENT)
                ret[0] = '\0';
        return r == -ENOENT ? 0 : r;
}

static int read_state(struct bind_state *state) {
        int r = handle_check(state->handle);

        if (r >= 0)
                r = read_driver(state, state->previous_driver);
        if (r < 0)
                return bind_state_fail(state, state->report->attempts, BIND_STEP_IDENTITY, r);
        if (state->previous_driver[0])
                state->previous_driver_fd = fd_open_directory(state->handle->fd, "driver");
        escape(state->report->previous_driver, sizeof(state->report->previous_driver),
               state->previous_driver);
        r = device_override(state->handle->fd, state->override);
        return r < 0 ? bind_state_fail(state, state->report->attempts, BIND_STEP_OVERRIDE, r) : 0;
}

/* A normal unbind is over by then. A process that waits in vain does not let others wait, too. */
#define SECONDS_UNBINDING 10
#define NAP_MILLISECONDS  100

/* Is another process unbinding the device, and its driver does not release it? */
static bool is_stuck(const struct bind_state *state) {
        struct unbinding unbinding;

        return !state->request->hotplug && unbinding_read(state->handle, &unbinding) > 0 &&
               unbinding_seconds(&unbinding) >= SECONDS_UNBINDING &&
               guards_check_unbinding(state->handle, &state->report->finding) > 0;
}

/* Returns the descriptor of device_lock(), -EBUSY if the device is refused, or an error. */
static int wait_for_lock(const struct bind_state *state) {
        const struct timespec nap = {.tv_nsec = NAP_MILLISECONDS * 1000000L};
        const struct bind_request *request = state->request;
        int r = device_lock(state->handle);

        if (r == -EWOULDBLOCK && request->on_wait)
                request->on_wait(request->wait_userdata);
        while (r == -EWOULDBLOCK) {
                if (is_stuck(state))
                        return -EBUSY;
                (void)nanosleep(&nap, NULL);
                r = device_lock(state->handle);
        }
        return r;
}

void bind_report_begin(const struct bind_request *request, struct bind_report *ret) {
        *ret = (struct bind_report){};
        if (request->wanted.driver)
                escape(ret->attempts[0].driver, DRIVER_SIZE, request->wanted.driver);
}

int bind_state_start(struct bind_state *state, const struct handle *handle,
                     const struct bind_request *request, struct bind_report *report) {
        int r;

        bind_report_begin(request, report);
        *state = (struct bind_state){
                .handle = handle,
                .request = request,
                .report = report,
                .previous_driver_fd = -1,
                .lock_fd = -1,
        };
        r = state->lock_fd = wait_for_lock(state);
        if (report->finding.guard != GUARD_NONE)
                report->result = VFIO_VARIANT_RESULT_REFUSED;
        return r < 0 ? bind_state_fail(state, report->attempts, BIND_STEP_LOCK, r)
                     : read_state(state);
}

void bind_state_get_driver(const struct bind_state *state, char ret[DRIVER_SIZE]) {
        char driver[DRIVER_SIZE];

        if (read_driver(state, driver) >= 0)
                escape(ret, DRIVER_SIZE, driver);
}

void bind_state_end(struct bind_state *state) {
        bind_state_get_driver(state, state->report->current_driver);
        fd_close(take_fd(&state->previous_driver_fd));
        fd_close(take_fd(&state->lock_fd));
}

int bind_state_fail(const struct bind_state *state, struct vfio_variant_attempt *attempt,
                    enum bind_step step, int error) {
        int r = handle_check(state->handle);

        attempt->step = r < 0 ? BIND_STEP_IDENTITY : step;
        attempt->error = r < 0 ? r : error;
        return attempt->error;
}

int bind_state_loss(const struct bind_state *state) {
        const struct bind_report *report = state->report;

        for (unsigned i = 0; i <= report->n_lower; i++)
                if (report->attempts[i].step == BIND_STEP_IDENTITY)
                        return report->attempts[i].error;
        return report->roll_back.step == BIND_STEP_IDENTITY ? report->roll_back.error : 0;
}

int bind_state_is_bound_to(const struct bind_state *state, const char *name) {
        char driver[DRIVER_SIZE];
        int r = read_driver(state, driver);

        return r < 0 ? r : streq(driver, name);
}

int bind_state_probe_native(const struct bind_state *state, struct vfio_variant_attempt *attempt) {
        const struct bind_loader *loader = &state->request->loader;
        const char *modalias = state->handle->modalias;
        int r_load = *modalias ? loader->load_modalias(modalias, loader->userdata) : 0;
        int r = step_probe(state->handle);

        if (r < 0)
                return bind_state_fail(state, attempt, BIND_STEP_PROBE, r);
        /* If no module matches, the native driver is built in, or there is none */
        if (r_load < 0 && r_load != -ENOENT)
                return bind_state_fail(state, attempt, BIND_STEP_LOAD, r_load);
        return 0;
}
