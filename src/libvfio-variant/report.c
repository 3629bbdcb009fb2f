/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What came of binding or unbinding a device, for who asked for it. */
#include <errno.h>
#include <stdlib.h>

#include "objects.h"

_public_ struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report) {
        free(report);
        return NULL;
}

static enum vfio_variant_result result_of(enum bind_result result) {
        switch (result) {
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
        case BIND_CANCELLED:
                return VFIO_VARIANT_CANCELLED;
        case BIND_FAILED:
        default:
                return VFIO_VARIANT_FAILED;
        }
}

_public_ int vfio_variant_report_get_number(const struct vfio_variant_report *report,
                                            enum vfio_variant_report_number what) {
        switch (what) {
        case VFIO_VARIANT_REPORT_RESULT:
                return result_of(report->report.result);
        case VFIO_VARIANT_REPORT_YIELDS_TO_FORCE:
                return guard_yields_to_force(report->report.finding.guard);
        case VFIO_VARIANT_REPORT_HAD_VFIO:
                return report->had_vfio;
        default:
                return -EINVAL;
        }
}

_public_ const char *vfio_variant_report_get_string(const struct vfio_variant_report *report,
                                                    enum vfio_variant_report_string what) {
        const struct bind_report *bind = &report->report;

        switch (what) {
        case VFIO_VARIANT_REPORT_DRIVER:
                return *bind->driver ? bind->driver : report->asked;
        case VFIO_VARIANT_REPORT_HAD:
                return bind->had;
        case VFIO_VARIANT_REPORT_HOLDS:
                return bind->holds;
        case VFIO_VARIANT_REPORT_FINDING:
                return bind->finding.guard == GUARD_NONE ? "" : bind->finding.text;
        default:
                return NULL;
        }
}

/* Of the drivers ranked below the fallback; NULL if so many were not tried. */
static const struct bind_attempt *more_of(const struct bind_report *report,
                                          enum vfio_variant_attempt attempt) {
        unsigned number = (unsigned)attempt - VFIO_VARIANT_ATTEMPT_NEXT;

        return (unsigned)attempt >= VFIO_VARIANT_ATTEMPT_NEXT && number < report->n_more
                       ? &report->more[number]
                       : NULL;
}

static const struct bind_failure *failure_of(const struct bind_report *report,
                                             enum vfio_variant_attempt attempt) {
        const struct bind_attempt *more = more_of(report, attempt);

        switch (attempt) {
        case VFIO_VARIANT_ATTEMPT_WANTED:
                return &report->wanted;
        case VFIO_VARIANT_ATTEMPT_FALLBACK:
                return &report->fallback;
        case VFIO_VARIANT_ATTEMPT_ROLL_BACK:
                return &report->roll_back;
        case VFIO_VARIANT_ATTEMPT_NEXT:
        default:
                return more ? &more->failure : NULL;
        }
}

_public_ int vfio_variant_report_get_attempt(const struct vfio_variant_report *report,
                                             enum vfio_variant_attempt attempt,
                                             const char **ret_step, const char **ret_holder) {
        const struct bind_failure *failure = failure_of(&report->report, attempt);

        if (!failure || failure->step == BIND_STEP_NONE)
                return 0;
        *ret_step = bind_step_text(failure->step);
        *ret_holder = failure->step == BIND_STEP_READ_BACK ? failure->holder : NULL;
        return failure->error < 0 ? failure->error : -EIO;
}

_public_ const char *
vfio_variant_report_get_attempt_driver(const struct vfio_variant_report *report,
                                       enum vfio_variant_attempt attempt) {
        const struct bind_report *bind = &report->report;
        const struct bind_attempt *more = more_of(bind, attempt);

        switch (attempt) {
        case VFIO_VARIANT_ATTEMPT_WANTED:
                return *bind->driver ? bind->driver : report->asked;
        case VFIO_VARIANT_ATTEMPT_FALLBACK:
                return *bind->fallback_driver ? bind->fallback_driver : NULL;
        case VFIO_VARIANT_ATTEMPT_ROLL_BACK:
                return *bind->had ? bind->had : NULL;
        case VFIO_VARIANT_ATTEMPT_NEXT:
        default:
                return more ? more->driver : NULL;
        }
}
