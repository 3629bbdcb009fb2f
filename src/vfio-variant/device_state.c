/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of a device, as `list` prints it. */
#include "device_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "choose_driver.h"
#include "group_members.h"
#include "text.h"

__attribute__((format(printf, 2, 3))) static void set_reason(struct device_state *state,
                                                             const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(state->reason, sizeof(state->reason), format, arguments);
        va_end(arguments);
}

/* A VFIO driver without "vfio" in its name is the vendor's own, as for a part of a GPU. It was
 * bound deliberately. */
static bool is_named_vfio(const char *driver) {
        return text_find_name(driver, strlen(driver), "vfio") != NULL;
}

/* The reason: a VMM cannot open it; or the device can access the host's memory; or its driver is
 * not the choice, but for example the fallback. */
static void set_bound(struct vfio_variant_device *device, struct device_state *ret) {
        const char *choice = vfio_variant_device_get_variant_driver(device);
        struct members members;

        ret->state = STATE_BOUND;
        members_read(device, &members);
        if (members.blocking.sysname[0])
                set_reason(ret, "its IOMMU group is not viable, because %s is bound to %s",
                           members.blocking.sysname, members.blocking.driver);
        else if (vfio_variant_device_has_no_iommu(device) > 0)
                set_reason(ret, "a guest can access all memory, because there is no IOMMU");
        else if (choice && !streq(ret->driver, choice) && is_named_vfio(ret->driver))
                set_reason(ret, "%s matches better than %s", choice, ret->driver);
}

/* A tagged device should be bound. So should each member of the IOMMU group of a bound device,
 * which no VMM can open otherwise. */
static void set_ready(struct vfio_variant_device *device, struct device_state *ret) {
        struct members members;

        ret->state = STATE_READY;
        members_read(device, &members);
        if (*ret->driver && members.bound.sysname[0])
                set_reason(ret,
                           "current driver %s, but %s of its IOMMU group is bound to a VFIO "
                           "driver: bind both",
                           ret->driver, members.bound.sysname);
        else if (ret->is_tagged && *ret->driver)
                set_reason(ret, "current driver %s", ret->driver);
        else if (ret->is_tagged)
                set_reason(ret, "no driver");
}

static void set_not_ready(const char *finding, struct device_state *ret) {
        ret->state = STATE_NOT_READY;
        if (*ret->driver)
                set_reason(ret, "current driver %s: %s", ret->driver, finding);
        else
                set_reason(ret, "%s", finding);
}

static int set_unknown(int error, struct device_state *ret) {
        ret->state = STATE_UNKNOWN;
        set_reason(ret, "%s", describe_choice_error(error));
        return error;
}

/* Whether it is in use in a way that --force does not override. */
static bool is_in_use(struct vfio_variant_device *device) {
        return vfio_variant_device_check_use(device) > 0 && !vfio_variant_device_can_force(device);
}

/* The state of a bound device is known without a choice; the choice is not. */
static int find_choice(struct vfio_variant_device *device) {
        int r = vfio_variant_device_choose(device, NULL);

        return r == -ENODATA ? 0 : r;
}

/* The device has no driver, but the previous one still uses it. */
static bool is_unbinding(struct vfio_variant_device *device, struct device_state *ret) {
        if (!vfio_variant_device_get_unbinding_driver(device) ||
            vfio_variant_device_check_use(device) <= 0)
                return false;
        ret->state = STATE_UNBINDING;
        set_reason(ret, "%s", vfio_variant_device_get_finding(device));
        return true;
}

/* The state of a device that is not bound to a VFIO driver. */
static int state_of_unbound(struct vfio_variant_device *device, struct device_state *ret) {
        int r;

        if (!*ret->driver && is_unbinding(device, ret))
                return find_choice(device);
        r = vfio_variant_device_choose(device, NULL);

        if (r == -ENODATA) {
                ret->state = STATE_UNFIT;
                return 0;
        }
        if (r >= 0)
                r = vfio_variant_device_check_guards(device);
        if (r < 0)
                return set_unknown(r, ret);
        ret->unexamined = vfio_variant_device_get_unexamined(device);
        if (r == 0) {
                set_ready(device, ret);
                return 0;
        }
        ret->can_force = vfio_variant_device_can_force(device);
        set_not_ready(vfio_variant_device_get_finding(device), ret);
        /* A host without an IOMMU has no group for any device: the reason is not repeated */
        if (vfio_variant_device_get_iommu_group(device) < 0 &&
            (ret->can_force || !is_in_use(device))) {
                ret->state = STATE_NO_IOMMU;
                if (!ret->is_tagged)
                        ret->reason[0] = '\0';
        }
        return 0;
}

