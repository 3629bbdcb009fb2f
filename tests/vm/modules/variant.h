/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VFIO variant driver that adds nothing to vfio-pci: only its aliases matter, and who binds.
 * The file that includes this defines VARIANT_NAME, the driver's name, and VARIANT_IDS, its
 * table as a list of ID(VENDOR, DEVICE); it may define VARIANT_PROBE_RESULT, a number below 0 with
 * which it refuses each device.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#ifndef VARIANT_PROBE_RESULT
#define VARIANT_PROBE_RESULT 0
#endif

static int variant_open(struct vfio_device *device) {
        struct vfio_pci_core_device *core = container_of(device, struct vfio_pci_core_device, vdev);
        int ret = vfio_pci_core_enable(core);

        if (ret == 0)
                vfio_pci_core_finish_enable(core);
        return ret;
}

static const struct vfio_device_ops variant_ops = {
        .name = VARIANT_NAME,
        .init = vfio_pci_core_init_dev,
        .release = vfio_pci_core_release_dev,
        .open_device = variant_open,
        .close_device = vfio_pci_core_close_device,
        .ioctl = vfio_pci_core_ioctl,
        .device_feature = vfio_pci_core_ioctl_feature,
        .read = vfio_pci_core_read,
        .write = vfio_pci_core_write,
        .mmap = vfio_pci_core_mmap,
        .request = vfio_pci_core_request,
        .match = vfio_pci_core_match,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
        .match_token_uuid = vfio_pci_core_match_token_uuid,
#endif
#if IS_ENABLED(CONFIG_IOMMUFD)
        .bind_iommufd = vfio_iommufd_physical_bind,
        .unbind_iommufd = vfio_iommufd_physical_unbind,
        .attach_ioas = vfio_iommufd_physical_attach_ioas,
        .detach_ioas = vfio_iommufd_physical_detach_ioas,
#endif
};

static int variant_probe(struct pci_dev *pdev, const struct pci_device_id *id) {
        struct vfio_pci_core_device *core;
        int ret;

        if (VARIANT_PROBE_RESULT < 0)
                return VARIANT_PROBE_RESULT;
        core = vfio_alloc_device(vfio_pci_core_device, vdev, &pdev->dev, &variant_ops);
        if (IS_ERR(core))
                return PTR_ERR(core);
        dev_set_drvdata(&pdev->dev, core);
        ret = vfio_pci_core_register_device(core);
        if (ret != 0)
                vfio_put_device(&core->vdev);
        return ret;
}

static void variant_remove(struct pci_dev *pdev) {
        struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

        vfio_pci_core_unregister_device(core);
        vfio_put_device(&core->vdev);
}

#define VARIANT_ID(vendor, device) {PCI_DRIVER_OVERRIDE_DEVICE_VFIO(vendor, device)},
static const struct pci_device_id variant_ids[] = {VARIANT_IDS(VARIANT_ID){}};
MODULE_DEVICE_TABLE(pci, variant_ids);

static struct pci_driver variant_driver = {
        .name = VARIANT_NAME,
        .id_table = variant_ids,
        .probe = variant_probe,
        .remove = variant_remove,
        .err_handler = &vfio_pci_core_err_handlers,
        .driver_managed_dma = true,
};
module_pci_driver(variant_driver);

MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("VFIO variant driver of the tests of vfio-variant");
