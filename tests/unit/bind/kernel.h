/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel for a test. It responds to writes to the /sys of sys.h as drivers/base does, within the
 * same write(2), which this program replaces.
 */
#pragma once

#include <stdbool.h>

enum kernel_probe {
        KERNEL_TAKES,   /* the driver binds each device that it probes */
        KERNEL_REFUSES, /* its probe fails */
};

/* A driver of the kernel. The last one ends in a NULL name. */
struct kernel_driver {
        const char *name;
        const char *module; /* NULL: it is built in */
        bool native;        /* matches the device; else only by driver_override */
        bool loaded;        /* else it is loaded with its module */
        enum kernel_probe probe;
        bool vfio; /* a device that is bound to it has vfio-dev/ */
};

struct kernel {
        const struct kernel_driver *drivers;
        /* The attribute whose write fails, by the end of its path; at which write (from 1); with
         * which error */
        const char *fails;
        int fails_at, error;
        /* The number of probes that still have no effect: the device was just added, see
         * hotplug_wait.h */
        int not_yet;
        /* At this sleep (from 1; 0: never) the late work of a native driver releases the device
         * ROBBED from its current driver */
        int robbed_at;
        const char *robbed;
        /* Before this write (from 1; 0: never) BEFORE is called */
        int before_write;
        void (*before)(void);
        /* What was written: "override=vfio-pci unbind=e1000e probe;" */
        char log[512];
        int n_writes, n_naps;
};

/* Makes KERNEL respond to writes. Creates those of its drivers that are loaded. */
void kernel_run(struct kernel *kernel);

/* Loads a module, for struct bind_loader. Returns -ENOENT if no driver is of that module. */
int kernel_load_module(const char *module, void *userdata);

/* Loads the module of the native driver, regardless of the modalias. */
int kernel_load_modalias(const char *modalias, void *userdata);
