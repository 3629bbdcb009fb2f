/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source files of the hardware database, and the compiled one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

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

/* *ret, of SIZE bytes: the path of the source file NAME. Returns false if there is none. */
bool hwdb_find_file(const char *name, char *ret, size_t size);

/*
 * Was a source file of the administrator written after TIME, or one added or removed? Those of
 * packages, below /usr/lib, are replaced at each upgrade.
 */
bool hwdb_is_changed_after(const struct timespec *time);

/*
 * Is the compiled database that udev reads the one of /usr, so that `systemd-hwdb --usr update`
 * updates it? Debian and Arch Linux have only that one, which package installations update. Fedora
 * has only /etc/udev/hwdb.bin. Without --usr, on Debian, /etc/udev/hwdb.bin would be created, which
 * hides that of /usr, and which no package installation updates. If /usr is read-only, it must be.
 */
bool hwdb_is_of_usr(void);

/* A compiled database of /usr that udev does not read, because there is one in /etc. */
struct hwdb_hidden {
        const char *in_effect, *hidden; /* paths, static strings */
        bool is_newer;                  /* the hidden one was compiled later */
        bool is_read_only;              /* the hidden one cannot be updated */
};

/* Returns 1; or 0 if there is none. */
int hwdb_find_hidden(struct hwdb_hidden *ret);

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
