/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding, unbinding and claiming a device, and what came of it. */
#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "load.h"
#include "objects.h"
#include "text.h"

static int load_by_name(const char *module, void *userdata) {
        const struct vfio_variant_device *device = userdata;
        int r = load_module(module, NULL, NULL);

        /* Of the fallback only the driver's name is known. Where it is no module's as well, it is
         * built in, or missing, which the next step finds out */
        if (r == -ENOENT && text_equal(module, device->properties.fallback))
                return 0;
        return r;
}

static int load_by_modalias(const char *modalias, void *userdata) {
        (void)userdata;
        return load_modalias(modalias, NULL, NULL);
}

static void tell_wait(void *userdata) {
        const struct vfio_variant_device *device = userdata;
        const struct vfio_variant *context = device->context;

        if (context->on_wait)
                context->on_wait(device->shown_sysname, context->wait_userdata);
}

static const char *or_null(const char *text) {
        return *text ? text : NULL;
}

static struct bind_request request_of(struct vfio_variant_device *device, unsigned flags) {
        const struct properties *properties = &device->properties;

        return (struct bind_request){
                .wanted = {or_null(properties->driver), or_null(properties->module)},
                .fallback = {or_null(properties->fallback), or_null(properties->fallback)},
                .force = flags & VFIO_VARIANT_FORCE,
                .dry_run = flags & VFIO_VARIANT_DRY_RUN,
                .fresh = flags & VFIO_VARIANT_FRESH,
                .loader = {load_by_name, load_by_modalias, device},
                .on_wait = tell_wait,
                .wait_userdata = device,
        };
}

static struct vfio_variant_report *report_new(const struct vfio_variant_device *device) {
        struct vfio_variant_report *report = calloc(1, sizeof(*report));

        if (!report)
                return NULL;
        report->had_vfio = device_is_on_vfio(device->handle.fd) > 0;
        (void)text_put(report->asked, sizeof(report->asked), device->properties.driver);
        return report;
}

struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report) {
        free(report);
        return NULL;
}

int vfio_variant_device_bind(struct vfio_variant_device *device, unsigned flags,
                             struct vfio_variant_report **ret) {
        struct bind_request request = request_of(device, flags);
        struct vfio_variant_report *report;

        if (!request.wanted.driver)
                return -ENODATA;
        report = report_new(device);
        if (!report)
                return -ENOMEM;
        *ret = report;
        return bind_device(&device->handle, &request, &report->report);
}

int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                               struct vfio_variant_report **ret) {
        struct bind_request request = request_of(device, flags);
        struct vfio_variant_report *report = report_new(device);

        if (!report)
                return -ENOMEM;
        *ret = report;
        return unbind_device(&device->handle, &request, &report->report);
}

int vfio_variant_device_claim(struct vfio_variant_device *device,
                              struct vfio_variant_report **ret) {
        struct vfio_variant_report *report;

        if (!device->properties.driver[0])
                return -ENODATA;
        report = report_new(device);
        if (!report)
                return -ENOMEM;
        *ret = report;
        return claim_device(&device->handle, device->properties.driver, &report->report);
}

enum vfio_variant_result vfio_variant_report_get_result(const struct vfio_variant_report *report) {
        switch (report->report.result) {
        case BIND_DONE:
                return VFIO_VARIANT_DONE;
        case BIND_ALREADY:
                return VFIO_VARIANT_ALREADY;
        case BIND_POSSIBLE:
                return VFIO_VARIANT_POSSIBLE;
        case BIND_FALLBACK:
                return VFIO_VARIANT_FALLBACK;
        case BIND_ROLLED_BACK:
                return VFIO_VARIANT_ROLLED_BACK;
        case BIND_NOBODY:
                return VFIO_VARIANT_NOBODY;
        case BIND_REFUSED:
                return VFIO_VARIANT_REFUSED;
        case BIND_FAILED:
        default:
                return VFIO_VARIANT_FAILED;
        }
}

const char *vfio_variant_report_get_driver(const struct vfio_variant_report *report) {
        return *report->report.driver ? report->report.driver : report->asked;
}

const char *vfio_variant_report_get_had(const struct vfio_variant_report *report) {
        return report->report.had;
}

int vfio_variant_report_had_vfio(const struct vfio_variant_report *report) {
        return report->had_vfio;
}

const char *vfio_variant_report_get_holds(const struct vfio_variant_report *report) {
        return report->report.holds;
}

const char *vfio_variant_report_get_finding(const struct vfio_variant_report *report) {
        return report->report.finding.guard == GUARD_NONE ? "" : report->report.finding.text;
}

int vfio_variant_report_yields_to_force(const struct vfio_variant_report *report) {
        return guard_yields_to_force(report->report.finding.guard);
}

int vfio_variant_report_get_attempt(const struct vfio_variant_report *report,
                                    enum vfio_variant_attempt attempt, const char **ret_step,
                                    const char **ret_holder) {
        const struct bind_failure *failure = &report->report.wanted;

        if (attempt == VFIO_VARIANT_ATTEMPT_FALLBACK)
                failure = &report->report.fallback;
        else if (attempt == VFIO_VARIANT_ATTEMPT_ROLL_BACK)
                failure = &report->report.roll_back;
        if (failure->step == BIND_STEP_NONE)
                return 0;
        *ret_step = bind_step_text(failure->step);
        *ret_holder = failure->step == BIND_STEP_READ_BACK ? failure->holder : NULL;
        return failure->error < 0 ? failure->error : -EIO;
}
