/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does modprobe.d mention a name?
 *
 * libkmod decides what a line means. But loading libkmod takes several times as long as a lookup,
 * and on nearly all hosts modprobe.d does not mention VFIO. This file therefore reads the text
 * first, and says yes if it is not certain.
 */
#pragma once

#include <stdbool.h>

#include "arena.h"

/* The directories that any version of libkmod reads; ends in NULL. */
extern const char *const modprobe_system_directories[];

/* Does libkmod read a file of this NAME? Versions up to 34 read `.alias` as well. */
bool modprobe_is_configuration(const char *name);

/* The name in an `install` line: of a module, or a pattern. Its `-` is not replaced by `_`. */
struct modprobe_install {
        const struct modprobe_install *next;
        const char *name; /* "*" if only libkmod can read the name */
};

/* Files of distributions have a few KiB at most; a longer file is left to libkmod. */
#define MODPROBE_FILE_SIZE_MAX ((size_t)16 * 1024)

/*
 * Has any file in DIRECTORIES (ends in NULL) an `alias`, `blacklist` or `install` line that
 * contains NAME, or such a line that continues in the next one, which only libkmod reads? `-` and
 * `_` are the same character. Returns 1, 0, or a negative errno if a file cannot be read. A
 * directory that does not exist is skipped. BUFFER is overwritten.
 *
 * *installs, unless INSTALLS is NULL: the names in all `install` lines, if 0 is returned. Their
 * memory is taken from ARENA.
 */
int modprobe_scan_directories(const char *const *directories, const char *name,
                              char buffer[MODPROBE_FILE_SIZE_MAX], struct arena *arena,
                              const struct modprobe_install **installs);
