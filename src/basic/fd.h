/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File descriptors: open, read and write whole, with every error told. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Closes FD, if it is one; errno is kept. */
void fd_close(int fd);

/*
 * Opens the directory PATH, relative to DIR_FD (or AT_FDCWD). Links are followed: the directories
 * that we read are the administrator's, who may keep a kernel tree elsewhere. Returns the
 * descriptor, which the caller closes, or a negative errno.
 */
int fd_open_directory(int dir_fd, const char *path);

/*
 * Opens the file PATH below DIR_FD for reading. Links are followed, since "x.conf -> /dev/null" is
 * how a file of the distribution is masked. Returns the descriptor, which the caller closes, or a
 * negative errno. What is no file opens as well: reading a directory gives -EISDIR, a FIFO -ESPIPE.
 */
int fd_open_file(int dir_fd, const char *path);

/* *ret: the size of the file, in bytes; of a device 0. Returns 0; -ESPIPE for a FIFO; or -errno. */
int fd_size(int fd, uint64_t *ret);

/* Reads SIZE bytes at OFFSET. Returns 0, -EBADMSG where the file ends before that, or -errno. */
int fd_read_at(int fd, void *buffer, size_t size, uint64_t offset);

/*
 * Reads SIZE bytes at OFFSET, in one system call. Returns how many; fewer mean the end of the file,
 * as with any file of a disk and of the kernel. Or a negative errno.
 */
ssize_t fd_read_some(int fd, void *buffer, size_t size, uint64_t offset);

/* Writes all SIZE bytes. Returns 0 or a negative errno. */
int fd_write_all(int fd, const void *buffer, size_t size);
