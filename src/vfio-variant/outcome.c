/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What came of binding or unbinding a device, for a person. */
#include "outcome.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "cause.h"
#include "tell.h"
#include "text.h"

/* Half a line: what is longer is cut, as the log does. */
#define TEXT_SIZE 300

static const char *said(const struct vfio_variant_report *report,
                        enum vfio_variant_report_string what) {
        return vfio_variant_report_get_string(report, what);
}

/* Why ATTEMPT failed, a clause; "" where it did not. Returns its error. */
static int describe(const struct vfio_variant_report *report, enum vfio_variant_attempt attempt,
                    char ret[TEXT_SIZE]) {
        const char *step, *holder;
        int error = vfio_variant_report_get_attempt(report, attempt, &step, &holder);

        ret[0] = '\0';
        if (error == 0)
                return 0;
        if (!holder)
                (void)snprintf(ret, TEXT_SIZE, "%s: %s", step, log_errno(error));
        else if (*holder)
                (void)snprintf(ret, TEXT_SIZE, "%s took it instead", holder);
        else
                (void)snprintf(ret, TEXT_SIZE, "its probe refused the device");
        return error;
}

/* Why each driver ranked below the wanted one failed: "; nor to B: its probe refused the device".
 */
static void describe_others(const struct vfio_variant_report *report, const char *link,
                            char ret[TEXT_SIZE]) {
        unsigned attempt = VFIO_VARIANT_ATTEMPT_FALLBACK;
        size_t n = 0;

        ret[0] = '\0';
        while (n < TEXT_SIZE) {
                const char *driver = vfio_variant_report_get_attempt_driver(report, attempt);
                char why[TEXT_SIZE];

                if (!driver)
                        return;
                if (describe(report, attempt, why) < 0)
                        n += (size_t)snprintf(
                                ret + n, TEXT_SIZE - n, "%s%s%s: %s", link,
                                attempt == VFIO_VARIANT_ATTEMPT_FALLBACK ? "the fallback " : "",
                                driver, why);
                attempt = attempt < VFIO_VARIANT_ATTEMPT_NEXT ? VFIO_VARIANT_ATTEMPT_NEXT
                                                              : attempt + 1;
        }
}

static void print_nodes(struct vfio_variant_device *device) {
        const char *node;

        if (vfio_variant_device_get_string(device, VFIO_VARIANT_GROUP_NODE, &node) == 0)
                (void)printf("  group: %s\n", node);
        if (vfio_variant_device_get_string(device, VFIO_VARIANT_CDEV_NODE, &node) == 0)
                (void)printf("  cdev: %s\n", node);
}

static void print_bound(struct vfio_variant_device *device,
                        const struct vfio_variant_report *report) {
        const char *had = said(report, VFIO_VARIANT_REPORT_HAD);
        const char *sysname = vfio_variant_device_get_sysname(device);
        const char *holds = said(report, VFIO_VARIANT_REPORT_HOLDS);
        bool is_other = *had && !streq(had, holds);

        (void)printf("%s: bound to %s", sysname, holds);
        if (is_other)
                (void)printf(", before on %s", had);
        (void)printf("\n");
        print_nodes(device);
        if (is_other && vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_HAD_VFIO))
                (void)printf("  to undo: vfio-variant bind --driver=%s %s\n", had, sysname);
        else
                (void)printf("  to undo: vfio-variant unbind %s\n", sysname);
}

/* Nothing was done that could be undone, but it can be ended. */
static void print_already(struct vfio_variant_device *device,
                          const struct vfio_variant_report *report) {
        const char *sysname = vfio_variant_device_get_sysname(device);

        (void)printf("%s: is already bound to %s\n", sysname,
                     said(report, VFIO_VARIANT_REPORT_HOLDS));
        print_nodes(device);
        (void)printf("  to end that: vfio-variant unbind %s\n", sysname);
}

static void tell_passed(const struct vfio_variant_report *report) {
        const char *finding = said(report, VFIO_VARIANT_REPORT_FINDING);

        if (*finding)
                log_warning("by force, although ", finding);
}

