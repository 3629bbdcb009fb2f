/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guards: conditions that prevent a device from being bound or unbound. */
#include "guards.h"

#include <errno.h>
#include <unistd.h>

#include "cleanup.h"
#include "driver.h"
#include "escape.h"
#include "guard.h"

/* Milliseconds before each retry, two seconds in total. A walk through all processes of a large
 * host takes one second. */
static const unsigned patience[] = {100, 300, 600, 1000};

/* In this order: guards that force does not override come first. */
static const struct {
        guard_fn check;
        bool needs_driver;      /* finds nothing in a device without a driver */
        bool opens_exclusively; /* blocks other users of the device for a moment: only before it is
                                   bound */
        bool is_transient;      /* a program may use a new device for a moment only */
        bool reports_use;       /* checks whether the device is in use, not what it is */
} guards[] = {
        {guard_header},
        {guard_class},
        {guard_unbinding, .reports_use = true},
        {guard_block, .needs_driver = true, .reports_use = true},
        {guard_share, .needs_driver = true, .reports_use = true},
        {guard_open, .needs_driver = true, .is_transient = true, .reports_use = true},
        {guard_block_exclusive, .needs_driver = true, .opens_exclusively = true},
        {guard_functions, .needs_driver = true, .reports_use = true},
        {guard_no_iommu},
        {guard_no_group},
        {guard_group},
        {guard_network, .needs_driver = true, .reports_use = true},
        {guard_input, .needs_driver = true, .reports_use = true},
        {guard_display, .reports_use = true},
};

/*
 * A caller that overrides the first finding must know all that is overridden. A guard that force
 * does not override takes precedence over those that it does; with ALL it is only listed first.
 */
static void finding_add(struct finding *all, const struct finding *finding, bool is_all) {
        struct finding first = *finding, rest = *all;
        bool is_first = all->guard == GUARD_NONE ||
                        (guard_can_be_forced(all->guard) && !guard_can_be_forced(finding->guard));

        if (!is_first) {
                first = *all;
                rest = *finding;
        }
        first.unexamined = all->unexamined;
        if (rest.guard != GUARD_NONE && (is_all || guard_can_be_forced(first.guard))) {
                escape_append(first.text, sizeof(first.text), "; ");
                escape_append(first.text, sizeof(first.text), rest.text);
        }
        *all = first;
}

static bool is_denied(int r) {
        return r == -EACCES || r == -EPERM;
}

/*
 * Why the guards are checked. Except before an operation, nothing is opened exclusively, and what
 * the caller has no right to read is skipped.
 */
enum purpose {
        PURPOSE_BIND,
        PURPOSE_DRY_RUN, /* as before a bind, but all guards that refuse are listed */
        PURPOSE_INFORM,
        PURPOSE_INFORM_USE, /* only whether it is in use */
};

static bool is_information(enum purpose purpose) {
        return purpose == PURPOSE_INFORM || purpose == PURPOSE_INFORM_USE;
}

static bool is_checked(size_t guard, bool has_driver, enum purpose purpose,
                       const struct finding *found) {
        if (guards[guard].needs_driver && !has_driver)
                return false;
        /* A block device in use is open exclusively in most cases */
        if (guards[guard].opens_exclusively)
                return !is_information(purpose) && found->guard != GUARD_BLOCK;
        return guards[guard].reports_use || purpose != PURPOSE_INFORM_USE;
}

/* Without a snapshot of the caller the guard reads the host itself, as it is now. */
static int check(guard_fn guard, const struct guard_target *target, struct finding *ret) {
        _cleanup_(snapshot_done) struct snapshot now = {};
        struct guard_target own = *target;

        if (!own.snapshot)
                own.snapshot = &now;
        return guard(&own, ret);
}

/*
 * Programs that udevd starts open the nodes of a new device for a moment: ata_id, alsactl. A VMM
 * does not.
 */
