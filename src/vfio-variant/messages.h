/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of several commands, and the exit status. */
#pragma once

#include <stdbool.h>
#include <stdlib.h>

#include "log.h"
#include "vfio-variant.h"

enum {
        EXIT_USAGE = 2,
        EXIT_REFUSED = 3,  /* by a guard */
        EXIT_WARNINGS = 4, /* of check, without errors */
        EXIT_ERRORS = 5,   /* of check */
};

/* The status of several devices: EXIT_FAILURE takes precedence, then the highest. */
int worst_status(int status, int other);

/* Reports wrong usage: the strings that are given, and how to print the help. Returns EXIT_USAGE.
 */
#define report_usage(...)                                                                          \
        report_usage_parts((const char *[]){LOG_PRIORITY_ERROR, __VA_ARGS__, NULL})
__attribute__((cold)) int report_usage_parts(const char *const *parts);

/* What can be done about ERROR, a negative errno. */
const char *advise_error(int error);

/* Prints a line to standard error for a command whose output is empty, which is no error. */
__attribute__((format(printf, 1, 2))) void print_notice(const char *format, ...);

/* Warns that guards could not examine N processes, if N is not 0. */
void report_unexamined(unsigned n);

/* Reports that memory is short, and ends the program with EXIT_FAILURE. */
__attribute__((noreturn)) void exit_out_of_memory(void);

static inline void check_memory(bool is_there) {
        if (!is_there)
                exit_out_of_memory();
}

/* Appends VALUE to ARRAY, which has N elements. If memory is short, the program ends. */
#define array_append(array, n, value)                                                              \
        do {                                                                                       \
                void *grown_ = reallocarray(array, (n) + 1, sizeof(__typeof__(*(array))));         \
                                                                                                   \
                check_memory(grown_);                                                              \
                (array) = grown_;                                                                  \
                (array)[(n)++] = (value);                                                          \
        } while (0)

/* Messages begin with DEVICE from now on; NULL: with none. */
void log_set_device(const struct vfio_variant_device *device);

/* Prints a warning of the library. */
void log_from_library(int priority, const char *message, void *userdata);
