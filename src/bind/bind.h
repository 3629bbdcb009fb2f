/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Binding: the state machine that unbinds a device from one driver, binds it to another, and
 * verifies which driver it is bound to in the end. Used by the rules, the units, the tool and the
 * library.
 */
#pragma once

#include "bind_request.h"
#include "device_handle.h"

/* A device of a transaction. */
struct bind_member {
        const struct handle *handle;
        const struct bind_request *request;
        struct bind_report *report;
        int error; /* out: see bind_devices() */
};

/*
 * Binds all members in one transaction: the locks are taken in the order of the sysnames, the
 * guards of all are asked, all are unbound, then all are bound. The group guard does not count
 * members of the transaction. If one fails, the previous driver and driver_override of each are
 * restored. With dry_run in one request, nothing is changed for any.
 *
 * The driver_override of each then names the driver that it is bound to. The locks are kept until
 * the handles are closed.
 *
 * Returns 0; the error of a member that failed, -ECANCELED excepted; -EINVAL if two members are the
 * same device; or -ENOMEM. The report and error of each member are always filled in. Its error is 0
 * if a VFIO driver of the request is bound to the device (VFIO_VARIANT_RESULT_DONE, _ALREADY,
 * _FALLBACK) or could be (_POSSIBLE); -EBUSY if a guard refused (_REFUSED); -ECANCELED if another
 * member failed (_CANCELLED); -ENODEV or -ESTALE as handle_check(); or the error of the step that
 * failed for the wanted driver.
 */
int bind_devices(struct bind_member *members, size_t n);

/*
 * Unbinds the device from its VFIO driver, and has its native driver, which is loaded by the
 * modalias, bind it. Only dry_run, the loader and on_wait of the request are used.
 *
 * Returns 0 if a native driver is bound (VFIO_VARIANT_RESULT_DONE, _ALREADY) or could be
 * (_POSSIBLE), or if there is none (_NO_DRIVER, without a failure); else the error of a
 * bind_member. *ret is always set.
 */
int unbind_device(const struct handle *handle, const struct bind_request *request,
                  struct bind_report *ret);

/*
 * Reserves a device that is bound to no driver: writes DRIVER to its driver_override, and nothing
 * else, so that no other driver binds it. If the device is bound to a driver, nothing is done
 * (VFIO_VARIANT_RESULT_ALREADY). Returns 0, or the error of a bind_member.
 */
int claim_device(const struct handle *handle, const char *driver, struct bind_report *ret);

/* Returns the text of STEP for a message, "writing driver_override"; a static string. */
const char *bind_step_text(enum bind_step step);
