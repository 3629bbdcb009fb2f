/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvfio-variant: which VFIO driver a device should be bound to, which driver it is bound to now,
 * the device nodes that a VMM opens, and binding.
 *
 * A function that returns an int returns 0 or more on success, or a negative errno. It sets its RET
 * arguments only on success.
 *
 * A function that returns a string returns NULL if there is none or on failure, and then sets
 * errno(3): ENODATA if there is none. The string is owned by the object that it was asked of. It is
 * valid until that object is freed or the same function is called for it again. It is printable
 * ASCII: `?` replaces any other byte.
 *
 * Any function that is called for a device can fail with ENODEV if the device was removed, and with
 * ENOMEM. Another device that has its name by then is never reported in its place. A later version
 * may return values that are not in an enum of this header.
 *
 * The library does not log and does not end the process. One thread at a time may use a context and
 * the objects that were made from it. Two contexts have nothing in common.
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
 * Makes a context, which contains what all devices share. The module index is opened when it is
 * first needed, and is read as it was then: after depmod(8) has run, make another context.
 *
 * Returns 0 and a context to be released with vfio_variant_unref(), or -ENOMEM. Since 0.1.
 */
int vfio_variant_new(struct vfio_variant **ret);

/* Takes a reference of CONTEXT, which may be NULL, and returns it. Since 0.1. */
struct vfio_variant *vfio_variant_ref(struct vfio_variant *context);

/* Drops a reference of CONTEXT, which may be NULL; the last one frees it. Devices and monitors have
 * a reference of their own. Returns NULL. Since 0.1. */
struct vfio_variant *vfio_variant_unref(struct vfio_variant *context);

/* PRIORITY is that of syslog(3). MESSAGE is one line without a newline, valid during the call. */
typedef void (*vfio_variant_log_fn)(int priority, const char *message, void *userdata);

/*
 * Sets the function that is called with warnings that are no errors: a file of the module index is
 * damaged and depmod(8) must be run, another process is waited for, a property was ignored. NULL:
 * none is called. ON_LOG must not call this library. Since 0.1.
 */
void vfio_variant_set_log(struct vfio_variant *context, vfio_variant_log_fn on_log, void *userdata);

/*
 * If ENABLED is not 0, what the checks of guards read of the host, and not of a device, is read
 * once: mounts, network interfaces, the files that processes have open. Else, as after
 * vfio_variant_new(), each check reads it again. Enable it before many devices are checked at a
 * time, and disable it after that. Binding does not use what was kept.
 * Returns 0 or -ENOMEM. Since 0.1.
 */
int vfio_variant_set_snapshot(struct vfio_variant *context, int enabled);

/* Returns the directory in which the module index of the running kernel must be, whether it exists
 * or not. Since 0.1. */
const char *vfio_variant_get_module_directory(struct vfio_variant *context);

/* --- devices --- */

struct vfio_variant_device;

/*
 * Opens the device NAME: a sysname (0000:3b:00.1), a syspath (/sys/...), a PCI address without its
 * domain (3b:00.1), or the name of one of its network interfaces.
 *
 * Returns 0 and a device to be released with vfio_variant_device_unref(); -ENODEV if there is none;
 * -ENOTUNIQ if devices of several domains have the address; -EXDEV if the network interface has no
 * parent that is a PCI or CDX device; -EINVAL if NAME is invalid; or another negative errno. Since
 * 0.1.
 */
int vfio_variant_device_new(struct vfio_variant *context, const char *name,
                            struct vfio_variant_device **ret);

/* The same for the device SYSNAME of SUBSYSTEM, "pci" or any other bus. Since 0.1. */
int vfio_variant_device_new_from_subsystem_sysname(struct vfio_variant *context,
                                                   const char *subsystem, const char *sysname,
                                                   struct vfio_variant_device **ret);

/*
 * The same for a device of libudev. Its properties are used in place of those in the udev database.
 * No reference of UDEV_DEVICE is taken. Returns 0; -ENODEV if it was removed; -EINVAL if it is not
 * a device on a bus. Since 0.1.
 */
int vfio_variant_device_new_from_udev(struct vfio_variant *context, struct udev_device *udev_device,
                                      struct vfio_variant_device **ret);

/* Takes a reference of DEVICE, which may be NULL, and returns it. Since 0.1. */
struct vfio_variant_device *vfio_variant_device_ref(struct vfio_variant_device *device);

