/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of a hwdb file, as systemd-hwdb reads them. Neither reads files nor allocates memory.
 *
 * Source: import_file() of systemd's src/libsystemd/sd-hwdb/hwdb-util.c, and hwdb(7).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Any bytes; a file may contain a NUL. */
struct hwdb_text {
        const char *bytes;
        size_t length;
};

struct hwdb_record {
        const char *start, *end; /* END is after the newline of its last line */
        unsigned line;           /* the number of its first line, from 1 */
};

/* The position in a text. */
struct hwdb_reader {
        const char *at, *end;
        unsigned line; /* the number of lines before it */
};

struct hwdb_reader hwdb_reader_new(const struct hwdb_text *text);

/* *ret: the next record. Returns false if there is none. */
bool hwdb_reader_next(struct hwdb_reader *reader, struct hwdb_record *ret);

/* LINE is the number of the match line in the file. */
typedef int (*hwdb_match_fn)(const struct hwdb_text *match, unsigned line, void *userdata);

/*
 * Calls ON_MATCH for each match line of RECORD. Returns 0 or the first non-zero value of ON_MATCH.
 */
int hwdb_record_each_match(const struct hwdb_record *record, hwdb_match_fn on_match,
                           void *userdata);

/* *ret: the value of PROPERTY in RECORD. Returns false if it is not set, or empty. */
bool hwdb_record_sets(const struct hwdb_record *record, const char *property,
                      struct hwdb_text *ret);
