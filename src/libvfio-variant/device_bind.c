/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding, unbinding and claiming devices. */
#include "device_object.h"

#include <errno.h>
#include <syslog.h>

#include "arena.h"
#include "cleanup.h"
#include "device_properties.h"
#include "module_load.h"
#include "report.h"
#include "text.h"

/* An operation on a device, with all that its request refers to. */
struct operation {
        struct vfio_variant_device *device;
        unsigned flags;
        struct properties properties; /* by which it is bound */
        struct bind_request request;
        /* The drivers ranked below the fallback, looked up if the probes of both failed */
        bool is_looked_up;
        unsigned n_others;
        struct {
                char driver[NAME_SIZE], module[NAME_SIZE];
        } others[BIND_ATTEMPTS];
};

static int load_by_name(const char *module, void *userdata) {
        const struct operation *operation = userdata;
        int r = load_module(module, NULL, NULL);

        /* Only the driver's name of the fallback is known. If no module has that name, the driver
         * is built in or missing, which the next step finds out */
        if (r == -ENOENT && streq(module, operation->properties.fallback))
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

static void set_request(struct operation *operation) {
        const struct properties *properties = &operation->properties;

        operation->request = (struct bind_request){
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

static int add_other(const struct choice_candidate *candidate, void *userdata) {
        struct operation *operation = userdata;
        unsigned n = operation->n_others;

        if (!choice_is_usable(candidate->verdict) || n == BIND_ATTEMPTS ||
            streq(candidate->driver, operation->properties.driver) ||
            streq(candidate->driver, operation->properties.fallback))
                return 0;
        (void)text_put(operation->others[n].driver, NAME_SIZE, candidate->driver);
        (void)text_put(operation->others[n].module, NAME_SIZE, candidate->module);
        operation->n_others++;
        return 0;
}

static int find_others(struct operation *operation) {
        struct vfio_variant *context = operation->device->context;
        int r = context_open_source(context);

        if (r < 0)
                return r;
        operation->is_looked_up = true;
        return choice_explain(context->source, operation->device->handle.modalias,
                              or_null(operation->properties.pin), add_other, operation);
}

static int next_driver(unsigned number, struct bind_driver *ret, void *userdata) {
        struct operation *operation = userdata;
        int r = operation->is_looked_up ? 0 : find_others(operation);

        if (r < 0)
                return r;
        if (number >= operation->n_others)
                return 0;
        *ret = (struct bind_driver){operation->others[number].driver,
                                    or_null(operation->others[number].module)};
        return 1;
}

static int begin_all(struct operation *operations, struct vfio_variant_device *const *devices,
                     unsigned n, const char *driver, unsigned flags) {
        int r = 0;

        for (unsigned i = 0; i < n && r >= 0; i++) {
                operations[i].device = devices[i];
                operations[i].flags = flags;
                r = choose_properties(devices[i], driver, &operations[i].properties);
        }
        return r;
}

/* Makes the reports, for the caller to release: all, or none. */
static int make_reports(const struct operation *operations, unsigned n,
                        struct vfio_variant_report **ret) {
        for (unsigned i = 0; i < n; i++) {
                ret[i] = report_new(operations[i].device);
                if (ret[i])
                        continue;
                while (i-- > 0)
                        ret[i] = vfio_variant_report_free(ret[i]);
                return -ENOMEM;
        }
        return 0;
}

/* If the caller named a driver, there is no fallback, and no other driver is tried. */
static int bind_all(struct operation *operations, struct bind_member *members, unsigned n,
                    struct vfio_variant_report **ret) {
        int r = make_reports(operations, n, ret);

        if (r < 0)
                return r;
        for (unsigned i = 0; i < n; i++) {
                set_request(&operations[i]);
                operations[i].request.next = next_driver;
                operations[i].request.next_userdata = &operations[i];
                members[i] = (struct bind_member){
                        .handle = &operations[i].device->handle,
                        .request = &operations[i].request,
                        .report = &ret[i]->report,
                };
        }
        return bind_devices(members, n);
}

_public_ int vfio_variant_bind_devices(struct vfio_variant_device *const *devices, unsigned n,
                                       const char *driver, unsigned flags,
                                       struct vfio_variant_report **ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct operation *operations = arena_take(&arena, n * sizeof(*operations));
        struct bind_member *members = arena_take(&arena, n * sizeof(*members));
        int r;

        if (n == 0)
                return 0;
        if (!operations || !members)
                return -ENOMEM;
        r = begin_all(operations, devices, n, driver, flags);
        return r < 0 ? r : bind_all(operations, members, n, ret);
}

_public_ int vfio_variant_device_bind(struct vfio_variant_device *device, const char *driver,
                                      unsigned flags, struct vfio_variant_report **ret) {
        return vfio_variant_bind_devices(&device, 1, driver, flags, ret);
}

_public_ int vfio_variant_device_unbind(struct vfio_variant_device *device, unsigned flags,
                                        struct vfio_variant_report **ret) {
        struct operation operation = {
                .device = device,
                .flags = flags,
                .properties = device->properties,
        };
        struct vfio_variant_report *report = report_new(device);
        int r;

        if (!report)
                return -ENOMEM;
        *ret = report;
        set_request(&operation);
        r = unbind_device(&device->handle, &operation.request, &report->report);
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