/* Drops a reference of DEVICE, which may be NULL; the last one closes it, and releases the lock
 * that binding took. Returns NULL. Since 0.1. */
struct vfio_variant_device *vfio_variant_device_unref(struct vfio_variant_device *device);

/* Returns the context that DEVICE was made from. No reference is taken. Since 0.1. */
struct vfio_variant *vfio_variant_device_get_context(const struct vfio_variant_device *device);

/* DEVICE is valid during the call: take a reference to keep it. A return value other than 0 stops
 * the iteration. */
typedef int (*vfio_variant_device_fn)(struct vfio_variant_device *device, void *userdata);

/*
 * Calls ON_DEVICE for each PCI and CDX device. A device that cannot be opened is skipped, with a
 * warning to the function of vfio_variant_set_log().
 * Returns 0, the value of ON_DEVICE that stopped the iteration, or a negative errno. Since 0.1.
 */
int vfio_variant_each_device(struct vfio_variant *context, vfio_variant_device_fn on_device,
                             void *userdata);

/* --- identity: noted when the device is opened --- */

/* Returns the sysname, "0000:3b:00.1". Since 0.1. */
const char *vfio_variant_device_get_sysname(const struct vfio_variant_device *device);

/* Returns the syspath, its directory below /sys. Since 0.1. */
const char *vfio_variant_device_get_syspath(const struct vfio_variant_device *device);

/* Returns the name of the bus, "pci". Since 0.1. */
const char *vfio_variant_device_get_subsystem(const struct vfio_variant_device *device);

/* Returns the modalias, or NULL if it has none. Since 0.1. */
const char *vfio_variant_device_get_modalias(const struct vfio_variant_device *device);

/* Returns the sysname of its physical function, or NULL if it is not a virtual function. Since 0.1.
 */
const char *vfio_variant_device_get_physfn(const struct vfio_variant_device *device);

/* Returns the name of its vendor in the hwdb, or NULL. Since 0.1. */
const char *vfio_variant_device_get_vendor(struct vfio_variant_device *device);

/* Returns the name of its model in the hwdb, or NULL. Since 0.1. */
const char *vfio_variant_device_get_model(struct vfio_variant_device *device);

/* Returns 1 if it is a bridge, by its class or its configuration header, else 0. A bridge cannot be
 * assigned to a guest. Since 0.1. */
int vfio_variant_device_is_bridge(const struct vfio_variant_device *device);

/* Returns 1 if it is an IOMMU itself, else 0. An IOMMU cannot be assigned to a guest. Since 0.1. */
int vfio_variant_device_is_iommu(const struct vfio_variant_device *device);

/* --- choice: the VFIO driver to bind --- */

/*
 * Chooses the VFIO driver for DEVICE: DRIVER, which may be a driver's or a module's name, without a
 * fallback; or if it is NULL, the choice in the udev database, or if that has none, the result of a
 * lookup in the module index of the running kernel. The functions below do this, with NULL, when
 * one of them is first called. On success the choice stays until this function is called with
 * another DRIVER, or vfio_variant_device_is_tagged() reads the database again.
 *
 * Returns 0; -ENODATA if no driver matches; -ENOENT if there is no module index, because the
 * directory does not exist, as in a container, or depmod(8) was not run: the driver is then
 * unknown; -EBADMSG if the module index is damaged; -EOPNOTSUPP if modprobe.d says anything of VFIO
 * modules and libkmod is not installed; -EINVAL if DRIVER or the modalias is invalid; -ENXIO if
 * there is no such driver as DRIVER; -EPERM if its module cannot be loaded; or another negative
 * errno. Since 0.1.
 */
int vfio_variant_device_choose(struct vfio_variant_device *device, const char *driver);

/* Returns the driver to bind, "mlx5_vfio_pci"; or NULL, with errno set to the error of
 * vfio_variant_device_choose(). Since 0.1. */
const char *vfio_variant_device_get_variant_driver(struct vfio_variant_device *device);

/* Returns the module of that driver; or NULL if it is built in, or as above. Since 0.1. */
const char *vfio_variant_device_get_variant_module(struct vfio_variant_device *device);

/* Returns the alias by which it was chosen; or NULL if it was pinned, is the generic driver without
 * an alias, or as above. Since 0.1. */
const char *vfio_variant_device_get_variant_alias(struct vfio_variant_device *device);

/* Returns the driver that is tried if the probe of the chosen one fails; or NULL if there is none,
 * or as above. Since 0.1. */
