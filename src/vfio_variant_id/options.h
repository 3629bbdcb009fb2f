/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of the helper. */
#pragma once

struct options {
        const char *modules_folder;           /* NULL: the running kernel's */
        const char *const *modprobe_folders;  /* NULL: the system's; else ends in NULL */
        const char *argument;                 /* DEVICE or MODALIAS; NULL: the environment has it */
        const char **allocated;               /* what modprobe_folders points to */
};

/*
 * Reads the command line. Returns 1 where there is a question to answer, and *ret is to be released
 * with options_done(); 0 where --help or --version was all, and was printed; -EINVAL for wrong usage,
 * which was told; or the negative errno of what failed.
 */
int options_parse(int argc, char **argv, struct options *ret);
void options_done(struct options *options);
