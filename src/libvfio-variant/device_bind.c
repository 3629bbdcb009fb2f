/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding, unbinding and claiming devices. */
#include "device_bind.h"

#include <errno.h>
#include <syslog.h>

#include "arena.h"
#include "cleanup.h"
#include "device_choice.h"
#include "module_load.h"
#include "report.h"
#include "text.h"

/* An operation on a device, with its drivers. */
struct operation {
        struct vfio_variant_device *device;
        const struct properties *properties;
        unsigned flags;
};

static int load_by_name(const char *module, void *userdata) {
        const struct operation *operation = userdata;
        int r = load_module(module, NULL, NULL);

        /* Only the driver's name of the fallback is known. If no module has that name, the driver
         * is built in or missing, which the next step finds out */
        if (r == -ENOENT && streq(module, operation->properties->fallback))
                return 0;
        return r;
}

static int load_by_modalias(const char *modalias, void *userdata) {
        (void)userdata;
        return load_modalias(modalias, NULL, NULL);
}

static void log_wait(void *userdata) {
        const struct operation *operation = userdata;

        context_log(operation->device->context, LOG_WARNING,
                    "waiting for another process that works on ", operation->device->shown_sysname);
}

static const char *or_null(const char *text) {
        return *text ? text : NULL;
}

static bool is_forced(const struct operation *operation) {
        return (operation->flags & VFIO_VARIANT_FLAG_FORCE) ||
               ((operation->flags & VFIO_VARIANT_FLAG_FORCE_IF_TAGGED) &&
                streq(operation->device->properties.bind, "force"));
}

static struct bind_request request_of(struct operation *operation) {
        const struct properties *properties = operation->properties;

        return (struct bind_request){
                .wanted = {or_null(properties->driver), or_null(properties->module)},
                .fallback = {or_null(properties->fallback), or_null(properties->fallback)},
                .force = is_forced(operation),
                .dry_run = operation->flags & VFIO_VARIANT_FLAG_DRY_RUN,
                .hotplug = operation->flags & VFIO_VARIANT_FLAG_JUST_ADDED,
                .loader = {load_by_name, load_by_modalias, operation},
                .on_wait = log_wait,
                .wait_userdata = operation,
        };
}

/* The properties by which DEVICE is bound: the choice, or, if not NULL, DRIVER. */
static int choose_properties(struct vfio_variant_device *device, const char *driver,
                             struct properties *ret) {
        int r;

        if (driver)
                return choice_look_up(device, driver, ret);
        r = vfio_variant_device_choose(device, NULL);
        if (r >= 0)
                *ret = device->properties;
        return r;
}

/* The drivers ranked below the fallback, looked up if the probes of both failed. */
struct others {
        bool is_known;
        unsigned n;
        struct {
                char driver[NAME_SIZE], module[NAME_SIZE];
        } drivers[BIND_ATTEMPTS];
};

/* A device of a transaction, with all that its bind request refers to. */
struct part {
        struct operation operation;
        struct properties properties;
        struct others others;
        struct bind_request request;
};

static int add_other(const struct choice_candidate *candidate, void *userdata) {
        struct part *part = userdata;
        struct others *others = &part->others;

        if (!choice_is_usable(candidate->verdict) || others->n == BIND_ATTEMPTS ||
            streq(candidate->driver, part->properties.driver) ||
            streq(candidate->driver, part->properties.fallback))
                return 0;
        (void)text_put(others->drivers[others->n].driver, NAME_SIZE, candidate->driver);
        (void)text_put(others->drivers[others->n].module, NAME_SIZE, candidate->module);
        others->n++;
        return 0;
}

static int find_others(struct part *part) {
        struct vfio_variant *context = part->operation.device->context;
        int r = context_open_source(context);

        if (r < 0)
                return r;
        part->others.is_known = true;
        return choice_explain(context->source, part->operation.device->handle.modalias,
                              or_null(part->properties.pin), add_other, part);
}

static int next_driver(unsigned number, struct bind_driver *ret, void *userdata) {
        struct part *part = userdata;
        int r = part->others.is_known ? 0 : find_others(part);

        if (r < 0)
                return r;
        if (number >= part->others.n)
                return 0;
        *ret = (struct bind_driver){part->others.drivers[number].driver,
                                    or_null(part->others.drivers[number].module)};
        return 1;
}

static int part_begin(struct part *part, struct vfio_variant_device *device, const char *driver,
                      unsigned flags) {
        part->operation = (struct operation){device, &part->properties, flags};
        return choose_properties(device, driver, &part->properties);
}

static int parts_begin(struct part *parts, struct vfio_variant_device *const *devices, unsigned n,
                       const char *driver, unsigned flags) {
        for (unsigned i = 0; i < n; i++) {
                int r = part_begin(&parts[i], devices[i], driver, flags);

                if (r < 0)
                        return r;
        }
        return 0;
}

/* Makes the reports, for the caller to release: all, or none. */
static int make_reports(struct part *parts, unsigned n, struct vfio_variant_report **ret) {
        for (unsigned i = 0; i < n; i++) {
                ret[i] = report_new(parts[i].operation.device);
                if (ret[i])
                        continue;
                while (i-- > 0)
                        ret[i] = vfio_variant_report_free(ret[i]);
                return -ENOMEM;
        }
        return 0;
}

/* If the caller named a driver, there is no fallback, and no other driver is tried. */
static int parts_bind(struct part *parts, struct bind_member *members, unsigned n,
                      struct vfio_variant_report **ret) {
        int r = make_reports(parts, n, ret);

        if (r < 0)
                return r;
        for (unsigned i = 0; i < n; i++) {
                parts[i].request = request_of(&parts[i].operation);
                parts[i].request.next = next_driver;
                parts[i].request.next_userdata = &parts[i];
                members[i] = (struct bind_member){
                        .handle = &parts[i].operation.device->handle,
                        .request = &parts[i].request,
                        .report = &ret[i]->report,
                };
        }
        return bind_devices(members, n);
}

_public_ int vfio_variant_bind_devices(struct vfio_variant_device *const *devices, unsigned n,
                                       const char *driver, unsigned flags,
                                       struct vfio_variant_report **ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct part *parts = arena_take(&arena, n * sizeof(*parts));
        struct bind_member *members = arena_take(&arena, n * sizeof(*members));
        int r;

        if (n == 0)
                return 0;
        if (!parts || !members)
                return -ENOMEM;
        r = parts_begin(parts, devices, n, driver, flags);
        return r < 0 ? r : parts_bind(parts, members, n, ret);
}

_public_ int vfio_variant_device_bind(struct vfio_variant_device *device, const char *driver,
                                      unsigned flags, struct vfio_variant_report **ret) {
        return vfio_variant_bind_devices(&device, 1, driver, flags, ret);
}

_public_ int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                                        struct vfio_variant_report **ret) {
        struct operation operation = {
                .device = device,
                .properties = &device->properties,
                .flags = flags,
        };
        struct bind_request request = request_of(&operation);
        struct vfio_variant_report *report = report_new(device);
        int r;

        if (!report)
                return -ENOMEM;
        *ret = report;
        r = unbind_device(&device->handle, &request, &report->report);
        report_find_cause(report, device->handle.modalias, r);
        return r;
}

int vfio_variant_device_claim(struct vfio_variant_device *device,
                              struct vfio_variant_report **ret) {
        struct vfio_variant_report *report;

        if (!device->properties.driver[0])
                return -ENODATA;
        report = report_new(device);
        if (!report)
                return -ENOMEM;
        *ret = report;
        return claim_device(&device->handle, device->properties.driver, &report->report);
}