const char *vfio_variant_device_get_fallback_driver(struct vfio_variant_device *device);

enum vfio_variant_origin {
        VFIO_VARIANT_ORIGIN_DATABASE, /* the udev database */
        VFIO_VARIANT_ORIGIN_LOOKUP    /* a lookup of this library */
};

/* Returns an enum vfio_variant_origin, or an error of vfio_variant_device_choose(). Since 0.1. */
int vfio_variant_device_get_variant_origin(struct vfio_variant_device *device);

/* --- tags: hwdb properties by which an administrator has devices bound --- */

/* Returns 1 if VFIO_VARIANT_BIND is 1 or force, 0 if not, or a negative errno. Reads the properties
 * of the device from the udev database, or if it has none of the device, from the hwdb. Since 0.1.
 */
int vfio_variant_device_is_tagged(struct vfio_variant_device *device);

/* Returns the value of VFIO_VARIANT_BIND: "1", "force" or "0"; or NULL. Since 0.1. */
const char *vfio_variant_device_get_tag(struct vfio_variant_device *device);

/* Returns the value of VFIO_VARIANT_PIN, a driver's or a module's name; or NULL. Since 0.1. */
const char *vfio_variant_device_get_pin(struct vfio_variant_device *device);

/* PLACE is a file and a line, "/etc/udev/hwdb.d/61-local.hwdb:12"; MATCH the match line there. */
typedef void (*vfio_variant_tag_fn)(const char *place, const char *match, void *userdata);

/* Calls ON_TAG for each hwdb record that sets VFIO_VARIANT_BIND for DEVICE. Returns 0 or -ENOMEM.
 * Since 0.1. */
int vfio_variant_device_each_tag(const struct vfio_variant_device *device,
                                 vfio_variant_tag_fn on_tag, void *userdata);

/* --- current driver --- */

/* Returns the driver that the device is bound to, or NULL if it is bound to none. Since 0.1. */
const char *vfio_variant_device_get_driver(struct vfio_variant_device *device);

/* Returns the module of that driver; or NULL if it is built in, or as above. Since 0.1. */
const char *vfio_variant_device_get_driver_module(struct vfio_variant_device *device);

/*
 * Returns the driver that a process of this library is unbinding the device from at this moment, or
 * NULL. The kernel removes the device from that driver at once, but lets the driver wait for the
 * users of the device, without a limit. Until then vfio_variant_device_check_use() finds the device
 * in use. Since 0.1.
 */
const char *vfio_variant_device_get_unbinding_driver(struct vfio_variant_device *device);

/* Returns for how many seconds, -ENODATA if it is not being unbound, or another negative errno.
 * Since 0.1. */
int vfio_variant_device_get_unbinding_seconds(struct vfio_variant_device *device);

enum vfio_variant_type {
        VFIO_VARIANT_TYPE_NONE,  /* the device is bound to no driver */
        VFIO_VARIANT_TYPE_VFIO,  /* a VFIO driver, regardless of its name */
        VFIO_VARIANT_TYPE_XEN,   /* pciback, xen-pciback */
        VFIO_VARIANT_TYPE_STUB,  /* pci-stub, which only reserves the device */
        VFIO_VARIANT_TYPE_NATIVE /* any other driver */
};

/* Returns an enum vfio_variant_type, or a negative errno. Since 0.1. */
int vfio_variant_device_get_type(struct vfio_variant_device *device);

/* How the type is known, from certain to a guess. Only opening the device proves it. */
enum vfio_variant_evidence {
        VFIO_VARIANT_EVIDENCE_KERNEL, /* there is a vfio-dev directory or not (since Linux 6.1) */
        VFIO_VARIANT_EVIDENCE_ALIAS,  /* older kernels: the driver's module has a VFIO alias */
        VFIO_VARIANT_EVIDENCE_CORE,   /* the driver's module uses vfio_pci_core */
        VFIO_VARIANT_EVIDENCE_NAME,   /* the driver's name is known: VFIO, Xen or stub */
        VFIO_VARIANT_EVIDENCE_GUESS   /* the driver's name contains "vfio" or not */
};

/* Returns an enum vfio_variant_evidence, or a negative errno. Since 0.1. */
int vfio_variant_device_get_type_evidence(struct vfio_variant_device *device);

/* Returns 1 if a VMM can use the device without binding it first: it is bound to a VFIO driver or
 * reserved by a stub; 0 if not; or a negative errno. Since 0.1. */
