/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of the terminal, and output that is fitted to it. */
#include "terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "text.h"

/* Bounds of a width that is used. */
#define WIDTH_MIN 40
#define WIDTH_MAX 1000

/* A decimal number; 0 if TEXT is anything else. */
static size_t parse_width(const char *text) {
        return text && text_is_number(text) ? text_take_number(&text, 10) : 0;
}

size_t terminal_width(void) {
        struct winsize size = {};
        size_t width = 0;

        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
                width = size.ws_col;
        if (width == 0)
                width = parse_width(getenv("COLUMNS"));
        if (width == 0)
                return 0;
        return width < WIDTH_MIN ? WIDTH_MIN : width < WIDTH_MAX ? width : WIDTH_MAX;
}

bool terminal_has_colour(void) {
        const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

        return isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal && *terminal &&
               !streq(terminal, "dumb");
}

/* ECMA-48: erases to the end of the line. */
#define ERASE_LINE "\033[K"

void terminal_show_progress(const char *what) {
        const char *terminal = getenv("TERM");

        if (!isatty(STDERR_FILENO) || !terminal || streq(terminal, "dumb"))
                return;
        (void)fprintf(stderr, "\r" ERASE_LINE "%s\r", what ? what : "");
}

/* How much of TEXT goes on a line of ROOM columns: up to a space, or a whole word that is longer.
 */
static size_t line_length(const char *text, size_t room) {
        size_t n = 0;

        for (size_t i = 0; i <= room || n == 0; i++) {
                if (text[i] == ' ' || !text[i])
                        n = i;
                if (!text[i])
                        break;
        }
        return n;
}

void terminal_print_wrapped(const char *first, size_t indent, const char *text) {
        size_t width = terminal_width(), used = strlen(first);

        (void)fputs(first, stdout);
        for (;;) {
                size_t n = width == 0 ? strlen(text)
                                      : line_length(text, width > used ? width - used : 0);

                (void)printf("%.*s\n", (int)n, text);
                if (!text[n])
                        return;
                text += n + 1;
                (void)printf("%*s", (int)indent, "");
                used = indent;
        }
}

void terminal_print(const char *first, size_t indent, const char *format, ...) {
        char text[4096];
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        terminal_print_wrapped(first, indent, text);
}
