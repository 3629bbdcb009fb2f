/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes of the host, from /proc: those of each namespace, unless /proc hides them. */
#pragma once

/* TASK_COMM_LEN of the kernel is 16; names of kernel threads can be longer. */
#define COMM_SIZE 64

struct process {
        const char *pid;
        int fd; /* of /proc/PID */
};

/* Returns a negative errno, 0 to continue, or another value to stop the iteration. */
typedef int (*process_fn)(const struct process *process, void *userdata);

/*
 * Calls ON_PROCESS for each process. A process for which it returns -EACCES or -EPERM is counted in
 * *unexamined; one for which it returns -ENOENT or -ESRCH ended meanwhile. Returns 0, the non-zero
 * value of ON_PROCESS that stopped the iteration, or a negative errno.
 */
int processes_each(process_fn on_process, void *userdata, unsigned *unexamined);

/* *ret: the command name of the process; "" if it cannot be read. */
void process_comm(const struct process *process, char ret[COMM_SIZE]);