int vfio_variant_device_is_ready(struct vfio_variant_device *device);

/* Returns 1 if the caller must reset the device before a guest uses it; 0 if its VFIO driver does;
 * or a negative errno. Since 0.1. */
int vfio_variant_device_must_reset(struct vfio_variant_device *device);

/* Returns 1 if it is an NVMe controller that is bound neither to nvme nor to a VFIO driver, so that
 * its disks are missing; 0 if not; or a negative errno. Since 0.1. */
int vfio_variant_device_is_unusable_nvme(struct vfio_variant_device *device);

/* Values of VFIO_DEVICE_FLAGS_* in linux/vfio.h. */
enum vfio_variant_api {
        VFIO_VARIANT_API_OTHER, /* unknown to this version */
        VFIO_VARIANT_API_PCI,
        VFIO_VARIANT_API_PLATFORM,
        VFIO_VARIANT_API_AMBA,
        VFIO_VARIANT_API_CCW,
        VFIO_VARIANT_API_AP,
        VFIO_VARIANT_API_FSL_MC,
        VFIO_VARIANT_API_CDX
};

/*
 * Asks the device which VFIO API it offers. That opens the device for a moment, through iommufd or
 * through its group, and the kernel may reset it. Neither the alias nor the driver's name shows it.
 *
 * Returns an enum vfio_variant_api; -ENODATA if the device is not bound to a VFIO driver; -EBUSY if
 * it is open elsewhere or its IOMMU group is not viable; -EACCES or -EPERM; or another negative
 * errno of the kernel. Since 0.1.
 */
int vfio_variant_device_get_api(struct vfio_variant_device *device);

/* --- IOMMU group and device nodes --- */

/* Returns the number of the IOMMU group, -ENODATA if the device has none, or another negative
 * errno. Since 0.1. */
int vfio_variant_device_get_iommu_group(struct vfio_variant_device *device);

/* Returns 1 if VFIO made the group because there is no IOMMU; 0 if not; -ENODATA if the device has
 * no group; or another negative errno. Since 0.1. */
int vfio_variant_device_has_no_iommu(struct vfio_variant_device *device);

/* Returns the device node of the group, "/dev/vfio/12" or "/dev/vfio/noiommu-12"; or NULL if the
 * device has no group. The node exists while a member is bound to a VFIO driver. Since 0.1. */
const char *vfio_variant_device_get_group_node(struct vfio_variant_device *device);

/* Returns the device's own node (cdev), "/dev/vfio/devices/vfio3"; or NULL if it has none: it is
 * not bound to a VFIO driver, or the kernel makes no such nodes (before Linux 6.6, or without
 * CONFIG_VFIO_DEVICE_CDEV). Since 0.1. */
const char *vfio_variant_device_get_cdev_node(struct vfio_variant_device *device);

/* Returns the number of that node, 3; -ENODATA if it has none; or another negative errno. Since
 * 0.1.
 */
int vfio_variant_device_get_cdev_number(struct vfio_variant_device *device);

/*
 * Calls ON_MEMBER for each member of the IOMMU group, DEVICE included, in the order of their
 * sysnames. Returns 0, the value of ON_MEMBER that stopped the iteration, -ENODATA if DEVICE has no
 * group, or another negative errno. Since 0.1.
 */
int vfio_variant_device_each_member(struct vfio_variant_device *device,
                                    vfio_variant_device_fn on_member, void *userdata);

/* Returns 1 if the group is viable: VFIO lets a VMM open it; 0 if not; -ENODATA if the device has
 * no group; or another negative errno. Since 0.1. */
int vfio_variant_device_is_group_viable(struct vfio_variant_device *device);

/* Returns 1 if its current driver keeps the group from being viable, 0 if not, or a negative errno.
 * Since 0.1. */
int vfio_variant_device_is_blocking(struct vfio_variant_device *device);

/* Returns the sysname of the first member that keeps the group from being viable, or NULL. Since
 * 0.1. */
const char *vfio_variant_device_get_blocking_member(struct vfio_variant_device *device);

/* --- guards: what prevents that a device is bound or unbound --- */

/*
 * Asks the guards of vfio_variant_device_bind() whether DEVICE may be bound now. Nothing is locked
 * or written, and no device node is opened. What the caller has no right to read is skipped:
 * without root privileges, processes of other users are not examined;
 * vfio_variant_device_get_unexamined() returns their number.
 *
 * Returns 1 if a guard refuses, 0 if none does, or a negative errno. Since 0.1.
 */
