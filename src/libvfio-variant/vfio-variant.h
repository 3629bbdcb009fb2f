/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvfio-variant: which VFIO driver a device should be bound to, who holds it, what a VMM opens,
 * and binding it.
 *
 * Functions that return an int return 0 or more, or a negative errno; what they return by a RET
 * pointer is untouched then. Strings belong to the object that they are asked of, and are valid
 * until it is released, or asked the same again when that has changed; they are printable ASCII,
 * `?` stands for any other byte. A later version may return numbers that are not in an enum here:
 * be ready for them.
 *
 * -ENODEV says everywhere that the device is gone, -ENOMEM that memory is short.
 *
 * Nothing here logs by itself or ends the process. A context and all that was made of it may be
 * used by one thread at a time; two contexts have nothing in common.
 */
#ifndef VFIO_VARIANT_H
#define VFIO_VARIANT_H

#ifdef __cplusplus
extern "C" {
#endif

struct udev_device; /* of libudev */

/* --- context --- */

struct vfio_variant;

/*
 * Makes a context: what is opened once and serves all devices. The module index is opened when it
 * is first needed, and shows the modules as they are then: after a depmod take another context.
 *
 * Returns 0 and a context to be released with vfio_variant_unref(), or -ENOMEM. Since 0.1.
 */
int vfio_variant_new(struct vfio_variant **ret);

/* Refers to CONTEXT, which may be NULL, and returns it. Since 0.1. */
struct vfio_variant *vfio_variant_ref(struct vfio_variant *context);

/* Gives up a reference to CONTEXT, which may be NULL; the last one frees it. Returns NULL. What was
 * made of it refers to it by itself. Since 0.1. */
struct vfio_variant *vfio_variant_unref(struct vfio_variant *context);

/* PRIORITY is that of syslog(3). MESSAGE is one line without a newline, and not kept. */
typedef void (*vfio_variant_log_fn)(int priority, const char *message, void *userdata);

/*
 * Has ON_LOG, or with NULL nobody, be told what is no error but that a person should know: that a
 * file of the module index is damaged and depmod must be run, that another process is waited for,
 * that a property was passed over. It must not call this library. Since 0.1.
 */
void vfio_variant_set_log(struct vfio_variant *context, vfio_variant_log_fn on_log, void *userdata);

/* --- devices --- */

struct vfio_variant_device;

/*
 * Opens the device NAME: a sysname (0000:3b:00.1), a syspath (/sys/...), a PCI address without its
 * domain (3b:00.1), or the name of a network interface of it. It stays the same device, whatever
 * gets its name later.
 *
 * Returns 0; -ENODEV where there is none; -ENOTUNIQ where the short address is that of several;
 * -EXDEV where the interface is of no device that can be given to a guest; -EINVAL where it is no
 * name at all; or another negative errno. Since 0.1.
 */
int vfio_variant_device_new(struct vfio_variant *context, const char *name,
                            struct vfio_variant_device **ret);

/* The same for the device SYSNAME of SUBSYSTEM, "pci" or any other bus. Since 0.1. */
int vfio_variant_device_new_from_subsystem_sysname(struct vfio_variant *context,
                                                   const char *subsystem, const char *sysname,
                                                   struct vfio_variant_device **ret);

/*
 * The same for a device of libudev; the answer is then what its properties say. UDEV_DEVICE is not
 * referred to. Returns 0; -ENODEV where it is gone; -EINVAL where it is none on a bus. Since 0.1.
 */
int vfio_variant_device_new_from_udev(struct vfio_variant *context, struct udev_device *udev_device,
                                      struct vfio_variant_device **ret);

/* Refers to DEVICE, which may be NULL, and returns it. Since 0.1. */
struct vfio_variant_device *vfio_variant_device_ref(struct vfio_variant_device *device);

/* Gives up a reference to DEVICE, which may be NULL; the last one closes it, and ends the lock that
 * binding took. Returns NULL. Since 0.1. */
struct vfio_variant_device *vfio_variant_device_unref(struct vfio_variant_device *device);

/* Who wants to keep DEVICE refers to it. What is not 0 ends the walk. */
typedef int (*vfio_variant_device_fn)(struct vfio_variant_device *device, void *userdata);

/*
 * Calls ON_DEVICE for each device on a bus whose devices can be given to a guest (PCI, CDX). One
 * that can't be opened is passed over, which is told by vfio_variant_set_log().
 * Returns 0, what ON_DEVICE returned, or a negative errno. Since 0.1.
 */
int vfio_variant_each_device(struct vfio_variant *context, vfio_variant_device_fn on_device,
                             void *userdata);

enum vfio_variant_string {
        /* The device itself: -ENODATA where it has no modalias, or is no virtual function */
        VFIO_VARIANT_SYSNAME,
        VFIO_VARIANT_SYSPATH,
        VFIO_VARIANT_SUBSYSTEM,
        VFIO_VARIANT_MODALIAS,
        VFIO_VARIANT_PHYSFN, /* the sysname of its physical function */

        /*
         * The answer, found when one of these is first asked for: from the udev database, or, where
         * that has no VFIO_VARIANT_DRIVER, by our own look-up in the running kernel's module index.
         * VFIO_VARIANT_ANSWER_ORIGIN tells which. -ENODATA where there is none.
         */
        VFIO_VARIANT_ANSWER,          /* the driver to bind */
        VFIO_VARIANT_ANSWER_MODULE,   /* to be loaded first; none where the driver is built in */
        VFIO_VARIANT_ANSWER_ALIAS,    /* the alias that won; none where a pin did */
        VFIO_VARIANT_ANSWER_FALLBACK, /* the driver to try where ANSWER refuses */

        /* Who holds it now: -ENODATA where nobody does, or where the driver is built in */
        VFIO_VARIANT_HOLDER,
        VFIO_VARIANT_HOLDER_MODULE,

        /*
         * What a VMM opens: -ENODATA where there is no such node. That of the group is /dev/vfio/N,
         * or /dev/vfio/noiommu-N; it is there once a VFIO driver holds a member. The device's own,
         * /dev/vfio/devices/vfioN, is only where the kernel makes one (6.6, and if so configured).
         */
        VFIO_VARIANT_GROUP_NODE,
        VFIO_VARIANT_CDEV_NODE,

        /* The sysname of the first member that keeps the IOMMU group from being viable: -ENODATA
         * where none does */
        VFIO_VARIANT_GROUP_CULPRIT
};

/*
 * *ret: the string WHAT of DEVICE. Returns 0; -ENODATA where it has none; -ENODEV where it is gone;
 * -EINVAL where WHAT is none. Of the answer also -ENOENT if there is no module index: the directory
 * /lib/modules/RELEASE does not exist, as in a container, or depmod(8) was not run for it. Then the
 * driver is unknown, which is not -ENODATA; the udev database may still have it. -EBADMSG if the
 * module index is damaged, -EOPNOTSUPP where libkmod is missing and modprobe.d says something of
 * VFIO; or another negative errno. Since 0.1.
 */
int vfio_variant_device_get_string(struct vfio_variant_device *device,
                                   enum vfio_variant_string what, const char **ret);

enum vfio_variant_number {
        VFIO_VARIANT_ANSWER_ORIGIN,   /* enum vfio_variant_origin */
        VFIO_VARIANT_TYPE,            /* enum vfio_variant_type: of the driver that holds it */
        VFIO_VARIANT_TYPE_EVIDENCE,   /* enum vfio_variant_evidence: how that is known */
        VFIO_VARIANT_IS_READY,        /* 1: it can be assigned unmanaged: on VFIO, or on a stub */
        VFIO_VARIANT_MUST_RESET,      /* 1: its manager resets it; VFIO drivers do so themselves */
        VFIO_VARIANT_IS_STRAY_NVME,   /* 1: an NVMe controller on neither a VFIO driver nor nvme */
        VFIO_VARIANT_GROUP_NUMBER,    /* N of the IOMMU group; -ENODATA where it has none */
        VFIO_VARIANT_HAS_NO_IOMMU,    /* 1: VFIO itself made the group: the node is noiommu-N */
        VFIO_VARIANT_CDEV_NUMBER,     /* N of its own node; -ENODATA where it has none */
        VFIO_VARIANT_GROUP_IS_VIABLE, /* 1: VFIO lets it be opened; -ENODATA without a group */
        VFIO_VARIANT_BREAKS_GROUP     /* 1: by its driver the group is not viable */
};

enum vfio_variant_origin {
        VFIO_VARIANT_FROM_DATABASE, /* of udev */
        VFIO_VARIANT_FROM_LOOK_UP   /* our own */
};

enum vfio_variant_type {
        VFIO_VARIANT_TYPE_NONE,  /* no driver holds it */
        VFIO_VARIANT_TYPE_VFIO,  /* whatever it is called */
        VFIO_VARIANT_TYPE_XEN,   /* pciback, xen-pciback */
        VFIO_VARIANT_TYPE_STUB,  /* pci-stub: only reserves it */
        VFIO_VARIANT_TYPE_NATIVE /* all others */
};

/* From the surest to a guess; the VMM, which opens the device, is the last judge. */
enum vfio_variant_evidence {
        VFIO_VARIANT_BY_KERNEL, /* there is a vfio-dev folder, or is none (since Linux 6.1) */
        VFIO_VARIANT_BY_ALIAS,  /* older: the driver's module has an alias for VFIO */
        VFIO_VARIANT_BY_CORE,   /* the driver's module uses vfio_pci_core */
        VFIO_VARIANT_BY_NAME,   /* of a driver that is known, VFIO, Xen or stub */
        VFIO_VARIANT_BY_GUESS   /* "vfio" is in the name, or, of a native driver, is not */
};

/*
 * Returns the number WHAT of DEVICE, never below 0; -ENODATA where it has none; -ENODEV where it is
 * gone; -EINVAL where WHAT is none; or an error of vfio_variant_device_get_string(). Since 0.1.
 */
int vfio_variant_device_get_number(struct vfio_variant_device *device,
                                   enum vfio_variant_number what);

/*
 * Calls ON_MEMBER for each member of the IOMMU group, the device itself too, in the order of their
 * sysnames. Returns 0, what ON_MEMBER returned, -ENODATA where it has no group, or another negative
 * errno. Since 0.1.
 */
int vfio_variant_device_each_member(struct vfio_variant_device *device,
                                    vfio_variant_device_fn on_member, void *userdata);

/* From VFIO_DEVICE_FLAGS_* of linux/vfio.h. */
enum vfio_variant_api {
        VFIO_VARIANT_API_OTHER, /* that we don't know */
        VFIO_VARIANT_API_PCI,
        VFIO_VARIANT_API_PLATFORM,
        VFIO_VARIANT_API_AMBA,
        VFIO_VARIANT_API_CCW,
        VFIO_VARIANT_API_AP,
        VFIO_VARIANT_API_FSL_MC,
        VFIO_VARIANT_API_CDX
};

/*
 * Which interface DEVICE offers to who opens it: it is opened for a moment, by iommufd or by its
 * group, and asked; neither the alias nor the driver's name tells. The kernel may reset it.
 *
 * Returns an enum vfio_variant_api; -ENODATA where no VFIO driver holds it; -EBUSY where another
 * has it open, or where the group is not viable; -EACCES or -EPERM; or another negative errno of
 * the kernel. Since 0.1.
 */
int vfio_variant_device_get_api(struct vfio_variant_device *device);

/* --- candidates: all drivers that were weighed, and what became of them --- */

struct vfio_variant_candidate;

/* CANDIDATE is released behind the call. What is not 0 ends the walk. */
typedef int (*vfio_variant_candidate_fn)(const struct vfio_variant_candidate *candidate,
                                         void *userdata);

/*
 * Calls ON_CANDIDATE for each candidate for a device with MODALIAS, in rank order: whom
 * VFIO_VARIANT_PIN names (PIN, or NULL), the administrator's aliases, the module index's, the bus's
 * generic driver. By the same code as the answer of the look-up.
 *
 * Returns 0, what ON_CANDIDATE returned, -EINVAL where MODALIAS is none, or an error of
 * vfio_variant_device_get_string(). Since 0.1.
 */
int vfio_variant_each_candidate(struct vfio_variant *context, const char *modalias, const char *pin,
                                vfio_variant_candidate_fn on_candidate, void *userdata);

/* The same for DEVICE, with its modalias and its pin. Since 0.1. */
int vfio_variant_device_each_candidate(struct vfio_variant_device *device,
                                       vfio_variant_candidate_fn on_candidate, void *userdata);

enum vfio_variant_candidate_string {
        VFIO_VARIANT_CANDIDATE_ALIAS, /* NULL where none names it: a pin, the generic driver */
        VFIO_VARIANT_CANDIDATE_MODULE,
        VFIO_VARIANT_CANDIDATE_DRIVER,
        VFIO_VARIANT_CANDIDATE_REASON /* a clause in English, for a person: why it won, or not */
};

/* Returns the string WHAT of CANDIDATE, or NULL where it has none. Since 0.1. */
const char *vfio_variant_candidate_get_string(const struct vfio_variant_candidate *candidate,
                                              enum vfio_variant_candidate_string what);

enum vfio_variant_candidate_number {
        VFIO_VARIANT_CANDIDATE_VERDICT,   /* enum vfio_variant_verdict */
        VFIO_VARIANT_CANDIDATE_ORIGIN,    /* enum vfio_variant_candidate_origin: who named it */
        VFIO_VARIANT_CANDIDATE_RULE,      /* enum vfio_variant_rule: before the next one by this */
        VFIO_VARIANT_CANDIDATE_WILDCARDS, /* of the alias: without that behind its last letter */
        VFIO_VARIANT_CANDIDATE_LITERALS,  /* other letters of the alias */
        VFIO_VARIANT_CANDIDATE_PRIORITY,  /* its line in modules.order: the lower goes first;
                                             -ENODATA if no alias names it */
        VFIO_VARIANT_CANDIDATE_IS_BUILT_IN
};

enum vfio_variant_verdict {
        VFIO_VARIANT_VERDICT_WON,
        VFIO_VARIANT_VERDICT_FALLBACK,    /* tried if the winner refuses */
        VFIO_VARIANT_VERDICT_NEXT,        /* tried if all before it refuse */
        VFIO_VARIANT_VERDICT_BEHIND,      /* ranks after the generic driver: never tried */
        VFIO_VARIANT_VERDICT_SAME,        /* a better candidate names the same module */
        VFIO_VARIANT_VERDICT_BLACKLISTED, /* in modprobe.d, or by modprobe.blacklist= */
        VFIO_VARIANT_VERDICT_REFUSED,     /* module_blacklist= on the kernel command line */
        VFIO_VARIANT_VERDICT_MISSING,     /* neither loadable nor built in */
        VFIO_VARIANT_VERDICT_INVALID,     /* pinned, and no name of a driver or module */
        VFIO_VARIANT_VERDICT_DISABLED,    /* its install line in modprobe.d loads nothing */
        VFIO_VARIANT_VERDICT_DEPENDENCY   /* a module that it depends on is refused or disabled */
};

enum vfio_variant_candidate_origin {
        VFIO_VARIANT_ORIGIN_PIN,    /* VFIO_VARIANT_PIN in hwdb */
        VFIO_VARIANT_ORIGIN_ADMIN,  /* an alias in modprobe.d */
        VFIO_VARIANT_ORIGIN_INDEX,  /* an alias in the module index */
        VFIO_VARIANT_ORIGIN_GENERIC /* the bus's generic driver, named by no alias in the index */
};

enum vfio_variant_rule {
        VFIO_VARIANT_RULE_LAST,      /* there is none behind it */
        VFIO_VARIANT_RULE_ORIGIN,    /* who named it goes first */
        VFIO_VARIANT_RULE_WILDCARDS, /* fewer of them */
        VFIO_VARIANT_RULE_LITERALS,  /* more of them */
        VFIO_VARIANT_RULE_GENERIC,   /* the bus's own generic module, before another catch-all */
        VFIO_VARIANT_RULE_PRIORITY,  /* the order of the index */
        VFIO_VARIANT_RULE_NAME       /* by byte; or, of one module, built in goes first */
};

/* Returns the number WHAT of CANDIDATE, or -EINVAL if WHAT is invalid. Since 0.1. */
int vfio_variant_candidate_get_number(const struct vfio_variant_candidate *candidate,
                                      enum vfio_variant_candidate_number what);

/* --- monitor --- */

struct vfio_variant_monitor;

/*
 * Watches all devices that vfio_variant_each_device() names, from now on. What is told comes from
 * udevd, behind its rules: where that does not run, nothing comes.
 *
 * Returns 0 and a monitor to be released with vfio_variant_monitor_free(), or a negative errno.
 * Since 0.1.
 */
int vfio_variant_monitor_new(struct vfio_variant *context, struct vfio_variant_monitor **ret);

/* Takes NULL as well. Returns NULL. Since 0.1. */
struct vfio_variant_monitor *vfio_variant_monitor_free(struct vfio_variant_monitor *monitor);

/* A descriptor to be polled for reading, which stays the monitor's. Since 0.1. */
int vfio_variant_monitor_get_fd(const struct vfio_variant_monitor *monitor);

enum vfio_variant_change {
        VFIO_VARIANT_APPEARED = 1,
        VFIO_VARIANT_GONE = 2,
        VFIO_VARIANT_ANSWER_CHANGED = 4, /* ANSWER, its module or its fallback, in the database */
        VFIO_VARIANT_DRIVER_CHANGED = 8  /* or its type, as when its probe is over */
};

/*
 * Takes what has come, without waiting. *ret_sysname: the device that it is of, valid until the
 * next call; *ret_device: the device, to be released with vfio_variant_device_unref(), NULL where
 * it is gone (also where it was pulled out since).
 *
 * Returns what changed, one or more of enum vfio_variant_change; 0 where there is nothing more; or
 * a negative errno: -ENOBUFS where events were lost, so that all devices are to be looked at anew.
 * Since 0.1.
 */
int vfio_variant_monitor_receive(struct vfio_variant_monitor *monitor, const char **ret_sysname,
                                 struct vfio_variant_device **ret_device);

/* --- binding --- */

enum vfio_variant_flags {
        VFIO_VARIANT_FORCE = 1,   /* past the guards that yield to it */
        VFIO_VARIANT_DRY_RUN = 2, /* look what speaks against it, and do nothing */
        VFIO_VARIANT_FRESH = 4    /* it may have appeared just now: give the kernel time to let
                                     drivers have it, and a native one time to have done with it */
};

struct vfio_variant_report;

/*
 * Binds DEVICE to DRIVER, named by its own name or by its module's, or with NULL to the answer, or
 * if that refuses to its fallback, and to each usable candidate ranked below; or gives it back to
 * the driver that had it. Loads modules by libkmod. Waits for whoever else binds it now, and keeps
 * others from it until it is released. FLAGS: of enum vfio_variant_flags.
 *
 * Returns 0 where a VFIO driver holds the device, or with VFIO_VARIANT_DRY_RUN could; -ENODATA
 * where no driver fits; -ENXIO where there is no such driver as DRIVER; -EPERM where
 * its module cannot be loaded (module_blacklist=, an install line), or without the right to;
 * -EINVAL where DRIVER is no name; -EBUSY where a guard said no; -ENODEV where the device is gone;
 * -ESTALE where another one has its name; -EOPNOTSUPP where libkmod is missing; an error of
 * vfio_variant_device_get_string(); or that of the step that failed.
 *
 * *ret, to be released with vfio_variant_report_free(), is what there is to tell. It is set on
 * failure as well, but where nothing was tried; so set it to NULL before. Since 0.1.
 */
int vfio_variant_device_bind(struct vfio_variant_device *device, const char *driver, unsigned flags,
                             struct vfio_variant_report **ret);

/*
 * Binds the N DEVICES in one transaction, as vfio_variant_device_bind() does one: members of one
 * IOMMU group, each of which would be refused because of the others. The locks are taken in the
 * order of the sysnames. No member of the transaction counts as one on a native driver. All are
 * unbound, then all are bound. If one fails, the previous driver and driver_override of each are
 * restored.
 *
 * Returns as vfio_variant_device_bind(), the error of a device that failed; -EINVAL if DEVICES has
 * the same device twice.
 *
 * RET is an array of N reports, in the order of DEVICES, each to be released with
 * vfio_variant_report_free(). They are set on failure as well, but where nothing was tried: set
 * them to NULL before. For a device that is as before because another failed, the result is
 * VFIO_VARIANT_CANCELLED. Since 0.1.
 */
int vfio_variant_bind_devices(struct vfio_variant_device *const *devices, unsigned n,
                              const char *driver, unsigned flags, struct vfio_variant_report **ret);

/*
 * Gives the device back to its native driver, which is loaded if need be. Returns 0 where that
 * holds it, or where there is none (VFIO_VARIANT_NOBODY); -EBUSY where a process has it open by
 * VFIO; else, and for *ret, as vfio_variant_device_bind(). Since 0.1.
 */
int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                               struct vfio_variant_report **ret);

