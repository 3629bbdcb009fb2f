/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes of the host, from /proc. */
#include "processes.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "device.h"
#include "directory.h"
#include "fd.h"
#include "text.h"

struct walk {
        process_fn on_process;
        void *userdata;
        unsigned *unexamined;
};

static int examine(int dir_fd, const char *name, const struct walk *walk) {
        _cleanup_close_ int fd = fd_open_directory(dir_fd, name);

        return fd < 0 ? fd : walk->on_process(&(struct process){name, fd}, walk->userdata);
}

static int check_entry(int dir_fd, const char *name, void *userdata) {
        const struct walk *walk = userdata;
        int r = text_is_digit(name[0]) ? examine(dir_fd, name, walk) : 0;

        switch (r) {
        case -EACCES:
        case -EPERM:
                (*walk->unexamined)++;
                return 0;
        case -ENOENT:
        case -ESRCH:
                return 0;
        default:
                return r;
        }
}

int processes_each(process_fn on_process, void *userdata, unsigned *unexamined) {
        struct walk walk = {on_process, userdata, unexamined};

        return directory_read_at(AT_FDCWD, "/proc", check_entry, &walk);
}

void process_comm(const struct process *process, char ret[COMM_SIZE]) {
        if (device_attribute(process->fd, "comm", ret, COMM_SIZE) < 0)
                ret[0] = '\0';
}
