/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `check` found: each with what to do about it. */
#pragma once

#include <stddef.h>

#include "command_options.h"

enum severity {
        SEVERITY_NOTE,    /* that a person should know */
        SEVERITY_WARNING, /* it is not as it was asked for */
        SEVERITY_ERROR,   /* it can't be as it was asked for, or was */
};

struct check_finding {
        enum severity severity;
        const char *topic; /* a word that stays the same, for programs; static */
        char *device;      /* its sysname; NULL: the host's */
        char *message;
        char *advice;     /* with FINDING_DEVICE where the device's name belongs */
        char *advice_all; /* for many devices of which the same is found; NULL: as `advice` */
};

/* Stands for the device in advice: findings of several devices are printed as one. */
#define FINDING_DEVICE "\x01"

/* Zero-initialised: none. Where memory is short the program ends with EXIT_FAILURE. */
struct findings {
        struct check_finding *list;
        size_t n;
        const char *device; /* that is looked at; NULL: the host */
};

void findings_done(struct findings *findings);

/* Adds one: a clause, printable ASCII. What to do about it comes next. */
__attribute__((format(printf, 4, 5))) void findings_add(struct findings *findings,
                                                        enum severity severity, const char *topic,
                                                        const char *message, ...);

/* What can be done about the one that was added last. */
__attribute__((format(printf, 2, 3))) void findings_advise(struct findings *findings,
                                                           const char *advice, ...);

/* The same for when there are many devices of which that is found. */
__attribute__((format(printf, 2, 3))) void findings_advise_all(struct findings *findings,
                                                               const char *advice, ...);

/* Puts those of the host first: some are met only when a device is looked at. */
void findings_order(struct findings *findings);

/* How many there are of SEVERITY. */
size_t findings_count(const struct findings *findings, enum severity severity);

/* Prints them for a person, their number last, without a newline; or as JSON. */
void findings_print(const struct findings *findings);
void findings_print_json(const struct findings *findings, enum json_format format);