/* Takes NULL as well. Returns NULL. Since 0.1. */
struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report);

enum vfio_variant_result {
        VFIO_VARIANT_FAILED,      /* an error: see vfio_variant_report_get_attempt() */
        VFIO_VARIANT_DONE,        /* the wanted driver holds it; unbind: a native one does */
        VFIO_VARIANT_ALREADY,     /* it did before, and nothing was done */
        VFIO_VARIANT_POSSIBLE,    /* dry run: nothing speaks against it */
        VFIO_VARIANT_FALLBACK,    /* the wanted driver refused, the fallback holds it */
        VFIO_VARIANT_ROLLED_BACK, /* all refused; it is as it was before */
        VFIO_VARIANT_NOBODY,      /* no driver holds it */
        VFIO_VARIANT_REFUSED,     /* a guard said no: see VFIO_VARIANT_REPORT_FINDING */
        VFIO_VARIANT_CANCELLED    /* another device of the transaction failed; this is as before */
};

enum vfio_variant_report_string {
        VFIO_VARIANT_REPORT_DRIVER, /* that was wanted */
        VFIO_VARIANT_REPORT_HAD,    /* that held the device before; "": none */
        VFIO_VARIANT_REPORT_HOLDS,  /* that does now; "": none */
        VFIO_VARIANT_REPORT_FINDING /* what a guard found, a clause; "": nothing. With
                                       VFIO_VARIANT_FORCE: what was passed */
};