static int read_state(struct vfio_variant_device *device, struct device_state *ret) {
        int type = ret->type = vfio_variant_device_get_type(device);

        if (type < 0)
                return set_unknown(type, ret);
        if (vfio_variant_device_is_bridge(device) || vfio_variant_device_is_iommu(device)) {
                ret->state = vfio_variant_device_is_bridge(device) ? STATE_BRIDGE : STATE_IOMMU;
                return 0;
        }
        if (type == VFIO_VARIANT_TYPE_VFIO)
                set_bound(device, ret);
        else if (type == VFIO_VARIANT_TYPE_STUB || type == VFIO_VARIANT_TYPE_XEN)
                ret->state = STATE_RESERVED;
        else
                return state_of_unbound(device, ret);
        return find_choice(device);
}

static void read_driver(struct vfio_variant_device *device, char ret[STATE_DRIVER_SIZE]) {
        const char *driver = vfio_variant_device_get_driver(device);

        (void)text_put(ret, STATE_DRIVER_SIZE, driver ? driver : "");
}

/* The device may be bound while its state is read: it is read again then. */
#define N_READS 5

int state_of(struct vfio_variant_device *device, struct device_state *ret) {
        char driver[STATE_DRIVER_SIZE];
        int r = 0;

        for (unsigned i = 0; i < N_READS; i++) {
                *ret = (struct device_state){.is_tagged =
                                                     vfio_variant_device_is_tagged(device) > 0};
                read_driver(device, ret->driver);
                r = read_state(device, ret);
                read_driver(device, driver);
                if (streq(driver, ret->driver))
                        break;
        }
        return r;
}

bool state_is_for_guests(enum state state) {
        return state != STATE_BRIDGE && state != STATE_IOMMU;
}

/* For JSON, and for a column of a table, without the reason. */
static const struct {
        const char *name, *text, *tagged_text;
} states[] = {
        [STATE_BOUND] = {"bound", "bound", "bound"},
        [STATE_RESERVED] = {"reserved", "reserved", "tagged, reserved"},
        [STATE_READY] = {"ready", "ready", "tagged, not bound"},
        [STATE_NOT_READY] = {"not-ready", "not ready", "tagged, not ready"},
        [STATE_UNBINDING] = {"unbinding", "being unbound", "tagged, being unbound"},
        [STATE_NO_IOMMU] = {"no-iommu", "no IOMMU", "tagged, no IOMMU"},
        [STATE_UNFIT] = {"unfit", "no driver matches", "tagged, no driver matches"},
        [STATE_BRIDGE] = {"bridge", "bridge", "bridge"},
        [STATE_IOMMU] = {"iommu", "IOMMU", "IOMMU"},
        [STATE_UNKNOWN] = {"unknown", "unknown", "tagged, unknown"},
};

const char *state_name(enum state state) {
        return states[state].name;
}

const char *state_text(const struct device_state *state) {
        return state->is_tagged ? states[state->state].tagged_text : states[state->state].text;
}

/* The reason implies "being unbound"; and for a tagged device, "not bound" and "not ready". */
void state_describe(const struct device_state *state, char ret[STATE_SIZE]) {
        bool is_implied = state->state == STATE_UNBINDING ||
                          (state->is_tagged &&
                           (state->state == STATE_READY || state->state == STATE_NOT_READY));

        if (!state->reason[0])
                (void)text_put(ret, STATE_SIZE, state_text(state));
        else if (is_implied)
                (void)snprintf(ret, STATE_SIZE, "%s%s", state->is_tagged ? "tagged, " : "",
                               state->reason);
        else
                (void)snprintf(ret, STATE_SIZE, "%s: %s", state_text(state), state->reason);
}

const char *state_colour(const struct device_state *state) {
        if (state->state == STATE_BOUND)
                return state->reason[0] ? "yellow" : "green";
        if (state->state == STATE_UNKNOWN)
                return "red";
        return state->is_tagged && state_is_for_guests(state->state) ? "red" : NULL;
}
