/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: the device has virtual functions, which its driver removes on unbind. */
#include <errno.h>

#include "device.h"
#include "guard.h"
#include "sysfs_link.h"
#include "text.h"

/* Up to 65535: pci_regs.h, PCI_SRIOV_NUM_VF */
#define COUNT_SIZE 8

/*
 * Drivers call pci_disable_sriov() on unbind, which waits for the driver of each virtual function,
 * and thus for a guest that uses it.
 */
int guard_functions(const struct guard_target *target, struct finding *ret) {
        char count[COUNT_SIZE], sysname[SYSNAME_SIZE];
        int r = device_attribute(target->handle->fd, "sriov_numvfs", count, sizeof(count));

        if (r == -ENOENT)
                return 0;
        if (r < 0 || streq(count, "0"))
                return r;
        if (link_name(target->handle->fd, "virtfn0", sysname, sizeof(sysname)) < 0)
                (void)text_put(sysname, sizeof(sysname), "unknown");
        return finding_set(ret, GUARD_FUNCTIONS, "it has virtual functions (", count,
                           "; the first is ", sysname, "), which unbinding would remove");
}
