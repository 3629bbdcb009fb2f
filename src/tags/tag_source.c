/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the hwdb file that tags a device, which the compiled database does not contain. */
#include "tag_source.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"
#include "hwdb_files.h"
#include "text.h"

/* Twice the size of the largest file of systemd, 20-OUI.hwdb. */
#define FILE_SIZE_MAX ((uint64_t)16 * 1024 * 1024)

struct source_search {
        const struct tag_lookups *lookups; /* NULL: each match line that begins with TAG_KEY */
        const char *word; /* the property that a record must set; or what the file must contain */
        tag_source_fn on_source;
        void *userdata;
        const char *directory, *name; /* of the current file */
        struct hwdb_text value;       /* of the current record */
};

static int visit_match(const struct hwdb_text *match, unsigned line, void *userdata) {
        const struct source_search *search = userdata;
        char key[TAG_KEY_SIZE];
        const struct tag_source source = {
                .directory = search->directory,
                .name = search->name,
                .line = line,
                .match = key,
                .value = search->lookups ? &search->value : NULL,
        };

        if (match->length >= sizeof(key))
                return 0;
        memcpy(key, match->bytes, match->length);
        key[match->length] = '\0';
        if (search->lookups ? !tag_lookups_match(search->lookups, key) : !startswith(key, TAG_KEY))
                return 0;
        return search->on_source(&source, search->userdata);
}

/* Does RECORD set the property that is searched for? */
static bool is_matching(struct source_search *search, const struct hwdb_record *record) {
        if (!search->lookups)
                return true;
        return hwdb_record_sets(record, search->word, &search->value) &&
               !(streq(search->word, property_name(PROPERTY_BIND)) &&
                 text_is(search->value.bytes, search->value.length, "0"));
}

static int visit_text(struct source_search *search, const struct hwdb_text *text) {
        struct hwdb_reader reader = hwdb_reader_new(text);
        struct hwdb_record record;
        int r = 0;

        while (r == 0 && hwdb_reader_next(&reader, &record))
                if (is_matching(search, &record))
                        r = hwdb_record_each_match(&record, visit_match, search);
        return r;
}

/* Returns 1; 0 if the file cannot be read; or -ENOMEM. */
static int read_file(int directory_fd, const char *name, void **ret, size_t *ret_size) {
        _cleanup_close_ int fd = fd_open_file(directory_fd, name);
        _cleanup_free_ void *bytes = NULL;
        uint64_t size;

        if (fd < 0 || fd_size(fd, &size) < 0 || size > FILE_SIZE_MAX)
                return 0;
        bytes = malloc((size_t)size + 1); /* malloc(0) may return NULL */
        if (!bytes)
                return -ENOMEM;
        if (fd_read_at(fd, bytes, (size_t)size, 0) < 0)
                return 0;
        *ret = take_pointer(bytes);
        *ret_size = (size_t)size;
        return 1;
}

static int visit_file(int directory_fd, const char *directory, const char *name, void *userdata) {
        struct source_search *search = userdata;
        _cleanup_free_ void *bytes = NULL;
        struct hwdb_text text = {};
        int r = read_file(directory_fd, name, &bytes, &text.length);

        if (r <= 0)
                return r;
        search->directory = directory;
        search->name = name;
        text.bytes = bytes;
        /* Most files are long and contain no tag: memmem() is faster than the reader. */
        if (!memmem(text.bytes, text.length, search->word, strlen(search->word)))
                return 0;
        return visit_text(search, &text);
}

int tag_source_each(const struct tag_lookups *lookups, enum property property,
                    tag_source_fn on_source, void *userdata) {
        struct source_search search = {
                .lookups = lookups,
                .word = property_name(property),
                .on_source = on_source,
                .userdata = userdata,
        };

        return hwdb_each_file(visit_file, &search);
}

int tag_source_each_key(tag_source_fn on_source, void *userdata) {
        struct source_search search = {
                .word = TAG_KEY,
                .on_source = on_source,
                .userdata = userdata,
        };

        return hwdb_each_file(visit_file, &search);
}
