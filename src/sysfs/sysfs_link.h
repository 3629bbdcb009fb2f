/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links and attributes in /sys, below the directory of a device. */
#pragma once

#include <stddef.h>

/*
 * The last part of what the link PATH, below DIR_FD, leads to. Returns 0; -ENOENT where there is no
 * such link; -EMSGSIZE where it has more than SIZE - 1 characters; or another negative errno.
 */
int link_name(int dir_fd, const char *path, char *ret, size_t size);

/* Is PATH there, below DIR_FD? Returns 1, 0 or a negative errno. */
int link_is_there(int dir_fd, const char *path);

/*
 * Writes VALUE into the attribute PATH below DIR_FD, whole and at once: the kernel takes each
 * write(2) as a value of its own. Returns 0 or a negative errno, which is the kernel's answer.
 */
int attribute_write(int dir_fd, const char *path, const char *value);

/* The same to an attribute that is open. */
int attribute_write_fd(int fd, const char *value);

/* Opens the attribute PATH below DIR_FD for writing. Returns a descriptor or a negative errno. */
int attribute_open(int dir_fd, const char *path);
