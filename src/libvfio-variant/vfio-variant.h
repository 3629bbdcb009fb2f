/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which VFIO driver a device should be bound to, who holds it, and binding it.
 *
 * Functions that return an int return 0 or more, or a negative errno; what they return by a RET
 * pointer is untouched then. Strings belong to the object that they are asked of, and are valid
 * until it is released or asked the same again. Nothing here logs or ends the process. A context
 * and all that is of it may be used by one thread at a time.
 */
#ifndef VFIO_VARIANT_H
#define VFIO_VARIANT_H

#ifdef __cplusplus
extern "C" {
#endif

/* --- context --- */

struct vfio_variant;

/* Returns 0 and a context to be released with vfio_variant_unref(), or a negative errno. */
int vfio_variant_new(struct vfio_variant **ret);

/* Both take NULL. Return the context, and NULL. */
struct vfio_variant *vfio_variant_ref(struct vfio_variant *context);
struct vfio_variant *vfio_variant_unref(struct vfio_variant *context);

/* Calls ON_WAIT, which may be NULL, with the name of what another process works on, before that is
 * waited for. */
void vfio_variant_set_wait(struct vfio_variant *context,
                           void (*on_wait)(const char *what, void *userdata), void *userdata);

/*
 * What the last call that failed was at: a file, a program, a device. "" where that is plain. It is
 * printable ASCII.
 */
const char *vfio_variant_get_subject(const struct vfio_variant *context);

/*
 * A file of the module index that is damaged, and in whose place its text form answered: depmod
 * must be run. NULL where there is none.
 */
const char *vfio_variant_get_damaged_file(const struct vfio_variant *context);

/* --- devices --- */

struct vfio_variant_device;

/*
 * Opens the device NAME: a sysname (0000:3b:00.1), a syspath (/sys/...), a PCI address without its
 * domain (3b:00.1), or the name of a network interface of it. It stays the same device, whatever
 * gets its name later.
 *
 * Returns 0; -ENODEV where there is none; -ENOTUNIQ where the short address is that of several;
 * -EXDEV where the interface is of no device that can be given to a guest; -EINVAL where it is no
 * name at all; or another negative errno.
 */
int vfio_variant_device_new(struct vfio_variant *context, const char *name,
                            struct vfio_variant_device **ret);

/* The same for DEVPATH, a syspath without its /sys, as udev has it in the environment. */
int vfio_variant_device_new_from_devpath(struct vfio_variant *context, const char *devpath,
                                         struct vfio_variant_device **ret);

/*
 * Calls ON_DEVICE for each device on a bus whose devices can be given to a guest, until it returns
 * other than 0. Who keeps the device refers to it. Returns 0, ON_DEVICE's, or a negative errno.
 */
int vfio_variant_each_device(struct vfio_variant *context,
                             int (*on_device)(struct vfio_variant_device *device, void *userdata),
                             void *userdata);

/* Both take NULL. Return the device, and NULL. The last one ends its lock, too. */
struct vfio_variant_device *vfio_variant_device_ref(struct vfio_variant_device *device);
struct vfio_variant_device *vfio_variant_device_unref(struct vfio_variant_device *device);

/* Printable ASCII: what the kernel or a device says otherwise is shown as `?`. */
const char *vfio_variant_device_get_sysname(const struct vfio_variant_device *device);
const char *vfio_variant_device_get_bus(const struct vfio_variant_device *device);
const char *vfio_variant_device_get_modalias(const struct vfio_variant_device *device);

/* The driver that holds it now, and the nodes that a VMM opens; NULL where there is none. */
const char *vfio_variant_device_get_driver(struct vfio_variant_device *device);
const char *vfio_variant_device_get_group_node(struct vfio_variant_device *device);
const char *vfio_variant_device_get_cdev(struct vfio_variant_device *device);

/* Has the kernel send a "change" event, for which udev computes the properties anew. */
int vfio_variant_device_trigger(struct vfio_variant_device *device);

/* --- which driver: the properties VFIO_VARIANT_DRIVER, _MODULE, _FALLBACK, _ALIAS, _BIND, _PIN ---
 */

/*
 * Takes the properties from the udev database. Returns 1; 0 where it doesn't know the device, which
 * has none of them then; or a negative errno.
 */
int vfio_variant_device_read_database(struct vfio_variant_device *device);

/*
 * Sets one property, as from the environment of a program that udev started; NULL or "" unsets it.
 * Returns 0; -EINVAL where it is none of these, or no value that it can have.
 */
int vfio_variant_device_set_property(struct vfio_variant_device *device, const char *name,
                                     const char *value);

/* NULL where it has none. */
const char *vfio_variant_device_get_property(const struct vfio_variant_device *device,
                                             const char *name);

/*
 * Computes the answer from the running kernel's module index. PIN: the driver or module to be
 * bound, whatever fits best, and no other is a fallback then; NULL: what the property
 * VFIO_VARIANT_PIN names, which is passed over where it can't be had.
 *
 * Returns 0; -ENODATA where no driver fits; -ENXIO where there is no such driver as PIN; -EPERM
 * where `module_blacklist=` forbids it; -ENOENT where the running kernel has no modules; -EBADMSG
 * where the module index is damaged; -EOPNOTSUPP where libkmod is missing; -EINVAL where PIN or the
 * modalias is none; or another negative errno.
 */
int vfio_variant_device_look_up(struct vfio_variant_device *device, const char *pin);

/* --- binding --- */

enum vfio_variant_result {
        VFIO_VARIANT_FAILED,      /* an error: see _get_attempt() */
        VFIO_VARIANT_DONE,        /* the wanted driver holds it; unbind: a native one does */
        VFIO_VARIANT_ALREADY,     /* it did before, and nothing was done */
        VFIO_VARIANT_POSSIBLE,    /* dry run: nothing speaks against it */
        VFIO_VARIANT_FALLBACK,    /* the wanted driver refused, the fallback holds it */
        VFIO_VARIANT_ROLLED_BACK, /* all refused; it is as it was before */
        VFIO_VARIANT_NOBODY,      /* no driver holds it */
        VFIO_VARIANT_REFUSED      /* a guard said no: see _get_finding() */
};

enum vfio_variant_flags {
        VFIO_VARIANT_FORCE = 1,   /* past the guards that yield to it */
        VFIO_VARIANT_DRY_RUN = 2, /* look what speaks against it, and do nothing */
        VFIO_VARIANT_FRESH = 4    /* it may have appeared just now: give the kernel time to
                                     let drivers have it */
};

enum vfio_variant_attempt {
        VFIO_VARIANT_ATTEMPT_WANTED,
        VFIO_VARIANT_ATTEMPT_FALLBACK,
        VFIO_VARIANT_ATTEMPT_ROLL_BACK
};

struct vfio_variant_report;

struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report);

