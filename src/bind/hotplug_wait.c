/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waits for a device that was just added: the kernel announces it before it enables probes for it.
 */
#include "hotplug_wait.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

#define NAP_MILLISECONDS 20
/* 3 s: a rescan announces all devices of a host first, and then assigns resources to each. */
#define TRIES 150

/* 0000:3b:00.1 is /proc/bus/pci/3b/00.1; the domain is only part of it if it is not 0. */
static bool proc_path(const char *sysname, char *ret, size_t size) {
        const char *domain_end = strchr(sysname, ':');
        const char *slot = domain_end ? strchr(domain_end + 1, ':') : NULL;
        const char *bus = startswith(sysname, "0000:") ? domain_end + 1 : sysname;

        if (!slot)
                return false;
        return snprintf(ret, size, "/proc/bus/pci/%.*s/%s", (int)(slot - bus), bus, slot + 1) <
               (int)size;
}

bool hotplug_is_over(const struct handle *handle) {
        char path[sizeof("/proc/bus/pci/") + SYSNAME_SIZE];

        return streq(handle->bus, "pci") && proc_path(handle->sysname, path, sizeof(path)) &&
               access(path, F_OK) == 0;
}

bool hotplug_wait(unsigned n) {
        const struct timespec nap = {.tv_nsec = NAP_MILLISECONDS * 1000000L};

        if (n >= TRIES)
                return false;
        if (n > 0)
                (void)nanosleep(&nap, NULL);
        return true;
}
