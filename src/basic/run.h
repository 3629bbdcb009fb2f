/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs programs of the system. */
#pragma once

/* The first of PATHS, which end in NULL, that can be run; or NULL. By their paths, and not by PATH:
 * what root runs is not the caller's to choose. */
const char *run_find(const char *const *paths);

/* What is done with what a program says. */
enum run_output {
        RUN_SHOWN,  /* it goes to our standard error: our output is what a program may read */
        RUN_HIDDEN, /* nothing */
};

/*
 * Runs ARGUMENTS, which end in NULL, without the caller's environment, and waits for its end.
 * Returns the exit status, 128 and the signal that ended it, 126 where it is no program, or a
 * negative errno.
 */
int run_program(const char *const *arguments, enum run_output output);

/* A line without its newline. What is not 0 ends the calls. */
typedef int (*run_line_fn)(const char *line, void *userdata);

/*
 * The same for a program whose output is read: calls ON_LINE for each line. What it says on
 * standard error is hidden. Returns what ON_LINE returned, or as above.
 */
int run_and_read(const char *const *arguments, run_line_fn on_line, void *userdata);
