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

static const char *wanted_driver(const struct vfio_variant_report *report) {
        const char *driver = vfio_variant_report_get_wanted_driver(report);

        return driver ? driver : "";
}

/* "" if there is none. */
static const char *current_driver(const struct vfio_variant_report *report) {
        const char *driver = vfio_variant_report_get_current_driver(report);

        return driver ? driver : "";
}

/* "" if there was none. */
static const char *previous_driver(const struct vfio_variant_report *report) {
        const char *driver = vfio_variant_report_get_previous_driver(report);

        return driver ? driver : "";
}

static bool is_as_before(const struct vfio_variant_report *report) {
        return streq(current_driver(report), previous_driver(report));
}

static const char *or_none(const char *driver) {
        return *driver ? driver : "none";
}

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

static int describe_wanted(const struct vfio_variant_report *report, char ret[TEXT_SIZE]) {
        return describe(vfio_variant_report_get_attempt(report, 0), ret);
}

/* Why each driver ranked below the wanted one failed: "; nor to B: its probe failed".
 */
static void describe_others(const struct vfio_variant_report *report, const char *link,
                            char ret[TEXT_SIZE]) {
        const struct vfio_variant_attempt *attempt;
        size_t n = 0;

        ret[0] = '\0';
        for (unsigned i = 1; n < TEXT_SIZE; i++) {
                char why[TEXT_SIZE];

                attempt = vfio_variant_report_get_attempt(report, i);
                if (!attempt)
                        return;
                if (describe(attempt, why) < 0)
                        n += (size_t)snprintf(ret + n, TEXT_SIZE - n, "%s%s%s: %s", link,
                                              i == 1 ? "the fallback " : "",
                                              vfio_variant_attempt_get_driver(attempt), why);
        }
}

static void print_nodes(struct vfio_variant_device *device) {
        const char *group = vfio_variant_device_get_group_node(device);
        const char *cdev = vfio_variant_device_get_cdev_node(device);

        if (group)
                (void)printf("  group: %s\n", group);
        if (cdev)
                (void)printf("  cdev: %s\n", cdev);
}

static void print_bound(struct vfio_variant_device *device,
                        const struct vfio_variant_report *report) {
        const char *sysname = vfio_variant_device_get_sysname(device);
        const char *previous = previous_driver(report);
        bool is_other = *previous && !is_as_before(report);

        (void)printf("%s: bound to %s%s%s\n", sysname, current_driver(report),
                     is_other ? ", previous driver: " : "", is_other ? previous : "");
        print_nodes(device);
        if (is_other && vfio_variant_report_is_previous_vfio(report))
                (void)printf("  to undo: vfio-variant bind --driver=%s %s\n", previous, sysname);
        else
                (void)printf("  to undo: vfio-variant unbind %s\n", sysname);
}

static void print_already(struct vfio_variant_device *device,
                          const struct vfio_variant_report *report) {
        const char *sysname = vfio_variant_device_get_sysname(device);

        (void)printf("%s: already bound to %s\n", sysname, current_driver(report));
        print_nodes(device);
        (void)printf("  to unbind it: vfio-variant unbind %s\n", sysname);
}

static void report_overridden(const struct vfio_variant_report *report) {
        const char *finding = vfio_variant_report_get_finding(report);

        if (finding)
                log_warning("overridden with --force: ", finding);
}

static void print_possible(const struct vfio_variant_device *device,
                           const struct vfio_variant_report *report) {
        (void)printf("%s: would be bound to %s, current driver: %s\n",
                     vfio_variant_device_get_sysname(device), wanted_driver(report),
                     or_none(previous_driver(report)));
}

static void report_fallback(const struct vfio_variant_report *report) {
        char why[TEXT_SIZE], others[TEXT_SIZE];

        (void)describe_wanted(report, why);
        describe_others(report, "; ", others);
        log_warning("cannot bind to ", wanted_driver(report), ": ", why, others, "; bound to ",
                    current_driver(report), " instead");
}

/* How a guard can be overridden, if it can. */
static const char *advise_force(const struct vfio_variant_report *report, bool is_for_tag) {
        if (!vfio_variant_report_can_force(report))
                return "--force does not override this";
        return is_for_tag ? "`vfio-variant tag --force` overrides this"
                          : "use --force to override this";
}

/* ACTION: "bind to DRIVER" in two parts, or "unbind". */
static int report_refused(const struct vfio_variant_report *report, const char *action,
                          const char *driver, bool is_for_tag) {
        /* A device that was claimed by a rule is bound to its native driver again */
        log_error("cannot ", action, driver, ": ", vfio_variant_report_get_finding(report), "; ",
                  is_as_before(report) ? "nothing was changed" : "bound to its native driver", "; ",
                  advise_force(report, is_for_tag));
        return EXIT_REFUSED;
}

/* The message of the device that failed names the cause. */
static int report_cancelled(const struct vfio_variant_report *report) {
        log_error("cannot bind to ", wanted_driver(report),
                  ": another device of its IOMMU group failed; current driver: ",
                  or_none(current_driver(report)), is_as_before(report) ? ", as before" : "",
                  "; correct the error of the other device");
        return EXIT_REFUSED;
}

static int report_rolled_back(const struct vfio_variant_report *report) {
        char wanted[TEXT_SIZE], others[TEXT_SIZE];
        int error = describe_wanted(report, wanted);

        describe_others(report, "; nor to ", others);
        log_error("cannot bind to ", wanted_driver(report), ": ", wanted, others,
                  "; current driver: ", or_none(current_driver(report)),
                  is_as_before(report) ? ", as before; " : "; ", advise_error(error));
        return EXIT_FAILURE;
}

