/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The open files of all processes, from /proc/PID/fd. */
#pragma once

#include <stdbool.h>

/* TASK_COMM_LEN of the kernel is 16; the names of its threads can be longer. */
#define COMM_SIZE 64

/* One open file of one process. */
struct open_file {
        const char *pid;
        int pid_fd;       /* of /proc/PID */
        int fd_fd;        /* of /proc/PID/fd */
        const char *name; /* of the file descriptor, in that directory */
};

/* Returns 0 to go on. Any other value ends the walk. -ENOENT: the file was closed meanwhile. */
typedef int (*open_file_fn)(const struct open_file *file, void *userdata);

/*
 * Calls ON_FILE for each open file of each process, also of those in other namespaces below ours.
 * ON_PROCESS, if not NULL, decides before that whether a process is examined: of FILE only pid and
 * pid_fd are set.
 *
 * Returns the value of ON_FILE; 0 if that was always 0; -EACCES or -EPERM if it was, but a process
 * could not be examined; or another negative errno. A process that ends meanwhile is no error.
 */
int open_files_each(bool (*on_process)(const struct open_file *file), open_file_fn on_file,
                    void *userdata);

/* The command name of the process; "" if it cannot be read. */
void open_file_comm(const struct open_file *file, char ret[COMM_SIZE]);
