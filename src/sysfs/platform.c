/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine: its processor, its firmware, and whether it is a virtual machine. */
#include "platform.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "device.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"

/* The first processor takes about 2 KiB in /proc/cpuinfo, mostly flags; others are identical. */
#define CPUINFO_SIZE 8192

static void read_cpuinfo(char ret[CPUINFO_SIZE]) {
        _cleanup_close_ int fd = fd_open_file(AT_FDCWD, "/proc/cpuinfo");
        ssize_t n = fd < 0 ? 0 : fd_read_some(fd, ret, CPUINFO_SIZE - 1, 0);

        ret[n < 0 ? 0 : n] = '\0';
}

/* Returns the value in the line "KEY\t: VALUE", which ends at the newline, or NULL. */
static const char *find_value(const char *cpuinfo, const char *key) {
        for (const char *line = cpuinfo; line; line = strchr(line, '\n')) {
                line += *line == '\n';
                if (startswith(line, key)) {
                        const char *value = line + strlen(key);

                        value += strspn(value, " \t");
                        if (*value == ':')
                                return value + 1 + strspn(value + 1, " \t");
                }
        }
        return NULL;
}

static void copy_line(char ret[PLATFORM_NAME_SIZE], const char *line) {
        (void)snprintf(ret, PLATFORM_NAME_SIZE, "%.*s", (int)strcspn(line, "\n"), line);
}

/* "flags : fpu vme ... hypervisor ...". Source: x86_cap_flags of the kernel. */
static bool has_flag(const char *flags, const char *flag) {
        size_t length = strcspn(flags, "\n"), n;
        const char *word;

        while ((n = text_next_word(&flags, &length, &word)) > 0)
                if (text_is(word, n, flag))
                        return true;
        return false;
}

static void read_processor(struct platform *ret) {
        char cpuinfo[CPUINFO_SIZE];
        const char *vendor, *flags;

        read_cpuinfo(cpuinfo);
        vendor = find_value(cpuinfo, "vendor_id");
        flags = find_value(cpuinfo, "flags");
        if (vendor)
                copy_line(ret->processor, vendor);
        else if (find_value(cpuinfo, "CPU implementer"))
                copy_line(ret->processor, "Arm");
        /* The same design: same IOMMU, same kernel parameters */
        if (streq(ret->processor, "HygonGenuine"))
                copy_line(ret->processor, "AuthenticAMD");
        ret->is_guest = flags && has_flag(flags, "hypervisor");
}

/* Processors other than x86 have no flag for it. */
static bool is_virtual(const char *vendor) {
        return streq(vendor, "QEMU") ||
               link_exists(AT_FDCWD, "/sys/firmware/devicetree/base/hypervisor") > 0;
}

void platform_read(struct platform *ret) {
        *ret = (struct platform){};
        read_processor(ret);
        if (device_attribute(AT_FDCWD, "/sys/class/dmi/id/sys_vendor", ret->vendor,
                             sizeof(ret->vendor)) < 0)
                ret->vendor[0] = '\0';
        ret->is_guest = ret->is_guest || is_virtual(ret->vendor);
        ret->has_table = link_exists(AT_FDCWD, "/sys/firmware/acpi/tables/DMAR") > 0 ||
                         link_exists(AT_FDCWD, "/sys/firmware/acpi/tables/IVRS") > 0;
}
