/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guards: what speaks against taking a device from its driver. */
#include "guards.h"

#include <errno.h>

#include "driver.h"
#include "guard.h"
#include "show.h"

bool guard_yields_to_force(enum guard guard) {
        switch (guard) {
        case GUARD_NO_GROUP:
        case GUARD_GROUP:
        case GUARD_NETWORK:
        case GUARD_DISPLAY:
                return true;
        default:
                return false;
        }
}

int finding_parts(struct finding *ret, enum guard guard, const char *const *parts) {
        ret->guard = guard;
        ret->text[0] = '\0';
        for (; *parts; parts++)
                show_add(ret->text, sizeof(ret->text), *parts);
        return 1;
}

/* In this order: those that never yield come first, so that force does not hide one. */
static const struct {
        int (*look)(const struct handle *handle, struct finding *ret);
        bool needs_driver; /* without one there is nothing that it could find */
        bool touches; /* keeps others from the device for a moment: only for who will bind it */
} guards[] = {
        {guard_header},
        {guard_vfio_user, .needs_driver = true},
        {guard_block, .needs_driver = true},
        {guard_block_exclusive, .needs_driver = true, .touches = true},
        {guard_no_group},
        {guard_group},
        {guard_network, .needs_driver = true},
        {guard_display},
};

/* Who forces the first must know what else is passed by that. */
static void finding_add(struct finding *all, const struct finding *finding) {
        if (all->guard == GUARD_NONE) {
                *all = *finding;
                return;
        }
        show_add(all->text, sizeof(all->text), "; ");
        show_add(all->text, sizeof(all->text), finding->text);
}

static bool is_denied(int r) {
        return r == -EACCES || r == -EPERM;
}

/* FROM_AFAR: touches nothing, and passes over what the caller may not look at. Returns 1 where a
 * guard found something. */
static int look_all(const struct handle *handle, bool from_afar, struct finding *ret) {
        struct finding finding;
        char driver[DRIVER_SIZE];
        int r_driver = device_driver(handle->fd, driver);

        if (r_driver < 0 && r_driver != -ENOENT)
                return r_driver;
        for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
                int r;

                if ((guards[i].needs_driver && r_driver < 0) || (guards[i].touches && from_afar))
                        continue;
                r = guards[i].look(handle, &finding);
                if (r == 0 || (from_afar && is_denied(r)))
                        continue;
                if (r < 0)
                        return r;
                finding_add(ret, &finding);
                if (!guard_yields_to_force(finding.guard))
                        return 1;
        }
        return ret->guard != GUARD_NONE;
}

int guards_check_bind(const struct handle *handle, bool force, struct finding *ret) {
        struct finding finding = {.guard = GUARD_NONE};
        int r = look_all(handle, false, &finding);

        if (r < 0)
                return r;
        *ret = finding;
        return r > 0 && !(force && guard_yields_to_force(finding.guard));
}

int guards_look(const struct handle *handle, struct finding *ret) {
        struct finding finding = {.guard = GUARD_NONE};
        int r = look_all(handle, true, &finding);

        if (r >= 0)
                *ret = finding;
        return r;
}

int guards_check_unbind(const struct handle *handle, struct finding *ret) {
        struct finding finding = {.guard = GUARD_NONE};
        int r = guard_vfio_user(handle, &finding);

        if (r >= 0)
                *ret = finding;
        return r;
}
