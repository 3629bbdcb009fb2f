/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: who holds a device, who uses it, and who could have it. */
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "facts.h"
#include "text.h"

static void advise_bind(struct check *check, const struct subject *subject) {
        findings_advise(&check->findings, "run `vfio-variant bind %s`", subject->sysname);
}

/* On a VFIO driver. One that isn't called so is the vendor's own, as for a part of a GPU. */
static void check_vfio(struct check *check, const struct subject *subject) {
        const char *answer = subject->now[PROPERTY_DRIVER];
        struct findings *findings = &check->findings;

        if (!*answer || text_equal(subject->holder, answer))
                return;
        if (text_equal(subject->holder, subject->now[PROPERTY_FALLBACK])) {
                findings_add(findings, SEVERITY_WARNING, "driver",
                             "it is bound to its fallback %s: %s refused it, or was not there",
                             subject->holder, answer);
                findings_advise(findings,
                                "see what the kernel's log (dmesg) says of %s; `vfio-variant bind "
                                "%s` tries it again",
                                answer, subject->sysname);
                return;
        }
        findings_add(findings, strstr(subject->holder, "vfio") ? SEVERITY_WARNING : SEVERITY_NOTE,
                     "driver", "it is bound to %s, where %s fits best", subject->holder, answer);
        findings_advise(findings, "`vfio-variant bind %s` binds it to that", subject->sysname);
}

/* Tagged, and yet not on a VFIO driver. */
static void check_unbound(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;

        if (subject->type == VFIO_VARIANT_TYPE_NONE)
                findings_add(findings, SEVERITY_WARNING, "driver",
                             "it is tagged, but no driver holds it");
        else if (subject->type == VFIO_VARIANT_TYPE_NATIVE)
                findings_add(findings, SEVERITY_WARNING, "driver",
                             "it is tagged, but its native driver %s holds it", subject->holder);
        else
                findings_add(findings, SEVERITY_NOTE, "driver", "it is tagged, but %s reserves it",
                             subject->holder);
        if (subject->looked_up < 0) /* of which enough is said */
                findings_advise(findings, "see to its answer first");
        else
                advise_bind(check, subject);
}

void check_stray(struct check *check, const struct subject *subject) {
        if (fact_number(subject->device, VFIO_VARIANT_IS_STRAY_NVME) <= 0)
                return;
        findings_add(&check->findings, SEVERITY_WARNING, "nvme",
                     "this NVMe controller is on %s, and not on nvme, so that its disks are not "
                     "there",
                     *subject->holder ? subject->holder : "no driver");
        findings_advise(&check->findings, "`vfio-variant unbind %s` gives it to nvme",
                        subject->sysname);
}

static void check_driver(struct check *check, const struct subject *subject) {
        if (subject->type == VFIO_VARIANT_TYPE_VFIO)
                check_vfio(check, subject);
        else if (subject->is_tagged && subject->type >= 0)
                check_unbound(check, subject);
        else
                check_stray(check, subject);
}

/* May the driver_override stand, for a device that is a guest's? */
static bool is_fitting(const struct subject *subject, const char *override) {
        return text_equal(override, subject->now[PROPERTY_DRIVER]) ||
               text_equal(override, subject->now[PROPERTY_FALLBACK]) ||
               text_equal(override, subject->holder);
}

static void check_override(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;
        const char *override;

        if (vfio_variant_device_get_override(subject->device, &override) < 0)
                return;
        if (subject->is_tagged && subject->now[PROPERTY_DRIVER][0] &&
            !is_fitting(subject, override)) {
                findings_add(findings, SEVERITY_WARNING, "override",
                             "its driver_override is %s, so that %s can't have it", override,
                             subject->now[PROPERTY_DRIVER]);
                advise_bind(check, subject);
        } else if (!subject->is_tagged && subject->type == VFIO_VARIANT_TYPE_NONE) {
                findings_add(findings, SEVERITY_WARNING, "override",
                             "no driver holds it, and its driver_override lets none have it but %s",
                             override);
                findings_advise(findings, "`vfio-variant unbind %s` gives it to its native driver",
                                subject->sysname);
        }
}

/* CLAUSE: who uses it. What a VMM has that should have it is all right. */
static void add_use(struct check *check, const struct subject *subject, const char *clause,
                    bool yields) {
        struct findings *findings = &check->findings;
        bool is_vfio = subject->type == VFIO_VARIANT_TYPE_VFIO;
        bool is_refused = subject->is_tagged && !is_vfio && !(yields && subject->is_forced);

        findings_add(findings, is_refused ? SEVERITY_WARNING : SEVERITY_NOTE, "in-use", "%s%s",
                     clause, is_refused ? ", so that it is not bound" : "");
        if (is_vfio)
                findings_advise(findings, "it stays as it is until that ends");
        else
                findings_advise(findings, "see to that before it is bound%s",
                                yields && !subject->is_forced ? ", or pass it by --force" : "");
}

static void check_use(struct check *check, const struct subject *subject) {
        const char *clause;
        int yields;

        if (vfio_variant_device_find_use(subject->device, &clause, &yields) <= 0)
                return;
        if (subject->type == VFIO_VARIANT_TYPE_VFIO && yields)
                return; /* whoever gave it away knew */
        add_use(check, subject, clause, yields);
}

void check_binding(struct check *check, const struct subject *subject) {
        check_driver(check, subject);
        check_override(check, subject);
        check_use(check, subject);
}