enum vfio_variant_result vfio_variant_report_get_result(const struct vfio_variant_report *report);

/* The wanted driver, that which held the device before, and that which does now; "": none. */
const char *vfio_variant_report_get_driver(const struct vfio_variant_report *report);
const char *vfio_variant_report_get_had(const struct vfio_variant_report *report);
const char *vfio_variant_report_get_holds(const struct vfio_variant_report *report);

/* 1 where that which held it before was a VFIO driver, else 0. */
int vfio_variant_report_had_vfio(const struct vfio_variant_report *report);

/* What said no, or what was passed by force: a clause. "" where nothing was found. */
const char *vfio_variant_report_get_finding(const struct vfio_variant_report *report);

/* 1 where force would pass what said no, else 0. */
int vfio_variant_report_yields_to_force(const struct vfio_variant_report *report);

/*
 * Where ATTEMPT went wrong. *ret_step: what was being done, a clause; *ret_holder: where all was
 * done, but to no end, the driver that took the device instead, "" for none; else NULL. Returns the
 * negative errno, or 0 where it was not made or went well, and then sets nothing.
 */
int vfio_variant_report_get_attempt(const struct vfio_variant_report *report,
                                    enum vfio_variant_attempt attempt, const char **ret_step,
                                    const char **ret_holder);

/*
 * Binds the device to VFIO_VARIANT_DRIVER, or where that refuses to VFIO_VARIANT_FALLBACK, or gives
 * it back to the driver that had it. FLAGS: of enum vfio_variant_flags.
 *
 * Returns 0 where a VFIO driver holds the device, or with VFIO_VARIANT_DRY_RUN could; -ENODATA
 * where the property VFIO_VARIANT_DRIVER is not set; -EBUSY where a guard said no; -ENODEV where
 * the device is gone; -ESTALE where another one has its name; or another negative errno. *ret, to
 * be released with vfio_variant_report_free(), is set in any case but -ENODATA and -ENOMEM.
 */
int vfio_variant_device_bind(struct vfio_variant_device *device, unsigned flags,
                             struct vfio_variant_report **ret);

/*
 * Gives the device back to its native driver. Returns 0 where that holds it, or where there is none
 * (VFIO_VARIANT_NOBODY); else as vfio_variant_device_bind().
 */
int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                               struct vfio_variant_report **ret);

/*
 * Has any driver but VFIO_VARIANT_DRIVER leave the device alone, unless one holds it already
 * (VFIO_VARIANT_ALREADY). Returns as vfio_variant_device_bind().
 */
int vfio_variant_device_claim(struct vfio_variant_device *device, struct vfio_variant_report **ret);

#ifdef __cplusplus
}
#endif

#endif
