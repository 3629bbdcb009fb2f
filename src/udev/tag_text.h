/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of a hwdb file, as systemd-hwdb reads them. Pure: no I/O, no allocation.
 *
 * Source: import_file() of systemd's src/libsystemd/sd-hwdb/hwdb-util.c, and hwdb(7).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What all match keys of ours begin with, and the two kinds that have a word of their own. */
#define TAG_MATCH        "vfio-variant:"
#define TAG_MATCH_ALL    TAG_MATCH "*:"
#define TAG_MATCH_PHYSFN TAG_MATCH "vf:"

#define TAG_BIND "VFIO_VARIANT_BIND"
#define TAG_PIN  "VFIO_VARIANT_PIN"

/* Any bytes; a file may hold a NUL. */
struct tag_text {
        const char *bytes;
        size_t length;
};

/* How many devices a match key is for. Within one file a later record wins, so that the closer ones
 * must stand behind. */
enum tag_kind {
        TAG_NONE, /* no key of ours */
        TAG_ALL,
        TAG_PHYSFN,
        TAG_SLOT,
};

struct tag_record {
        const char *start, *end; /* its lines; END is behind the last one's newline */
        struct tag_text match;   /* the first match line */
        enum tag_kind kind;      /* of that */
        bool is_ours;            /* it is in all what tag_edit_set() makes */
        unsigned line;           /* of its start, from 1 */
};

/* Where the reading of a text is. Zero-initialised but for `at`, `end`: at the start. */
struct tag_reader {
        const char *at, *end;
        unsigned line; /* how many are behind */
};

struct tag_reader tag_reader_new(const struct tag_text *text);

/* Finds the next record. Returns whether there is one. */
bool tag_reader_next(struct tag_reader *reader, struct tag_record *ret);

/* Calls ON_MATCH for each match line of RECORD until one is not 0, which is returned; or 0. */
int tag_record_each_match(const struct tag_record *record,
                          int (*on_match)(const struct tag_text *match, void *userdata),
                          void *userdata);

/*
 * *ret: the value that RECORD gives to PROPERTY (TAG_BIND, TAG_PIN). Returns whether it does: to
 * anything but nothing, and of TAG_BIND to anything but 0.
 */
bool tag_record_sets(const struct tag_record *record, const char *property, struct tag_text *ret);

/* What a record of ours says. *ret_pin is empty where it pins no driver. */
void tag_record_read(const struct tag_record *record, bool *ret_force, struct tag_text *ret_pin);

enum tag_kind tag_kind_of(const char *match, size_t length);
