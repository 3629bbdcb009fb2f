/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bind, unbind and claim share: the state before, the report, and queries. */
#include "bind_state.h"

#include <errno.h>

#include "bind_step.h"
#include "cleanup.h"
#include "escape.h"
#include "fd.h"
#include "text.h"

/* *ret: the current driver, "" for none. */
static int read_holder(const struct act *act, char ret[DRIVER_SIZE]) {
        int r = device_driver(act->handle->fd, ret);

        if (r == -ENOENT)
                ret[0] = '\0';
        return r == -ENOENT ? 0 : r;
}

static int read_state(struct act *act) {
        int r = handle_check(act->handle);

        if (r >= 0)
                r = read_holder(act, act->had);
        if (r < 0)
                return act_fail(act, &act->report->wanted, BIND_STEP_IDENTITY, r);
        if (act->had[0])
                act->had_fd = fd_open_directory(act->handle->fd, "driver");
        show(act->report->had, sizeof(act->report->had), act->had);
        r = device_override(act->handle->fd, act->override);
        return r < 0 ? act_fail(act, &act->report->wanted, BIND_STEP_OVERRIDE, r) : 0;
}

int act_start(struct act *act, const struct handle *handle, const struct bind_request *request,
              struct bind_report *report) {
        int r;

        *report = (struct bind_report){};
        *act = (struct act){
                .handle = handle,
                .request = request,
                .report = report,
                .had_fd = -1,
        };
        r = handle_lock(handle, request->on_wait, request->wait_userdata);
        return r < 0 ? act_fail(act, &report->wanted, BIND_STEP_LOCK, r) : read_state(act);
}

void act_show_holder(const struct act *act, char ret[DRIVER_SIZE]) {
        char holder[DRIVER_SIZE];

        if (read_holder(act, holder) >= 0)
                show(ret, DRIVER_SIZE, holder);
}

void act_end(struct act *act) {
        act_show_holder(act, act->report->holds);
        fd_close(take_fd(&act->had_fd));
}

int act_fail(const struct act *act, struct bind_failure *failure, enum bind_step step, int error) {
        int r = handle_check(act->handle);

        failure->step = r < 0 ? BIND_STEP_IDENTITY : step;
        failure->error = r < 0 ? r : error;
        return failure->error;
}

int act_loss(const struct act *act) {
        const struct bind_report *report = act->report;

        if (report->wanted.step == BIND_STEP_IDENTITY)
                return report->wanted.error;
        if (report->fallback.step == BIND_STEP_IDENTITY)
                return report->fallback.error;
        for (unsigned i = 0; i < report->n_more; i++)
                if (report->more[i].failure.step == BIND_STEP_IDENTITY)
                        return report->more[i].failure.error;
        return report->roll_back.step == BIND_STEP_IDENTITY ? report->roll_back.error : 0;
}

int act_is_held_by(const struct act *act, const char *name) {
        char holder[DRIVER_SIZE];
        int r = read_holder(act, holder);

        return r < 0 ? r : streq(holder, name);
}

int act_offer(const struct act *act, struct bind_failure *failure) {
        const struct bind_loader *loader = &act->request->loader;
        const char *modalias = act->handle->modalias;
        int r_load = *modalias ? loader->load_modalias(modalias, loader->userdata) : 0;
        int r = step_probe(act->handle);

        if (r < 0)
                return act_fail(act, failure, BIND_STEP_PROBE, r);
        /* If no module matches, the native driver is built in, or there is none */
        if (r_load < 0 && r_load != -ENOENT)
                return act_fail(act, failure, BIND_STEP_LOAD, r_load);
        return 0;
}
