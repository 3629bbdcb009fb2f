/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings of `check`, each with a remedy. */
#pragma once

#include <stddef.h>

#include "command_options.h"

enum severity {
        SEVERITY_NOTE,    /* information */
        SEVERITY_WARNING, /* the requested configuration is not in effect */
        SEVERITY_ERROR,   /* the requested configuration cannot work */
};

struct check_finding {
        enum severity severity;
        const char *topic; /* stable, for programs; static */
        char *device;      /* its sysname; NULL: of the host */
        char *message;
        char *advice;     /* with FINDING_DEVICE in the place of the device's name */
        char *advice_all; /* for many devices with the same finding; NULL: as `advice` */
};

/* Stands for the device in advice: findings of several devices are printed as one. */
#define FINDING_DEVICE "\x01"

/* Zero-initialised: none. If memory is short, the program ends. */
struct findings {
        struct check_finding *list;
        size_t n;
        const char *device; /* that is being checked; NULL: the host */
};

void findings_done(struct findings *findings);

/* Adds one: a clause, printable ASCII. ADVICE: NULL if one of the following functions sets it. */
__attribute__((format(printf, 5, 6))) void findings_add(struct findings *findings,
                                                        enum severity severity, const char *topic,
                                                        const char *advice, const char *message,
                                                        ...);

/* Sets the advice of the last finding. */
__attribute__((format(printf, 2, 3))) void findings_advise(struct findings *findings,
                                                           const char *advice, ...);

/* The same for many devices with this finding. */
__attribute__((format(printf, 2, 3))) void findings_advise_all(struct findings *findings,
                                                               const char *advice, ...);

/* Sorts those of the host first: some are found only while a device is checked. */
void findings_order(struct findings *findings);

/* The number of findings of SEVERITY. */
size_t findings_count(const struct findings *findings, enum severity severity);

/* Prints them as text, their number last, without a newline; or as JSON. */
void findings_print(const struct findings *findings);
void findings_print_json(const struct findings *findings, enum json_format format);
