/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a device: from the udev database, or from its caller. */
#include "device_properties.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <syslog.h>

#include "database.h"
#include "text.h"
#include "unbinding.h"

#define FIELD(member)                                                                              \
        { offsetof(struct properties, member), sizeof(((struct properties *)0)->member) }

/* Where a property is kept. */
static const struct {
        size_t offset, size;
} fields[N_CHOICE_PROPERTIES] = {
        [PROPERTY_DRIVER] = FIELD(driver), [PROPERTY_MODULE] = FIELD(module),
        [PROPERTY_ALIAS] = FIELD(alias),   [PROPERTY_FALLBACK] = FIELD(fallback),
        [PROPERTY_BIND] = FIELD(bind),     [PROPERTY_PIN] = FIELD(pin),
};

static char *value_of(struct properties *properties, enum property property) {
        return (char *)properties + fields[property].offset;
}

int vfio_variant_device_set_property(struct vfio_variant_device *device, enum property property,
                                     const char *value) {
        size_t size = fields[property].size;

        if (value && *value && (strlen(value) >= size || !property_rows[property].is_valid(value)))
                return -EINVAL;
        (void)text_put(value_of(&device->properties, property), size, value ? value : "");
        device->has_properties = true;
        return 0;
}

const char *vfio_variant_device_get_property(const struct vfio_variant_device *device,
                                             enum property property) {
        const char *value = (const char *)&device->properties + fields[property].offset;

        return *value ? value : NULL;
}

/* Unsets properties with an invalid value. */
static void drop_invalid(const struct vfio_variant_device *device, struct properties *properties) {
        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++) {
                char *value = value_of(properties, i);

                if (!*value || property_rows[i].is_valid(value))
                        continue;
                *value = '\0';
                context_log(device->context, LOG_WARNING, property_name(i), " of ",
                            device->shown_sysname,
                            " is ignored: its value in the udev database is invalid");
        }
}

static int read_record(struct vfio_variant_device *device, const struct database_property *wanted) {
        struct unbinding unbinding;
        int r = context_open_udev(device->context);

        /* libudev reads the attribute uevent. Linux 6.1 keeps the reader waiting until the driver
         * has released the device (uevent_show() in drivers/base/core.c) */
        if (r < 0 || unbinding_read(&device->handle, &unbinding) > 0)
                return r;
        return database_read(device->context->udev, device->handle.syspath, wanted);
}

static int read_all(struct vfio_variant_device *device, struct udev_device *udev_device,
                    struct properties *ret) {
        struct database_property wanted[N_CHOICE_PROPERTIES + 2] = {};
        char claimed[sizeof("1")] = "";
        int r = 0;

        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++)
                wanted[i] = (struct database_property){
                        .key = property_name(i),
                        .ret = value_of(ret, i),
                        .size = fields[i].size,
                };
        wanted[N_CHOICE_PROPERTIES] = (struct database_property){
                .key = "VFIO_VARIANT_CLAIMED", .ret = claimed, .size = sizeof(claimed)};
        if (udev_device)
                database_read_device(udev_device, wanted);
        else
                r = read_record(device, wanted);
        if (r < 0 || !*claimed)
                return r;
        /* 70-vfio-variant-claim.rules wrote the record, in an initramfs image, which may have other
         * tags. udevd has not processed the device since. */
        *ret = (struct properties){};
        return 0;
}

int properties_read(struct vfio_variant_device *device, struct udev_device *udev_device) {
        struct properties properties = {};
        int r = read_all(device, udev_device, &properties);

        if (r < 0)
                return r;
        /* The database is read by the name of the device, which may be another device's now */
        if (device_map_error(device, -ENOENT) == -ENODEV)
                return -ENODEV;
        drop_invalid(device, &properties);
        device->properties = properties;
        device->origin = VFIO_VARIANT_ORIGIN_DATABASE;
        device->has_properties = true;
        return r;
}
