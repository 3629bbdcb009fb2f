/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libudev, loaded when it is needed. The environment of a udev event has all that is needed to bind
 * its device, and a program that links libudev takes a sixth longer to start. These functions are
 * those that the lower layers call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <libudev.h>
#include <stddef.h>

#include "dlopen_note.h"

#define LIBUDEV "libudev.so.1"

DEFINE_DLOPEN_NOTE(LIBUDEV, "udev", "Read the tags of devices without an event of their own");

/* Returns NULL with errno set if libudev is not installed. */
static void *find(const char *function) {
        static void *library;

        if (!library)
                library = dlopen(LIBUDEV, RTLD_NOW | RTLD_LOCAL);
        if (!library)
                errno = ELIBACC;
        return library ? dlsym(library, function) : NULL;
}

/* Without libudev, udev_new() fails, and no other function is called. */
#define FORWARD(type, function, parameters, ...)                                                   \
        type function parameters {                                                                 \
                __typeof__(&function) found = find(#function);                                     \
                                                                                                   \
                return found ? found(__VA_ARGS__) : (type)0;                                       \
        }                                                                                          \
        _Static_assert(1, "wants a semicolon")

FORWARD(struct udev *, udev_new, (void));
FORWARD(struct udev *, udev_unref, (struct udev * udev), udev);
FORWARD(struct udev_device *, udev_device_new_from_syspath,
        (struct udev * udev, const char *syspath), udev, syspath);
FORWARD(struct udev_device *, udev_device_unref, (struct udev_device * device), device);
FORWARD(int, udev_device_get_is_initialized, (struct udev_device * device), device);
FORWARD(const char *, udev_device_get_syspath, (struct udev_device * device), device);
FORWARD(const char *, udev_device_get_property_value,
        (struct udev_device * device, const char *key), device, key);
FORWARD(struct udev_hwdb *, udev_hwdb_new, (struct udev * udev), udev);
FORWARD(struct udev_hwdb *, udev_hwdb_unref, (struct udev_hwdb * hwdb), hwdb);
FORWARD(struct udev_list_entry *, udev_hwdb_get_properties_list_entry,
        (struct udev_hwdb * hwdb, const char *match, unsigned flags), hwdb, match, flags);
FORWARD(struct udev_list_entry *, udev_list_entry_get_by_name,
        (struct udev_list_entry * entry, const char *name), entry, name);
FORWARD(const char *, udev_list_entry_get_value, (struct udev_list_entry * entry), entry);
