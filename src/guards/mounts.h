/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of /proc/self/mountinfo and /proc/swaps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A field of a line. Spaces and backslashes in it are written as octal escapes. */
struct mounts_word {
        const char *text;
        size_t length;
};

struct mount {
        struct mounts_word number; /* "259:2", of the block device, if there is one */
        struct mounts_word where;  /* "/boot" */
        struct mounts_word source; /* "/dev/nvme0n1p2", as given to mount(2), or any other string */
};

/*
 * Parses a line of mountinfo, of LENGTH bytes, with or without its newline: proc_pid_mountinfo(5).
 * Returns false if it is invalid.
 */
bool mount_parse(const char *line, size_t length, struct mount *ret);

/*
 * *ret: the file in a line of /proc/swaps: proc_swaps(5). Returns false for the heading and if it
 * is invalid.
 */
bool swap_parse(const char *line, size_t length, struct mounts_word *ret);
