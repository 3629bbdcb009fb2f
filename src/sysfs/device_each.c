/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enumerates the devices of all buses. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "device.h"

static int is_visible(const struct dirent *entry) {
        return entry->d_name[0] != '.';
}

/* Not alphasort(3), whose order is that of the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b) {
        return strcmp((*a)->d_name, (*b)->d_name);
}

static int each_on_bus(const char *subsystem, device_each_fn on_device, void *userdata) {
        char path[sizeof("/sys/bus//devices") + SYSNAME_SIZE];
        struct dirent **entries = NULL;
        int n, r = 0;

        (void)snprintf(path, sizeof(path), "/sys/bus/%s/devices", subsystem);
        n = scandir(path, &entries, is_visible, compare_names);
        if (n < 0) /* the kernel has no such bus */
                return errno == ENOENT ? 0 : -errno;
        for (int i = 0; i < n; i++) {
                if (r == 0)
                        r = on_device(subsystem, entries[i]->d_name, userdata);
                free(entries[i]);
        }
        free(entries);
        return r;
}

int device_each(device_each_fn on_device, void *userdata) {
        int r = 0;

        for (const struct bus *bus = buses; r == 0 && bus->subsystem; bus++)
                r = each_on_bus(bus->subsystem, on_device, userdata);
        return r;
}
