/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a device: from the udev database, from its caller, or computed. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <syslog.h>

#include "database.h"
#include "objects.h"
#include "text.h"
#include "vfio-variant-tag.h"

/* Where a property is kept. */
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

/* A value that it can't have is none. */
static void drop_invalid(const struct vfio_variant_device *device, struct properties *properties) {
        for (size_t i = 0; i < N_FIELDS; i++) {
                char *value = value_of(properties, &fields[i]);

                if (!*value || fields[i].is_valid(value))
                        continue;
                *value = '\0';
                context_log(
                        device->context, LOG_WARNING, fields[i].name, " of ", device->shown_sysname,
                        " was passed over: it has no value that it can have in the udev database");
        }
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
                r = context_open_udev(device->context);
        if (r >= 0 && !udev_device)
                r = database_read(device->context->udev, device->handle.syspath, wanted);
        /* It knows devices by their names: another one may have it now */
        if (r >= 0 && device_answer(device, -ENOENT) == -ENODEV)
                r = -ENODEV;
        if (r < 0)
                return r;
        drop_invalid(device, &properties);
        device->properties = properties;
        device->origin = VFIO_VARIANT_FROM_DATABASE;
        device->has_properties = true;
        return r;
}

int vfio_variant_device_read_database(struct vfio_variant_device *device) {
        return properties_read(device, NULL);
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

/* A pin of the administrator's that can't be had is passed over, but not in silence. */
static void tell_pin(const struct vfio_variant_device *device, const char *pin) {
        context_log(device->context, LOG_WARNING, "VFIO_VARIANT_PIN=", pin, " of ",
                    device->shown_sysname,
                    " was passed over: no module that may be loaded has that name or driver");
}

int properties_look_up(struct vfio_variant_device *device, const char *pin,
                       struct properties *ret) {
        struct vfio_variant *context = device->context;
        const char *wanted = pin;
        struct answer answer;
        int r = context_open_source(context), r_pin;

        if (!wanted && device->properties.pin[0])
                wanted = device->properties.pin;
        if (r >= 0)
                r = answer_find(context->source, device->handle.modalias, wanted, &answer);
        if (r < 0)
                return r;
        context_tell_damage(context);
        r_pin = pin_error(answer.pin);
        if (r_pin < 0 && pin)
                return r_pin;
        if (r_pin < 0)
                tell_pin(device, wanted);
        if (r == 0)
                return -ENODATA;
        (void)text_put(ret->driver, sizeof(ret->driver), answer.driver);
        (void)text_put(ret->module, sizeof(ret->module), answer.module);
        (void)text_put(ret->alias, sizeof(ret->alias), answer.alias);
        (void)text_put(ret->fallback, sizeof(ret->fallback), pin ? "" : answer.fallback);
        return 0;
}

int vfio_variant_device_look_up(struct vfio_variant_device *device, const char *pin) {
        int r = properties_look_up(device, pin, &device->properties);

        if (r < 0)
                return r;
        device->origin = VFIO_VARIANT_FROM_LOOK_UP;
        device->has_properties = true;
        return 0;
}

int properties_need_pin(struct vfio_variant_device *device) {
        /* What the database can't say is looked up: it may not even be there. Nor may the device */
        if (!device->has_properties && properties_read(device, NULL) < 0 &&
            device_answer(device, -ENOENT) == -ENODEV)
                return -ENODEV;
        /* It knows of no pin either, where no rules were run for the device */
        if (!device->properties.pin[0] && !device->properties.driver[0])
                (void)vfio_variant_device_read_tag(device);
        return 0;
}

int vfio_variant_device_find_answer(struct vfio_variant_device *device) {
        int r = properties_need_pin(device);

        if (r < 0 || device->properties.driver[0])
                return r;
        return vfio_variant_device_look_up(device, NULL);
}
