/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is there an IOMMU, and may VFIO work without one? */
#include "iommu.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "device.h"
#include "directory.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"
#include "vfio_node.h"

static int is_entry(int dir_fd, const char *name, void *userdata) {
        (void)dir_fd;
        (void)name;
        (void)userdata;
        return 1;
}

/* A group that VFIO created is no evidence of an IOMMU. */
static int is_real_group(int dir_fd, const char *name, void *userdata) {
        _cleanup_close_ int fd = fd_open_directory(dir_fd, name);
        int r;

        (void)userdata;
        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        r = group_is_without_iommu(fd);
        return r < 0 ? r : !r;
}

/* Is there an entry in the directory PATH for which IS_WANTED returns 1? */
static int has_any(const char *path, directory_fn is_wanted) {
        int r = directory_read_at(AT_FDCWD, path, is_wanted, NULL);

        return r == -ENOENT ? 0 : r;
}

int iommu_is_on(void) {
        int r = has_any("/sys/class/iommu", is_entry);

        /* Some IOMMU drivers do not register in the class */
        if (r == 0)
                r = has_any("/sys/kernel/iommu_groups", is_real_group);
        if (r == 0 && link_exists(AT_FDCWD, "/sys/bus") == 0)
                return -ENOENT;
        return r;
}

int iommu_is_owned_by_xen(void) {
        char type[8];
        int r = device_attribute(AT_FDCWD, "/sys/hypervisor/type", type, sizeof(type));

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        return streq(type, "xen");
}

#define VFIO_MODULE "/sys/module/vfio"

/* The parameter exists if CONFIG_VFIO_NOIOMMU is set: drivers/vfio/vfio_main.c. The directory of
 * the module has its version, so that it exists for a vfio that is built in as well. */
int noiommu_is_enabled(void) {
        char value[8];
        int r = device_attribute(AT_FDCWD, VFIO_MODULE "/parameters/enable_unsafe_noiommu_mode",
                                 value, sizeof(value));

        if (r >= 0)
                return streq(value, "Y");
        if (r != -ENOENT)
                return r;
        r = link_exists(AT_FDCWD, VFIO_MODULE);
        return r < 0 ? r : r > 0 ? -EOPNOTSUPP : -ENODATA;
}
