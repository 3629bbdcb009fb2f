/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One tag more, or less, in the text of a hwdb file. */
#include "tag_edit.h"

#include <errno.h>
#include <string.h>

#include "name.h"
#include "text.h"

static const char head[] =
        "# Devices that `vfio-variant tag` tagged, to be bound to their VFIO driver; see\n"
        "# vfio-variant(8). `vfio-variant untag` takes its records out again. It leaves all\n"
        "# other lines alone, but a file of your own is the better place for them:\n"
        "# a later file wins, such as /etc/udev/hwdb.d/61-local-vfio.hwdb.\n";

/* A text that is being made, in a buffer that is known to be large enough. */
struct out {
        char *bytes;
        size_t length;
};

static void add_bytes(struct out *out, const char *bytes, size_t length) {
        memcpy(out->bytes + out->length, bytes, length);
        out->length += length;
}

static void add(struct out *out, const char *text) {
        add_bytes(out, text, strlen(text));
}

static void add_record(struct out *out, const struct tag *tag) {
        add(out, tag->match);
        add(out, "\n " TAG_BIND "=");
        add(out, tag->force ? "force\n" : "1\n");
        if (tag->pin) {
                add(out, " " TAG_PIN "=");
                add(out, tag->pin);
                add(out, "\n");
        }
}

/* More than add_record() and the empty lines around it need beyond the two strings. */
#define RECORD_SIZE 128

static int out_new(const struct tag_text *old, const struct tag *tag, struct arena *arena,
                   struct out *ret) {
        size_t size = old->length + sizeof(head);

        if (tag)
                size += strlen(tag->match) + (tag->pin ? strlen(tag->pin) : 0) + RECORD_SIZE;
        *ret = (struct out){.bytes = arena_take(arena, size)};
        return ret->bytes ? 0 : -ENOMEM;
}

bool tag_match_is_valid(const char *match) {
        size_t n = strlen(match);

        return tag_kind_of(match, n) != TAG_NONE && text_is_word(match, n) && !strchr(match, '#');
}

/* The last of ours with the key of TAG: a later record wins. */
static bool find_ours(const struct tag_text *old, const struct tag *tag, struct tag_record *ret) {
        struct tag_reader reader = tag_reader_new(old);
        struct tag_record record;
        bool found = false;

        while (tag_reader_next(&reader, &record))
                if (record.is_ours &&
                    text_is(record.match.bytes, record.match.length, tag->match)) {
                        *ret = record;
                        found = true;
                }
        return found;
}

/* The start of the line before the one at AT. */
static const char *line_before(const struct tag_text *text, const char *at) {
        for (at--; at > text->bytes && at[-1] != '\n'; at--)
                ;
        return at;
}

/* Where a new record of KIND goes: before the first that is closer, and the comment above that one;
 * or else at the end. */
static const char *place_for(const struct tag_text *old, enum tag_kind kind) {
        struct tag_reader reader = tag_reader_new(old);
        struct tag_record record;

        while (tag_reader_next(&reader, &record))
                if (record.kind > kind) {
                        const char *at = record.start;

                        while (at > old->bytes && *line_before(old, at) == '#')
                                at = line_before(old, at);
                        return at;
                }
        return old->bytes + old->length;
}

static void replace(struct out *out, const struct tag_text *old, const struct tag_record *record,
                    const struct tag *tag) {
        const char *end = old->bytes + old->length;

        add_bytes(out, old->bytes, (size_t)(record->start - old->bytes));
        add_record(out, tag);
        add_bytes(out, record->end, (size_t)(end - record->end));
}

static bool ends_in_newlines(const struct out *out, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (out->length <= i || out->bytes[out->length - 1 - i] != '\n')
                        return false;
        return true;
}

/* Records are separated by empty lines. At the end one is put before the new one even where there
 * is one already, so that tag_edit_remove() takes none away that was there before. */
static void insert(struct out *out, const struct tag_text *old, const struct tag *tag) {
        const char *end = old->bytes + old->length;
        const char *place = place_for(old, tag_kind_of(tag->match, strlen(tag->match)));

        if (old->length == 0)
                add(out, head);
        add_bytes(out, old->bytes, (size_t)(place - old->bytes));
        if (out->length > 0 && !ends_in_newlines(out, 1))
                add(out, "\n");
        if (out->length > 0 && (place == end || !ends_in_newlines(out, 2)))
                add(out, "\n");
        add_record(out, tag);
        if (place < end)
                add(out, "\n");
        add_bytes(out, place, (size_t)(end - place));
}

int tag_edit_set(const struct tag_text *old, const struct tag *tag, struct arena *arena,
                 struct tag_text *ret) {
        struct tag_record record;
        struct out out;
        int r;

        if (!tag_match_is_valid(tag->match) ||
            (tag->pin && !name_is_valid(tag->pin, strlen(tag->pin))))
                return -EINVAL;
        r = out_new(old, tag, arena, &out);
        if (r < 0)
                return r;
        if (find_ours(old, tag, &record))
                replace(&out, old, &record, tag);
        else
                insert(&out, old, tag);
        *ret = (struct tag_text){out.bytes, out.length};
        return out.length != old->length || memcmp(out.bytes, old->bytes, out.length) != 0;
}

/* RECORD and the empty line that tag_edit_set() put before or behind it. */
static void with_empty_line(const struct tag_text *old, struct tag_record *record) {
        const char *end = old->bytes + old->length;

        if (record->start > old->bytes && *line_before(old, record->start) == '\n')
                record->start--;
        else if (record->start == old->bytes && record->end < end && *record->end == '\n')
                record->end++;
}

static bool is_asked_for(const struct tag_record *record, const char *match, bool is_prefix) {
        size_t n = strlen(match);

        if (!record->is_ours)
                return false;
        if (!is_prefix)
                return text_is(record->match.bytes, record->match.length, match);
        return record->match.length > n && memcmp(record->match.bytes, match, n) == 0;
}

static bool is_head(const struct out *out) {
        return text_is(out->bytes, out->length, head);
}

int tag_edit_remove(const struct tag_text *old, const char *match, bool is_prefix,
                    void (*on_removed)(const struct tag_record *record, void *userdata),
                    void *userdata, struct arena *arena, struct tag_text *ret) {
        const char *kept = old->bytes, *end = old->bytes + old->length;
        struct tag_reader reader = tag_reader_new(old);
        struct tag_record record;
        struct out out;
        int n = 0, r = out_new(old, NULL, arena, &out);

        if (r < 0)
                return r;
        while (tag_reader_next(&reader, &record)) {
                if (!is_asked_for(&record, match, is_prefix))
                        continue;
                on_removed(&record, userdata);
                with_empty_line(old, &record);
                /* Of two that stand together the one took the empty line of the other */
                if (record.start > kept)
                        add_bytes(&out, kept, (size_t)(record.start - kept));
                kept = record.end;
                n++;
        }
        add_bytes(&out, kept, (size_t)(end - kept));
        *ret = (struct tag_text){out.bytes, is_head(&out) ? 0 : out.length};
        return n;
}
