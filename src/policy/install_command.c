/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of `install` lines in modprobe.d. */
#include "install_command.h"

#include <stddef.h>
#include <string.h>

#include "text.h"

/*
 * In a shell these characters end a command, or begin one within another. Quotes can hide the
 * former.
 */
#define SEPARATORS ";&|\n"
#define SPECIAL    "`$(){}'\"\\"

/* modprobe replaces this by the options of the module, which are not commands. */
#define OPTIONS "$CMDLINE_OPTS"

/* Are the LENGTH bytes at NAME a program, with or without its path, that runs no other? */
static bool is_harmless(const char *name, size_t length) {
        static const char *const harmless[] = {"false", "true", ":", "exit", "echo"};
        size_t begin = length;

        while (begin > 0 && name[begin - 1] != '/')
                begin--;
        for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
                if (text_is(name + begin, length - begin, harmless[i]))
                        return true;
        return false;
}

/* Has the argument list TEXT, of LENGTH bytes, a character that may run a command? */
static bool has_special(const char *text, size_t length) {
        for (size_t i = 0; i < length; i++) {
                if (startswith(text + i, OPTIONS))
                        i += sizeof(OPTIONS) - 1;
                if (i < length && strchr(SPECIAL, text[i]))
                        return true;
        }
        return false;
}

/* Does a comment begin at TEXT + N? */
static bool is_comment(const char *text, size_t n) {
        return text[n] == '#' && (n == 0 || text_is_blank(text[n - 1]));
}

/* The length of the command at TEXT. `2>&1` does not end it, a comment does. */
static size_t command_length(const char *text) {
        size_t n = 0;

        while (text[n] && !is_comment(text, n) &&
               (!strchr(SEPARATORS, text[n]) || (text[n] == '&' && n > 0 && text[n - 1] == '>')))
                n++;
        return n;
}

bool command_loads_nothing(const char *command) {
        for (;;) {
                size_t length, name;

                while (*command && strchr(" \t" SEPARATORS, *command))
                        command++;
                length = command_length(command);
                if (length == 0)
                        return true;
                name = strcspn(command, " \t<>" SEPARATORS);
                if (!is_harmless(command, name) || has_special(command + name, length - name))
                        return false;
                command += length;
        }
}
