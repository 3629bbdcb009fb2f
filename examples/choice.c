/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the VFIO driver that a device should be bound to:
 * cc choice.c $(pkg-config --cflags --libs vfio-variant) -o choice && ./choice 3b:00.1 */
#include <stdio.h>

#include <vfio-variant.h>

int main(int argc, char **argv) {
        struct vfio_variant *context;
        struct vfio_variant_device *device;
        const char *driver;

        if (argc < 2 || vfio_variant_new(&context) < 0)
                return 1;
        if (vfio_variant_device_new(context, argv[1], &device) < 0)
                return 1;
        driver = vfio_variant_device_get_variant_driver(device);
        if (driver)
                puts(driver);
        vfio_variant_device_unref(device);
        vfio_variant_unref(context);
        return 0;
}
