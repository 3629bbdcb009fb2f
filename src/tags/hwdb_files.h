/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the hardware database: those that are compiled, and what comes of them. */
#pragma once

#include <stddef.h>

/* Called for each file, in no order, with its directory, "/etc/udev/hwdb.d". What is not 0 ends it.
 */
typedef int (*hwdb_file_fn)(int directory_fd, const char *directory, const char *name,
                            void *userdata);

/*
 * Calls ON_FILE for each file that systemd-hwdb reads: of several of one name the first counts.
 * Directories that can't be read are passed over. Returns 0 or what ON_FILE returned.
 */
int hwdb_each_file(hwdb_file_fn on_file, void *userdata);

enum hwdb_age {
        HWDB_MISSING, /* nothing is compiled */
        HWDB_OLD,     /* a file was written since */
        HWDB_FRESH,
};

/*
 * Is the compiled database, the one that udev reads, younger than all files? *ret, of SIZE bytes:
 * its path; where it is old, that of the youngest file; untouched where it is missing. Returns an
 * enum hwdb_age or a negative errno.
 */
int hwdb_compare_age(char *ret, size_t size);
