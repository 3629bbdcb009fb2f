/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hardware database: the properties that are set for a match key. */
#include "hwdb.h"

#include <errno.h>
#include <libudev.h>
#include <string.h>

#include "text.h"

int hwdb_open(struct udev *udev, struct udev_hwdb **ret) {
        struct udev_hwdb *hwdb = udev_hwdb_new(udev);

        if (!hwdb)
                return 0;
        *ret = hwdb;
        return 1;
}

void hwdb_close(struct udev_hwdb *hwdb) {
        if (hwdb)
                udev_hwdb_unref(hwdb);
}

int hwdb_value(struct udev_hwdb *hwdb, const char *match, const char *property, char *ret,
               size_t size) {
        struct udev_list_entry *entry = NULL;
        const char *value;

        if (hwdb)
                entry = udev_hwdb_get_properties_list_entry(hwdb, match, 0);
        if (entry)
                entry = udev_list_entry_get_by_name(entry, property);
        value = entry ? udev_list_entry_get_value(entry) : NULL;
        if (!value) {
                ret[0] = '\0';
                return 0;
        }
        if (strlen(value) >= size)
                return -EMSGSIZE;
        (void)text_put(ret, size, value);
        return 1;
}

void hwdb_read(struct udev_hwdb *hwdb, const char *match, const struct database_property *wanted) {
        struct udev_list_entry *all =
                hwdb ? udev_hwdb_get_properties_list_entry(hwdb, match, 0) : NULL;

        for (; wanted->key; wanted++) {
                struct udev_list_entry *entry =
                        all ? udev_list_entry_get_by_name(all, wanted->key) : NULL;
                const char *value = entry ? udev_list_entry_get_value(entry) : NULL;

                if (!value || text_put(wanted->ret, wanted->size, value) == wanted->size)
                        wanted->ret[0] = '\0';
        }
}
