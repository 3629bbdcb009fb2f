/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The request to bind a device, and the report. */
#pragma once

#include <stdbool.h>

#include "driver.h"
#include "finding.h"
#include "vfio-variant.h"

/* How modules are loaded: this layer does not use libkmod. Both return 0 or a negative errno. */
struct bind_loader {
        int (*load_module)(const char *module, void *userdata);
        int (*load_modalias)(const char *modalias, void *userdata);
        void *userdata;
};

/* A driver to try. */
struct bind_driver {
        const char *driver; /* as in /sys/bus/BUS/drivers; NULL: none */
        const char *module; /* to load first, '-' and '_' are the same character; NULL: it is built
                               in */
};

struct bind_request {
        struct bind_driver wanted, fallback;
        /*
         * *ret: driver NUMBER (0, 1, ...) of those ranked below the fallback. Called if the probes
         * of both failed. Returns 1, 0 if there are no more, or a negative errno. NULL: there are
         * none.
         */
        int (*next)(unsigned number, struct bind_driver *ret, void *userdata);
        void *next_userdata;
        bool force;   /* override the guards that force overrides */
        bool dry_run; /* check the guards, and change nothing */
        bool hotplug; /* it may have been added just now: the kernel may not have enabled probes
                       yet, and a native driver that was bound first may not have finished */
        struct bind_loader loader;
        /* Called once before waiting for another process that has the device locked */
        void (*on_wait)(void *userdata);
        void *wait_userdata;
};

/* The step that failed. */
enum bind_step {
        BIND_STEP_NONE,
        BIND_STEP_IDENTITY, /* the device was removed (-ENODEV) or is another (-ESTALE) */
        BIND_STEP_LOCK,
        BIND_STEP_GUARDS, /* a guard could not be checked */
        BIND_STEP_LOAD,   /* of the module */
        BIND_STEP_DRIVER, /* -ENOENT: the bus has no such driver, although the module may be loaded
                           */
        BIND_STEP_OVERRIDE,  /* writing driver_override */
        BIND_STEP_UNBIND,    /* from the previous driver */
        BIND_STEP_PROBE,     /* writing drivers_probe */
        BIND_STEP_READ_BACK, /* all writes succeeded, but the device is not bound to the driver:
                                `other_driver` */
};

/* An attempt to bind the device to one driver. The library passes it on to its callers. */
struct vfio_variant_attempt {
        char driver[DRIVER_SIZE]; /* by its name on the bus, once that is known */
        enum bind_step step;      /* BIND_STEP_NONE: not tried, or succeeded */
        int error;                /* negative errno; -ENXIO or -EBUSY for BIND_STEP_READ_BACK */
        char other_driver[DRIVER_SIZE]; /* BIND_STEP_READ_BACK: the driver that was bound instead */
};

/* The maximum number of drivers that are tried; no device has half as many candidates. */
#define BIND_ATTEMPTS 14

/* All strings are printable ASCII, other bytes are escaped. They are "" if there is none. */
struct bind_report {
        enum vfio_variant_result result;
        bool changed; /* something was written to the device */
        /* The wanted driver first, also if it was not tried yet; unbind uses only that */
        struct vfio_variant_attempt attempts[BIND_ATTEMPTS];
        unsigned n_lower; /* the attempts after the first */
        /* VFIO_VARIANT_RESULT_NO_DRIVER: why the previous driver could not be restored */
        struct vfio_variant_attempt roll_back;
        char previous_driver[DRIVER_SIZE]; /* the driver that it was bound to before */
        char current_driver[DRIVER_SIZE];  /* the driver that it is bound to now */
        struct finding finding; /* what a guard found; or what force overrode; or GUARD_NONE */
};
