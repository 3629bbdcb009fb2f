/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tool looks at to tell a person what is wrong. For the tool alone, and no part of the
 * ABI.
 */
#pragma once

#include <stddef.h>

#include "vfio-variant-tool.h"

/* --- the host --- */

/* Has it an IOMMU that is on? Returns 1, 0, -ENOENT where /sys is not mounted, or -errno. */
int vfio_variant_has_iommu(void);

/* Has it none since Xen keeps it to itself? Returns 1, 0 or -errno. */
int vfio_variant_iommu_is_xens(void);

/*
 * Is VFIO's no-IOMMU mode on? Returns 1; 0 if enable_unsafe_noiommu_mode is N; -EOPNOTSUPP if the
 * kernel has no such mode; -ENODATA if the module vfio is not loaded; or another negative errno.
 */
int vfio_variant_allows_no_iommu(void);

/* Where the IOMMU of this machine comes from. Strings are printable ASCII, "" if not known. */
struct vfio_variant_platform {
        char processor[64]; /* its vendor: "GenuineIntel", "AuthenticAMD", "Arm", "IBM/S390" */
        char vendor[64];    /* of the system, by its firmware: "QEMU" */
        int is_guest;       /* 1: it is a virtual machine */
        int has_table;      /* 1: an ACPI table describes an Intel or AMD IOMMU */
};

void vfio_variant_find_platform(struct vfio_variant_platform *ret);

/*
 * Does the kernel command line disable the IOMMU of a machine with PROCESSOR, as
 * vfio_variant_find_platform() has it? Returns 1, and in *ret of SIZE bytes the parameter that
 * does; 0; or -errno.
 */
int vfio_variant_find_iommu_off(const char *processor, char *ret, size_t size);

/*
 * Is the module index of the running kernel whole? Returns 0; 1 and *ret, the name of a file that
 * is damaged; -ENOENT where the running kernel has no module folder, -ENODATA where there is no
 * index in it; or another negative errno.
 */
int vfio_variant_check_index(struct vfio_variant *context, const char **ret);

/* Space for any path that the functions below return. They are printable ASCII. */
#define VFIO_VARIANT_PATH_SIZE 512

enum vfio_variant_rules {
        VFIO_VARIANT_RULES_MISSING,
        VFIO_VARIANT_RULES_SHIPPED,
        VFIO_VARIANT_RULES_OWN, /* an administrator's file of that name hides what is shipped */
        VFIO_VARIANT_RULES_OFF  /* hidden by an empty file or a link to /dev/null */
};

/* What became of the file of udev rules NAME. *ret: its path, untouched where it is missing. */
enum vfio_variant_rules vfio_variant_find_rules(const char *name, char ret[VFIO_VARIANT_PATH_SIZE]);

enum vfio_variant_hwdb {
        VFIO_VARIANT_HWDB_MISSING, /* it was never compiled */
        VFIO_VARIANT_HWDB_OLD,     /* *ret, one of its files, was written since */
        VFIO_VARIANT_HWDB_FRESH
};

/* Returns an enum vfio_variant_hwdb, of the hwdb that udev reads, or -errno. */
int vfio_variant_check_hwdb(char ret[VFIO_VARIANT_PATH_SIZE]);

enum vfio_variant_database {
        VFIO_VARIANT_DATABASE_MISSING, /* as in a container */
        VFIO_VARIANT_DATABASE_IDLE,    /* no udevd runs */
        VFIO_VARIANT_DATABASE_LIVE
};

/* Is there a udev database? */
enum vfio_variant_database vfio_variant_check_database(void);

/* *ret: the path of the image that the running kernel boots with. Returns 0, -ENOENT where none is
 * known, or -errno. */
int vfio_variant_find_boot_image(char ret[VFIO_VARIANT_PATH_SIZE]);

struct vfio_variant_boot_image;

/*
 * Lists the image PATH by the distribution's own tool, which takes seconds. Returns 0 and an image
 * to be released with vfio_variant_boot_image_free(); -EACCES where it may not be read; -ENOEXEC
 * where there is no such tool; -ECANCELED where that failed; or another negative errno.
 */
int vfio_variant_boot_image_read(const char *path, struct vfio_variant_boot_image **ret);
void vfio_variant_boot_image_free(struct vfio_variant_boot_image *image);

/* Has it our rules, by which tagged devices are bound before native drivers come? */
int vfio_variant_boot_image_binds(const struct vfio_variant_boot_image *image);

int vfio_variant_boot_image_has_module(const struct vfio_variant_boot_image *image,
                                       const char *module);

/* Is MODULE loaded? Returns 1, 0 (also where it is built in), or -errno. */
int vfio_variant_module_is_loaded(const char *module);

/* --- a device --- */

/*
 * *ret: its driver_override, valid as long as the device, or until the same is asked again. Returns
 * 0; -ENODATA where it has none, -ENODEV, or another negative errno.
 */
int vfio_variant_device_get_override(struct vfio_variant_device *device, const char **ret);

/*
 * As vfio_variant_device_find_objection(), but only of who uses the device: a process by VFIO, a
 * file system, the network, the console; and not of what it is or what shares its IOMMU group.
 */
int vfio_variant_device_find_use(struct vfio_variant_device *device, const char **ret_clause,
                                 int *ret_yields_to_force);

/* The same, but only whether a block device of it is in use: mounted, swap space, part of an array
 * or volume. */
int vfio_variant_device_find_block_use(struct vfio_variant_device *device, const char **ret_clause);

/* What has the module of a VFIO driver take a device that no driver_override sends to it. */
enum vfio_variant_line {
        VFIO_VARIANT_LINE_IDS,  /* the option `ids=` of the module */
        VFIO_VARIANT_LINE_ALIAS /* an alias of the device's in modprobe.d, which loads the module */
};

/*
 * *ret: where a LINE of that kind for DEVICE and the module of DRIVER is: FILE:LINE of modprobe.d,
 * or a parameter on the kernel command line. Returns 1, 0 if there is none, or a negative errno.
 */
int vfio_variant_device_find_line(const struct vfio_variant_device *device,
                                  enum vfio_variant_line line, const char *driver,
                                  char ret[VFIO_VARIANT_PATH_SIZE]);

/*
 * Calls ON_MODULE for each module of a native driver that has an alias for the device and that
 * isn't blacklisted, until it returns other than 0, which is returned. Returns 0, -EOPNOTSUPP where
 * libkmod is missing, or another negative errno.
 */
int vfio_variant_device_each_native_module(const struct vfio_variant_device *device,
                                           int (*on_module)(const char *module, void *userdata),
                                           void *userdata);
