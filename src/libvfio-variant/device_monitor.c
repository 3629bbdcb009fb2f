/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monitor: reports when a device's choice or current driver changes. */
#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "database.h"
#include "device_object.h"
#include "device_properties.h"
#include "driver.h"
#include "event.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);
DEFINE_CLEANUP(struct vfio_variant_monitor *, vfio_variant_monitor_free);

/* The state of a device when it was reported last. */
struct seen {
        struct seen *next;
        char sysname[SYSNAME_SIZE];
        char current[DRIVER_SIZE]; /* current driver */
        int type;                  /* enum vfio_variant_type of the current driver */
        char driver[NAME_SIZE], module[NAME_SIZE], fallback[NAME_SIZE]; /* the choice */
};

struct vfio_variant_monitor {
        struct vfio_variant *context; /* a reference */
        struct udev_monitor *events;
        struct seen *first;
        char sysname[SYSNAME_SIZE]; /* of the change that was received last, printable; or "" */
};

/* The place of SYSNAME in the list, or its end. */
static struct seen **seen_find(struct vfio_variant_monitor *monitor, const char *sysname) {
        struct seen **at = &monitor->first;

        while (*at && !streq((*at)->sysname, sysname))
                at = &(*at)->next;
        return at;
}

static void seen_forget(struct seen **at) {
        struct seen *seen = *at;

        *at = seen->next;
        free(seen);
}

static bool update_text(char *old, size_t size, const char *new) {
        if (streq(old, new))
                return false;
        (void)text_put(old, size, new);
        return true;
}

/*
 * The link to the driver exists before its probe is finished, but the type is VFIO only after it.
 */
static int seen_update_driver(struct seen *seen, struct vfio_variant_device *device) {
        char driver[DRIVER_SIZE] = "";
        int r = device_map_error(device, device_driver(device->handle.fd, driver));
        int type = r < 0 && r != -ENODATA ? r : device_type(device, NULL);
        bool is_other;

        if (type < 0)
                return type;
        is_other = update_text(seen->current, sizeof(seen->current), driver) || seen->type != type;
        seen->type = type;
        return is_other ? VFIO_VARIANT_CHANGE_DRIVER : 0;
}

/* Updates SEEN. Returns what changed, or a negative errno. */
static int seen_update(struct seen *seen, struct vfio_variant_device *device) {
        const struct properties *properties = &device->properties;
        int changed = seen_update_driver(seen, device);

        if (changed < 0)
                return changed;
        if (update_text(seen->driver, sizeof(seen->driver), properties->driver))
                changed |= VFIO_VARIANT_CHANGE_CHOICE;
        if (update_text(seen->module, sizeof(seen->module), properties->module))
                changed |= VFIO_VARIANT_CHANGE_CHOICE;
        if (update_text(seen->fallback, sizeof(seen->fallback), properties->fallback))
                changed |= VFIO_VARIANT_CHANGE_CHOICE;
        return changed;
}

/* Inserts DEVICE at AT. Returns VFIO_VARIANT_CHANGE_ADDED or a negative errno. */
static int seen_add(struct seen **at, struct vfio_variant_device *device) {
        struct seen *seen = calloc(1, sizeof(*seen));
        int r;

        if (!seen)
                return -ENOMEM;
        (void)text_put(seen->sysname, sizeof(seen->sysname), device->handle.sysname);
        r = seen_update(seen, device);
        if (r < 0) {
                free(seen);
                return r;
        }
        seen->next = *at;
        *at = seen;
        return VFIO_VARIANT_CHANGE_ADDED;
}

static int add_existing(struct vfio_variant_device *device, void *userdata) {
        struct vfio_variant_monitor *monitor = userdata;
        struct seen **at = seen_find(monitor, device->handle.sysname);
        int r;

        if (*at)
                return 0;
        /* Without a database there are no properties */
        (void)properties_read(device, NULL);
        r = seen_add(at, device);
        return r < 0 && r != -ENODEV ? r : 0;
}

_public_ int vfio_variant_monitor_new(struct vfio_variant *context,
                                      struct vfio_variant_monitor **ret) {
        _cleanup_(vfio_variant_monitor_freep) struct vfio_variant_monitor *monitor = NULL;
        int r = context_open_udev(context);

        if (r < 0)
                return r;
        monitor = calloc(1, sizeof(*monitor));
        if (!monitor)
                return -ENOMEM;
        monitor->context = vfio_variant_ref(context);
        /* Before the enumeration, so that no event is missed */
        r = event_open(context->udev, &monitor->events);
        if (r < 0)
                return r;
        r = vfio_variant_each_device(context, add_existing, monitor);
        if (r < 0)
                return r;
        *ret = take_pointer(monitor);
        return 0;
}

_public_ struct vfio_variant_monitor *
vfio_variant_monitor_free(struct vfio_variant_monitor *monitor) {
        if (!monitor)
                return NULL;
        while (monitor->first)
                seen_forget(&monitor->first);
        event_close(monitor->events);
        (void)vfio_variant_unref(monitor->context);
        free(monitor);
        return NULL;
}

_public_ int vfio_variant_monitor_get_fd(const struct vfio_variant_monitor *monitor) {
        return event_fd(monitor->events);
}

/* Returns VFIO_VARIANT_CHANGE_REMOVED, or 0 if the device was never reported. */
static int remove_seen(struct seen **at) {
        if (!*at)
                return 0;
        seen_forget(at);
        return VFIO_VARIANT_CHANGE_REMOVED;
}

/* Returns what EVENT changed, 0 for nothing. *ret: the device, unless it was removed. */
static int take_event(struct vfio_variant_monitor *monitor, const struct event *event,
                      struct vfio_variant_device **ret) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        struct seen **at = seen_find(monitor, event->sysname);
        int r;

        if (streq(event->action, "remove"))
                return remove_seen(at);
        r = vfio_variant_device_new_from_udev(monitor->context, event->device, &device);
        if (r >= 0)
                r = *at ? seen_update(*at, device) : seen_add(at, device);
        /* If the device was removed, that event follows. If it cannot be opened, the monitor
         * continues */
        if (r < 0 && r != -ENOMEM)
                return 0;
        if (r > 0)
                *ret = take_pointer(device);
        return r;
}

_public_ int vfio_variant_monitor_has_udevd(const struct vfio_variant_monitor *monitor) {
        (void)monitor;
        return database_look() == DATABASE_LIVE;
}

_public_ const char *vfio_variant_monitor_get_sysname(const struct vfio_variant_monitor *monitor) {
        return string_or_null(monitor->sysname);
}

_public_ int vfio_variant_monitor_receive(struct vfio_variant_monitor *monitor,
                                          struct vfio_variant_device **ret) {
        struct vfio_variant_device *device = NULL;
        struct event event;
        int r;

        for (;;) {
                r = event_next(monitor->events, &event);
                if (r <= 0)
                        return r;
                r = take_event(monitor, &event, &device);
                if (r != 0)
                        break;
                event_done(&event);
        }
        if (r > 0) {
                copy_printable(monitor->sysname, sizeof(monitor->sysname), event.sysname);
                *ret = device;
        }
        event_done(&event);
        return r;
}
