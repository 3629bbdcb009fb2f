/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel for one test: it answers what is written to the /sys of sys.h, as drivers/base does,
 * within the very write(2), which this program has a function of its own for.
 */
#pragma once

#include <stdbool.h>

enum kernel_probe {
        KERNEL_TAKES,   /* the driver takes each device that it is offered */
        KERNEL_REFUSES, /* its probe fails */
};

/* A driver of the kernel. The last one ends in a NULL name. */
struct kernel_driver {
        const char *name;
        const char *module; /* NULL: it is built in */
        bool native;        /* it knows the device; else it takes it only by an override */
        bool loaded;        /* else it comes with its module */
        enum kernel_probe probe;
        bool vfio; /* a device that it holds has vfio-dev/ */
};

struct kernel {
        const struct kernel_driver *drivers;
        /* The attribute that fails, by the end of its path, at which write to it (from 1), how */
        const char *fails;
        int fails_at, error;
        /* So many more probes do nothing: the device has just appeared, see src/sysfs/fresh.h */
        int not_yet;
        /* At this nap of ours (from 1; 0: never) the late work of a native driver releases the
         * device ROBBED, whoever has it */
        int robbed_at;
        const char *robbed;
        /* Before this write (from 1; 0: never) BEFORE is called, with all that the kernel may do */
        int before_write;
        void (*before)(void);
        /* What was written so far: "override=vfio-pci unbind=e1000e probe;" */
        char log[512];
        int n_writes, n_naps;
};

/* From now on KERNEL answers. Those of its drivers that are loaded are made. */
void kernel_run(struct kernel *kernel);

/* Loads a module, as bind.h wants it. -ENOENT where no driver is of that module. */
int kernel_load_module(const char *module, void *userdata);

/* The same for the module of the native driver, whatever the modalias. */
int kernel_load_modalias(const char *modalias, void *userdata);
