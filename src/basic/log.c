/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a program: to standard error, and to the journal if udevd started the program. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"

/* The length of a line in the journal; longer lines and longer parts are truncated */
#define LINE_SIZE 1000
#define PART_SIZE 300

static const char *program = "";
static bool to_journal;
static const char *about_subsystem, *about_sysname;

void log_open(const char *name, bool journal) {
        program = name;
        to_journal = journal;
}

void log_about(const char *subsystem, const char *sysname) {
        about_subsystem = subsystem;
        about_sysname = sysname;
}

/*
 * journald reads the kernel's log, and takes the priority and the name of the program from the
 * line. The kernel's log is available before journald starts, and in an initramfs image without it.
 */
static void write_journal(const char *text, size_t length) {
        _cleanup_close_ int fd =
                openat(AT_FDCWD, "/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

        if (fd >= 0)
                (void)fd_write_all(fd, text, length);
        else /* ProtectKernelLogs= of a unit; without the priority, which is "<27>" */
                syslog(LOG_DAEMON | LOG_WARNING, "%.*s", (int)length - 4, text + 4);
}

struct line {
        char text[LINE_SIZE];
        size_t length;
};

/* PART may be a string from a device: it must not start another line. */
static void line_add(struct line *line, const char *part) {
        for (size_t i = 0; part[i] && i < PART_SIZE && line->length < LINE_SIZE - 1; i++)
                line->text[line->length++] = part[i] < ' ' || part[i] > '~' ? '?' : part[i];
}

static void line_add_device(struct line *line) {
        if (about_subsystem) {
                line_add(line, about_subsystem);
                line_add(line, " ");
        }
        if (about_sysname) {
                line_add(line, about_sysname);
                line_add(line, ": ");
        }
}

void log_parts(const char *const *parts) {
        struct line line = {.length = 0};
        size_t head = strlen(parts[0]);
        int r;

        line_add(&line, parts[0]);
        line_add(&line, program);
        line_add(&line, ": ");
        line_add_device(&line);
        for (parts++; *parts; parts++)
                line_add(&line, *parts);
        line.text[line.length++] = '\n';
        r = fd_write_all(STDERR_FILENO, line.text + head, line.length - head);
        /* EPIPE: the process that read standard error has ended */
        if (to_journal || r == -EPIPE)
                write_journal(line.text, line.length);
}

const char *log_errno(int error) {
        switch (error) {
        case -EBADMSG:
                return "it is damaged";
        case -ESPIPE:
                return "not a regular file";
        case -ESTALE:
                return "another device has its name now";
        default:
                return strerror(-error);
        }
}
