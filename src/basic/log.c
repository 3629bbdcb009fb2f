/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a program to its user: standard error, and the journal where udev started it. */
#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "text.h"

/* One line of the journal as a person reads it; what is longer is cut. */
#define LINE_SIZE 1000

/* syslog(3): LOG_DAEMON with LOG_ERR and with LOG_WARNING. */
#define PRIORITY_ERROR   "<27>"
#define PRIORITY_WARNING "<28>"

static const char *program = "";
static bool to_journal;

void log_open(const char *name, bool journal) {
        program = name;
        to_journal = journal;
}

/* A string of a device may stand in the message: nothing of it may start a line of its own. */
static void make_printable(char *line) {
        for (; *line; line++)
                if (*line < ' ' || *line > '~')
                        *line = '?';
}

/*
 * journald reads the kernel's log, and takes the priority and the program's name off the line. The
 * log is there before journald is, and where there is none, as in many initramfs images.
 */
static void write_journal(const char *text, size_t length) {
        _cleanup_close_ int fd = openat(AT_FDCWD, "/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

        if (fd >= 0)
                (void) fd_write_all(fd, text, length);
}

__attribute__((format(printf, 2, 0))) static void log_line(const char *priority, const char *format,
                                                           va_list arguments) {
        char line[LINE_SIZE];
        size_t head = text_length(priority), n = head;

        text_copy(line, priority, head);
        if (!text_join(line + n, sizeof(line) - n, program, ": "))
                return;
        n += text_length(program) + 2;
        if (vsnprintf(line + n, sizeof(line) - n - 1, format, arguments) < 0)
                return;
        make_printable(line + n);
        n += text_length(line + n);
        line[n++] = '\n';
        if (to_journal)
                write_journal(line, n);
        /* Where standard error is closed there is nobody left to tell */
        (void) fd_write_all(STDERR_FILENO, line + head, n - head);
}

void log_error(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        log_line(PRIORITY_ERROR, format, arguments);
        va_end(arguments);
}

void log_warning(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        log_line(PRIORITY_WARNING, format, arguments);
        va_end(arguments);
}
