/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiles the hardware database, and makes udevd read it. */
#pragma once

/*
 * The command that updates the compiled database which udev reads: "systemd-hwdb update", or
 * "systemd-hwdb --usr update", as hwdb_is_of_usr().
 */
const char *hwdb_compile_command(void);

/*
 * Runs hwdb_compile_command() or, on old systems, `udevadm hwdb --update`, and makes a running
 * udevd read the result at its next event. *ret_program: the command that was run, a static string.
 *
 * Returns 0; -ENOENT if neither program exists; if it failed, its exit status, or 128 and the
 * signal that terminated it; or another negative errno. On failure the old database is in use.
 */
int hwdb_compile(const char **ret_program);
