/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hwdb file tags a device: the compiled database doesn't say. */
#include "tag_source.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "fd.h"
#include "hwdb_files.h"

/* Twice the largest that is shipped with systemd, 20-OUI.hwdb. */
#define FILE_SIZE_MAX ((uint64_t)16 * 1024 * 1024)
/* Longer match lines than any of ours. */
#define MATCH_SIZE 1024

struct search {
        const char *const *strings, *property;
        tag_source_fn on_source;
        void *userdata;
        struct arena arena;        /* of one file */
        const char *folder, *name; /* of the file that is being read */
        unsigned line;
        struct tag_text value;
};

static int look_at_match(const struct tag_text *match, void *userdata) {
        const struct search *search = userdata;
        const struct tag_source source = {
                .folder = search->folder,
                .name = search->name,
                .line = search->line,
                .match = match,
                .value = &search->value,
        };
        char pattern[MATCH_SIZE];

        if (match->length >= sizeof(pattern))
                return 0;
        memcpy(pattern, match->bytes, match->length);
        pattern[match->length] = '\0';
        for (size_t i = 0; search->strings[i]; i++)
                if (fnmatch(pattern, search->strings[i], 0) == 0)
                        return search->on_source(&source, search->userdata);
        return 0;
}

static int look_at_text(struct search *search, const struct tag_text *text) {
        struct tag_reader reader = tag_reader_new(text);
        struct tag_record record;
        int r = 0;

        while (r == 0 && tag_reader_next(&reader, &record)) {
                search->line = record.line;
                if (tag_record_sets(&record, search->property, &search->value))
                        r = tag_record_each_match(&record, look_at_match, search);
        }
        return r;
}

static int read_file(int folder_fd, struct search *search, struct tag_text *ret) {
        _cleanup_close_ int fd = fd_open_file(folder_fd, search->name);
        uint64_t size;
        char *bytes;

        if (fd < 0 || fd_size(fd, &size) < 0 || size > FILE_SIZE_MAX)
                return 0;
        bytes = arena_take(&search->arena, (size_t)size);
        if (!bytes)
                return -ENOMEM;
        *ret = (struct tag_text){bytes, (size_t)size};
        return fd_read_at(fd, bytes, (size_t)size, 0) == 0;
}

static int look_at_file(int folder_fd, const char *folder, const char *name, void *userdata) {
        struct search *search = userdata;
        struct tag_text text;
        int r;

        search->folder = folder;
        search->name = name;
        r = read_file(folder_fd, search, &text);
        /* Most files are long and contain no tag: memmem() is faster than the reader. */
        if (r > 0)
                r = memmem(text.bytes, text.length, search->property, strlen(search->property))
                            ? look_at_text(search, &text)
                            : 0;
        arena_done(&search->arena);
        return r;
}

int tag_source_each(const char *const *strings, const char *property, tag_source_fn on_source,
                    void *userdata) {
        struct search search = {
                .strings = strings,
                .property = property,
                .on_source = on_source,
                .userdata = userdata,
        };

        return hwdb_each_file(look_at_file, &search);
}
