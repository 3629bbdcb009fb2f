/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module of the running kernel in /sys: /sys/module/MODULE/drivers/BUS:DRIVER. */
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "directory.h"
#include "sysfs_link.h"
#include "text.h"

struct wanted {
        char prefix[NAME_SIZE]; /* BUS: */
        char *driver;           /* "" until one is found */
};

static int check_driver(int dir_fd, const char *name, void *userdata) {
        const struct wanted *wanted = userdata;
        const char *driver;

        (void)dir_fd;
        if (!startswith(name, wanted->prefix))
                return 0;
        driver = name + strlen(wanted->prefix);
        if (!name_is_valid(driver, strlen(driver)))
                return 0;
        /* If there are several drivers the first in byte order is used: directories have no
         * order */
        if (!wanted->driver[0] || strcmp(driver, wanted->driver) < 0)
                (void)text_put(wanted->driver, NAME_SIZE, driver);
        return 0;
}

int module_driver(const char *module, const char *bus, char ret[NAME_SIZE]) {
        char driver[NAME_SIZE] = "";
        struct wanted wanted = {.driver = driver};
        char head[sizeof("/sys/module/") + NAME_SIZE];
        char path[sizeof(head) + sizeof("/drivers")];
        int r;

        if (!text_join(wanted.prefix, sizeof(wanted.prefix), bus, ":") ||
            !text_join(head, sizeof(head), "/sys/module/", module) ||
            !text_join(path, sizeof(path), head, "/drivers"))
                return -ENAMETOOLONG;
        r = directory_read_at(AT_FDCWD, path, check_driver, &wanted);
        if (r < 0)
                return r;
        if (!driver[0])
                return -ENOENT;
        (void)text_put(ret, NAME_SIZE, driver);
        return 0;
}

/* A built-in module may have a directory as well, for its parameters, but no state. */
int module_is_loaded(const char *module) {
        char name[NAME_SIZE], path[sizeof("/sys/module//initstate") + NAME_SIZE];

        if (!name_is_valid(module, strlen(module)))
                return -EINVAL;
        name_normalise(module, name);
        (void)snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
        return link_exists(AT_FDCWD, path);
}
