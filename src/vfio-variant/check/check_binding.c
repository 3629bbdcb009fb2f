/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the current driver of a device, and what uses the device. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "device_object.h"
#include "driver.h"
#include "module.h"
#include "text.h"

/* Of the records that tag a device; there is rarely more than one. */
#define PLACES_SIZE 1024

/* Bound to a VFIO driver. One without "vfio" in its name is the vendor's own, as for a part of a
 * GPU. */
static void check_vfio(struct check *check, const struct subject *subject) {
        const char *choice = subject->now[PROPERTY_DRIVER];
        bool is_named_vfio = strstr(subject->driver, "vfio");
        struct findings *findings = &check->findings;

        if (!*choice || streq(subject->driver, choice))
                return;
        if (streq(subject->driver, subject->now[PROPERTY_FALLBACK])) {
                findings_add(findings, SEVERITY_WARNING, "driver", NULL,
                             "bound to the fallback %s: %s failed to bind, or was not installed",
                             subject->driver, choice);
                advise_bind(check, subject, ", and read the kernel's log (dmesg)");
                return;
        }
        if (!is_named_vfio && !subject->is_tagged)
                return; /* this is deliberate, and binding it would end its use by a guest */
        findings_add(findings, is_named_vfio ? SEVERITY_WARNING : SEVERITY_NOTE, "driver", NULL,
                     "bound to %s, but %s matches best", subject->driver, choice);
        advise_bind(check, subject, "");
}

/* The module of its choice, if that is not loaded; or "". */
static const char *unloaded(const struct subject *subject) {
        const char *module = subject->now[PROPERTY_MODULE];

        return *module && module_is_loaded(module) == 0 ? module : "";
}

/* Tagged, but not bound to a VFIO driver. */
static void check_unbound(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;
        const char *module = unloaded(subject), *state = *module ? " is not loaded" : "";

        if (subject->type == VFIO_VARIANT_TYPE_NONE)
                findings_add(findings, SEVERITY_WARNING, "driver", NULL,
                             "tagged, but bound to no driver%s%s%s", *module ? ", and " : "",
                             module, state);
        else if (subject->type == VFIO_VARIANT_TYPE_NATIVE)
                findings_add(findings, SEVERITY_WARNING, "driver", NULL,
                             "tagged, but bound to the native driver %s%s%s%s", subject->driver,
                             *module ? ", and " : "", module, state);
        else
                findings_add(findings, SEVERITY_NOTE, "driver", NULL, "tagged, but reserved by %s",
                             subject->driver);
        if (subject->looked_up < 0) /* which is a finding of its own */
                findings_advise(findings, "correct the choice first");
        else if (subject->type == VFIO_VARIANT_TYPE_NATIVE &&
                 streq(subject->driver, subject->now[PROPERTY_DRIVER]))
                findings_advise(findings, "VFIO_VARIANT_PIN names the native driver: run "
                                          "`vfio-variant tag " FINDING_DEVICE
                                          "`, which tags without a pin, or correct the pin in "
                                          "hwdb.d");
        else
                advise_bind(check, subject, "");
}

void check_unbound_nvme(struct check *check, const struct subject *subject) {
        if (vfio_variant_device_is_unusable_nvme(subject->device) <= 0)
                return;
        findings_add(&check->findings, SEVERITY_WARNING, "nvme",
                     "run `vfio-variant unbind " FINDING_DEVICE "`, which restores nvme",
                     "bound to %s instead of nvme, so that the NVMe disks are not available",
                     *subject->driver ? subject->driver : "no driver");
}

static void check_driver(struct check *check, const struct subject *subject) {
        if (subject->type == VFIO_VARIANT_TYPE_VFIO)
                check_vfio(check, subject);
        else if (subject->is_tagged && subject->type >= 0)
                check_unbound(check, subject);
        else
                check_unbound_nvme(check, subject);
}

/* Whether OVERRIDE is valid for a device that is tagged. */
static bool is_valid_override(const struct subject *subject, const char *override) {
        return streq(override, subject->now[PROPERTY_DRIVER]) ||
               streq(override, subject->now[PROPERTY_FALLBACK]) || streq(override, subject->driver);
}

