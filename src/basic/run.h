/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs other programs of the system. */
#pragma once

/*
 * Returns the first of PATHS (ends in NULL) that is executable, or NULL. Absolute paths, not PATH:
 * a caller must not choose what root runs.
 */
const char *run_find(const char *const *paths);

/* Where the output of a program goes. */
enum run_output {
        RUN_SHOWN,  /* to standard error: standard output may be read by another program */
        RUN_HIDDEN, /* nothing */
};

/*
 * Runs ARGUMENTS (ends in NULL) without the caller's environment, and waits for its end. Returns
 * the exit status, 128 and the signal that terminated it, 126 if it cannot be executed, or a
 * negative errno.
 */
int run_program(const char *const *arguments, enum run_output output);

/* LINE has no newline. A non-zero return value stops the calls. */
typedef int (*run_line_fn)(const char *line, void *userdata);

/*
 * As run_program(), and calls ON_LINE for each line of standard output. Standard error is
 * discarded. Returns the non-zero value of ON_LINE, or as run_program().
 */
int run_and_read(const char *const *arguments, run_line_fn on_line, void *userdata);