int vfio_variant_device_check_guards(struct vfio_variant_device *device);

/* The same, but asks only whether the device is in use: by a VMM, a file system, the network, the
 * console. What it is and what shares its IOMMU group does not count. Since 0.1. */
int vfio_variant_device_check_use(struct vfio_variant_device *device);

/* Returns what the last of these two found, a clause in English, "/dev/nvme0n1p2 is mounted on /";
 * or NULL if it found nothing. Since 0.1. */
const char *vfio_variant_device_get_finding(const struct vfio_variant_device *device);

/* Returns the number of processes that the last of these could not examine for lack of privileges:
 * if it found nothing, the device may be in use by one of them. Since 0.1. */
unsigned vfio_variant_device_get_unexamined(const struct vfio_variant_device *device);

/* Returns 1 if VFIO_VARIANT_FLAG_FORCE overrides the guard that refused, else 0. Since 0.1. */
int vfio_variant_device_can_force(const struct vfio_variant_device *device);

/* --- candidates: all drivers that were considered, and why --- */

struct vfio_variant_candidate;

/* CANDIDATE is valid during the call. A return value other than 0 stops the iteration. */
typedef int (*vfio_variant_candidate_fn)(const struct vfio_variant_candidate *candidate,
                                         void *userdata);

/*
 * Calls ON_CANDIDATE for each candidate for a device with MODALIAS, in rank order: the driver or
 * module PIN (NULL: none), the administrator's aliases in modprobe.d, the aliases of the module
 * index, the generic driver of the bus. The choice is made by the same code.
 *
 * Returns 0, the value of ON_CANDIDATE that stopped the iteration, -EINVAL if MODALIAS is invalid,
 * or an error of vfio_variant_device_choose(). Since 0.1.
 */
int vfio_variant_each_candidate(struct vfio_variant *context, const char *modalias, const char *pin,
                                vfio_variant_candidate_fn on_candidate, void *userdata);

/* The same for DEVICE. PIN: NULL for VFIO_VARIANT_PIN of the device, if it is set. Since 0.1. */
int vfio_variant_device_each_candidate(struct vfio_variant_device *device, const char *pin,
                                       vfio_variant_candidate_fn on_candidate, void *userdata);

/* Returns its driver, or NULL if that is unknown. Since 0.1. */
const char *vfio_variant_candidate_get_driver(const struct vfio_variant_candidate *candidate);

/* Returns its module. Since 0.1. */
const char *vfio_variant_candidate_get_module(const struct vfio_variant_candidate *candidate);

/* Returns its alias; or NULL for a pin, and for a generic driver without an alias. Since 0.1. */
const char *vfio_variant_candidate_get_alias(const struct vfio_variant_candidate *candidate);

/* Returns the verdict with its reason, in English: "won: it has fewer wildcards than the next".
 * Since 0.1. */
const char *vfio_variant_candidate_get_reason(const struct vfio_variant_candidate *candidate);

enum vfio_variant_verdict {
        VFIO_VARIANT_VERDICT_WON,         /* the choice */
        VFIO_VARIANT_VERDICT_FALLBACK,    /* tried if the probe of the choice fails */
        VFIO_VARIANT_VERDICT_NEXT,        /* tried if the probes of all above it fail */
        VFIO_VARIANT_VERDICT_LOWER,       /* ranks below the generic driver, the last one tried */
        VFIO_VARIANT_VERDICT_SAME,        /* a candidate above it names the same module */
        VFIO_VARIANT_VERDICT_BLACKLISTED, /* in modprobe.d or by modprobe.blacklist=; a pin is not
                                           */
        VFIO_VARIANT_VERDICT_REFUSED,     /* by module_blacklist= on the kernel command line */
        VFIO_VARIANT_VERDICT_MISSING,     /* the module is neither loadable nor built in */
        VFIO_VARIANT_VERDICT_INVALID,     /* pinned, and not the name of a driver or module */
        VFIO_VARIANT_VERDICT_DISABLED,    /* its install line in modprobe.d loads nothing */
        VFIO_VARIANT_VERDICT_DEPENDENCY   /* a module that it depends on is refused or disabled */
};

/* Returns what became of it. Since 0.1. */
enum vfio_variant_verdict
vfio_variant_candidate_get_verdict(const struct vfio_variant_candidate *candidate);

