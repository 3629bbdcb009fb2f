/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: the only keyboard of a machine with a console is connected to the device. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "directory.h"
#include "guard.h"
#include "text.h"

/* KEY_MAX is 767: up to 24 numbers of 16 digits */
#define KEYS_SIZE 512

/* Is a virtual terminal a console of the kernel? Not on a machine whose console is serial only. */
static int has_console(void) {
        char consoles[NAME_SIZE], *rest = NULL;
        int r = device_attribute(AT_FDCWD, "/sys/class/tty/console/active", consoles,
                                 sizeof(consoles));

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (char *name = strtok_r(consoles, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
                if (startswith(name, "tty") && text_is_digit(name[3]))
                        return 1;
        return 0;
}

/*
 * Has the input device NAME the keys Escape to D, which no mouse, remote control or power button
 * has? As udev decides it: test_key() of its udev-builtin-input_id.c. Returns 1, 0 or a negative
 * errno.
 */
static int is_keyboard(const char *name) {
        char path[sizeof("/sys/class/input//capabilities/key") + NAME_SIZE], keys[KEYS_SIZE];
        size_t n;
        int r;

        (void)snprintf(path, sizeof(path), "/sys/class/input/%s/capabilities/key", name);
        r = device_attribute(AT_FDCWD, path, keys, sizeof(keys));
        if (r < 0)
                return r == -ENOENT || r == -ENODEV ? 0 : r;
        n = strlen(keys); /* hexadecimal; the lowest keys come last, and no key has the number 0 */
        return n >= 8 && (streq(keys + n - 8, "fffffffe") || streq(keys + n - 8, "ffffffff"));
}

struct count {
        unsigned n;
        char name[NAME_SIZE];
};

static int count_keyboard(const char *name, void *userdata) {
        struct count *count = userdata;
        int r = is_keyboard(name);

        if (r > 0) {
                count->n++;
                (void)text_put(count->name, sizeof(count->name), name);
        }
        return r < 0 ? r : 0;
}

static int count_any(int dir_fd, const char *name, void *userdata) {
        (void)dir_fd;
        return count_keyboard(name, userdata);
}

int guard_input(const struct guard_target *target, struct finding *ret) {
        struct count own = {}, all = {};
        int r = snapshot_each_input(target->snapshot, target->handle, count_keyboard, &own);

        if (r == 0 && own.n > 0)
                r = has_console();
        if (r <= 0)
                return r;
        r = directory_read_at(AT_FDCWD, "/sys/class/input", count_any, &all);
        if (r < 0 || all.n > own.n)
                return r;
        return finding_set(ret, GUARD_INPUT,
                           "the only keyboard of this machine is connected to it (", own.name, ")");
}
