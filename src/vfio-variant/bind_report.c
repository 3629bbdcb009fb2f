/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of binding or unbinding a device, as text. */
#include "bind_report.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "messages.h"
#include "text.h"

/* A part of a line of the log, which truncates longer ones as well. */
#define TEXT_SIZE 300

/* A device, and what became of it. Drivers are "" if there is none. */
struct outcome {
        struct vfio_variant_device *device;
        const struct vfio_variant_report *report; /* may be NULL */
        enum vfio_variant_result result;          /* without a report it failed */
        int error;
        const char *sysname, *wanted, *current, *previous;
        const char *as_before; /* ", as before" if the current driver is the previous one */
};

static const char *or_empty(const char *driver) {
        return driver ? driver : "";
}

static const char *or_none(const char *driver) {
        return *driver ? driver : "none";
}

static struct outcome outcome_of(struct vfio_variant_device *device,
                                 const struct vfio_variant_report *report, int error) {
        struct outcome outcome = {
                .device = device,
                .report = report,
                .result = VFIO_VARIANT_RESULT_FAILED,
                .error = error,
                .sysname = vfio_variant_device_get_sysname(device),
        };

        if (!report)
                return outcome;
        outcome.result = vfio_variant_report_get_result(report);
        outcome.wanted = or_empty(vfio_variant_report_get_wanted_driver(report));
        outcome.current = or_empty(vfio_variant_report_get_current_driver(report));
        outcome.previous = or_empty(vfio_variant_report_get_previous_driver(report));
        outcome.as_before = streq(outcome.current, outcome.previous) ? ", as before" : "";
        return outcome;
}

/* --- why attempts failed --- */

/* Why ATTEMPT failed, a clause; "" if it did not, or is NULL. Returns its error. */
static int describe(const struct vfio_variant_attempt *attempt, char ret[TEXT_SIZE]) {
        int error = attempt ? vfio_variant_attempt_get_error(attempt) : 0;
        const char *step, *other;

        ret[0] = '\0';
        if (error == 0)
                return 0;
        step = vfio_variant_attempt_get_step(attempt);
        other = vfio_variant_attempt_get_other_driver(attempt);
        if (step)
                (void)snprintf(ret, TEXT_SIZE, "%s: %s", step, log_errno(error));
        else if (other)
                (void)snprintf(ret, TEXT_SIZE, "%s was bound instead", other);
        else
                (void)snprintf(ret, TEXT_SIZE, "its probe failed");
        return error;
}

/* Why the wanted driver, and with LINK before each the drivers that rank below it failed: "its
 * probe failed; nor to the fallback B: its probe failed". Returns the error of the first. */
static int describe_all(const struct vfio_variant_report *report, const char *link,
                        char ret[TEXT_SIZE]) {
        const struct vfio_variant_attempt *attempt;
        int r = describe(vfio_variant_report_get_attempt(report, 0), ret);

        for (unsigned i = 1; (attempt = vfio_variant_report_get_attempt(report, i)); i++) {
                char why[TEXT_SIZE];
                size_t n = strlen(ret);

                if (describe(attempt, why) < 0)
                        (void)snprintf(ret + n, TEXT_SIZE - n, "%s%s%s: %s", link,
                                       i == 1 ? "the fallback " : "",
                                       vfio_variant_attempt_get_driver(attempt), why);
        }
        return r;
}

/* --- failures of all operations --- */

/* ACTION: "bind to DRIVER" in two parts, or "unbind". A device that was claimed by a rule is bound
 * to its native driver again. */
static int report_refused(const struct outcome *outcome, const char *action, const char *driver,
                          bool is_for_tag) {
        log_error("cannot ", action, driver, ": ", vfio_variant_report_get_finding(outcome->report),
                  "; ", *outcome->as_before ? "nothing was changed" : "bound to its native driver",
                  "; ",
                  !vfio_variant_report_can_force(outcome->report) ? "--force does not override this"
                  : is_for_tag ? "`vfio-variant tag --force` overrides this"
                               : "use --force to override this");
        return EXIT_REFUSED;
}

/* The message of the device that failed names the cause. */
static int report_cancelled(const struct outcome *outcome) {
        log_error("cannot bind to ", outcome->wanted,
                  ": another device of its IOMMU group failed; current driver: ",
                  or_none(outcome->current), outcome->as_before,
                  "; correct the error of the other device");
        return EXIT_REFUSED;
}