/* A lower value takes precedence. */
enum vfio_variant_candidate_origin {
        VFIO_VARIANT_CANDIDATE_PIN,    /* VFIO_VARIANT_PIN in hwdb */
        VFIO_VARIANT_CANDIDATE_ADMIN,  /* an alias in modprobe.d */
        VFIO_VARIANT_CANDIDATE_INDEX,  /* an alias in the module index */
        VFIO_VARIANT_CANDIDATE_GENERIC /* the generic driver of the bus, without an alias there */
};

/* Returns what names it. Since 0.1. */
enum vfio_variant_candidate_origin
vfio_variant_candidate_get_origin(const struct vfio_variant_candidate *candidate);

/* In the order in which they are applied. */
enum vfio_variant_rule {
        VFIO_VARIANT_RULE_LAST,      /* there is no candidate below it */
        VFIO_VARIANT_RULE_ORIGIN,    /* its origin takes precedence */
        VFIO_VARIANT_RULE_WILDCARDS, /* it has fewer wildcards */
        VFIO_VARIANT_RULE_LITERALS,  /* it has more literal characters */
        VFIO_VARIANT_RULE_GENERIC,   /* it is the bus's own generic module */
        VFIO_VARIANT_RULE_PRIORITY,  /* it is on an earlier line of modules.order */
        VFIO_VARIANT_RULE_NAME       /* its name sorts earlier; or, of one module, it is built in */
};

/* Returns the rule by which it ranks above the next candidate. Since 0.1. */
enum vfio_variant_rule
vfio_variant_candidate_get_rule(const struct vfio_variant_candidate *candidate);

/* Returns the number of wildcards in its alias, without the one that modpost appends; 0 without an
 * alias. Since 0.1. */
int vfio_variant_candidate_get_wildcards(const struct vfio_variant_candidate *candidate);

/* Returns the number of literal characters in its alias; 0 without an alias. Since 0.1. */
int vfio_variant_candidate_get_literals(const struct vfio_variant_candidate *candidate);

/* Returns the line of its module in modules.order, or -ENODATA without an alias. Since 0.1. */
int vfio_variant_candidate_get_priority(const struct vfio_variant_candidate *candidate);

/* Returns 1 if its module is built in, else 0. Since 0.1. */
int vfio_variant_candidate_is_built_in(const struct vfio_variant_candidate *candidate);

/* Returns 1 if a parameter on the kernel command line excludes it, else 0. Since 0.1. */
int vfio_variant_candidate_is_excluded_by_cmdline(const struct vfio_variant_candidate *candidate);

/* --- monitor --- */

struct vfio_variant_monitor;

/*
 * Watches the devices of vfio_variant_each_device() for changes after this call. Events come from
 * udevd, after it has processed its rules.
 *
 * Returns 0 and a monitor to be released with vfio_variant_monitor_free(), or a negative errno.
 * Since 0.1.
 */
int vfio_variant_monitor_new(struct vfio_variant *context, struct vfio_variant_monitor **ret);

/* Frees MONITOR, which may be NULL. Returns NULL. Since 0.1. */
struct vfio_variant_monitor *vfio_variant_monitor_free(struct vfio_variant_monitor *monitor);

/* Returns a file descriptor to poll for POLLIN. It is owned by MONITOR. Since 0.1. */
int vfio_variant_monitor_get_fd(const struct vfio_variant_monitor *monitor);

/* Returns 1 if udevd runs, else 0: no event comes until it does. Since 0.1. */
int vfio_variant_monitor_has_udevd(const struct vfio_variant_monitor *monitor);

/* May be combined by |. */
enum vfio_variant_change {
        VFIO_VARIANT_CHANGE_ADDED = 1,
        VFIO_VARIANT_CHANGE_REMOVED = 2,
        VFIO_VARIANT_CHANGE_CHOICE = 4, /* the driver, module or fallback in the udev database */
        VFIO_VARIANT_CHANGE_DRIVER = 8  /* the current driver, or its type once its probe is over */
};

/*
 * Receives the next change without waiting. *RET: the device, to be released with
 * vfio_variant_device_unref(), or NULL if it was removed.
 *
 * Returns what changed, values of enum vfio_variant_change; 0 if there are no more changes;
 * -ENOBUFS if events were lost, so that the caller must read all devices again; or another negative
 * errno. Since 0.1.
 */