static int check_until_end(guard_fn guard, const struct guard_target *target, struct finding *ret) {
        int r = check(guard, target, ret);

        for (size_t i = 0;
             r > 0 && ret->guard != GUARD_VFIO_USER && i < sizeof(patience) / sizeof(patience[0]);
             i++) {
                (void)usleep(patience[i] * 1000);
                r = check(guard, target, ret);
        }
        return r;
}

/* Returns 1 if a guard found something, 0, or a negative errno. */
static int check_all(const struct guard_target *target, enum purpose purpose, struct finding *ret) {
        char driver[DRIVER_SIZE];
        int r_driver = device_driver(target->handle->fd, driver);

        if (r_driver < 0 && r_driver != -ENOENT)
                return r_driver;
        for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
                struct finding finding = {.guard = GUARD_NONE};
                int r;

                if (!is_checked(i, r_driver >= 0, purpose, ret))
                        continue;
                r = guards[i].is_transient && !is_information(purpose)
                            ? check_until_end(guards[i].check, target, &finding)
                            : check(guards[i].check, target, &finding);
                if (finding.unexamined > ret->unexamined)
                        ret->unexamined = finding.unexamined;
                if (r < 0 && !is_information(purpose))
                        *ret = finding;
                if (r == 0 || (is_information(purpose) && is_denied(r)))
                        continue;
                if (r < 0)
                        return r;
                finding_add(ret, &finding, purpose == PURPOSE_DRY_RUN);
                /* What cannot be assigned to a guest needs no more reasons */
                if (!guard_can_be_forced(finding.guard) &&
                    (purpose != PURPOSE_DRY_RUN || finding.guard == GUARD_HEADER))
                        return 1;
        }
        return ret->guard != GUARD_NONE;
}

static int guards_check_for(const struct guard_target *target, enum purpose purpose,
                            struct finding *ret) {
        struct finding finding = {.guard = GUARD_NONE};
        int r = check_all(target, purpose, &finding);

        if (r >= 0 || finding.unexamined > 0)
                *ret = finding;
        return r;
}

int guards_check_bind(const struct handle *handle, const struct companions *companions,
                      unsigned flags, struct finding *ret) {
        const struct guard_target target = {.handle = handle, .companions = companions};
        int r = guards_check_for(&target, flags & GUARDS_DRY_RUN ? PURPOSE_DRY_RUN : PURPOSE_BIND,
                                 ret);

        if (r > 0 && (flags & GUARDS_FORCE))
                r = !guard_can_be_forced(ret->guard);
        return r;
}

int guards_check(const struct handle *handle, struct snapshot *snapshot, struct finding *ret) {
        const struct guard_target target = {.handle = handle, .snapshot = snapshot};

        return guards_check_for(&target, PURPOSE_INFORM, ret);
}

int guards_check_use(const struct handle *handle, struct snapshot *snapshot, struct finding *ret) {
        const struct guard_target target = {.handle = handle, .snapshot = snapshot};

        return guards_check_for(&target, PURPOSE_INFORM_USE, ret);
}

int guards_check_boot_use(const struct handle *handle, struct snapshot *snapshot,
                          struct finding *ret) {
        static const guard_fn needed[] = {guard_block, guard_share, guard_input, guard_root};
        const struct guard_target target = {.handle = handle, .snapshot = snapshot};
        struct finding finding = {.guard = GUARD_NONE};
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(needed) / sizeof(needed[0]); i++) {
                r = check(needed[i], &target, &finding);
                if (is_denied(r)) {
                        finding.text[0] = '\0';
                        r = 0;
                }
        }
        if (r >= 0)
                *ret = finding;
        return r;
}

int guards_check_unbind(const struct handle *handle, struct finding *ret) {
        struct finding finding = {.guard = GUARD_NONE};
        int r = check(guard_vfio_user, &(struct guard_target){.handle = handle}, &finding);

        if (r >= 0 || finding.unexamined > 0)
                *ret = finding;
        return r;
}

int guards_check_unbinding(const struct handle *handle, struct finding *ret) {
        return check(guard_unbinding, &(struct guard_target){.handle = handle}, ret);
}
