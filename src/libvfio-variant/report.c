/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of binding or unbinding a device. */
#include "report.h"

#include <errno.h>
#include <stdlib.h>

#include "driver.h"

struct vfio_variant_report *report_new(const struct vfio_variant_device *device) {
        struct vfio_variant_report *report = calloc(1, sizeof(*report));

        if (report)
                report->was_vfio = device_is_bound_to_vfio(device->handle.fd) > 0;
        return report;
}

_public_ struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report) {
        free(report);
        return NULL;
}

void report_find_cause(struct vfio_variant_report *report, const char *modalias, int r) {
        const struct vfio_variant_attempt *attempt = &report->report.attempts[0];

        if (r == -EBUSY && attempt->step == BIND_STEP_READ_BACK && *attempt->other_driver)
                cause_find(modalias, attempt->other_driver, report->cause);
        else if (r >= 0 && report->report.result == VFIO_VARIANT_RESULT_NO_DRIVER)
                cause_find(modalias, report->report.previous_driver, report->cause);
}

_public_ enum vfio_variant_result
vfio_variant_report_get_result(const struct vfio_variant_report *report) {
        return report->report.result;
}

_public_ const char *
vfio_variant_report_get_wanted_driver(const struct vfio_variant_report *report) {
        return string_or_null(report->report.attempts[0].driver);
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
        return number <= report->report.n_lower ? &report->report.attempts[number] : NULL;
}

_public_ const struct vfio_variant_attempt *
vfio_variant_report_get_restore(const struct vfio_variant_report *report) {
        const struct vfio_variant_attempt *attempt = &report->report.roll_back;

        return attempt->step == BIND_STEP_NONE ? NULL : attempt;
}

_public_ const char *vfio_variant_attempt_get_driver(const struct vfio_variant_attempt *attempt) {
        return string_or_null(attempt->driver);
}

_public_ int vfio_variant_attempt_get_error(const struct vfio_variant_attempt *attempt) {
        if (attempt->step == BIND_STEP_NONE)
                return 0;
        return attempt->error < 0 ? attempt->error : -EIO;
}

_public_ const char *vfio_variant_attempt_get_step(const struct vfio_variant_attempt *attempt) {
        return string_or_null(attempt->step == BIND_STEP_READ_BACK ? ""
                                                                   : bind_step_text(attempt->step));
}

_public_ const char *
vfio_variant_attempt_get_other_driver(const struct vfio_variant_attempt *attempt) {
        return string_or_null(attempt->other_driver);
}
