/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the steps of binding for messages. */
#include "bind.h"

const char *bind_step_text(enum bind_step step) {
        switch (step) {
        case BIND_STEP_IDENTITY:
                return "verifying the device";
        case BIND_STEP_LOCK:
                return "locking the device";
        case BIND_STEP_GUARDS:
                return "checking whether the device is in use";
        case BIND_STEP_LOAD:
                return "loading the module";
        case BIND_STEP_DRIVER:
                return "finding the driver on the bus";
        case BIND_STEP_OVERRIDE:
                return "writing driver_override";
        case BIND_STEP_UNBIND:
                return "unbinding the previous driver";
        case BIND_STEP_PROBE:
                return "writing drivers_probe";
        case BIND_STEP_READ_BACK:
                return "verifying the current driver";
        default:
                return "";
        }
}
