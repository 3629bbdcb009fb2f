/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module index of one kernel: which modules have an alias that matches a device. */
#include "index.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/utsname.h>

#include "arena.h"
#include "bus.h"
#include "cleanup.h"
#include "fd.h"
#include "index_file.h"
#include "text.h"

enum {
        LOADABLE_ALIASES,
        BUILT_IN_ALIASES,
        LOADABLE_MODULES,
        BUILT_IN_MODULES,
        N_FILES,
};

struct index {
        int dir_fd;
        struct index_file files[N_FILES];
};

static void init_sources(struct index_file *files, struct arena *arena) {
        index_file_init(&files[LOADABLE_ALIASES], "modules.alias.bin", "modules.alias", NULL,
                        arena);
        index_file_init(&files[BUILT_IN_ALIASES], "modules.builtin.alias.bin", NULL,
                        "modules.builtin.modinfo", arena);
        index_file_init(&files[LOADABLE_MODULES], "modules.dep.bin", "modules.dep", NULL, arena);
        index_file_init(&files[BUILT_IN_MODULES], "modules.builtin.bin", "modules.builtin",
                        "modules.builtin", arena);
}

_Static_assert(sizeof("/usr/lib/modules/") + sizeof(((struct utsname *)NULL)->release) <=
                       INDEX_DIRECTORY_SIZE,
               "any release fits");

/* Opens the directory of the kernel that uname(2) named, below ROOT. *ret: its path. */
static int open_below(const char *root, const struct utsname *uts, char ret[INDEX_DIRECTORY_SIZE]) {
        if (!text_join(ret, INDEX_DIRECTORY_SIZE, root, uts->release))
                return -ENAMETOOLONG;
        return fd_open_directory(AT_FDCWD, ret);
}

/* *ret: the path that was opened, or could not be opened. */
static int open_running(char ret[INDEX_DIRECTORY_SIZE]) {
        struct utsname uts;
        int fd;

        ret[0] = '\0';
        if (uname(&uts) < 0)
                return -errno;
        fd = open_below("/lib/modules/", &uts, ret);
        if (fd != -ENOENT)
                return fd;
        fd = open_below("/usr/lib/modules/", &uts, ret);
        if (fd == -ENOENT) /* the path in the kernel's own documents */
                (void)text_join(ret, INDEX_DIRECTORY_SIZE, "/lib/modules/", uts.release);
        return fd;
}

int index_find_directory(char ret[INDEX_DIRECTORY_SIZE]) {
        _cleanup_close_ int fd = open_running(ret);

        return fd == -ENOENT ? 0 : fd < 0 ? fd : 1;
}

int index_open(const char *directory, struct arena *arena, struct index **ret) {
        struct index *index = arena_take(arena, sizeof(*index));
        _uninitialized_ char path[INDEX_DIRECTORY_SIZE];

        if (!index)
                return -ENOMEM;
        index->dir_fd = directory ? fd_open_directory(AT_FDCWD, directory) : open_running(path);
        if (index->dir_fd < 0)
                return index->dir_fd;
        init_sources(index->files, arena);
        *ret = index;
        return 0;
}

void index_close(struct index *index) {
        if (!index)
                return;
        for (size_t i = 0; i < N_FILES; i++)
                index_file_done(&index->files[i]);
        fd_close(index->dir_fd);
}

/* The matches of a lookup. */
struct collection {
        struct matches *matches;
        struct arena *arena;
        bool built_in;
};

static int add_match(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct collection *collection = userdata;
        const struct candidate like = {
                .priority = priority,
                .origin = VFIO_VARIANT_CANDIDATE_INDEX,
                .built_in = collection->built_in,
        };

        return matches_add(collection->matches, collection->arena, alias, module, &like);
}

static void clear_matches(void *userdata) {
        struct collection *collection = userdata;

        collection->matches->n = 0;
}

static int collect(struct index *index, const struct modalias *key, struct collection *collection) {
        struct index_file *loadable = &index->files[LOADABLE_ALIASES];
        int r = index_file_lookup(loadable, index->dir_fd, key, add_match, clear_matches,
                                  collection);

        if (r < 0)
                return r;
        collection->built_in = true;
        r = index_file_lookup(&index->files[BUILT_IN_ALIASES], index->dir_fd, key, add_match, NULL,
                              collection);
        if (r < 0)
                return r;
        /* depmod writes this file for a kernel without modules as well. A result from built-in
         * modules only could be wrong. */
        return loadable->state == INDEX_FILE_NONE ? -ENOENT : 0;
}

int index_lookup(struct index *index, const struct modalias *key, struct arena *arena,
                 struct matches *matches) {
        struct collection collection = {.matches = matches, .arena = arena};
        int r;

        *matches = (struct matches){.generic = key->generic};
        r = collect(index, key, &collection);
        if (r < 0)
                matches->n = 0;
        return r;
}

