/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a device: from the udev database, or from its caller. */
#include "device_properties.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <syslog.h>

#include "database.h"
#include "text.h"

/* A property and its member of struct properties. */
struct field {
        const char *name;
        size_t offset, size;
        bool (*is_valid)(const char *value);
};

static bool is_name(const char *value) {
        return name_is_valid(value, strlen(value));
}

static bool is_alias(const char *value) {
        return text_is_word(value, strlen(value));
}

static bool is_bind(const char *value) {
        return streq(value, "0") || streq(value, "1") || streq(value, "force");
}

#define FIELD(key, member, check)                                                                  \
        {                                                                                          \
                "VFIO_VARIANT_" key, offsetof(struct properties, member),                          \
                        sizeof(((struct properties *)0)->member), check                            \
        }

static const struct field fields[] = {
        FIELD("DRIVER", driver, is_name),     FIELD("MODULE", module, is_name),
        FIELD("FALLBACK", fallback, is_name), FIELD("PIN", pin, is_name),
        FIELD("ALIAS", alias, is_alias),      FIELD("BIND", bind, is_bind),
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct field *find_field(const char *name) {
        for (size_t i = 0; i < N_FIELDS; i++)
                if (streq(fields[i].name, name))
                        return &fields[i];
        return NULL;
}

static char *value_of(struct properties *properties, const struct field *field) {
        return (char *)properties + field->offset;
}

int vfio_variant_device_set_property(struct vfio_variant_device *device, const char *name,
                                     const char *value) {
        const struct field *field = find_field(name);
        char *place;

        if (!field)
                return -EINVAL;
        place = value_of(&device->properties, field);
        if (value && *value && (strlen(value) >= field->size || !field->is_valid(value)))
                return -EINVAL;
        (void)text_put(place, field->size, value ? value : "");
        device->has_properties = true;
        return 0;
}

const char *vfio_variant_device_get_property(const struct vfio_variant_device *device,
                                             const char *name) {
        const struct field *field = find_field(name);
        const char *value = field ? (const char *)&device->properties + field->offset : "";

        return *value ? value : NULL;
}

/* Unsets properties with an invalid value. */
static void drop_invalid(const struct vfio_variant_device *device, struct properties *properties) {
        for (size_t i = 0; i < N_FIELDS; i++) {
                char *value = value_of(properties, &fields[i]);

                if (!*value || fields[i].is_valid(value))
                        continue;
                *value = '\0';
                context_log(device->context, LOG_WARNING, fields[i].name, " of ",
                            device->shown_sysname,
                            " is ignored: its value in the udev database is invalid");
        }
}

static int read_record(struct vfio_variant_device *device, const struct database_property *wanted) {
        int r = context_open_udev(device->context);

        if (r < 0)
                return r;
        return database_read(device->context->udev, device->handle.syspath, wanted);
}

int properties_read(struct vfio_variant_device *device, struct udev_device *udev_device) {
        struct database_property wanted[N_FIELDS + 1] = {};
        struct properties properties = {};
        int r = 0;

        for (size_t i = 0; i < N_FIELDS; i++)
                wanted[i] = (struct database_property){
                        .key = fields[i].name,
                        .ret = value_of(&properties, &fields[i]),
                        .size = fields[i].size,
                };
        if (udev_device)
                database_read_device(udev_device, wanted);
        else
                r = read_record(device, wanted);
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

int vfio_variant_device_read_database(struct vfio_variant_device *device) {
        return properties_read(device, NULL);
}
