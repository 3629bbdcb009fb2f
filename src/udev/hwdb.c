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

static struct udev_list_entry *find_all(struct udev_hwdb *hwdb, const char *match) {
        return hwdb ? udev_hwdb_get_properties_list_entry(hwdb, match, 0) : NULL;
}

static const char *value_of(struct udev_list_entry *all, const char *property) {
        struct udev_list_entry *entry = all ? udev_list_entry_get_by_name(all, property) : NULL;

        return entry ? udev_list_entry_get_value(entry) : NULL;
}

const char *hwdb_value(struct udev_hwdb *hwdb, const char *match, const char *property) {
        return value_of(find_all(hwdb, match), property);
}

void hwdb_read(struct udev_hwdb *hwdb, const char *match, const struct database_property *wanted) {
        struct udev_list_entry *all = find_all(hwdb, match);

        for (; wanted->key; wanted++)
                database_copy_value(wanted, value_of(all, wanted->key));
}