/* Returns the string WHAT of REPORT, or NULL where WHAT is none. Since 0.1. */
const char *vfio_variant_report_get_string(const struct vfio_variant_report *report,
                                           enum vfio_variant_report_string what);

enum vfio_variant_report_number {
        VFIO_VARIANT_REPORT_RESULT,          /* enum vfio_variant_result */
        VFIO_VARIANT_REPORT_YIELDS_TO_FORCE, /* 1: VFIO_VARIANT_FORCE would pass what said no */
        VFIO_VARIANT_REPORT_HAD_VFIO         /* 1: a VFIO driver held the device before */
};

/* Returns the number WHAT of REPORT, or -EINVAL where WHAT is none. Since 0.1. */
int vfio_variant_report_get_number(const struct vfio_variant_report *report,
                                   enum vfio_variant_report_number what);

enum vfio_variant_attempt {
        VFIO_VARIANT_ATTEMPT_WANTED,
        VFIO_VARIANT_ATTEMPT_FALLBACK,
        VFIO_VARIANT_ATTEMPT_ROLL_BACK,
        VFIO_VARIANT_ATTEMPT_NEXT /* the first one ranked below the fallback; NEXT + 1 is the
                                     second, up to the generic driver, the last */
};

/*
 * Where ATTEMPT went wrong. *ret_step: what was being done, a clause; *ret_holder: where all was
 * done, but to no end, the driver that took the device instead, "" for none; else NULL. Returns the
 * negative errno, or 0 where it was not made or went well, and then sets nothing. Since 0.1.
 */
int vfio_variant_report_get_attempt(const struct vfio_variant_report *report,
                                    enum vfio_variant_attempt attempt, const char **ret_step,
                                    const char **ret_holder);

/* The driver that ATTEMPT tried, by its name on the bus if that is known, or NULL if it tried none.
 * Since 0.1. */
const char *vfio_variant_report_get_attempt_driver(const struct vfio_variant_report *report,
                                                   enum vfio_variant_attempt attempt);

#ifdef __cplusplus
}
#endif

#endif