static int report_no_driver(const struct vfio_variant_device *device,
                            const struct vfio_variant_report *report) {
        char wanted[TEXT_SIZE], restore[TEXT_SIZE];

        (void)describe_wanted(report, wanted);
        (void)describe(vfio_variant_report_get_restore(report), restore);
        log_error("not bound to any driver: ", wanted,
                  "; cannot restore the previous driver: ", restore, "; try `vfio-variant unbind ",
                  vfio_variant_device_get_sysname(device), "`");
        return EXIT_FAILURE;
}

/* An error with a report, or without one. */
static int report_failed(const struct vfio_variant_report *report, int error, const char *what) {
        char why[TEXT_SIZE] = "", others[TEXT_SIZE] = "";

        if (report) {
                (void)describe_wanted(report, why);
                describe_others(report, "; nor to ", others);
        }
        log_error("cannot ", what, ": ", *why ? why : log_errno(error), others, "; ",
                  advise_error(error));
        return EXIT_FAILURE;
}

int outcome_of_bind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                    int error, const struct bind_options *options) {
        switch (report ? vfio_variant_report_get_result(report) : VFIO_VARIANT_RESULT_FAILED) {
        case VFIO_VARIANT_RESULT_DONE:
                report_overridden(report);
                print_bound(device, report);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_ALREADY:
                if (!options->is_quiet)
                        print_already(device, report);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_CANCELLED:
                return report_cancelled(report);
        case VFIO_VARIANT_RESULT_POSSIBLE:
                report_overridden(report);
                print_possible(device, report);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_FALLBACK:
                report_overridden(report);
                report_fallback(report);
                print_bound(device, report);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_REFUSED:
                return report_refused(report, "bind to ", wanted_driver(report),
                                      options->is_for_tag);
        case VFIO_VARIANT_RESULT_ROLLED_BACK:
                return report_rolled_back(report);
        case VFIO_VARIANT_RESULT_NO_DRIVER:
                return report_no_driver(device, report);
        case VFIO_VARIANT_RESULT_FAILED:
        default:
                return report_failed(report, error, "bind");
        }
}

static void print_unbound(const struct vfio_variant_device *device,
                          const struct vfio_variant_report *report) {
        const char *sysname = vfio_variant_device_get_sysname(device);
        const char *current = current_driver(report), *previous = previous_driver(report);
        const char *cause = vfio_variant_report_get_cause(report);

        if (*current)
                (void)printf("%s: bound to %s", sysname, current);
        else
                (void)printf("%s: bound to no driver, because %s", sysname,
                             cause ? cause : "no native driver matches");
        if (*previous)
                (void)printf(", previous driver: %s\n  to undo: vfio-variant bind --driver=%s %s\n",
                             previous, previous, sysname);
        else
                (void)printf("\n  to undo: vfio-variant bind %s\n", sysname);
}

static void print_unbind_possible(const struct vfio_variant_device *device,
                                  const struct vfio_variant_report *report) {
        (void)printf("%s: would be bound to its native driver, current driver: %s\n",
                     vfio_variant_device_get_sysname(device), or_none(previous_driver(report)));
}

/* The VFIO driver that the device is bound to again, or NULL. */
static const char *driver_again(const struct vfio_variant_report *report) {
        const struct vfio_variant_attempt *attempt =
                report ? vfio_variant_report_get_attempt(report, 0) : NULL;

        if (!attempt || vfio_variant_attempt_get_error(attempt) != -EBUSY)
                return NULL;
        return vfio_variant_attempt_get_other_driver(attempt);
}

static int report_not_unbound(const struct vfio_variant_report *report, int error) {
        const char *driver = driver_again(report), *cause;

        if (!driver)
                return report_failed(report, error, "unbind");
        cause = vfio_variant_report_get_cause(report);
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
        switch (report ? vfio_variant_report_get_result(report) : VFIO_VARIANT_RESULT_FAILED) {
        case VFIO_VARIANT_RESULT_DONE:
                print_unbound(device, report);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_ALREADY:
                (void)printf("%s: already bound to %s, which is not a VFIO driver\n",
                             vfio_variant_device_get_sysname(device), current_driver(report));
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_POSSIBLE:
                print_unbind_possible(device, report);
                return EXIT_SUCCESS;
        case VFIO_VARIANT_RESULT_REFUSED:
                return report_refused(report, "unbind", "", false);
        case VFIO_VARIANT_RESULT_ROLLED_BACK:
                return report_rolled_back(report);
        case VFIO_VARIANT_RESULT_NO_DRIVER:
                if (error < 0)
                        return report_no_driver(device, report);
                print_unbound(device, report);
                return EXIT_SUCCESS;
        default:
                return report_not_unbound(report, error);
        }
}

int outcome_of_claim(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                     int error) {
        const char *sysname = vfio_variant_device_get_sysname(device);

        if (!report || error < 0)
                return report_failed(report, error, "claim");
        if (vfio_variant_report_get_result(report) == VFIO_VARIANT_RESULT_ALREADY)
                return EXIT_SUCCESS;
        (void)printf("%s: claimed for %s\n  to undo: vfio-variant unbind %s\n", sysname,
                     wanted_driver(report), sysname);
        return EXIT_SUCCESS;
}