static int report_rolled_back(const struct outcome *outcome) {
        char why[TEXT_SIZE];
        int error = describe_all(outcome->report, "; nor to ", why);

        log_error("cannot bind to ", outcome->wanted, ": ", why,
                  "; current driver: ", or_none(outcome->current), outcome->as_before, "; ",
                  advise_error(error));
        return EXIT_FAILURE;
}

static int report_no_driver(const struct outcome *outcome) {
        char wanted[TEXT_SIZE], restore[TEXT_SIZE];
        int error = describe(vfio_variant_report_get_attempt(outcome->report, 0), wanted);

        if (describe(vfio_variant_report_get_restore(outcome->report), restore) == 0)
                log_error("not bound to any driver", outcome->as_before, ": ", wanted, "; ",
                          advise_error(error));
        else
                log_error("not bound to any driver: ", wanted,
                          "; cannot restore the previous driver: ", restore,
                          "; try `vfio-variant unbind ", outcome->sysname, "`");
        return EXIT_FAILURE;
}

static int report_failed(const struct outcome *outcome, const char *what) {
        char why[TEXT_SIZE] = "";

        if (outcome->report)
                (void)describe_all(outcome->report, "; nor to ", why);
        /* A guard that could not be checked has a reason of its own */
        if (outcome->report && vfio_variant_report_get_finding(outcome->report))
                (void)text_put(why, TEXT_SIZE, vfio_variant_report_get_finding(outcome->report));
        log_error("cannot ", what, ": ", *why ? why : log_errno(outcome->error), "; ",
                  advise_error(outcome->error));
        return EXIT_FAILURE;
}

/* --- bind --- */

/* --driver may name any driver. */
static void print_nodes(struct vfio_variant_device *device) {
        const char *group = vfio_variant_device_get_group_node(device);
        const char *cdev = vfio_variant_device_get_cdev_node(device);

        if (vfio_variant_device_get_type(device) == VFIO_VARIANT_TYPE_NATIVE) {
                (void)printf("  this is not a VFIO driver: a guest cannot use the device\n");
                return;
        }
        if (group)
                (void)printf("  group: %s\n", group);
        if (cdev)
                (void)printf("  cdev: %s\n", cdev);
}

static void report_overridden(const struct outcome *outcome) {
        const char *finding = vfio_variant_report_get_finding(outcome->report);

        if (finding)
                log_warning("overridden with --force: ", finding);
}

static void report_fallback(const struct outcome *outcome) {
        char why[TEXT_SIZE];

        (void)describe_all(outcome->report, "; ", why);
        log_warning("cannot bind to ", outcome->wanted, ": ", why, "; bound to ", outcome->current,
                    " instead");
}

static int print_bound(const struct outcome *outcome) {
        bool is_other = *outcome->previous && !*outcome->as_before;

        report_overridden(outcome);
        if (outcome->result == VFIO_VARIANT_RESULT_FALLBACK)
                report_fallback(outcome);
        (void)printf("%s: bound to %s%s%s\n", outcome->sysname, outcome->current,
                     is_other ? ", previous driver: " : "", is_other ? outcome->previous : "");
        print_nodes(outcome->device);
        if (is_other && vfio_variant_report_is_previous_vfio(outcome->report))
                (void)printf("  to undo: vfio-variant bind --driver=%s %s\n", outcome->previous,
                             outcome->sysname);
        else
                (void)printf("  to undo: vfio-variant unbind %s\n", outcome->sysname);
        return EXIT_SUCCESS;
}

static int print_already_bound(const struct outcome *outcome) {
        (void)printf("%s: already bound to %s\n", outcome->sysname, outcome->current);
        print_nodes(outcome->device);
        (void)printf("  to unbind it: vfio-variant unbind %s\n", outcome->sysname);
        return EXIT_SUCCESS;
}

static int print_bind_possible(const struct outcome *outcome) {
        report_overridden(outcome);
        (void)printf("%s: would be bound to %s, current driver: %s\n", outcome->sysname,
                     outcome->wanted, or_none(outcome->previous));
        return EXIT_SUCCESS;
}

