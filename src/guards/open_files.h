/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The open files of all processes, from /proc/PID/fd. */
#pragma once

#include <stdbool.h>

/* TASK_COMM_LEN of the kernel is 16; names of kernel threads can be longer. */
#define COMM_SIZE 64

/* One open file of one process. */
struct open_file {
        const char *pid;
        int pid_fd;       /* of /proc/PID */
        int fd_fd;        /* of /proc/PID/fd */
        const char *name; /* of the file descriptor, in that directory */
};

/* A non-zero return value stops the iteration. -ENOENT: the file was closed meanwhile. */
typedef int (*open_file_fn)(const struct open_file *file, void *userdata);

/*
 * Calls ON_FILE for each open file of each process, including those in PID namespaces below.
 * ON_PROCESS (may be NULL) is called before and returns whether a process is examined; only pid and
 * pid_fd of FILE are set.
 *
 * Returns the non-zero value of ON_FILE that stopped the iteration; 0; -EACCES or -EPERM if ON_FILE
 * always returned 0 but a process could not be examined; or another negative errno. A process that
 * ends meanwhile is skipped.
 */
int open_files_each(bool (*on_process)(const struct open_file *file), open_file_fn on_file,
                    void *userdata);

/* *ret: the command name of the process; "" if it cannot be read. */
void open_file_comm(const struct open_file *file, char ret[COMM_SIZE]);
