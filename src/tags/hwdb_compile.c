/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiles the hardware database, and makes udevd read it. */
#include "hwdb_compile.h"

#include <errno.h>
#include <stddef.h>

#include "run.h"

static const char *const systemd_hwdb[] = {"/usr/bin/systemd-hwdb", "/bin/systemd-hwdb",
                                           "/usr/lib/systemd/systemd-hwdb", NULL};
static const char *const udevadm[] = {"/usr/bin/udevadm", "/bin/udevadm", "/usr/sbin/udevadm",
                                      "/sbin/udevadm", NULL};

/*
 * udevd checks for a new database at most every three seconds (src/udev/udevd.c), and the events
 * that follow may be faster. Errors are ignored: udevd may not be running.
 */
static void reload(void) {
        const char *program = run_find(udevadm);

        if (program)
                (void)run_program((const char *const[]){program, "control", "--reload", NULL},
                                  RUN_HIDDEN);
}

int hwdb_compile(const char **ret_program) {
        const char *program = run_find(systemd_hwdb);
        int r;

        if (program) {
                *ret_program = "systemd-hwdb update";
                r = run_program((const char *const[]){program, "update", NULL}, RUN_SHOWN);
        } else {
                *ret_program = "udevadm hwdb --update";
                program = run_find(udevadm);
                if (!program)
                        return -ENOENT;
                r = run_program((const char *const[]){program, "hwdb", "--update", NULL},
                                RUN_SHOWN);
        }
        if (r == 0)
                reload();
        return r;
}
