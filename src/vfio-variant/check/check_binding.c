/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: who holds a device, who uses it, and who could have it. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "device_guards.h"
#include "device_keys.h"
#include "driver.h"
#include "module.h"
#include "text.h"

/* Of the records that tag a device; more than one is rare, and what does not fit is cut. */
#define PLACES_SIZE 1024

/* On a VFIO driver. One that isn't called so is the vendor's own, as for a part of a GPU. */
static void check_vfio(struct check *check, const struct subject *subject) {
        const char *choice = subject->now[PROPERTY_DRIVER];
        bool is_called_vfio = strstr(subject->holder, "vfio");
        struct findings *findings = &check->findings;

        if (!*choice || streq(subject->holder, choice))
                return;
        if (streq(subject->holder, subject->now[PROPERTY_FALLBACK])) {
                findings_add(findings, SEVERITY_WARNING, "driver",
                             "it is bound to its fallback %s: %s refused it, or was not there",
                             subject->holder, choice);
                advise_bind(check, subject, ", and see what the kernel's log (dmesg) says of it");
                return;
        }
        if (!is_called_vfio && !subject->is_tagged)
                return; /* it is meant, and to bind it would end what a guest has of it */
        findings_add(findings, is_called_vfio ? SEVERITY_WARNING : SEVERITY_NOTE, "driver",
                     "it is bound to %s, where %s fits best", subject->holder, choice);
        advise_bind(check, subject, "");
}

/* The module of its choice, where that is not loaded; or "". */
static const char *unloaded(const struct subject *subject) {
        const char *module = subject->now[PROPERTY_MODULE];

        return *module && module_is_loaded(module) == 0 ? module : "";
}

/* Tagged, and yet not on a VFIO driver. */
static void check_unbound(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;
        const char *module = unloaded(subject), *state = *module ? " is not loaded" : "";

        if (subject->type == VFIO_VARIANT_TYPE_NONE)
                findings_add(findings, SEVERITY_WARNING, "driver",
                             "it is tagged, but no driver holds it%s%s%s", *module ? ", and " : "",
                             module, state);
        else if (subject->type == VFIO_VARIANT_TYPE_NATIVE)
                findings_add(findings, SEVERITY_WARNING, "driver",
                             "it is tagged, but its native driver %s holds it%s%s%s",
                             subject->holder, *module ? ", and " : "", module, state);
        else
                findings_add(findings, SEVERITY_NOTE, "driver", "it is tagged, but %s reserves it",
                             subject->holder);
        if (subject->looked_up < 0) /* of which enough is said */
                findings_advise(findings, "see to its choice first");
        else
                advise_bind(check, subject, "");
}

void check_stray(struct check *check, const struct subject *subject) {
        if (vfio_variant_device_is_stray_nvme(subject->device) <= 0)
                return;
        findings_add(&check->findings, SEVERITY_WARNING, "nvme",
                     "this NVMe controller is on %s, and not on nvme, so that its disks are not "
                     "there",
                     *subject->holder ? subject->holder : "no driver");
        findings_advise(&check->findings,
                        "run `vfio-variant unbind " FINDING_DEVICE "`, which binds it to nvme");
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
        return streq(override, subject->now[PROPERTY_DRIVER]) ||
               streq(override, subject->now[PROPERTY_FALLBACK]) || streq(override, subject->holder);
}

static void check_override(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;
        char override[DRIVER_SIZE];

        if (device_override(subject->device->handle.fd, override) < 0 || !*override)
                return;
        copy_printable(override, sizeof(override), override);
        if (subject->is_tagged && subject->now[PROPERTY_DRIVER][0] &&
            !is_fitting(subject, override)) {
                findings_add(findings, SEVERITY_WARNING, "override",
                             "its driver_override is %s, so that %s can't have it", override,
                             subject->now[PROPERTY_DRIVER]);
                advise_bind(check, subject, "");
        } else if (!subject->is_tagged && subject->type == VFIO_VARIANT_TYPE_NONE) {
                findings_add(findings, SEVERITY_WARNING, "override",
                             "no driver holds it, and its driver_override lets none have it but %s",
                             override);
                findings_advise(findings, "run `vfio-variant unbind " FINDING_DEVICE
                                          "`, which binds it to its native driver");
        }
}

static void add_place(const char *place, const char *match, void *userdata) {
        char *places = userdata;
        size_t length = strlen(places);

        (void)match;
        (void)snprintf(places + length, PLACES_SIZE - length, "%s%s", length ? ", " : " at ",
                       place);
}

/* A disk of the running system: the next boot may fail. Where the tag is says more than a command:
 * `untag` removes no record that an administrator wrote. */
static void advise_untag(struct check *check, const struct subject *subject) {
        char places[PLACES_SIZE] = "";

        (void)vfio_variant_device_each_tag(subject->device, add_place, places);
        findings_advise(&check->findings,
                        "if the host needs it, remove its tag%s: the next boot may fail; else end "
                        "that first",
                        places);
}

/* It is to be bound, and the use in CLAUSE is why it is not. */
static void add_kept(struct check *check, const struct subject *subject, const char *clause) {
        struct vfio_variant_device *device = subject->device;
        struct findings *findings = &check->findings;

        findings_add(findings, SEVERITY_WARNING, "in-use",
                     "it is tagged, but stays on %s, since %s",
                     *subject->holder ? subject->holder : "no driver", clause);
        if (vfio_variant_device_check_block_use(device) > 0)
                advise_untag(check, subject);
        else if (vfio_variant_device_check_guards(device) > 0 &&
                 vfio_variant_device_can_force(device) && !check->is_group_blocked)
                findings_advise(
                        findings,
                        "end that, or override it by `vfio-variant bind --force " FINDING_DEVICE
                        "`; if the host needs the device, remove "
                        "its tag, which `vfio-variant info " FINDING_DEVICE "` shows");
        else
                findings_advise(findings,
                                "end that first; if the host needs the device, remove its "
                                "tag, which `vfio-variant info " FINDING_DEVICE "` shows");
}

/* Who uses it. Returns whether that is why it is not bound. */
static bool check_use(struct check *check, const struct subject *subject) {
        bool is_vfio = subject->type == VFIO_VARIANT_TYPE_VFIO;
        const char *clause;
        bool can_force;

        if (vfio_variant_device_check_use(subject->device) <= 0)
                return false;
        clause = vfio_variant_device_get_finding(subject->device);
        can_force = vfio_variant_device_can_force(subject->device);
        if (is_vfio && can_force)
                return false; /* whoever gave it away knew */
        if (subject->is_tagged && !is_vfio && !(can_force && subject->is_forced)) {
                add_kept(check, subject, clause);
                return true;
        }
        findings_add(&check->findings, SEVERITY_NOTE, "in-use", "%s", clause);
        findings_advise(&check->findings, is_vfio ? "it stays as it is until that ends"
                                                  : "see to that before it is bound");
        return false;
}

void check_binding(struct check *check, const struct subject *subject) {
        if (!check_use(check, subject))
                check_driver(check, subject);
        check_override(check, subject);
}