int vfio_variant_monitor_receive(struct vfio_variant_monitor *monitor,
                                 struct vfio_variant_device **ret);

/* Returns the sysname of the device whose change was received last, or NULL before the first. Since
 * 0.1. */
const char *vfio_variant_monitor_get_sysname(const struct vfio_variant_monitor *monitor);

/* --- binding --- */

/* May be combined by |. */
enum vfio_variant_flags {
        VFIO_VARIANT_FLAG_FORCE = 1,      /* override those guards that can be overridden */
        VFIO_VARIANT_FLAG_DRY_RUN = 2,    /* ask the guards, and change nothing */
        VFIO_VARIANT_FLAG_JUST_ADDED = 4, /* wait a moment for the kernel to enable the probe, and
                                             for a native driver to finish its own */
        VFIO_VARIANT_FLAG_FORCE_IF_TAGGED = 8 /* FORCE, for a device whose tag is "force" */
};

struct vfio_variant_report;

/*
 * Binds DEVICE to DRIVER, a driver's or a module's name; or if it is NULL, to the choice, and if
 * the probe of that fails, to its fallback, and to each usable candidate ranked below; or else
 * restores the previous driver. Loads modules through libkmod. Waits for another process that binds
 * the device, and keeps a lock on it until DEVICE is released. FLAGS: of enum vfio_variant_flags.
 *
 * It returns when the previous driver has released the device. A driver can wait for users of the
 * device for ever, and no signal ends that: a caller that cannot wait uses a process of its own, as
 * vfio-variant(8) does. The same holds for the next two functions.
 *
 * Returns 0 if the device is bound to a VFIO driver, or with VFIO_VARIANT_FLAG_DRY_RUN could be;
 * -EBUSY if a guard refuses; -ESTALE if another device has its name; -EPERM without the right to,
 * or if the module must not be loaded; -EOPNOTSUPP if libkmod is not installed; an error of
 * vfio_variant_device_choose(); or the error of the step that failed.
 *
 * *RET is a report to be freed with vfio_variant_report_free(). It is set on failure, too, unless
 * nothing was tried: set it to NULL before. Since 0.1.
 */
int vfio_variant_device_bind(struct vfio_variant_device *device, const char *driver, unsigned flags,
                             struct vfio_variant_report **ret);

/*
 * Binds the N DEVICES in one transaction, as vfio_variant_device_bind() does one. It serves for
 * members of one IOMMU group, each of which would be refused because of the others: members of the
 * transaction do not count as members on native drivers. Locks are taken in the order of the
 * sysnames. All devices are unbound, then all are bound. If one fails, the previous driver and
 * driver_override of each are restored.
 *
 * Returns as vfio_variant_device_bind(), the error of a device that failed; -EINVAL if DEVICES
 * contains a device twice.
 *
 * RET is an array of N reports in the order of DEVICES, as for vfio_variant_device_bind(). The
 * result of a device that is unchanged because another failed is VFIO_VARIANT_RESULT_CANCELLED.
 * Since 0.1.
 */
int vfio_variant_bind_devices(struct vfio_variant_device *const *devices, unsigned n,
                              const char *driver, unsigned flags, struct vfio_variant_report **ret);

/*
 * Unbinds DEVICE from its VFIO driver, and has its native driver, which is loaded if need be, bind
 * it. Returns 0 if a native driver did, or if there is none (VFIO_VARIANT_RESULT_NO_DRIVER); -EBUSY
 * if a process has the device open through VFIO; else, and for *RET, as vfio_variant_device_bind().
 * Since 0.1.
 */
int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                               struct vfio_variant_report **ret);

/* Frees REPORT, which may be NULL. Returns NULL. Since 0.1. */
struct vfio_variant_report *vfio_variant_report_free(struct vfio_variant_report *report);

enum vfio_variant_result {
        VFIO_VARIANT_RESULT_FAILED,      /* an error: see vfio_variant_report_get_attempt() */
        VFIO_VARIANT_RESULT_DONE,        /* bound to the wanted driver; unbind: to a native one */
        VFIO_VARIANT_RESULT_ALREADY,     /* it was before; at most driver_override was corrected */
        VFIO_VARIANT_RESULT_POSSIBLE,    /* dry run: no guard refuses */
        VFIO_VARIANT_RESULT_FALLBACK,    /* the wanted driver failed, a lower-ranked one is bound */
        VFIO_VARIANT_RESULT_ROLLED_BACK, /* all failed; the previous or a native driver is bound */
        VFIO_VARIANT_RESULT_NO_DRIVER, /* bound to no driver; bind: restoring one failed as well */
        VFIO_VARIANT_RESULT_REFUSED,   /* a guard refused, and nothing was changed */
        VFIO_VARIANT_RESULT_CANCELLED  /* another device of the transaction failed */
};

