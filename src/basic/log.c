/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a program to its user: standard error, and the journal where udev started it. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

/* One line of the journal as a person reads it; what is longer is cut. */
#define LINE_SIZE 1024

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

__attribute__((format(printf, 2, 0))) static void log_line(int priority, const char *format,
                                                           va_list arguments) {
        char line[LINE_SIZE];

        if (vsnprintf(line, sizeof(line), format, arguments) < 0)
                return;
        make_printable(line);
        if (to_journal)
                syslog(LOG_DAEMON | priority, "%s", line);
        /* Where standard error is closed there is nobody left to tell. */
        (void) dprintf(STDERR_FILENO, "%s: %s\n", program, line);
}

void log_error(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        log_line(LOG_ERR, format, arguments);
        va_end(arguments);
}

void log_warning(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        log_line(LOG_WARNING, format, arguments);
        va_end(arguments);
}