/* The search for an alias of a module. */
struct module_search {
        const char *module;
        bool is_found;
};

static int compare_module(const char *alias, const char *module, uint32_t priority,
                          void *userdata) {
        struct module_search *search = userdata;

        (void)alias;
        (void)priority;
        search->is_found = search->is_found || name_is_same_module(module, search->module);
        return 0;
}

int index_module_has_alias(struct index *index, const struct modalias *key, const char *module) {
        struct module_search search = {.module = module};
        _uninitialized_ struct modalias begin;
        int r;

        modalias_bus_prefix(key, &begin);
        r = index_file_lookup(&index->files[LOADABLE_ALIASES], index->dir_fd, &begin,
                              compare_module, NULL, &search);
        if (r < 0)
                return r;
        r = index_file_lookup(&index->files[BUILT_IN_ALIASES], index->dir_fd, &begin,
                              compare_module, NULL, &search);
        return r < 0 ? r : search.is_found;
}

/* Is MODULE built in? Returns 1, 0 or a negative errno. */
static int is_built_in(struct index *index, const char *module, bool named_built_in) {
        struct index_file *file = &index->files[BUILT_IN_MODULES];
        int r;

        if (named_built_in) {
                r = index_file_exists(file, index->dir_fd);
                if (r <= 0)
                        return r < 0 ? r : 1;
        }
        return index_file_find_module(file, index->dir_fd, module, NULL, 0);
}

int index_find_module(struct index *index, const char *module, bool named_built_in,
                      enum index_presence *ret) {
        int r = 0;

        if (!named_built_in)
                r = index_file_find_module(&index->files[LOADABLE_MODULES], index->dir_fd, module,
                                           NULL, 0);
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

/* About thirty paths; modules of the kernel depend on a dozen at most */
#define DEPENDENCIES_SIZE 2048

int index_each_dependency(struct index *index, const char *module,
                          int (*on_module)(const char *module, void *userdata), void *userdata) {
        _uninitialized_ char line[DEPENDENCIES_SIZE];
        int r = index_file_find_module(&index->files[LOADABLE_MODULES], index->dir_fd, module, line,
                                       sizeof(line));

        return r > 0 ? text_index_split_line(line, on_module, userdata) : r;
}

const char *index_damaged_file(const struct index *index) {
        for (size_t i = 0; i < N_FILES; i++)
                if (index->files[i].damaged)
                        return index->files[i].bin;
        return NULL;
}

/* --- a check for damage: a lookup only reads the part that it needs --- */

struct verification {
        struct index *index;
        const char *damaged; /* the name of a damaged file, or NULL */
};

/*
 * Records that FILE is damaged, if it is; R: the result of reading it. Returns 0 or the negative
 * errno of a read.
 */
static int note_damage(struct verification *verification, const struct index_file *file, int r) {
        if (r == -EBADMSG || file->damaged)
                verification->damaged = file->bin;
        return r == -EBADMSG || r > 0 ? 0 : r;
}

static int check_module(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct verification *verification = userdata;
        struct index *index = verification->index;
        int r = 0;

        (void)alias;
        (void)priority;
        for (size_t i = LOADABLE_MODULES; r == 0 && i < N_FILES; i++)
                r = note_damage(
                        verification, &index->files[i],
                        index_file_find_module(&index->files[i], index->dir_fd, module, NULL, 0));
        return r;
}

/* Reads each VFIO alias of a bus in core/bus.c in FILE, and looks up its module. */
static int check_aliases(struct verification *verification, struct index_file *file) {
        int r = 0;

        for (const struct bus *bus = buses; r >= 0 && bus->subsystem; bus++) {
                _uninitialized_ struct modalias key, begin;

                r = modalias_parse(bus->prefix, &key);
                if (r < 0)
                        return r;
                modalias_bus_prefix(&key, &begin);
                r = index_file_lookup(file, verification->index->dir_fd, &begin, check_module, NULL,
                                      verification);
                r = note_damage(verification, file, r);
        }
        return r;
}

int index_check(struct index *index, const char **ret) {
        struct verification verification = {.index = index};
        int r = index_file_exists(&index->files[LOADABLE_ALIASES], index->dir_fd);

        if (r == 0)
                return -ENOENT;
        if (r >= 0 || r == -EBADMSG)
                r = check_aliases(&verification, &index->files[LOADABLE_ALIASES]);
        if (r >= 0)
                r = check_aliases(&verification, &index->files[BUILT_IN_ALIASES]);
        if (r < 0)
                return r;
        if (verification.damaged)
                *ret = verification.damaged;
        return verification.damaged != NULL;
}
