/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of the index, and the text file that is read if it is missing or damaged. */
#include "index_file.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"
#include "text_index.h"

void source_init(struct source *source, const char *bin, const char *text, const char *origin,
                 struct arena *arena) {
        source->bin = bin;
        source->text = text;
        source->origin = origin;
        source->arena = arena;
}

void source_done(struct source *source) {
        if (source->state == SOURCE_TRIE)
                trie_done(&source->trie);
        source->state = SOURCE_UNOPENED;
}

/*
 * Does the directory have the file NAME? Returns 1, 0 or a negative errno. *ret_size: its size in
 * bytes.
 */
static int directory_has(int dir_fd, const char *name, uint64_t *ret_size) {
        _cleanup_close_ int fd = fd_open_file(dir_fd, name);
        int r;

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        r = fd_size(fd, ret_size);
        return r < 0 ? r : 1;
}

/*
 * Did depmod itself leave BIN empty, because modules.builtin.modinfo (or modules.builtin) is
 * missing? Such a file has no entries and is not damaged.
 */
static int is_empty_by_depmod(const struct source *source, int dir_fd) {
        uint64_t size;
        int r;

        if (!source->origin)
                return 0;
        r = directory_has(dir_fd, source->bin, &size);
        if (r <= 0)
                return r;
        if (size > 0)
                return 0;
        r = directory_has(dir_fd, source->origin, &size);
        return r < 0 ? r : !r;
}

/* BIN is damaged: uses the text file from now on, if it exists */
static int give_up(struct source *source, int dir_fd) {
        uint64_t size;
        int r = source->text ? directory_has(dir_fd, source->text, &size) : 0;

        source_done(source);
        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        source->damaged = true;
        source->state = SOURCE_TEXT;
        return 0;
}

static int open_text(struct source *source, int dir_fd) {
        uint64_t size;
        int r = source->text ? directory_has(dir_fd, source->text, &size) : 0;

        if (r < 0)
                return r;
        source->state = r > 0 ? SOURCE_TEXT : SOURCE_NONE;
        return 0;
}

static int source_open(struct source *source, int dir_fd) {
        int r;

        if (source->state != SOURCE_UNOPENED)
                return 0;
        r = trie_open(dir_fd, source->bin, source->arena, &source->trie);
        if (r == 0)
                source->state = SOURCE_TRIE;
        if (r == -ENOENT)
                return open_text(source, dir_fd);
        if (r != -EBADMSG)
                return r;
        r = is_empty_by_depmod(source, dir_fd);
        if (r > 0)
                source->state = SOURCE_NONE;
        return r == 0 ? give_up(source, dir_fd) : r < 0 ? r : 0;
}

int source_is_there(struct source *source, int dir_fd) {
        int r = source_open(source, dir_fd);

        return r < 0 ? r : source->state != SOURCE_NONE;
}

int source_lookup(struct source *source, int dir_fd, const struct modalias *key,
                  trie_match_fn on_match, void (*restart)(void *userdata), void *userdata) {
        int r = source_open(source, dir_fd);

        if (r >= 0 && source->state == SOURCE_TRIE) {
                r = trie_lookup(&source->trie, key, on_match, userdata);
                if (r != -EBADMSG || key->is_begin)
                        return r;
                if (restart)
                        restart(userdata);
                r = give_up(source, dir_fd);
        }
        if (r < 0 || source->state != SOURCE_TEXT)
                return r;
        return text_index_lookup(dir_fd, source->text, key, on_match, userdata);
}

int source_has_module(struct source *source, int dir_fd, const char *module) {
        int r = source_open(source, dir_fd);

        if (r >= 0 && source->state == SOURCE_TRIE) {
                r = trie_has(&source->trie, module);
                if (r != -EBADMSG)
                        return r;
                r = give_up(source, dir_fd);
        }
        if (r < 0 || source->state != SOURCE_TEXT)
                return r;
        return text_index_has_module(dir_fd, source->text, module);
}

/* About fifty paths; modules of the kernel depend on a dozen at most */
#define DEPENDENCIES_SIZE 4096

int source_each_dependency(struct source *source, int dir_fd, const char *module,
                           dependency_fn on_module, void *userdata) {
        _uninitialized_ char line[DEPENDENCIES_SIZE];
        int r = source_open(source, dir_fd);

        if (r >= 0 && source->state == SOURCE_TRIE) {
                r = trie_read(&source->trie, module, line, sizeof(line));
                if (r > 0)
                        return text_index_split_line(line, strlen(line), on_module, userdata);
                if (r != -EBADMSG)
                        return r;
                r = give_up(source, dir_fd);
        }
        if (r < 0 || source->state != SOURCE_TEXT)
                return r;
        return text_index_each_dependency(dir_fd, source->text, module, on_module, userdata);
}
