/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The open files of all processes, from /proc/PID/fd. */
#include "open_files.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "device.h"
#include "directory.h"
#include "fd.h"
#include "text.h"

struct walk {
        struct open_file file; /* the file that is examined */
        bool (*on_process)(const struct open_file *file);
        open_file_fn on_file;
        void *userdata;
        int error; /* why a process could not be examined; the iteration continues */
};

/* A process that ended, or a file that was closed, is no use. */
static int ignore_vanished(int r) {
        return r == -ENOENT || r == -ESRCH ? 0 : r;
}

static int note_denied(struct walk *walk, int r) {
        if (r != -EACCES && r != -EPERM)
                return ignore_vanished(r);
        walk->error = r;
        return 0;
}

static int examine_file(int dir_fd, const char *name, void *userdata) {
        struct walk *walk = userdata;

        walk->file.fd_fd = dir_fd;
        walk->file.name = name;
        return ignore_vanished(walk->on_file(&walk->file, walk->userdata));
}

static int examine_process(int dir_fd, const char *name, void *userdata) {
        struct walk *walk = userdata;
        _cleanup_close_ int pid_fd = -1, fd = -1;

        if (!text_is_digit(name[0]))
                return 0;
        pid_fd = fd_open_directory(dir_fd, name);
        if (pid_fd < 0)
                return note_denied(walk, pid_fd);
        walk->file = (struct open_file){.pid = name, .pid_fd = pid_fd, .fd_fd = -1};
        if (walk->on_process && !walk->on_process(&walk->file))
                return 0;
        fd = fd_open_directory(pid_fd, "fd");
        if (fd < 0)
                return note_denied(walk, fd);
        return note_denied(walk, directory_read(fd, examine_file, walk));
}

int open_files_each(bool (*on_process)(const struct open_file *file), open_file_fn on_file,
                    void *userdata) {
        struct walk walk = {.on_process = on_process, .on_file = on_file, .userdata = userdata};
        _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, "/proc");
        int r = fd < 0 ? fd : directory_read(fd, examine_process, &walk);

        return r == 0 ? walk.error : r;
}

void open_file_comm(const struct open_file *file, char ret[COMM_SIZE]) {
        if (device_attribute(file->pid_fd, "comm", ret, COMM_SIZE) < 0)
                ret[0] = '\0';
}
