/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the tag that the library reads for each device: "SYSNAME BIND PIN", "-" for none. */
#include <stdio.h>

#include "device_keys.h"
#include "device_properties.h"

static const char *value(const struct vfio_variant_device *device, enum property property) {
        const char *found = vfio_variant_device_get_property(device, property);

        return found ? found : "-";
}

static int print_tag(struct vfio_variant_device *device, void *userdata) {
        int r = vfio_variant_device_read_tag(device);

        (void)userdata;
        if (r < 0)
                return r;
        (void)printf("%s %s %s\n", vfio_variant_device_get_sysname(device),
                     value(device, PROPERTY_BIND), value(device, PROPERTY_PIN));
        return 0;
}

int main(void) {
        struct vfio_variant *context = NULL;
        int r = vfio_variant_new(&context);

        if (r >= 0)
                r = vfio_variant_each_device(context, print_tag, NULL);
        (void)vfio_variant_unref(context);
        return r < 0 || fflush(stdout) != 0;
}
