/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tool alone needs of a context and a device, and no part of the ABI. */
#pragma once

#include "vfio-variant.h"

/* Beside enum vfio_variant_flags: as VFIO_VARIANT_FORCE, but only for a device whose property
 * VFIO_VARIANT_BIND is force. */
#define VFIO_VARIANT_FORCE_BY_TAG 0x10000U

/* Space for the path of the module directory. */
#define VFIO_VARIANT_INDEX_SIZE 128

/*
 * *ret: the directory in which the module index of the running kernel must be, printable ASCII.
 * Returns 1 if it exists, 0 if not, or the negative errno of opening it.
 */
int vfio_variant_find_index(char ret[VFIO_VARIANT_INDEX_SIZE]);

/* As vfio_variant_device_new() for DEVPATH, a syspath without its /sys, as udev has it in the
 * environment. */
int vfio_variant_device_new_from_devpath(struct vfio_variant *context, const char *devpath,
                                         struct vfio_variant_device **ret);

/* What every device has, "" for no modalias. They are as valid as the device. */
const char *vfio_variant_device_get_sysname(const struct vfio_variant_device *device);
const char *vfio_variant_device_get_bus(const struct vfio_variant_device *device);
const char *vfio_variant_device_get_modalias(const struct vfio_variant_device *device);

/* No guest can have either: is it a bridge, by its class or its header; is it an IOMMU itself? */
int vfio_variant_device_is_bridge(const struct vfio_variant_device *device);
int vfio_variant_device_is_iommu(const struct vfio_variant_device *device);

/*
 * What speaks against binding the device, as the guards of vfio_variant_device_bind() see it;
 * nothing is locked or written, and what the caller may not look at is passed over: one who isn't
 * root doesn't see whose VMM has it open. *ret_clause: "/dev/nvme0n1p2 is mounted on /", or ""; it
 * is valid until the same is asked again. *ret_yields_to_force: 1 where force would pass it.
 *
 * Returns 1; 0 where nothing does; or a negative errno.
 */
int vfio_variant_device_find_objection(struct vfio_variant_device *device, const char **ret_clause,
                                       int *ret_yields_to_force);

/* Space for any name in pci.ids; a longer one is cut. */
#define VFIO_VARIANT_NAME_SIZE 256

/* What the hwdb calls its vendor and its model, printable ASCII; "" where it has no name for it. */
void vfio_variant_device_get_name(struct vfio_variant_device *device,
                                  char ret_vendor[VFIO_VARIANT_NAME_SIZE],
                                  char ret_model[VFIO_VARIANT_NAME_SIZE]);

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
 * where its module cannot be loaded; -ENOENT if there is no module index; -EBADMSG
 * where the module index is damaged; -EOPNOTSUPP where libkmod is missing; -EINVAL where PIN or the
 * modalias is none; or another negative errno.
 */
int vfio_variant_device_look_up(struct vfio_variant_device *device, const char *pin);

/*
 * Makes sure that there is a VFIO_VARIANT_DRIVER, if any driver fits: that which was set, or the
 * database's, or the outcome of the look-up. Returns 0 or as vfio_variant_device_look_up().
 */
int vfio_variant_device_find_answer(struct vfio_variant_device *device);

/*
 * Has any driver but VFIO_VARIANT_DRIVER leave the device alone, unless one holds it already
 * (VFIO_VARIANT_ALREADY). Returns as vfio_variant_device_bind().
 */
int vfio_variant_device_claim(struct vfio_variant_device *device, struct vfio_variant_report **ret);