static void check_override(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;
        char override[DRIVER_SIZE];

        if (device_override(subject->device->handle.fd, override) < 0 || !*override)
                return;
        copy_printable(override, sizeof(override), override);
        if (subject->is_tagged && subject->now[PROPERTY_DRIVER][0] &&
            !is_valid_override(subject, override)) {
                findings_add(findings, SEVERITY_WARNING, "override", NULL,
                             "driver_override is %s, so that %s cannot bind", override,
                             subject->now[PROPERTY_DRIVER]);
                advise_bind(check, subject, "");
        } else if (!subject->is_tagged && subject->type == VFIO_VARIANT_TYPE_NONE) {
                findings_add(findings, SEVERITY_WARNING, "override",
                             "run `vfio-variant unbind " FINDING_DEVICE
                             "`, which restores the native driver",
                             "bound to no driver, and driver_override allows only %s", override);
        }
}

static void add_place(const char *place, const char *match, void *userdata) {
        char *places = userdata;
        size_t length = strlen(places);

        (void)match;
        (void)snprintf(places + length, PLACES_SIZE - length, "%s%s", length ? ", " : " at ",
                       place);
}

/* A disk of the running system: the next boot may fail. The place of the tag is reported, because
 * `untag` does not remove records that an administrator wrote. */
static void advise_untag(struct check *check, const struct subject *subject) {
        char places[PLACES_SIZE] = "";

        (void)vfio_variant_device_each_tag(subject->device, add_place, places);
        findings_advise(
                &check->findings,
                "if the host needs the device, remove the tag%s: the next boot may fail; otherwise "
                "stop this use",
                places);
}

/* It is tagged, and not bound because of the use in CLAUSE. */
static void add_in_use(struct check *check, const struct subject *subject, const char *clause) {
        struct vfio_variant_device *device = subject->device;
        struct findings *findings = &check->findings;

        findings_add(findings, SEVERITY_WARNING, "in-use", NULL,
                     "tagged, but still bound to %s, because %s",
                     *subject->driver ? subject->driver : "no driver", clause);
        if (vfio_variant_device_check_boot_use(device) > 0)
                advise_untag(check, subject);
        else if (vfio_variant_device_check_guards(device) > 0 &&
                 vfio_variant_device_can_force(device) && !check->is_group_blocked)
                findings_advise(findings, "stop this use, or override it with `vfio-variant bind "
                                          "--force " FINDING_DEVICE
                                          "`; if the host needs the device, remove the tag, which "
                                          "`vfio-variant info " FINDING_DEVICE "` shows");
        else
                findings_advise(findings,
                                "stop this use; if the host needs the device, remove the tag, "
                                "which `vfio-variant info " FINDING_DEVICE "` shows");
}

static void add_unexamined(struct check *check, unsigned n) {
        if (n > 0)
                findings_add(&check->findings, SEVERITY_NOTE, "in-use",
                             "run `vfio-variant check` as root",
                             "%u process%s could not be examined, and may have the device in use",
                             n, n == 1 ? "" : "es");
}

/* Returns whether a use is why it is not bound. */
static bool check_use(struct check *check, const struct subject *subject) {
        bool is_vfio = subject->type == VFIO_VARIANT_TYPE_VFIO;
        const char *clause;
        bool can_force;

        if (vfio_variant_device_check_use(subject->device) <= 0) {
                add_unexamined(check, vfio_variant_device_get_unexamined(subject->device));
                return false;
        }
        clause = vfio_variant_device_get_finding(subject->device);
        can_force = vfio_variant_device_can_force(subject->device);
        if (is_vfio && can_force)
                return false; /* it was overridden when the device was bound */
        if (subject->is_tagged && !is_vfio && !(can_force && subject->is_forced)) {
                add_in_use(check, subject, clause);
                return true;
        }
        findings_add(&check->findings, SEVERITY_NOTE, "in-use",
                     is_vfio ? "unbinding is possible after this use ends"
                             : "stop this use before the device is bound",
                     "%s", clause);
        return false;
}

bool check_unbinding(struct check *check, const struct subject *subject) {
        if (!vfio_variant_device_get_unbinding_driver(subject->device) ||
            vfio_variant_device_check_use(subject->device) <= 0)
                return false;
        findings_add(&check->findings, SEVERITY_WARNING, "unbinding",
                     "stop this use: the driver then releases the device, and the driver that was "
                     "asked for is bound",
                     "%s", vfio_variant_device_get_finding(subject->device));
        return true;
}

void check_binding(struct check *check, const struct subject *subject) {
        if (!check_use(check, subject))
                check_driver(check, subject);
        check_override(check, subject);
}
