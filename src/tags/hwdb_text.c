/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of a hwdb file, as systemd-hwdb reads them. */
#include "hwdb_text.h"

#include <string.h>

#include "text.h"

struct line {
        const char *start, *next;
        size_t length;    /* without newline, spaces at the end, and a comment */
        bool is_comment;  /* it begins with # */
        bool is_property; /* it begins with a space */
};

static bool is_space(char c) {
        return text_is_blank(c) || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

/* The line at AT, which is before END. */
static struct line line_at(const char *at, const char *end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t whole = (size_t)((newline ? newline : end) - at);
        const char *hash = whole > 0 ? memchr(at, '#', whole) : NULL;
        struct line line = {
                .start = at,
                .next = newline ? newline + 1 : end,
                .length = hash ? (size_t)(hash - at) : whole,
                .is_comment = hash == at,
        };

        while (line.length > 0 && is_space(at[line.length - 1]))
                line.length--;
        line.is_property = line.length > 0 && at[0] == ' ';
        return line;
}

struct hwdb_reader hwdb_reader_new(const struct hwdb_text *text) {
        return (struct hwdb_reader){
                .at = text->bytes,
                .end = text->bytes + text->length,
        };
}

static struct line take_line(struct hwdb_reader *reader) {
        struct line line = line_at(reader->at, reader->end);

        reader->at = line.next;
        reader->line++;
        return line;
}

/* Finds the first line of the next record, which is not empty, a comment or a stray property. */
static bool find_start(struct hwdb_reader *reader, struct line *ret) {
        while (reader->at < reader->end) {
                *ret = take_line(reader);
                if (ret->length > 0 && !ret->is_comment && !ret->is_property)
                        return true;
        }
        return false;
}

/*
 * Reads the lines after the first. A comment is part of the record only if more lines of the record
 * follow. A line that is neither property nor empty ends the properties, and is ignored.
 */
static void take_rest(struct hwdb_reader *reader, struct hwdb_record *record) {
        bool has_property = false;

        while (reader->at < reader->end) {
                struct line line = take_line(reader);

                if (line.is_comment)
                        continue;
                if (line.length == 0)
                        break;
                record->end = line.next;
                if (has_property && !line.is_property)
                        break;
                has_property = has_property || line.is_property;
        }
}

bool hwdb_reader_next(struct hwdb_reader *reader, struct hwdb_record *ret) {
        struct line first;

        if (!find_start(reader, &first))
                return false;
        *ret = (struct hwdb_record){.start = first.start, .end = first.next, .line = reader->line};
        take_rest(reader, ret);
        return true;
}

int hwdb_record_each_match(const struct hwdb_record *record, hwdb_match_fn on_match,
                           void *userdata) {
        const char *at = record->start;
        unsigned n = record->line;
        int r = 0;

        for (; r == 0 && at < record->end; n++) {
                struct line line = line_at(at, record->end);
                const struct hwdb_text match = {line.start, line.length};

                if (line.is_property)
                        return 0;
                if (!line.is_comment)
                        r = on_match(&match, n, userdata);
                at = line.next;
        }
        return r;
}

/* Is LINE " PROPERTY=VALUE"? *ret: the value. */
static bool is_setting(const struct line *line, const char *property, struct hwdb_text *ret) {
        size_t n = strlen(property);

        if (line->length < n + 2 || line->start[0] != ' ' || line->start[n + 1] != '=' ||
            memcmp(line->start + 1, property, n) != 0)
                return false;
        *ret = (struct hwdb_text){line->start + n + 2, line->length - n - 2};
        return true;
}

bool hwdb_record_sets(const struct hwdb_record *record, const char *property,
                      struct hwdb_text *ret) {
        struct hwdb_text value = {};

        /* The last line counts */
        for (const char *at = record->start; at < record->end;) {
                struct line line = line_at(at, record->end);

                (void)is_setting(&line, property, &value);
                at = line.next;
        }
        if (value.length == 0)
                return false;
        *ret = value;
        return true;
}
