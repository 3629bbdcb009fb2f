/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks for a choice: the library, main() of the helper in this process, or the helper's program.
 */
#pragma once

#include <stdbool.h>

#include "choice.h"

/* What came of it. */
struct outcome {
        int status;        /* 1: a choice, 0: none, below 0: an error */
        const char *crime; /* what the helper did that it must never do; or NULL */
        struct choice choice;
};

/* Which program to run. */
struct asked {
        const char *modules_directory;
        const char *modprobe_directory;
        enum { ASK_LIBRARY, ASK_MAIN, ASK_PROGRAM } how;
        const char *helper; /* of ASK_PROGRAM */
        int output, error;  /* of ASK_MAIN: files in memory */
};

/*
 * Seconds of CPU time, which other processes don't take: a lookup takes some tens of microseconds,
 * the helper's start under a sanitizer 20 ms. SIGPROF ends what takes longer.
 */
#define ASK_SECONDS 10

/* main() of the helper: helper_main.c. */
int vfio_variant_id_main(int argc, char **argv);

/* Opens what HOW needs. Returns 0 or a negative errno. */
int asked_open(struct asked *asked);

/*
 * Asks for MODALIAS, from a freshly opened index. If the library or main() hangs, SIGPROF ends this
 * process; if it crashes, another signal.
 */
void ask(const struct asked *asked, const char *modalias, struct outcome *ret);

/* Prints what main() wrote to standard error before it ended this process's child. */
void asked_show_error(const struct asked *asked);

/* Are two outcomes the same choice, or both an error? */
bool outcome_is_same(const struct outcome *a, const struct outcome *b);
