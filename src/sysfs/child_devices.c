/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a class that are below a device: block devices, network interfaces. */
#include "child_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "text.h"

struct walk {
        const char *syspath;
        child_device_fn on_name;
        void *userdata;
};

/* Is the target of LINK, "../../devices/pci0000:00/...", below SYSPATH, "/sys/devices/..."? */
static bool leads_below(const char *link, const char *syspath) {
        const char *path = syspath + sizeof("/sys/") - 1;

        while (startswith(link, "../"))
                link += 3;
        return startswith(link, path) && link[strlen(path)] == '/';
}

static int check_link(int dir_fd, const char *name, void *userdata) {
        const struct walk *walk = userdata;
        char link[PATH_MAX];
        ssize_t n = readlinkat(dir_fd, name, link, sizeof(link) - 1);

        if (n < 0) /* EINVAL: not a link, as /sys/class/net/bonding_masters */
                return errno == ENOENT || errno == EINVAL ? 0 : -errno;
        link[n] = '\0';
        return leads_below(link, walk->syspath) ? walk->on_name(name, walk->userdata) : 0;
}

int child_device_each(const struct handle *handle, const char *class, child_device_fn on_name,
                      void *userdata) {
        struct walk walk = {.syspath = handle->syspath, .on_name = on_name, .userdata = userdata};
        char path[sizeof("/sys/class/") + NAME_SIZE];
        _cleanup_close_ int fd = -1;

        if (!text_join(path, sizeof(path), "/sys/class/", class))
                return -ENAMETOOLONG;
        fd = fd_open_directory(AT_FDCWD, path);
        if (fd < 0) /* the kernel has no such class */
                return fd == -ENOENT ? 0 : fd;
        return directory_read(fd, check_link, &walk);
}