static void print_possible(const struct vfio_variant_device *device,
                           const struct vfio_variant_report *report) {
        const char *had = said(report, VFIO_VARIANT_REPORT_HAD);

        (void)printf("%s: would be bound to %s, now on %s\n  nothing was done\n",
                     vfio_variant_device_get_sysname(device),
                     said(report, VFIO_VARIANT_REPORT_DRIVER), *had ? had : "no driver");
}

static void tell_fallback(const struct vfio_variant_report *report) {
        char why[TEXT_SIZE], others[TEXT_SIZE];

        (void)describe(report, VFIO_VARIANT_ATTEMPT_WANTED, why);
        describe_others(report, "; not ", others);
        log_warning("not ", said(report, VFIO_VARIANT_REPORT_DRIVER), ": ", why, others,
                    "; bound to ", said(report, VFIO_VARIANT_REPORT_HOLDS), " instead");
}

/* Of a device that a rule had claimed the native driver is loaded again. */
static const char *what_was_done(const struct vfio_variant_report *report) {
        bool as_before = streq(said(report, VFIO_VARIANT_REPORT_HOLDS),
                               said(report, VFIO_VARIANT_REPORT_HAD));

        return as_before ? ", so nothing was done; " : ", so its native driver has it; ";
}

static int tell_refused(const struct vfio_variant_report *report, bool tagged) {
        const char *what = "force would not help: see to that first";

        if (vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_YIELDS_TO_FORCE))
                what = tagged ? "see to that, or tag it by `vfio-variant tag --force`"
                              : "see to that, or pass it by --force";
        if (vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_HAD_VFIO) > 0 && tagged)
                log_error("it stays on ", said(report, VFIO_VARIANT_REPORT_HOLDS),
                          " and is not moved to ", said(report, VFIO_VARIANT_REPORT_DRIVER), ": ",
                          said(report, VFIO_VARIANT_REPORT_FINDING), "; ", what);
        else
                log_error(said(report, VFIO_VARIANT_REPORT_FINDING), what_was_done(report), what);
        return EXIT_REFUSED;
}

/* The message of the device that failed names the cause. */
static int tell_cancelled(const struct vfio_variant_report *report) {
        const char *holds = said(report, VFIO_VARIANT_REPORT_HOLDS);
        bool as_before = streq(holds, said(report, VFIO_VARIANT_REPORT_HAD));

        log_error("cannot bind to ", said(report, VFIO_VARIANT_REPORT_DRIVER),
                  ": another device of its IOMMU group failed; it is on ",
                  *holds ? holds : "no driver", as_before ? ", as before" : " now",
                  "; correct the other device's error");
        return EXIT_REFUSED;
}

static int tell_rolled_back(const struct vfio_variant_report *report) {
        const char *holds = said(report, VFIO_VARIANT_REPORT_HOLDS);
        bool as_before = streq(holds, said(report, VFIO_VARIANT_REPORT_HAD));
        char wanted[TEXT_SIZE], others[TEXT_SIZE];
        int error = describe(report, VFIO_VARIANT_ATTEMPT_WANTED, wanted);

        describe_others(report, "; nor to ", others);
        log_error("not bound to ", said(report, VFIO_VARIANT_REPORT_DRIVER), ": ", wanted, others,
                  "; it is on ", *holds ? holds : "no driver",
                  as_before ? ", as before; " : " now; ", advice(error));
        return EXIT_TROUBLE;
}

static int tell_nobody(const struct vfio_variant_device *device,
                       const struct vfio_variant_report *report) {
        char wanted[TEXT_SIZE], back[TEXT_SIZE];

        (void)describe(report, VFIO_VARIANT_ATTEMPT_WANTED, wanted);
        (void)describe(report, VFIO_VARIANT_ATTEMPT_ROLL_BACK, back);
        log_error("no driver holds it now: ", wanted, "; it could not be given back: ", back,
                  "; try `vfio-variant unbind ", vfio_variant_device_get_sysname(device), "`");
        return EXIT_TROUBLE;
}

/* An error with a report, or without one. */
static int tell_failed(const struct vfio_variant_report *report, int error, const char *what) {
        char why[TEXT_SIZE] = "", others[TEXT_SIZE] = "";

        if (report) {
                (void)describe(report, VFIO_VARIANT_ATTEMPT_WANTED, why);
                describe_others(report, "; nor to ", others);
        }
        log_error("cannot ", what, " it: ", *why ? why : log_errno(error), others, "; ",
                  advice(error));
        return EXIT_TROUBLE;
}

