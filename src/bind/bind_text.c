/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the steps of binding are called in a message. */
#include "bind.h"

const char *bind_step_text(enum bind_step step) {
        switch (step) {
        case BIND_STEP_IDENTITY:
                return "finding the device again";
        case BIND_STEP_LOCK:
                return "locking the device";
        case BIND_STEP_GUARDS:
                return "looking for who uses the device";
        case BIND_STEP_LOAD:
                return "loading the module";
        case BIND_STEP_DRIVER:
                return "finding the driver on the bus";
        case BIND_STEP_OVERRIDE:
                return "writing driver_override";
        case BIND_STEP_UNBIND:
                return "unbinding the driver before";
        case BIND_STEP_PROBE:
                return "writing drivers_probe";
        case BIND_STEP_READ_BACK:
                return "reading back which driver holds the device";
        default:
                return "";
        }
}
