/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device that the tests of the guards look at. */
#include "guard_scene.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit.h"

void scene_enter(void) {
        sys_enter();
        sys_device(DEVICE);
        sys_group(DEVICE, "12");
        sys_driver("e1000e", "e1000e");
        sys_hold(DEVICE, "e1000e");
}

void drop_capabilities(void) {
        struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
        struct __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];

        ck_assert_int_eq((int)syscall(SYS_capget, &header, capabilities), 0);
        capabilities[0].effective &=
                ~(CAP_TO_MASK(CAP_DAC_OVERRIDE) | CAP_TO_MASK(CAP_DAC_READ_SEARCH));
        ck_assert_int_eq((int)syscall(SYS_capset, &header, capabilities), 0);
}
