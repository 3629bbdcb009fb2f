/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The type of a device and of its current driver, its evidence, and what depends on it. */
#include "device_object.h"

#include <errno.h>
#include <fnmatch.h>

#include "driver.h"
#include "pci.h"
#include "text.h"

/* The class of an NVM Express controller: PCI Code and ID Assignment. */
#define NVME "pci:*bc01sc08i02"

/*
 * VFIO drivers by name, which is a better evidence than any name that contains "vfio". Source:
 * drivers/vfio in the kernel.
 */
static const char *const vfio_drivers[] = {"vfio-pci",    "vfio-cdx",         "vfio-platform",
                                           "vfio-amba",   "vfio-fsl-mc",      "mlx5_vfio_pci",
                                           "xe-vfio-pci", "hisi-acc-vfio-pci"};

static bool is_known_vfio(const char *driver) {
        for (size_t i = 0; i < sizeof(vfio_drivers) / sizeof(vfio_drivers[0]); i++)
                if (streq(vfio_drivers[i], driver))
                        return true;
        return false;
}

/* Has MODULE an alias of a VFIO driver on the device's bus? */
static int has_alias(struct vfio_variant_device *device, const char *module) {
        struct vfio_variant *context = device->context;
        int r = context_open_source(context);

        if (r < 0)
                return r;
        r = choice_module_has_alias(context->source, device->handle.modalias, module);
        if (r >= 0)
                context_log_damage(context);
        return r;
}

/* Is DRIVER a VFIO driver, by the best available evidence? Returns 1, 0 or a negative errno. */
static int find_evidence(struct vfio_variant_device *device, const char *driver,
                         enum vfio_variant_evidence *ret) {
        char module[DRIVER_SIZE];
        int r = device_driver_module(device->handle.fd, module);

        if (r < 0 && r != -ENOENT)
                return r;
        if (r >= 0) {
                *ret = VFIO_VARIANT_EVIDENCE_ALIAS;
                /* An index that cannot be read is no evidence */
                if (has_alias(device, module) > 0)
                        return 1;
                *ret = VFIO_VARIANT_EVIDENCE_CORE;
                r = module_uses_vfio_core(module);
                if (r != 0)
                        return r;
        }
        *ret = VFIO_VARIANT_EVIDENCE_NAME;
        if (is_known_vfio(driver))
                return 1;
        *ret = VFIO_VARIANT_EVIDENCE_GUESS;
        return driver_name_has_vfio(driver);
}

static int type_of(struct vfio_variant_device *device, const char *driver,
                   enum vfio_variant_evidence *ret) {
        int r;

        *ret = VFIO_VARIANT_EVIDENCE_NAME;
        if (streq(driver, "pciback") || streq(driver, "xen-pciback"))
                return VFIO_VARIANT_TYPE_XEN;
        if (streq(driver, "pci-stub"))
                return VFIO_VARIANT_TYPE_STUB;
        *ret = VFIO_VARIANT_EVIDENCE_KERNEL;
        r = device_has_vfio_dev(device->handle.fd);
        if (r == -EOPNOTSUPP)
                r = find_evidence(device, driver, ret);
        if (r < 0)
                return r;
        return r > 0 ? VFIO_VARIANT_TYPE_VFIO : VFIO_VARIANT_TYPE_NATIVE;
}

int device_type(struct vfio_variant_device *device, enum vfio_variant_evidence *ret) {
        enum vfio_variant_evidence evidence = VFIO_VARIANT_EVIDENCE_KERNEL;
        char driver[DRIVER_SIZE];
        int r = device_map_error(device, device_driver(device->handle.fd, driver));

        if (r == -ENODATA)
                r = VFIO_VARIANT_TYPE_NONE;
        else if (r >= 0)
                r = type_of(device, driver, &evidence);
        if (r < 0)
                return r;
        if (ret)
                *ret = evidence;
        return r;
}

_public_ int vfio_variant_device_get_type(struct vfio_variant_device *device) {
        return device_type(device, NULL);
}

_public_ int vfio_variant_device_get_type_evidence(struct vfio_variant_device *device) {
        enum vfio_variant_evidence evidence;
        int type = device_type(device, &evidence);

        return type < 0 ? type : (int)evidence;
}

_public_ int vfio_variant_device_is_ready(struct vfio_variant_device *device) {
        int type = device_type(device, NULL);

        return type < 0 ? type
                        : type == VFIO_VARIANT_TYPE_VFIO || type == VFIO_VARIANT_TYPE_STUB ||
                                  type == VFIO_VARIANT_TYPE_XEN;
}

_public_ int vfio_variant_device_must_reset(struct vfio_variant_device *device) {
        int type = device_type(device, NULL);

        return type < 0 ? type : type != VFIO_VARIANT_TYPE_VFIO;
}

_public_ int vfio_variant_device_is_iommu(const struct vfio_variant_device *device) {
        return modalias_is_iommu(device->handle.modalias);
}

/* The rules skip bridges by their class only. */
_public_ int vfio_variant_device_is_bridge(const struct vfio_variant_device *device) {
        return modalias_is_bridge(device->handle.modalias) || device->handle.header_type > 0;
}

_public_ int vfio_variant_device_is_unusable_nvme(struct vfio_variant_device *device) {
        char driver[DRIVER_SIZE] = "";
        int r = device_type(device, NULL);

        if (r < 0)
                return r;
        if (r == VFIO_VARIANT_TYPE_VFIO || fnmatch(NVME, device->handle.modalias, 0) != 0)
                return 0;
        r = device_driver(device->handle.fd, driver);
        if (r < 0 && r != -ENOENT)
                return r;
        return !streq(driver, "nvme");
}