int outcome_of_bind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                    int error, const struct bind_options *options) {
        switch (report ? vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_RESULT)
                       : VFIO_VARIANT_FAILED) {
        case VFIO_VARIANT_DONE:
                tell_passed(report);
                print_bound(device, report);
                return EXIT_DONE;
        case VFIO_VARIANT_ALREADY:
                if (!options->is_quiet)
                        print_already(device, report);
                return EXIT_DONE;
        case VFIO_VARIANT_CANCELLED:
                return tell_cancelled(report);
        case VFIO_VARIANT_POSSIBLE:
                tell_passed(report);
                print_possible(device, report);
                return EXIT_DONE;
        case VFIO_VARIANT_FALLBACK:
                tell_passed(report);
                tell_fallback(report);
                print_bound(device, report);
                return EXIT_DONE;
        case VFIO_VARIANT_REFUSED:
                return tell_refused(report, options->is_for_tag);
        case VFIO_VARIANT_ROLLED_BACK:
                return tell_rolled_back(report);
        case VFIO_VARIANT_NOBODY:
                return tell_nobody(device, report);
        case VFIO_VARIANT_FAILED:
        default:
                return tell_failed(report, error, "bind");
        }
}

static void print_unbound(const struct vfio_variant_device *device,
                          const struct vfio_variant_report *report) {
        const char *had = said(report, VFIO_VARIANT_REPORT_HAD);
        const char *holds = said(report, VFIO_VARIANT_REPORT_HOLDS);
        const char *sysname = vfio_variant_device_get_sysname(device);
        char cause[CAUSE_SIZE] = "";

        if (!*holds)
                cause_find(device, had, cause);
        if (*holds)
                (void)printf("%s: back on %s", sysname, holds);
        else
                (void)printf("%s: on no driver, because %s", sysname,
                             *cause ? cause : "no native driver takes it");
        if (*had)
                (void)printf(", before on %s\n  to undo: vfio-variant bind --driver=%s %s\n", had,
                             had, sysname);
        else
                (void)printf("\n  to undo: vfio-variant bind %s\n", sysname);
}

/* Did a VFIO driver take the device again? *ret: its name. */
static bool is_taken_again(const struct vfio_variant_report *report, const char **ret) {
        const char *step;

        return report &&
               vfio_variant_report_get_attempt(report, VFIO_VARIANT_ATTEMPT_WANTED, &step, ret) ==
                       -EBUSY &&
               *ret && **ret;
}

static int tell_not_unbound(struct vfio_variant_device *device,
                            const struct vfio_variant_report *report, int error) {
        const char *driver;

        if (!is_taken_again(report, &driver))
                return tell_failed(report, error, "unbind");
        cause_tell(device, driver);
        return EXIT_TROUBLE;
}

int outcome_of_unbind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                      int error) {
        switch (report ? vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_RESULT)
                       : VFIO_VARIANT_FAILED) {
        case VFIO_VARIANT_DONE:
                print_unbound(device, report);
                return EXIT_DONE;
        case VFIO_VARIANT_ALREADY:
                (void)printf("%s: is on %s already, which is no VFIO driver\n",
                             vfio_variant_device_get_sysname(device),
                             said(report, VFIO_VARIANT_REPORT_HOLDS));
                return EXIT_DONE;
        case VFIO_VARIANT_REFUSED:
                return tell_refused(report, false);
        case VFIO_VARIANT_ROLLED_BACK:
                return tell_rolled_back(report);
        case VFIO_VARIANT_NOBODY:
                if (error < 0)
                        return tell_nobody(device, report);
                print_unbound(device, report);
                return EXIT_DONE;
        default:
                return tell_not_unbound(device, report, error);
        }
}

int outcome_of_claim(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                     int error) {
        const char *sysname = vfio_variant_device_get_sysname(device);

        if (!report || error < 0)
                return tell_failed(report, error, "claim");
        if (vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_RESULT) ==
            VFIO_VARIANT_ALREADY)
                return EXIT_DONE;
        (void)printf("%s: claimed for %s\n  to undo: vfio-variant unbind %s\n", sysname,
                     said(report, VFIO_VARIANT_REPORT_DRIVER), sysname);
        return EXIT_DONE;
}
