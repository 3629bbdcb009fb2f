/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a class, and which of them are below a device: disks, network interfaces. */
#include "child_devices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "text.h"

/* PATH: the target of the link, "../../devices/pci0000:00/...". */
static int add_child(struct child_devices *children, const char *path) {
        struct child_device *list =
                reallocarray(children->list, children->n + 1, sizeof(*children->list));
        char *copy;

        if (!list)
                return -ENOMEM;
        children->list = list;
        while (startswith(path, "../"))
                path += 3;
        copy = strdup(path);
        if (!copy)
                return -ENOMEM;
        list[children->n++] = (struct child_device){.path = copy, .name = basename(copy)};
        return 0;
}

static int read_link(int dir_fd, const char *name, void *userdata) {
        char path[PATH_MAX];
        ssize_t n = readlinkat(dir_fd, name, path, sizeof(path) - 1);

        if (n < 0) /* EINVAL: not a link, as /sys/class/net/bonding_masters */
                return errno == ENOENT || errno == EINVAL ? 0 : -errno;
        path[n] = '\0';
        return add_child(userdata, path);
}

static int compare_paths(const void *a, const void *b) {
        const struct child_device *one = a, *other = b;

        return strcmp(one->path, other->path);
}

int child_devices_read(int dir_fd, const char *class, struct child_devices *ret) {
        _cleanup_(child_devices_done) struct child_devices children = {};
        int r = directory_read_at(dir_fd, class, read_link, &children);

        if (r < 0) /* -ENOENT: the kernel has no such class */
                return r == -ENOENT ? 0 : r;
        if (children.n > 0)
                qsort(children.list, children.n, sizeof(*children.list), compare_paths);
        *ret = children;
        children = (struct child_devices){};
        return 0;
}

void child_devices_done(struct child_devices *children) {
        for (size_t i = 0; i < children->n; i++)
                free(children->list[i].path);
        free(children->list);
        *children = (struct child_devices){};
}

/* The number of the first device whose path does not sort before PATH. */
static size_t find_first(const struct child_devices *children, const char *path) {
        size_t low = 0, high = children->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (strcmp(children->list[middle].path, path) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

int child_devices_each(const struct child_devices *children, const struct handle *handle,
                       child_device_fn on_name, void *userdata) {
        char prefix[PATH_MAX];
        int r = 0;

        if (!text_join(prefix, sizeof(prefix), handle->syspath + sizeof("/sys/") - 1, "/"))
                return 0; /* no path is as long */
        for (size_t i = find_first(children, prefix);
             r == 0 && i < children->n && startswith(children->list[i].path, prefix); i++)
                r = on_name(children->list[i].name, userdata);
        return r;
}
