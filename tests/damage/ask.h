/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks for an answer, of the code in this process or of the helper. */
#pragma once

#include <stdbool.h>

#include "answer.h"

/* What came of it. */
struct outcome {
        int status;        /* 1: an answer, 0: none, below 0: an error */
        const char *crime; /* what the helper did that it must never do; or NULL */
        struct answer answer;
};

/* Whom to ask. */
struct asked {
        const char *modules_folder;
        const char *modprobe_folder;
        const char *helper; /* NULL: the code in this process */
};

/* A look-up takes some tens of microseconds; under a sanitizer the helper takes 20 ms to start. */
#define ASK_SECONDS 10

/*
 * Asks for MODALIAS, from a freshly opened index. In this process a hang ends it by SIGALRM, a
 * crash by its signal.
 */
void ask(const struct asked *asked, const char *modalias, struct outcome *ret);

/* Are two outcomes the same answer, or both an error? */
bool outcome_is_same(const struct outcome *a, const struct outcome *b);
