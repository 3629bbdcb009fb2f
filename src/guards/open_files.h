/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that a process has open or mapped. */
#pragma once

#include "processes.h"

/* "103:02 1234", as in proc_pid_maps(5): device and inode, of 32 and 64 bits */
#define MAPPED_SIZE 40

/* One open file, or one mapping, of one process. */
struct open_file {
        const struct process *process;
        const char *mapped; /* the device that the file is on, and its inode; NULL: it is open */
        int dir_fd;         /* of /proc/PID/fd, or map_files */
        const char *name; /* of the file descriptor, or the range of addresses, in that directory */
};

/* A non-zero return value stops the iteration. -ENOENT: the file was closed meanwhile. */
typedef int (*open_file_fn)(const struct open_file *file, void *userdata);

/*
 * Calls ON_FILE for each file that the process has open or mapped. Returns 0, the non-zero value of
 * ON_FILE that stopped the iteration, or a negative errno.
 */
int open_files_each(const struct process *process, open_file_fn on_file, void *userdata);
