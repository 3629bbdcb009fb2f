/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mounts of all mount namespaces, and lines of /proc/swaps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "finding.h"
#include "snapshot.h"

/* A field of a line. Spaces and backslashes in it are written as octal escapes. */
struct mounts_word {
        const char *text;
        size_t length;
};

struct mount {
        struct mounts_word number; /* "259:2", of the block device, if there is one */
        struct mounts_word where;  /* "/boot" */
        struct mounts_word type;   /* "ext4" */
        struct mounts_word source; /* "/dev/nvme0n1p2", as given to mount(2), or any other string */
};

/*
 * Parses a line of mountinfo, of LENGTH bytes without its newline: proc_pid_mountinfo(5). Returns
 * false if it is invalid.
 */
bool mount_parse(const char *line, size_t length, struct mount *ret);

/*
 * *ret: the file in a line of /proc/swaps: proc_swaps(5). Returns false for the heading and if it
 * is invalid.
 */
bool swap_parse(const char *line, size_t length, struct mounts_word *ret);

struct mount_namespace;

/* NAMESPACE: where the mount is. A non-zero return value stops the iteration. */
typedef int (*mount_fn)(const struct mount *mount, const struct mount_namespace *namespace,
                        void *userdata);

/*
 * Calls ON_MOUNT for each mount, in the caller's mount namespace first, and then in those of all
 * other processes. Returns 0, the non-zero value of ON_MOUNT, or a negative errno.
 */
int mounts_each(struct snapshot *snapshot, mount_fn on_mount, void *userdata);

/* Appends the mount point, and whose mount namespace it is in, to the text of *ret. */
void mount_add_place(const struct mount *mount, const struct mount_namespace *namespace,
                     struct finding *ret);
