/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of /proc/self/mountinfo and /proc/swaps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A part of a line. What is a blank or a backslash in it is written as an octal escape. */
struct mounts_word {
        const char *text;
        size_t length;
};

struct mount {
        struct mounts_word number; /* "259:2", of the block device, where there is but one */
        struct mounts_word where;  /* "/boot" */
        struct mounts_word source; /* "/dev/nvme0n1p2", as it was mounted; or any word */
};

/*
 * Reads a line of mountinfo, of LENGTH bytes, with or without its newline: proc_pid_mountinfo(5).
 * Returns whether it is one.
 */
bool mount_parse(const char *line, size_t length, struct mount *ret);

/* The file of a line of /proc/swaps: proc_swaps(5). Returns false for its head and for no line. */
bool swap_parse(const char *line, size_t length, struct mounts_word *ret);
