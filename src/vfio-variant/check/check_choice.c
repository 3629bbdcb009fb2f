/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the choice of a device, and what is excluded. */
#include <errno.h>

#include "check.h"
#include "choose_driver.h"
#include "excluded_candidates.h"
#include "identity.h"
#include "messages.h"
#include "text.h"

/* The candidates that are considered. */
struct ranking {
        struct check *check;
        bool won; /* there is a choice */
        struct excluded excluded;
};

static void add_pin(struct findings *findings, const struct vfio_variant_candidate *candidate) {
        findings_add(findings, SEVERITY_WARNING, "pin", NULL,
                     "VFIO_VARIANT_PIN is %s, which is not available (%s)",
                     vfio_variant_candidate_get_module(candidate), candidate_why(candidate));
        findings_advise(findings,
                        "run `vfio-variant tag --pin=DRIVER " FINDING_DEVICE
                        "` with another driver; or correct hwdb.d, and " CHECK_COMPILE,
                        hwdb_compile_command());
}

/* What ranks higher than the choice, but is excluded. */
static void add_better(struct findings *findings, const struct vfio_variant_candidate *candidate,
                       enum vfio_variant_verdict verdict) {
        const char *module = vfio_variant_candidate_get_module(candidate);

        if (verdict == VFIO_VARIANT_VERDICT_MISSING) {
                findings_add(findings, SEVERITY_WARNING, "module", "install it and run depmod",
                             "%s matches best, but is not a module of the running kernel", module);
        } else {
                struct excluded excluded = {};

                excluded_add(&excluded, candidate);
                findings_add(findings, SEVERITY_NOTE, "blacklist", excluded_advice(&excluded),
                             "%s matches best, but is not used: %s", module,
                             candidate_why(candidate));
        }
}

static int check_candidate(const struct vfio_variant_candidate *candidate, void *userdata) {
        struct ranking *ranking = userdata;
        const char *module = vfio_variant_candidate_get_module(candidate);
        enum vfio_variant_verdict verdict = vfio_variant_candidate_get_verdict(candidate);
        enum vfio_variant_candidate_origin origin = vfio_variant_candidate_get_origin(candidate);

        if (verdict == VFIO_VARIANT_VERDICT_WON)
                return 1;
        if (!candidate_is_excluded(candidate) || streq(module, ranking->excluded.last))
                return 0;
        if (origin == VFIO_VARIANT_CANDIDATE_PIN) {
                add_pin(&ranking->check->findings, candidate);
                return 0;
        }
        if (ranking->won)
                add_better(&ranking->check->findings, candidate, verdict);
        excluded_add(&ranking->excluded, candidate);
        return 0;
}

static void add_no_choice(struct check *check, const struct subject *subject,
                          const struct excluded *excluded) {
        struct findings *findings = &check->findings;

        if (*excluded->list)
                findings_add(findings, SEVERITY_ERROR, "choice", excluded_advice(excluded),
                             "no VFIO driver is usable: %s", excluded->list);
        else
                findings_add(findings, SEVERITY_ERROR, "choice", excluded_advice(excluded),
                             "no VFIO driver of the running kernel matches %s",
                             identity_modalias(subject->device));
}

static void add_failure(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;

        switch (subject->looked_up) {
        case -ENOENT:
        case -EBADMSG: /* the finding of the host is enough */
                if (!check->has_index)
                        return;
                break;
        case -EINVAL:
                findings_add(findings, SEVERITY_ERROR, "choice", "name another device",
                             "the modalias (%s) is invalid, so that no driver can be found",
                             identity_modalias(subject->device));
                return;
        case -EOPNOTSUPP:
                findings_add(findings, SEVERITY_ERROR, "choice", advise_error(subject->looked_up),
                             "modprobe.d mentions VFIO drivers, but libkmod, which reads it, is "
                             "missing");
                return;
        default:
                break;
        }
        findings_add(findings, SEVERITY_ERROR, "choice", advise_error(subject->looked_up),
                     "no driver can be looked up: %s", describe_choice_error(subject->looked_up));
}

void check_choice(struct check *check, const struct subject *subject) {
        struct ranking ranking = {.check = check, .won = subject->looked_up >= 0};

        if (subject->looked_up < 0 && subject->looked_up != -ENODATA) {
                add_failure(check, subject);
                return;
        }
        (void)vfio_variant_device_each_candidate(subject->device, NULL, check_candidate, &ranking);
        if (subject->looked_up < 0)
                add_no_choice(check, subject, &ranking.excluded);
}
