/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a device: from the udev database, from its caller, or computed. */
#include <errno.h>
#include <stddef.h>

#include "database.h"
#include "objects.h"
#include "text.h"

/* Where a property is kept. */
struct field {
        const char *name;
        size_t offset, size;
        bool (*is_valid)(const char *value);
};

static bool is_name(const char *value) {
        return name_is_valid(value, text_length(value));
}

static bool is_alias(const char *value) {
        return text_is_word(value, text_length(value));
}

static bool is_bind(const char *value) {
        return text_equal(value, "0") || text_equal(value, "1") || text_equal(value, "force");
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
                if (text_equal(fields[i].name, name))
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
        if (value && *value && (text_length(value) >= field->size || !field->is_valid(value)))
                return -EINVAL;
        (void)text_put(place, field->size, value ? value : "");
        return 0;
}

const char *vfio_variant_device_get_property(const struct vfio_variant_device *device,
                                             const char *name) {
        const struct field *field = find_field(name);
        const char *value = field ? (const char *)&device->properties + field->offset : "";

        return *value ? value : NULL;
}

int vfio_variant_device_read_database(struct vfio_variant_device *device) {
        struct database_property wanted[N_FIELDS + 1] = {};
        struct properties properties = {};
        int r = context_open_udev(device->context);

        for (size_t i = 0; i < N_FIELDS; i++)
                wanted[i] = (struct database_property){
                        .key = fields[i].name,
                        .ret = value_of(&properties, &fields[i]),
                        .size = fields[i].size,
                };
        if (r >= 0)
                r = database_read(device->context->udev, device->handle.bus, device->handle.sysname,
                                  wanted);
        if (r < 0)
                return r;
        /* A value that it can't have is none */
        for (size_t i = 0; i < N_FIELDS; i++) {
                char *value = value_of(&properties, &fields[i]);

                if (*value && !fields[i].is_valid(value))
                        *value = '\0';
        }
        device->properties = properties;
        return r;
}

/* What keeps a pin that was asked for by name from being the answer. */
static int pin_error(enum answer_pin pin) {
        switch (pin) {
        case PIN_INVALID:
                return -EINVAL;
        case PIN_UNKNOWN:
                return -ENXIO;
        case PIN_REFUSED:
                return -EPERM;
        default:
                return 0;
        }
}

int vfio_variant_device_look_up(struct vfio_variant_device *device, const char *pin) {
        struct properties *properties = &device->properties;
        const char *wanted = pin;
        struct answer answer;
        int r = context_open_source(device->context);

        if (!wanted && properties->pin[0])
                wanted = properties->pin;
        if (r >= 0)
                r = answer_find(device->context->source, device->handle.modalias, wanted, &answer);
        if (r >= 0 && pin)
                r = pin_error(answer.pin) < 0 ? pin_error(answer.pin) : r;
        if (r <= 0)
                return r < 0 ? r : -ENODATA;
        (void)text_put(properties->driver, sizeof(properties->driver), answer.driver);
        (void)text_put(properties->module, sizeof(properties->module), answer.module);
        (void)text_put(properties->alias, sizeof(properties->alias), answer.alias);
        (void)text_put(properties->fallback, sizeof(properties->fallback),
                       pin ? "" : answer.fallback);
        return 0;
}
