/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drivers of a bus, and the names of the drivers of a module. */
#include "bus_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "module.h"
#include "sysfs_link.h"
#include "text.h"

static bool is_name(const char *name) {
        return name && name_is_valid(name, strlen(name));
}

/* Is DRIVER one of the drivers of MODULE? Returns 1, 0 or a negative errno. */
static int module_has_driver(const char *module, const char *bus, const char *driver) {
        char path[sizeof("/sys/module//drivers/:") + 3 * (size_t)NAME_SIZE];

        (void)snprintf(path, sizeof(path), "/sys/module/%s/drivers/%s:%s", module, bus, driver);
        return link_exists(AT_FDCWD, path);
}

/* Returns 0, -ENOENT if MODULE has no driver on the bus, or another negative errno. */
static int find_module_driver(const struct handle *handle, const char *driver, const char *module,
                              char ret[NAME_SIZE]) {
        char directory[NAME_SIZE];
        int r;

        name_normalise(module, directory);
        r = module_has_driver(directory, handle->bus, driver);
        if (r > 0)
                (void)text_put(ret, NAME_SIZE, driver);
        return r > 0 ? 0 : r < 0 ? r : module_driver(directory, handle->bus, ret);
}

static int bus_has_driver(const struct handle *handle, const char *name) {
        char path[sizeof("/sys/bus//drivers/") + 2 * (size_t)NAME_SIZE];

        (void)snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s", handle->bus, name);
        return link_exists(AT_FDCWD, path);
}

int bus_find_driver(const struct handle *handle, const char *driver, const char *module,
                    char ret[NAME_SIZE]) {
        char name[NAME_SIZE];
        int r = -ENOENT;

        if (!is_name(driver) || (module && !is_name(module)))
                return -EINVAL;
        if (module)
                r = find_module_driver(handle, driver, module, name);
        if (r == -ENOENT)
                (void)text_put(name, sizeof(name), driver);
        else if (r < 0)
                return r;
        r = bus_has_driver(handle, name);
        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        (void)text_put(ret, NAME_SIZE, name);
        return 0;
}

int bus_open_probe(const struct handle *handle) {
        char path[sizeof("/sys/bus//drivers_probe") + NAME_SIZE];

        (void)snprintf(path, sizeof(path), "/sys/bus/%s/drivers_probe", handle->bus);
        return attribute_open(AT_FDCWD, path);
}
