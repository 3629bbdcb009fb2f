/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program that is running: its name and its commands. */
#pragma once

struct command;

struct program {
        const char *name;
        const char *help;                      /* after "Usage: NAME " */
        const struct command *const *commands; /* ends in NULL */
};

extern const struct program program;
