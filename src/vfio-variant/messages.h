/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages that more than one verb has, and the tool's exit status. */
#pragma once

#include <stdbool.h>

#include "log.h"
#include "vfio-variant.h"

enum {
        EXIT_DONE = 0,
        EXIT_TROUBLE = 1,
        EXIT_USAGE = 2,
        EXIT_REFUSED = 3,  /* by a guard */
        EXIT_WARNINGS = 4, /* check found some, and nothing worse */
        EXIT_ERRORS = 5,   /* check found some */
};

/* Of several devices: trouble goes before a refusal, and that before success. */
int worse(int status, int other);

/* Tells it. Returns -EINVAL. */
int wrong_usage(const char *what, const char *word);

/* The same, for a verb. Returns EXIT_USAGE. */
int refuse_usage(const char *what);

/* What can be done about ERROR, a negative errno. */
const char *advice(int error);

/* Prints a line to standard error for a command whose output is empty, which is no error. */
__attribute__((format(printf, 1, 2))) void tell_empty(const char *format, ...);

/* Says that memory is short, and ends the program with EXIT_TROUBLE. */
__attribute__((noreturn)) void end_without_memory(void);

static inline void need_memory(bool is_there) {
        if (!is_there)
                end_without_memory();
}

/* All messages are about DEVICE from now on; NULL: about none. */
void tell_about(const struct vfio_variant_device *device);

/* Called by the library with what a person should know. */
void tell_log(int priority, const char *message, void *userdata);
