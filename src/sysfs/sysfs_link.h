/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links and attributes in /sys, below the directory of a device. */
#pragma once

#include <stddef.h>

/*
 * *ret: the last component of the target of the link PATH, relative to DIR_FD. Returns 0; -ENOENT
 * if there is no such link; -EMSGSIZE if the component has more than SIZE - 1 characters; or
 * another negative errno.
 */
int link_name(int dir_fd, const char *path, char *ret, size_t size);

/* Does PATH, relative to DIR_FD, exist? Returns 1, 0 or a negative errno. */
int link_exists(int dir_fd, const char *path);

/*
 * Writes VALUE to the attribute PATH, relative to DIR_FD, with one write(2), because the kernel
 * takes each write as a value of its own. Returns 0 or the negative errno of the kernel.
 */
int attribute_write(int dir_fd, const char *path, const char *value);

/* As attribute_write(), to an open attribute. */
int attribute_write_fd(int fd, const char *value);

/*
 * Opens the attribute PATH, relative to DIR_FD, for writing. Returns a descriptor or a negative
 * errno.
 */
int attribute_open(int dir_fd, const char *path);
