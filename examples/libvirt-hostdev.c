/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libvirt's hostdev code does with a PCI device, written on libvfio-variant:
 *
 *   libvirt-hostdev prepare managed|unmanaged DEVICE
 *   libvirt-hostdev reattach DEVICE
 *
 * libvfio-variant(3) has the table of which function of libvirt each part stands for. Build it by
 *
 *   cc libvirt-hostdev.c $(pkg-config --cflags --libs vfio-variant)
 */
#include <stdio.h>
#include <string.h>
#include <vfio-variant.h>

static const char *string(struct vfio_variant_device *device, enum vfio_variant_string what) {
        const char *text;

        return vfio_variant_device_get_string(device, what, &text) < 0 ? NULL : text;
}

static int fail(struct vfio_variant_device *device, const char *what, int error) {
        (void)fprintf(stderr, "%s: %s: %s\n", string(device, VFIO_VARIANT_SYSNAME), what,
                      strerror(-error));
        return error;
}

/* virPCIDeviceGetCurrentDriverNameAndType() */
static int print_driver(struct vfio_variant_device *device) {
        static const char *const types[] = {"none", "vfio", "xen", "stub", "native"};
        const char *driver = string(device, VFIO_VARIANT_HOLDER);
        int type = vfio_variant_device_get_number(device, VFIO_VARIANT_TYPE);
        int evidence = vfio_variant_device_get_number(device, VFIO_VARIANT_TYPE_EVIDENCE);

        if (type < 0)
                return fail(device, "cannot tell its driver", type);
        (void)printf("driver: %s, type %s%s\n", driver ? driver : "none",
                     type <= VFIO_VARIANT_TYPE_NATIVE ? types[type] : "unknown",
                     evidence == VFIO_VARIANT_BY_GUESS ? " (a guess)" : "");
        return 0;
}

/* The group must be viable, or the VMM can't open it: better say by whom now than later. */
static int check_group(struct vfio_variant_device *device) {
        int viable = vfio_variant_device_get_number(device, VFIO_VARIANT_GROUP_IS_VIABLE);

        if (viable < 0)
                return fail(device, "cannot tell whether its IOMMU group is viable", viable);
        if (viable > 0)
                return 0;
        (void)fprintf(stderr, "%s: its IOMMU group is not viable, by %s\n",
                      string(device, VFIO_VARIANT_SYSNAME),
                      string(device, VFIO_VARIANT_GROUP_CULPRIT));
        return -1;
}

/* What bind and unbind tell; 0 or more: the device is where it should be. */
static void print_report(const struct vfio_variant_report *report) {
        const char *finding = vfio_variant_report_get_string(report, VFIO_VARIANT_REPORT_FINDING);
        const char *step, *holder;
        int error = vfio_variant_report_get_attempt(report, VFIO_VARIANT_ATTEMPT_WANTED, &step,
                                                    &holder);

        if (*finding)
                (void)fprintf(stderr, "  %s\n", finding);
        if (error < 0 && holder)
                (void)fprintf(stderr, "  %s: %s has it\n",
                              vfio_variant_report_get_string(report, VFIO_VARIANT_REPORT_DRIVER),
                              *holder ? holder : "nobody");
        else if (error < 0)
                (void)fprintf(stderr, "  %s: %s\n", step, strerror(-error));
}

/* virPCIDeviceDetach() with the variant driver that fits best: managed='yes' */
static int detach(struct vfio_variant_device *device) {
        struct vfio_variant_report *report = NULL;
        int r = vfio_variant_device_bind(device, NULL, 0, &report);

        if (r < 0)
                fail(device, "cannot be bound to a VFIO driver", r);
        if (report)
                print_report(report);
        vfio_variant_report_free(report);
        return r;
}

/* virPCIDeviceIsAssignable() and the unmanaged part of virHostdevPreparePCIDevicesImpl() */
static int prepare_unmanaged(struct vfio_variant_device *device) {
        int ready = vfio_variant_device_get_number(device, VFIO_VARIANT_IS_READY);

        if (ready < 0)
                return fail(device, "cannot tell whether it is ready", ready);
        if (ready > 0)
                return 0;
        (void)fprintf(stderr, "%s: unmanaged, and not detached from the host: bind it first\n",
                      string(device, VFIO_VARIANT_SYSNAME));
        return -1;
}

/* virPCIDeviceReset(), which leaves a device alone that a VFIO driver holds */
static void reset(struct vfio_variant_device *device) {
        int must = vfio_variant_device_get_number(device, VFIO_VARIANT_MUST_RESET);

        (void)printf("reset: %s\n", must > 0 ? "by its manager" : "by its VFIO driver");
}

static void print_nodes(struct vfio_variant_device *device) {
        const char *group = string(device, VFIO_VARIANT_GROUP_NODE);
        const char *cdev = string(device, VFIO_VARIANT_CDEV_NODE);

        if (group)
                (void)printf("group: %s\n", group);
        if (cdev)
                (void)printf("cdev: %s\n", cdev);
}

/* virHostdevPreparePCIDevices() */
static int prepare(struct vfio_variant_device *device, int managed) {
        int r = print_driver(device);

        if (r >= 0 && vfio_variant_device_get_number(device, VFIO_VARIANT_IS_STRAY_NVME) > 0)
                (void)fprintf(stderr,
                              "%s: suspicious: an NVMe controller that nvme does not hold\n",
                              string(device, VFIO_VARIANT_SYSNAME));
        if (r >= 0)
                r = managed ? detach(device) : prepare_unmanaged(device);
        if (r >= 0)
                r = check_group(device);
        if (r < 0)
                return r;
        reset(device);
        print_nodes(device);
        return print_driver(device);
}

/* virHostdevReAttachPCIDevices() */
static int reattach(struct vfio_variant_device *device) {
        struct vfio_variant_report *report = NULL;
        int r = vfio_variant_device_unbind(device, 0, &report);

        if (r < 0)
                fail(device, "cannot be given back", r);
        if (report)
                print_report(report);
        vfio_variant_report_free(report);
        return r < 0 ? r : print_driver(device);
}

int main(int argc, char **argv) {
        struct vfio_variant *context = NULL;
        struct vfio_variant_device *device = NULL;
        int r;

        if (argc < 3) {
                (void)fprintf(stderr, "Usage: see the head of the source\n");
                return 2;
        }
        r = vfio_variant_new(&context);
        if (r >= 0)
                r = vfio_variant_device_new(context, argv[argc - 1], &device);
        if (r < 0)
                (void)fprintf(stderr, "%s: %s\n", argv[argc - 1], strerror(-r));
        else if (strcmp(argv[1], "reattach") == 0)
                r = reattach(device);
        else
                r = prepare(device, strcmp(argv[2], "managed") == 0);
        vfio_variant_device_unref(device);
        vfio_variant_unref(context);
        return r < 0;
}