/* Returns the result. Since 0.1. */
enum vfio_variant_result vfio_variant_report_get_result(const struct vfio_variant_report *report);

/* Returns the driver that was wanted; or NULL after unbind. Since 0.1. */
const char *vfio_variant_report_get_wanted_driver(const struct vfio_variant_report *report);

/* Returns the driver that the device was bound to before, or NULL. Since 0.1. */
const char *vfio_variant_report_get_previous_driver(const struct vfio_variant_report *report);

/* Returns 1 if the previous driver is a VFIO driver, else 0. Since 0.1. */
int vfio_variant_report_is_previous_vfio(const struct vfio_variant_report *report);

/* Returns the driver that the device is bound to now, or NULL. Since 0.1. */
const char *vfio_variant_report_get_current_driver(const struct vfio_variant_report *report);

/* Returns what a guard found, or why one could not be checked, a clause in English; or NULL. With
 * VFIO_VARIANT_FLAG_FORCE: what was overridden. With VFIO_VARIANT_FLAG_DRY_RUN: what all guards
 * found, each separated from the next by "; ". Since 0.1. */
const char *vfio_variant_report_get_finding(const struct vfio_variant_report *report);

/* Returns 1 if VFIO_VARIANT_FLAG_FORCE overrides the guard that refused, else 0. Since 0.1. */
int vfio_variant_report_can_force(const struct vfio_variant_report *report);

/* Returns why a VFIO driver bound the device again after unbind, or why no native driver did, a
 * clause in English: a line in modprobe.d, a kernel parameter; or NULL. Since 0.1. */
const char *vfio_variant_report_get_cause(const struct vfio_variant_report *report);

/* An attempt to bind the device to one driver, owned by the report. */
struct vfio_variant_attempt;

/* Returns attempt NUMBER, or NULL if there were fewer: 0 is the wanted driver, 1 the fallback, what
 * follows are the drivers ranked below. Since 0.1. */
const struct vfio_variant_attempt *
vfio_variant_report_get_attempt(const struct vfio_variant_report *report, unsigned number);

/* Returns the failed attempt to restore the previous driver, or NULL. Since 0.1. */
const struct vfio_variant_attempt *
vfio_variant_report_get_restore(const struct vfio_variant_report *report);

/* Returns the driver that was tried, by its name on the bus if that is known; or NULL if there was
 * none to name. Since 0.1. */
const char *vfio_variant_attempt_get_driver(const struct vfio_variant_attempt *attempt);

/* Returns 0 if the attempt did not fail, or the negative errno of its failure. Since 0.1. */
int vfio_variant_attempt_get_error(const struct vfio_variant_attempt *attempt);

/* Returns the step that failed, a clause in English, "writing driver_override"; or NULL if none
 * failed, or if all succeeded and yet the device is not bound to the driver. Since 0.1. */
const char *vfio_variant_attempt_get_step(const struct vfio_variant_attempt *attempt);

/* Returns the other driver that the device was bound to instead; or NULL if there was none. Since
 * 0.1. */
const char *vfio_variant_attempt_get_other_driver(const struct vfio_variant_attempt *attempt);

/* --- names of enum values, as vfio-variant(8) prints them in JSON --- */

/* Each returns a static string; "other" for a value that this version does not know; and NULL for a
 * negative one, which is an error. Since 0.1. */
const char *vfio_variant_type_name(int type);

/* The same for an enum vfio_variant_evidence. Since 0.1. */
const char *vfio_variant_evidence_name(int evidence);

/* The same for an enum vfio_variant_origin. Since 0.1. */
const char *vfio_variant_origin_name(int origin);

/* The same for an enum vfio_variant_verdict. Since 0.1. */
const char *vfio_variant_verdict_name(int verdict);

/* The same for an enum vfio_variant_candidate_origin. Since 0.1. */
const char *vfio_variant_candidate_origin_name(int origin);

/* The same for an enum vfio_variant_rule. Since 0.1. */
const char *vfio_variant_rule_name(int rule);

#ifdef __cplusplus
}
#endif

#endif
