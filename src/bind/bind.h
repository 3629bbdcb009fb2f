/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Binding: the state machine that takes a device from one driver to another, and reads back who has
 * it in the end. Used by the rule, the units, the tool and the library.
 */
#pragma once

#include <stdbool.h>

#include "device_handle.h"
#include "driver.h"
#include "guards.h"
#include "vfio-variant.h"

/* How modules are loaded; sysfs knows nothing of libkmod. Both return 0 or a negative errno. */
struct bind_loader {
        int (*load_module)(const char *module, void *userdata);
        int (*load_modalias)(const char *modalias, void *userdata);
        void *userdata;
};

/* A driver to be tried. */
struct bind_driver {
        const char *driver; /* as /sys/bus/BUS/drivers has it; NULL: there is none to be tried */
        const char *module; /* to be loaded first, '-' and '_' being one; NULL: it is built in */
};

struct bind_request {
        struct bind_driver wanted, fallback;
        /* The drivers ranked below the fallback, asked for once both refused: number 0, 1, ...
         * Returns 1, 0 if there are no more, or a negative errno. NULL: there are none. */
        int (*next)(unsigned number, struct bind_driver *ret, void *userdata);
        void *next_userdata;
        bool force;   /* past the guards that yield to it */
        bool dry_run; /* ask the guards, and do nothing */
        bool fresh;   /* it may have appeared just now: where nobody takes it, wait for the kernel;
                         and   a native driver that was faster may not have done with it yet */
        struct bind_loader loader;
        /* Called once where another process works on the device, before that is waited for */
        void (*on_wait)(void *userdata);
        void *wait_userdata;
};

/* Where it went wrong. */
enum bind_step {
        BIND_STEP_NONE,
        BIND_STEP_IDENTITY, /* the device is gone (-ENODEV) or is another (-ESTALE) */
        BIND_STEP_LOCK,
        BIND_STEP_GUARDS,    /* they could not look */
        BIND_STEP_LOAD,      /* of the module */
        BIND_STEP_DRIVER,    /* -ENOENT: there is no such driver on the bus, module loaded or not */
        BIND_STEP_OVERRIDE,  /* writing driver_override */
        BIND_STEP_UNBIND,    /* of the driver that held it */
        BIND_STEP_PROBE,     /* writing drivers_probe */
        BIND_STEP_READ_BACK, /* all was written, and yet the driver does not hold it: `holder` */
};

struct bind_failure {
        enum bind_step step;      /* BIND_STEP_NONE: it was not tried, or it went well */
        int error;                /* negative errno; of BIND_STEP_READ_BACK -ENXIO or -EBUSY */
        char holder[DRIVER_SIZE]; /* BIND_STEP_READ_BACK: who took it instead, "" for nobody */
};

/* A driver ranked below the fallback that was tried as well, by its name on the bus. */
struct bind_attempt {
        char driver[DRIVER_SIZE];
        struct bind_failure failure;
};

/* More candidates than this are not tried: no device has half as many. */
#define BIND_ATTEMPTS 12

/* All strings are printable ASCII, other bytes being escaped, and "" where there is nothing. */
struct bind_report {
        enum vfio_variant_result result;
        bool changed;                            /* something was written to the device */
        struct bind_failure wanted, fallback;    /* why not; unbind fills in `wanted` */
        struct bind_attempt more[BIND_ATTEMPTS]; /* those tried after the fallback that failed */
        unsigned n_more;
        struct bind_failure
                roll_back;        /* VFIO_VARIANT_RESULT_NO_DRIVER: why it was not given back */
        char driver[DRIVER_SIZE]; /* wanted, by its name on the bus */
        char fallback_driver[DRIVER_SIZE]; /* if it was tried; the same */
        char had[DRIVER_SIZE];             /* the driver that held it before */
        char holds[DRIVER_SIZE];           /* the one that does now */
        struct finding finding;            /* what said no; or what force passed; else GUARD_NONE */
};

/*
 * Binds the device to the wanted driver, or to the fallback, or gives it back. The device's
 * driver_override then names the driver that it is bound to, so that it finds it again.
 *
 * Waits for whoever works on the device now; the lock is kept until HANDLE is closed.
 *
 * Returns 0 where a VFIO driver of the request holds the device (VFIO_VARIANT_RESULT_DONE,
 * _ALREADY, _FALLBACK) or could (_POSSIBLE); -EBUSY where a guard said no (_REFUSED); -ENODEV,
 * -ESTALE as handle_check(); or the error of the step that failed for the wanted driver. *ret is
 * always filled in.
 */
int bind_device(const struct handle *handle, const struct bind_request *request,
                struct bind_report *ret);

/* One device of a transaction. */
struct bind_member {
        const struct handle *handle;
        const struct bind_request *request;
        struct bind_report *report;
        int error; /* out: as bind_device() returns; -ECANCELED for VFIO_VARIANT_RESULT_CANCELLED */
};

/*
 * Binds all members in one transaction: the locks are taken in the order of the sysnames, the
 * guards of all are asked, all are unbound, then all are bound. The group guard does not count
 * members of the transaction. If one fails, the previous driver and driver_override of each are
 * restored. With dry_run in one request, nothing is changed for any.
 *
 * Returns 0; the error of a member that failed, -ECANCELED excepted; -EINVAL if two members are the
 * same device; or -ENOMEM. The report and error of each member are always filled in.
 */
int bind_devices(struct bind_member *members, size_t n);

/*
 * Takes the device from its VFIO driver, and lets its native driver have it, which is loaded by the
 * modalias. Of the request, only dry_run, the loader and on_wait matter.
 *
 * Returns 0 where a native driver holds it (VFIO_VARIANT_RESULT_DONE, _ALREADY) or could
 * (_POSSIBLE), or where no driver wants it (_NOBODY, when nothing failed); else as bind_device();
 * *ret is always filled in.
 */
int unbind_device(const struct handle *handle, const struct bind_request *request,
                  struct bind_report *ret);

/*
 * Writes DRIVER into the driver_override of a device that no driver holds, and no more: any driver
 * that comes now leaves the device to that one. Where a driver holds it, nothing is done
 * (VFIO_VARIANT_RESULT_ALREADY). Returns 0; or as bind_device().
 */
int claim_device(const struct handle *handle, const char *driver, struct bind_report *ret);

/* What STEP does, for a message: "writing driver_override". Static. */
const char *bind_step_text(enum bind_step step);
