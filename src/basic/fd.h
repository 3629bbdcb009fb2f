/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File descriptors: open, and read and write completely, with each error returned. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Closes FD unless it is negative. errno is preserved. */
void fd_close(int fd);

/*
 * Opens the directory PATH, relative to DIR_FD (or AT_FDCWD). Symbolic links are followed, because
 * an administrator may keep a kernel tree elsewhere. Returns the descriptor, which the caller
 * closes, or a negative errno.
 */
int fd_open_directory(int dir_fd, const char *path);

/*
 * Opens the file PATH, relative to DIR_FD, for reading. Symbolic links are followed, because a file
 * of the distribution is masked by "x.conf -> /dev/null". Returns the descriptor, which the caller
 * closes, or a negative errno. A directory and a FIFO open as well: reading a directory fails with
 * -EISDIR, a FIFO with -ESPIPE.
 */
int fd_open_file(int dir_fd, const char *path);

/*
 * *ret: the size of the file in bytes, 0 for a device. Returns 0, -ESPIPE for a FIFO, or a negative
 * errno.
 */
int fd_size(int fd, uint64_t *ret);

/*
 * Reads SIZE bytes at OFFSET. Returns 0, -EBADMSG if the file ends before that, or a negative
 * errno.
 */
int fd_read_at(int fd, void *buffer, size_t size, uint64_t offset);

/*
 * Reads up to SIZE bytes at OFFSET, in one system call. Returns the number of bytes, or a negative
 * errno. For files on disk and of the kernel, fewer than SIZE bytes mean the end of the file.
 */
ssize_t fd_read_some(int fd, void *buffer, size_t size, uint64_t offset);

/* Writes all SIZE bytes. Returns 0 or a negative errno. */
int fd_write_all(int fd, const void *buffer, size_t size);
