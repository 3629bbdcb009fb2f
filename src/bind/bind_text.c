/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the steps of binding for messages. */
#include "bind.h"

static const char *const texts[] = {
        [BIND_STEP_NONE] = "",
        [BIND_STEP_IDENTITY] = "verifying the device",
        [BIND_STEP_LOCK] = "locking the device",
        [BIND_STEP_GUARDS] = "checking whether the device is in use",
        [BIND_STEP_LOAD] = "loading the module",
        [BIND_STEP_DRIVER] = "finding the driver on the bus",
        [BIND_STEP_OVERRIDE] = "writing driver_override",
        [BIND_STEP_UNBIND] = "unbinding the previous driver",
        [BIND_STEP_PROBE] = "writing drivers_probe",
        [BIND_STEP_READ_BACK] = "verifying the current driver",
};

const char *bind_step_text(enum bind_step step) {
        return texts[step];
}
