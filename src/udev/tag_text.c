/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of a hwdb file, as systemd-hwdb reads them. */
#include "tag_text.h"

#include <string.h>

#include "name.h"
#include "text.h"

struct line {
        const char *start, *next;
        size_t length;    /* without its newline, blanks at the end, and a comment there */
        bool is_comment;  /* it begins with # */
        bool has_more;    /* something was left out of `length` */
        bool is_property; /* it begins with a space */
};

static bool begins_with(const char *bytes, size_t length, const char *word) {
        size_t n = strlen(word);

        return length >= n && memcmp(bytes, word, n) == 0;
}

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
        line.has_more = line.length < whole;
        line.is_property = line.length > 0 && at[0] == ' ';
        return line;
}

enum tag_kind tag_kind_of(const char *match, size_t length) {
        if (begins_with(match, length, TAG_MATCH_ALL))
                return TAG_ALL;
        if (begins_with(match, length, TAG_MATCH_PHYSFN))
                return TAG_PHYSFN;
        return begins_with(match, length, TAG_MATCH) ? TAG_SLOT : TAG_NONE;
}

static bool is_our_bind(const struct line *line) {
        return text_is(line->start, line->length, " " TAG_BIND "=1") ||
               text_is(line->start, line->length, " " TAG_BIND "=force");
}

static bool is_our_pin(const struct line *line) {
        const size_t n = sizeof(" " TAG_PIN "=") - 1;

        return begins_with(line->start, line->length, " " TAG_PIN "=") &&
               name_is_valid(line->start + n, line->length - n);
}

/* Is the line that is the Nth of its record, from 0, as add_record() in tag_edit.c makes it? */
static bool is_our_line(const struct line *line, size_t n) {
        if (line->has_more)
                return false;
        switch (n) {
        case 0:
                return tag_kind_of(line->start, line->length) != TAG_NONE;
        case 1:
                return is_our_bind(line);
        case 2:
                return is_our_pin(line);
        default:
                return false;
        }
}

struct tag_reader tag_reader_new(const struct tag_text *text) {
        return (struct tag_reader){
                .at = text->bytes,
                .end = text->bytes + text->length,
        };
}

static struct line take_line(struct tag_reader *reader) {
        struct line line = line_at(reader->at, reader->end);

        reader->at = line.next;
        reader->line++;
        return line;
}

/* Goes to the line that begins the next record. Empty lines, comments and stray properties are
 * none. */
static bool find_start(struct tag_reader *reader, struct line *ret) {
        while (reader->at < reader->end) {
                *ret = take_line(reader);
                if (ret->length > 0 && !ret->is_comment && !ret->is_property)
                        return true;
        }
        return false;
}

/*
 * Takes the lines that follow the first. A comment counts as a line of the record only where more
 * of it follows. A line that is neither property nor empty ends the properties, and is lost itself.
 */
static void take_rest(struct tag_reader *reader, struct tag_record *record) {
        bool has_comment = false, has_property = false;
        size_t n = 1;

        while (reader->at < reader->end) {
                struct line line = take_line(reader);

                if (line.is_comment) {
                        has_comment = true;
                        continue;
                }
                if (line.length == 0)
                        break;
                record->end = line.next;
                record->is_ours = record->is_ours && !has_comment && is_our_line(&line, n++);
                if (has_property && !line.is_property)
                        break;
                has_property = has_property || line.is_property;
        }
        record->is_ours = record->is_ours && has_property;
}

bool tag_reader_next(struct tag_reader *reader, struct tag_record *ret) {
        struct line first;

        if (!find_start(reader, &first))
                return false;
        *ret = (struct tag_record){
                .start = first.start,
                .end = first.next,
                .match = {first.start, first.length},
                .kind = tag_kind_of(first.start, first.length),
                .is_ours = is_our_line(&first, 0),
                .line = reader->line,
        };
        take_rest(reader, ret);
        return true;
}

int tag_record_each_match(const struct tag_record *record,
                          int (*on_match)(const struct tag_text *match, void *userdata),
                          void *userdata) {
        const char *at = record->start;
        int r = 0;

        while (r == 0 && at < record->end) {
                struct line line = line_at(at, record->end);
                const struct tag_text match = {line.start, line.length};

                if (line.is_property)
                        return 0;
                if (!line.is_comment)
                        r = on_match(&match, userdata);
                at = line.next;
        }
        return r;
}

/* Is LINE " PROPERTY=VALUE"? *ret: the value. */
static bool is_setting(const struct line *line, const char *property, struct tag_text *ret) {
        size_t n = strlen(property);

        if (line->length < n + 2 || line->start[0] != ' ' || line->start[n + 1] != '=' ||
            !text_is(line->start + 1, n, property))
                return false;
        *ret = (struct tag_text){line->start + n + 2, line->length - n - 2};
        return true;
}

bool tag_record_sets(const struct tag_record *record, const char *property, struct tag_text *ret) {
        struct tag_text value = {};

        /* The last one counts, and an empty value is none */
        for (const char *at = record->start; at < record->end;) {
                struct line line = line_at(at, record->end);

                (void)is_setting(&line, property, &value);
                at = line.next;
        }
        if (value.length == 0 ||
            (streq(property, TAG_BIND) && text_is(value.bytes, value.length, "0")))
                return false;
        *ret = value;
        return true;
}

void tag_record_read(const struct tag_record *record, bool *ret_force, struct tag_text *ret_pin) {
        struct line match = line_at(record->start, record->end);
        struct line bind = line_at(match.next, record->end);
        struct line pin =
                bind.next < record->end ? line_at(bind.next, record->end) : (struct line){};
        const size_t n = sizeof(" " TAG_PIN "=") - 1;

        *ret_force = text_is(bind.start, bind.length, " " TAG_BIND "=force");
        *ret_pin = pin.length > n ? (struct tag_text){pin.start + n, pin.length - n}
                                  : (struct tag_text){"", 0};
}
