/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source files of the hardware database, and the compiled one. */
#pragma once

#include <stddef.h>

/*
 * Called for each file, in no order, with its directory, "/etc/udev/hwdb.d". A non-zero return
 * value stops the iteration.
 */
typedef int (*hwdb_file_fn)(int directory_fd, const char *directory, const char *name,
                            void *userdata);

/*
 * Calls ON_FILE for each file that systemd-hwdb reads: of several of the same name, the first. A
 * directory that cannot be read is skipped. Returns 0 or the non-zero value of ON_FILE.
 */
int hwdb_each_file(hwdb_file_fn on_file, void *userdata);

enum hwdb_age {
        HWDB_MISSING, /* there is no compiled database */
        HWDB_OLD,     /* a source file is newer */
        HWDB_FRESH,
};

/*
 * Is the compiled database that udev reads newer than all source files? *ret, of SIZE bytes: its
 * path; if it is old, that of the newest source file; unchanged if it is missing. Returns an enum
 * hwdb_age or a negative errno.
 */
int hwdb_compare_age(char *ret, size_t size);
