/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding, unbinding and claiming a device. */
#include <errno.h>
#include <stdlib.h>
#include <syslog.h>

#include "cleanup.h"
#include "load.h"
#include "objects.h"
#include "text.h"

/* What is done, and with which drivers. */
struct deed {
        struct vfio_variant_device *device;
        const struct properties *properties;
        unsigned flags;
};

static int load_by_name(const char *module, void *userdata) {
        const struct deed *deed = userdata;
        int r = load_module(module, NULL, NULL);

        /* Of the fallback only the driver's name is known. Where it is no module's as well, it is
         * built in, or missing, which the next step finds out */
        if (r == -ENOENT && text_equal(module, deed->properties->fallback))
                return 0;
        return r;
}

static int load_by_modalias(const char *modalias, void *userdata) {
        (void)userdata;
        return load_modalias(modalias, NULL, NULL);
}

static void tell_wait(void *userdata) {
        const struct deed *deed = userdata;

        context_log(deed->device->context, LOG_WARNING,
                    "waiting for another process that works on ", deed->device->shown_sysname);
}

static const char *or_null(const char *text) {
        return *text ? text : NULL;
}

static struct bind_request request_of(struct deed *deed) {
        const struct properties *properties = deed->properties;

        return (struct bind_request){
                .wanted = {or_null(properties->driver), or_null(properties->module)},
                .fallback = {or_null(properties->fallback), or_null(properties->fallback)},
                .force = deed->flags & VFIO_VARIANT_FORCE,
                .dry_run = deed->flags & VFIO_VARIANT_DRY_RUN,
                .fresh = deed->flags & VFIO_VARIANT_FRESH,
                .loader = {load_by_name, load_by_modalias, deed},
                .on_wait = tell_wait,
                .wait_userdata = deed,
        };
}

static struct vfio_variant_report *report_new(const struct deed *deed) {
        struct vfio_variant_report *report = calloc(1, sizeof(*report));

        if (!report)
                return NULL;
        report->had_vfio = device_is_on_vfio(deed->device->handle.fd) > 0;
        (void)text_put(report->asked, sizeof(report->asked), deed->properties->driver);
        return report;
}

/* The properties by which DEVICE is to be bound: the answer, or, if not NULL, DRIVER. */
static int choose(struct vfio_variant_device *device, const char *driver, struct properties *ret) {
        int r;

        if (driver)
                return properties_look_up(device, driver, ret);
        r = vfio_variant_device_find_answer(device);
        if (r >= 0)
                *ret = device->properties;
        return r;
}

_public_ int vfio_variant_device_bind(struct vfio_variant_device *device, const char *driver,
                                      unsigned flags, struct vfio_variant_report **ret) {
        struct properties properties = {};
        struct deed deed = {.device = device, .properties = &properties, .flags = flags};
        struct vfio_variant_report *report;
        struct bind_request request;
        int r = choose(device, driver, &properties);

        if (r < 0)
                return r;
        report = report_new(&deed);
        if (!report)
                return -ENOMEM;
        *ret = report;
        request = request_of(&deed);
        return bind_device(&device->handle, &request, &report->report);
}

_public_ int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                                        struct vfio_variant_report **ret) {
        struct deed deed = {.device = device, .properties = &device->properties, .flags = flags};
        struct bind_request request = request_of(&deed);
        struct vfio_variant_report *report = report_new(&deed);

        if (!report)
                return -ENOMEM;
        *ret = report;
        return unbind_device(&device->handle, &request, &report->report);
}

int vfio_variant_device_claim(struct vfio_variant_device *device,
                              struct vfio_variant_report **ret) {
        const struct deed deed = {.device = device, .properties = &device->properties};
        struct vfio_variant_report *report;

        if (!device->properties.driver[0])
                return -ENODATA;
        report = report_new(&deed);
        if (!report)
                return -ENOMEM;
        *ret = report;
        return claim_device(&device->handle, device->properties.driver, &report->report);
}
