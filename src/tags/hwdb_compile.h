/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiles the hardware database, and makes udevd read it. */
#pragma once

/*
 * Runs `systemd-hwdb update` or, on old systems, `udevadm hwdb --update`, and makes a running udevd
 * read the result at its next event. *ret_program: the command that was run, a static string.
 *
 * Returns 0; -ENOENT if neither program exists; if it failed, its exit status, or 128 and the
 * signal that terminated it; or another negative errno. On failure the old database is in use.
 */
int hwdb_compile(const char **ret_program);
