/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: which VFIO driver a device should be bound to. */

#include <errno.h>
#include <syslog.h>

#include "device_keys.h"
#include "device_properties.h"
#include "text.h"

/* Why the driver that the caller named is not the choice. */
static const int pin_errors[] = {
        [PIN_INVALID] = -EINVAL,
        [PIN_UNKNOWN] = -ENXIO,
        [PIN_REFUSED] = -EPERM,
};

/* An administrator's pin that is not available is ignored, with a warning. */
static void log_pin(const struct vfio_variant_device *device, const char *pin) {
        context_log(device->context, LOG_WARNING, "VFIO_VARIANT_PIN=", pin, " of ",
                    device->shown_sysname,
                    " is ignored: no module that may be loaded has that name or driver");
}

int choice_look_up(struct vfio_variant_device *device, const char *pin, struct properties *ret) {
        struct vfio_variant *context = device->context;
        const char *wanted = pin;
        struct choice choice;
        int r = context_open_source(context), r_pin;

        if (!wanted && device->properties.pin[0])
                wanted = device->properties.pin;
        if (r >= 0)
                r = choice_find(context->source, device->handle.modalias, wanted, &choice);
        if (r < 0)
                return r;
        context_log_damage(context);
        r_pin = pin_errors[choice.pin];
        if (r_pin < 0 && pin)
                return r_pin;
        if (r_pin < 0)
                log_pin(device, wanted);
        if (r == 0)
                return -ENODATA;
        (void)text_put(ret->driver, sizeof(ret->driver), choice.driver);
        (void)text_put(ret->module, sizeof(ret->module), choice.module);
        (void)text_put(ret->alias, sizeof(ret->alias), choice.alias);
        (void)text_put(ret->fallback, sizeof(ret->fallback), pin ? "" : choice.fallback);
        return 0;
}

int vfio_variant_device_look_up(struct vfio_variant_device *device, const char *pin) {
        int r = choice_look_up(device, pin, &device->properties);

        if (r < 0)
                return r;
        device->origin = VFIO_VARIANT_ORIGIN_LOOKUP;
        device->has_properties = true;
        return 0;
}

int choice_need_pin(struct vfio_variant_device *device) {
        /* A lookup replaces a database that fails or does not exist */
        if (!device->has_properties && properties_read(device, NULL) < 0 &&
            device_map_error(device, -ENOENT) == -ENODEV)
                return -ENODEV;
        /* The database has no pin either if no rules were run for the device */
        if (!device->properties.pin[0] && !device->properties.driver[0])
                (void)vfio_variant_device_read_tag(device);
        return 0;
}

_public_ int vfio_variant_device_choose(struct vfio_variant_device *device, const char *driver) {
        int r = choice_need_pin(device);

        if (r < 0 || (!driver && device->properties.driver[0]))
                return r;
        return vfio_variant_device_look_up(device, driver);
}

_public_ const char *vfio_variant_device_get_variant_driver(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_VARIANT_DRIVER, vfio_variant_device_choose(device, NULL),
                           device->properties.driver);
}

_public_ const char *vfio_variant_device_get_variant_module(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_VARIANT_MODULE, vfio_variant_device_choose(device, NULL),
                           device->properties.module);
}

_public_ const char *vfio_variant_device_get_variant_alias(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_VARIANT_ALIAS, vfio_variant_device_choose(device, NULL),
                           device->properties.alias);
}

_public_ const char *vfio_variant_device_get_fallback_driver(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_FALLBACK_DRIVER, vfio_variant_device_choose(device, NULL),
                           device->properties.fallback);
}

_public_ int vfio_variant_device_get_variant_origin(struct vfio_variant_device *device) {
        int r = vfio_variant_device_choose(device, NULL);

        return r < 0 ? r : (int)device->origin;
}
