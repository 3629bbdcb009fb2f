/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has systemd compile the hardware database, and udevd read it. */
#pragma once

/*
 * Compiles it, by `systemd-hwdb update` or, on old systems, `udevadm hwdb --update`, and has a
 * running udevd read it at its next event. *ret_program: what was run, a string that stays.
 *
 * Returns 0; -ENOENT where neither program is there; above 0 the exit status where it failed, or
 * 128 and the signal that ended it; or another negative errno. Where it is not 0 the old one is in
 * use.
 */
int rebuild_hwdb(const char **ret_program);
