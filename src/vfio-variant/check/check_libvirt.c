/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: what libvirt does with a device, and whether it accepts the driver. */
#include <stdio.h>

#include "check.h"
#include "context.h"
#include "messages.h"
#include "text.h"

/* The first libvirt that accepts a variant driver of an unmanaged device (its NEWS of 9.7.0). */
#define VERSION_VARIANTS 9007

#define GENERIC     "vfio-pci"
#define PIN_GENERIC "vfio-variant tag --pin=" GENERIC " " FINDING_DEVICE

/* Space for "11.3". */
#define VERSION_SIZE 24

static void read_once(struct check *check) {
        const char *device = check->findings.device;
        int r;

        if (check->is_libvirt_read)
                return;
        check->is_libvirt_read = true;
        r = libvirt_read(&check->libvirt);
        if (r >= 0)
                return;
        check->findings.device = NULL; /* it is of the host */
        findings_add(&check->findings, SEVERITY_NOTE, "libvirt", advise_error(r),
                     "the domains of libvirt cannot be read: %s", log_errno(r));
        check->findings.device = device;
}

static const struct hostdev *find_hostdev(const struct libvirt *libvirt, const char *sysname) {
        for (size_t i = 0; i < libvirt->n_hostdevs; i++)
                if (streq(libvirt->hostdevs[i].sysname, sysname))
                        return &libvirt->hostdevs[i];
        return NULL;
}

static void format_version(const struct libvirt *libvirt, char ret[VERSION_SIZE]) {
        (void)snprintf(ret, VERSION_SIZE, "%u.%u", libvirt->version / 1000,
                       libvirt->version % 1000);
}

/* The driver that libvirt will find, "" if that is not known. */
static const char *driver_of(const struct subject *subject) {
        return subject->is_tagged ? subject->now[PROPERTY_DRIVER] : subject->driver;
}

static bool is_refused(const struct libvirt *libvirt, const char *driver) {
        return libvirt->version > 0 && libvirt->version < VERSION_VARIANTS && *driver &&
               !streq(driver, GENERIC);
}

/* DOMAIN, or "" if no domain has the device. */
static void add_refused(struct check *check, const struct subject *subject, const char *domain) {
        static const char advice[] = "run `" PIN_GENERIC "`, or install libvirt 9.7 or later";
        struct findings *findings = &check->findings;
        char version[VERSION_SIZE];

        format_version(&check->libvirt, version);
        if (*domain)
                findings_add(findings, SEVERITY_ERROR, "libvirt", advice,
                             "in the libvirt domain %s with managed='no', for which libvirt %s "
                             "accepts only " GENERIC ", not %s",
                             domain, version, driver_of(subject));
        else
                findings_add(findings, SEVERITY_NOTE, "libvirt", advice,
                             "libvirt %s accepts only " GENERIC " for managed='no', not %s",
                             version, driver_of(subject));
}

/* libvirt restores the native driver if it selected another VFIO driver than the current one. */
static void add_managed(struct check *check, const struct subject *subject, const char *domain) {
        const char *driver = driver_of(subject);

        findings_add(&check->findings, SEVERITY_WARNING, "libvirt",
                     is_refused(&check->libvirt, driver)
                             ? "set managed='no' with `virsh edit`, and run `" PIN_GENERIC "`"
                             : "set managed='no' with `virsh edit`",
                     "tagged, and in the libvirt domain %s with managed='yes': if libvirt selects "
                     "another driver than %s, the native driver is restored when the domain ends",
                     domain, driver);
}

void check_libvirt(struct check *check, const struct subject *subject) {
        const struct hostdev *hostdev;
        char domain[HOSTDEV_NAME_SIZE];

        read_once(check);
        hostdev = find_hostdev(&check->libvirt, subject->sysname);
        copy_printable(domain, sizeof(domain), hostdev ? hostdev->domain : "");
        if (!hostdev || !hostdev->is_managed) {
                if (is_refused(&check->libvirt, driver_of(subject)) &&
                    (hostdev || subject->is_tagged))
                        add_refused(check, subject, domain);
        } else if (subject->is_tagged && *driver_of(subject) &&
                   !streq(hostdev->model, driver_of(subject)))
                add_managed(check, subject, domain);
}
