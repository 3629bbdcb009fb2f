/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module index of one kernel: which modules have an alias that matches a device. */
#include "index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "alias.h"
#include "cleanup.h"
#include "memo.h"
#include "source.h"
#include "text.h"

enum {
        LOADABLE_ALIASES,
        BUILT_IN_ALIASES,
        LOADABLE_MODULES,
        BUILT_IN_MODULES,
        N_SOURCES,
};

struct index {
        int dir_fd;
        struct source sources[N_SOURCES];
        struct memo memo;
};

/* Filled in by hand, since pointers in constant data would cost the helper a relocation each. */
static void name_sources(struct source *sources) {
        sources[LOADABLE_ALIASES].bin = "modules.alias.bin";
        sources[LOADABLE_ALIASES].text = "modules.alias";
        sources[BUILT_IN_ALIASES].bin = "modules.builtin.alias.bin";
        sources[BUILT_IN_ALIASES].origin = "modules.builtin.modinfo";
        sources[LOADABLE_MODULES].bin = "modules.dep.bin";
        sources[LOADABLE_MODULES].text = "modules.dep";
        sources[BUILT_IN_MODULES].bin = "modules.builtin.bin";
        sources[BUILT_IN_MODULES].text = "modules.builtin";
        sources[BUILT_IN_MODULES].origin = "modules.builtin";
}

/* "/lib/modules/6.12.1" below ROOT: the folder of the kernel that uname(2) named. */
static int open_below(const char *root, const struct utsname *uts) {
        char path[sizeof("/usr/lib/modules/") + sizeof(uts->release)];

        if (!text_join(path, sizeof(path), root, uts->release))
                return -ENAMETOOLONG;
        return fd_open_folder(AT_FDCWD, path);
}

static int open_running(void) {
        struct utsname uts;
        int fd;

        if (uname(&uts) < 0)
                return -errno;
        fd = open_below("/lib/modules/", &uts);
        return fd == -ENOENT ? open_below("/usr/lib/modules/", &uts) : fd;
}

DEFINE_CLEANUP(struct index *, index_free);

int index_open(const char *folder, struct index **ret) {
        _cleanup_(index_freep) struct index *index = calloc(1, sizeof(*index));

        if (!index)
                return -ENOMEM;
        name_sources(index->sources);
        index->dir_fd = folder ? fd_open_folder(AT_FDCWD, folder) : open_running();
        if (index->dir_fd < 0)
                return index->dir_fd;
        *ret = take_pointer(index);
        return 0;
}

void index_free(struct index *index) {
        if (!index)
                return;
        memo_done(&index->memo);
        for (size_t i = 0; i < N_SOURCES; i++)
                source_done(&index->sources[i]);
        fd_close(index->dir_fd);
        free(index);
}

/* Where a look-up collects what it finds. */
struct collection {
        struct index_matches *matches;
        size_t allocated;
        size_t kept; /* found in another file before: not to be given up with this one */
        bool built_in;
};

static int make_room(struct collection *collection) {
        struct index_matches *matches = collection->matches;
        struct candidate *list;
        size_t n = collection->allocated ? collection->allocated * 2 : 4;

        if (matches->n < collection->allocated)
                return 0;
        list = reallocarray(matches->list, n, sizeof(*list));
        if (!list)
                return -ENOMEM;
        matches->list = list;
        collection->allocated = n;
        return 0;
}

static int add_match(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct collection *collection = userdata;
        struct candidate candidate = {
                .priority = priority,
                .origin = CANDIDATE_INDEX,
                .built_in = collection->built_in,
        };
        size_t n_alias = strlen(alias) + 1, n_module = strlen(module) + 1;
        char *strings;
        int r = make_room(collection);

        if (r < 0)
                return r;
        strings = malloc(n_alias + n_module);
        if (!strings)
                return -ENOMEM;
        candidate.alias = memcpy(strings, alias, n_alias);
        candidate.module = memcpy(strings + n_alias, module, n_module);
        alias_weigh(alias, &candidate.wildcards, &candidate.literals);
        collection->matches->list[collection->matches->n++] = candidate;
        return 0;
}

static void restart(void *userdata) {
        struct collection *collection = userdata;
        struct index_matches *matches = collection->matches;

        while (matches->n > collection->kept)
                free((char *) matches->list[--matches->n].alias);
}

DEFINE_CLEANUP(struct memo_entry *, memo_entry_free);

static void sort(struct index_matches *matches, const char *generic) {
        for (size_t i = 1; i < matches->n; i++) {
                struct candidate candidate = matches->list[i];

                candidate_insert(matches->list, i, &candidate, generic);
        }
}

int index_lookup(struct index *index, const struct modalias *key,
                 const struct index_matches **ret) {
        _cleanup_(memo_entry_freep) struct memo_entry *entry = memo_find(&index->memo, key);
        struct collection collection;
        int r;

        if (entry) {
                *ret = &take_pointer(entry)->matches;
                return 0;
        }
        entry = memo_entry_new(key);
        if (!entry)
                return -ENOMEM;
        collection = (struct collection){.matches = &entry->matches};
        r = source_lookup(&index->sources[LOADABLE_ALIASES], index->dir_fd, key, add_match, restart,
                          &collection);
        if (r < 0)
                return r;
        collection.kept = entry->matches.n;
        collection.built_in = true;
        r = source_lookup(&index->sources[BUILT_IN_ALIASES], index->dir_fd, key, add_match, restart,
                          &collection);
        if (r < 0)
                return r;
        sort(&entry->matches, key->generic);
        *ret = &entry->matches;
        memo_add(&index->memo, take_pointer(entry));
        return 0;
}

int index_has_bus(struct index *index, const struct modalias *key) {
        char prefix[NAME_SIZE + 1];
        int r;

        if (!text_join(prefix, sizeof(prefix), key->generic, ":"))
                return -ENAMETOOLONG;
        r = source_has_prefix(&index->sources[LOADABLE_ALIASES], index->dir_fd, prefix);
        if (r == 0)
                r = source_has_prefix(&index->sources[BUILT_IN_ALIASES], index->dir_fd, prefix);
        return r;
}

/* Returns 1 where MODULE is built in, 0 or a negative errno. */
static int is_built_in(struct index *index, const char *module, bool named_built_in) {
        struct source *source = &index->sources[BUILT_IN_MODULES];
        int r;

        if (named_built_in) {
                r = source_is_there(source, index->dir_fd);
                if (r <= 0)
                        return r < 0 ? r : 1;
        }
        return source_has_module(source, index->dir_fd, module);
}

int index_find_module(struct index *index, const char *module, bool named_built_in,
                      enum index_presence *ret) {
        int r = 0;

        if (!named_built_in)
                r = source_has_module(&index->sources[LOADABLE_MODULES], index->dir_fd, module);
        if (r < 0)
                return r;
        if (r > 0) {
                *ret = MODULE_LOADABLE;
                return 0;
        }
        r = is_built_in(index, module, named_built_in);
        if (r < 0)
                return r;
        *ret = r > 0 ? MODULE_BUILT_IN : MODULE_ABSENT;
        return 0;
}

const char *index_damaged_file(const struct index *index) {
        for (size_t i = 0; i < N_SOURCES; i++)
                if (index->sources[i].damaged)
                        return index->sources[i].bin;
        return NULL;
}
