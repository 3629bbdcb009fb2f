/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of binding or unbinding a device. */
#include "report.h"

#include <errno.h>
#include <stdlib.h>

#include "driver.h"
#include "text.h"

struct vfio_variant_report *report_new(const struct vfio_variant_device *device,
                                       const char *wanted) {
        struct vfio_variant_report *report = calloc(1, sizeof(*report));

        if (!report)
                return NULL;
        report->was_vfio = device_is_bound_to_vfio(device->handle.fd) > 0;
        (void)text_put(report->wanted, sizeof(report->wanted), wanted);
        return report;
}

_public_ struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report) {
        free(report);
        return NULL;
}

static const char *wanted_driver(const struct vfio_variant_report *report) {
        return *report->report.driver ? report->report.driver : report->wanted;
}

static void add_attempt(struct vfio_variant_report *report, const char *driver,
                        const struct bind_failure *failure) {
        report->attempts[report->n_attempts++] = (struct vfio_variant_attempt){driver, failure};
}

void report_list_attempts(struct vfio_variant_report *report) {
        const struct bind_report *bind = &report->report;

        add_attempt(report, wanted_driver(report), &bind->wanted);
        if (*bind->fallback_driver)
                add_attempt(report, bind->fallback_driver, &bind->fallback);
        for (unsigned i = 0; i < bind->n_more; i++)
                add_attempt(report, bind->more[i].driver, &bind->more[i].failure);
        report->restore = (struct vfio_variant_attempt){bind->previous_driver, &bind->roll_back};
}

void report_find_cause(struct vfio_variant_report *report, const char *modalias, int r) {
        const struct bind_failure *failure = &report->report.wanted;

        if (r == -EBUSY && failure->step == BIND_STEP_READ_BACK && *failure->other_driver)
                cause_find(modalias, failure->other_driver, report->cause);
        else if (r >= 0 && report->report.result == VFIO_VARIANT_RESULT_NO_DRIVER)
                cause_find(modalias, report->report.previous_driver, report->cause);
}

_public_ enum vfio_variant_result
vfio_variant_report_get_result(const struct vfio_variant_report *report) {
        return report->report.result;
}

_public_ const char *
vfio_variant_report_get_wanted_driver(const struct vfio_variant_report *report) {
        return string_or_null(wanted_driver(report));
}

_public_ const char *
vfio_variant_report_get_previous_driver(const struct vfio_variant_report *report) {
        return string_or_null(report->report.previous_driver);
}

_public_ int vfio_variant_report_is_previous_vfio(const struct vfio_variant_report *report) {
        return report->was_vfio;
}

_public_ const char *
vfio_variant_report_get_current_driver(const struct vfio_variant_report *report) {
        return string_or_null(report->report.current_driver);
}

_public_ const char *vfio_variant_report_get_finding(const struct vfio_variant_report *report) {
        return string_or_null(report->report.finding.text);
}

_public_ int vfio_variant_report_can_force(const struct vfio_variant_report *report) {
        return guard_can_be_forced(report->report.finding.guard);
}

_public_ const char *vfio_variant_report_get_cause(const struct vfio_variant_report *report) {
        return string_or_null(report->cause);
}

_public_ const struct vfio_variant_attempt *
vfio_variant_report_get_attempt(const struct vfio_variant_report *report, unsigned number) {
        return number < report->n_attempts ? &report->attempts[number] : NULL;
}

_public_ const struct vfio_variant_attempt *
vfio_variant_report_get_restore(const struct vfio_variant_report *report) {
        return report->report.roll_back.step == BIND_STEP_NONE ? NULL : &report->restore;
}

_public_ const char *vfio_variant_attempt_get_driver(const struct vfio_variant_attempt *attempt) {
        return string_or_null(attempt->driver);
}

_public_ int vfio_variant_attempt_get_error(const struct vfio_variant_attempt *attempt) {
        const struct bind_failure *failure = attempt->failure;

        if (failure->step == BIND_STEP_NONE)
                return 0;
        return failure->error < 0 ? failure->error : -EIO;
}

_public_ const char *vfio_variant_attempt_get_step(const struct vfio_variant_attempt *attempt) {
        enum bind_step step = attempt->failure->step;

        return string_or_null(step == BIND_STEP_READ_BACK ? "" : bind_step_text(step));
}

_public_ const char *
vfio_variant_attempt_get_other_driver(const struct vfio_variant_attempt *attempt) {
        return string_or_null(attempt->failure->other_driver);
}
