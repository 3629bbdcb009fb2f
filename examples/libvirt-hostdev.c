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

static int fail(struct vfio_variant_device *device, const char *what, int error) {
        (void)fprintf(stderr, "%s: %s: %s\n", vfio_variant_device_get_sysname(device), what,
                      strerror(-error));
        return error;
}

/* virPCIDeviceGetCurrentDriverNameAndType() */
static int print_driver(struct vfio_variant_device *device) {
        const char *driver = vfio_variant_device_get_driver(device);
        int type = vfio_variant_device_get_type(device);
        int evidence = vfio_variant_device_get_type_evidence(device);

        if (type < 0)
                return fail(device, "cannot tell its driver", type);
        (void)printf("driver: %s, type %s%s\n", driver ? driver : "none",
                     vfio_variant_type_name(type),
                     evidence == VFIO_VARIANT_EVIDENCE_GUESS ? " (a guess)" : "");
        return 0;
}

/* A VMM cannot open a group that is not viable: report the member that blocks it. */
static int check_group(struct vfio_variant_device *device) {
        int viable = vfio_variant_device_is_group_viable(device);
        const char *member;

        if (viable < 0)
                return fail(device, "cannot tell whether its IOMMU group is viable", viable);
        if (viable > 0)
                return 0;
        member = vfio_variant_device_get_blocking_member(device);
        (void)fprintf(stderr, "%s: its IOMMU group is not viable, by %s\n",
                      vfio_variant_device_get_sysname(device), member ? member : "none any more");
        return -1;
}

/* The reason why the device is not bound to the wanted driver, if it is not. */
static void print_report(const struct vfio_variant_report *report) {
        const struct vfio_variant_attempt *attempt = vfio_variant_report_get_attempt(report, 0);
        const char *finding = vfio_variant_report_get_finding(report), *step, *other;

        if (finding)
                (void)fprintf(stderr, "  %s\n", finding);
        if (vfio_variant_attempt_get_error(attempt) == 0)
                return;
        step = vfio_variant_attempt_get_step(attempt);
        other = vfio_variant_attempt_get_other_driver(attempt);
        if (step)
                (void)fprintf(stderr, "  %s: %s\n", step,
                              strerror(-vfio_variant_attempt_get_error(attempt)));
        else
                (void)fprintf(stderr, "  %s did not bind to it: it is bound to %s\n",
                              vfio_variant_attempt_get_driver(attempt),
                              other ? other : "no driver");
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
        int ready = vfio_variant_device_is_ready(device);

        if (ready < 0)
                return fail(device, "cannot tell whether it is ready", ready);
        if (ready > 0)
                return 0;
        (void)fprintf(stderr, "%s: unmanaged, and not detached from the host: bind it first\n",
                      vfio_variant_device_get_sysname(device));
        return -1;
}

/* virPCIDeviceReset(), which skips a device that is bound to a VFIO driver */
static void reset(struct vfio_variant_device *device) {
        int must = vfio_variant_device_must_reset(device);

        (void)printf("reset: %s\n", must > 0 ? "by its manager" : "by its VFIO driver");
}

static void print_nodes(struct vfio_variant_device *device) {
        const char *group = vfio_variant_device_get_group_node(device);
        const char *cdev = vfio_variant_device_get_cdev_node(device);

        if (group)
                (void)printf("group: %s\n", group);
        if (cdev)
                (void)printf("cdev: %s\n", cdev);
}

/* virHostdevPreparePCIDevices() */
static int prepare(struct vfio_variant_device *device, int managed) {
        int r = print_driver(device);

        if (r >= 0 && vfio_variant_device_is_unusable_nvme(device) > 0)
                (void)fprintf(stderr,
                              "%s: suspicious: an NVMe controller that is not bound to nvme\n",
                              vfio_variant_device_get_sysname(device));
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