int outcome_of_bind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                    int error, const struct bind_options *options) {
        const struct outcome outcome = outcome_of(device, report, error);

        switch (outcome.result) {
        case VFIO_VARIANT_RESULT_DONE:
        case VFIO_VARIANT_RESULT_FALLBACK:
                return print_bound(&outcome);
        case VFIO_VARIANT_RESULT_ALREADY:
                return options->is_quiet ? EXIT_SUCCESS : print_already_bound(&outcome);
        case VFIO_VARIANT_RESULT_POSSIBLE:
                return print_bind_possible(&outcome);
        case VFIO_VARIANT_RESULT_CANCELLED:
                return report_cancelled(&outcome);
        case VFIO_VARIANT_RESULT_REFUSED:
                return report_refused(&outcome, "bind to ", outcome.wanted, options->is_for_tag);
        case VFIO_VARIANT_RESULT_ROLLED_BACK:
                return report_rolled_back(&outcome);
        case VFIO_VARIANT_RESULT_NO_DRIVER:
                return report_no_driver(&outcome);
        default:
                return report_failed(&outcome, "bind");
        }
}

/* --- unbind --- */

static int print_unbound(const struct outcome *outcome) {
        const char *cause = vfio_variant_report_get_cause(outcome->report);

        if (*outcome->current)
                (void)printf("%s: bound to %s", outcome->sysname, outcome->current);
        else
                (void)printf("%s: bound to no driver, because %s", outcome->sysname,
                             cause ? cause : "no native driver matches");
        if (*outcome->previous)
                (void)printf(", previous driver: %s\n  to undo: vfio-variant bind --driver=%s %s\n",
                             outcome->previous, outcome->previous, outcome->sysname);
        else
                (void)printf("\n  to undo: vfio-variant bind %s\n", outcome->sysname);
        return EXIT_SUCCESS;
}

/* The VFIO driver that the device is bound to again, or NULL. */
static const char *driver_again(const struct outcome *outcome) {
        const struct vfio_variant_attempt *attempt =
                outcome->report ? vfio_variant_report_get_attempt(outcome->report, 0) : NULL;

        if (!attempt || vfio_variant_attempt_get_error(attempt) != -EBUSY)
                return NULL;
        return vfio_variant_attempt_get_other_driver(attempt);
}

static int report_not_unbound(const struct outcome *outcome) {
        const char *driver = driver_again(outcome), *cause;

        if (!driver)
                return report_failed(outcome, "unbind");
        cause = vfio_variant_report_get_cause(outcome->report);
        log_error("cannot unbind: bound to ", driver, " again: ",
                  cause ? cause
                        : "it has an ID of this device (new_id, or ids= when it was loaded)",
                  cause ? "; remove that, and reboot or reload the module of "
                        : "; write that ID to remove_id of ",
                  driver);
        return EXIT_FAILURE;
}

int outcome_of_unbind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                      int error) {
        const struct outcome outcome = outcome_of(device, report, error);

        switch (outcome.result) {
        case VFIO_VARIANT_RESULT_DONE:
                return print_unbound(&outcome);
        case VFIO_VARIANT_RESULT_ALREADY:
                (void)printf("%s: already bound to %s, which is not a VFIO driver\n",
                             outcome.sysname, outcome.current);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_POSSIBLE:
                (void)printf("%s: would be bound to its native driver%s, current driver: %s\n",
                             outcome.sysname, *outcome.previous ? "" : ", if it has one",
                             or_none(outcome.previous));
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_REFUSED:
                return report_refused(&outcome, "unbind", "", false);
        case VFIO_VARIANT_RESULT_ROLLED_BACK:
                return report_rolled_back(&outcome);
        case VFIO_VARIANT_RESULT_NO_DRIVER:
                return error < 0 ? report_no_driver(&outcome) : print_unbound(&outcome);
        default:
                return report_not_unbound(&outcome);
        }
}

int outcome_of_claim(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                     int error) {
        const struct outcome outcome = outcome_of(device, report, error);

        if (!report || error < 0)
                return report_failed(&outcome, "claim");
        if (outcome.result != VFIO_VARIANT_RESULT_ALREADY)
                (void)printf("%s: claimed for %s\n  to undo: vfio-variant unbind %s\n",
                             outcome.sysname, outcome.wanted, outcome.sysname);
        return EXIT_SUCCESS;
}
