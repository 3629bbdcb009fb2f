/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiles the hardware database, and makes udevd read it. */

#include <errno.h>
#include <stddef.h>

#include "hwdb_files.h"
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

const char *hwdb_compile_command(void) {
        return hwdb_is_of_usr() ? "systemd-hwdb --usr update" : "systemd-hwdb update";
}

int hwdb_compile(const char **ret_program) {
        const char *program = run_find(systemd_hwdb);
        const char *usr = hwdb_is_of_usr() ? "--usr" : NULL;
        int r;

        if (program) {
                *ret_program = hwdb_compile_command();
                r = run_program((const char *const[]){program, "update", usr, NULL}, RUN_SHOWN);
        } else {
                *ret_program = usr ? "udevadm hwdb --update --usr" : "udevadm hwdb --update";
                program = run_find(udevadm);
                if (!program)
                        return -ENOENT;
                r = run_program((const char *const[]){program, "hwdb", "--update", usr, NULL},
                                RUN_SHOWN);
        }
        if (r == 0)
                reload();
        return r;
}
