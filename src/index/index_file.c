/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of the index, and the text file that is read if it is missing or damaged. */
#include "index_file.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"
#include "text_index.h"

void index_file_init(struct index_file *file, const char *bin, const char *text, const char *origin,
                     struct arena *arena) {
        file->bin = bin;
        file->text = text;
        file->origin = origin;
        file->arena = arena;
}

void index_file_done(struct index_file *file) {
        if (file->state == INDEX_FILE_TRIE)
                trie_done(&file->trie);
        file->state = INDEX_FILE_UNOPENED;
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
static int is_empty_by_depmod(const struct index_file *file, int dir_fd) {
        uint64_t size;
        int r;

        if (!file->origin)
                return 0;
        r = directory_has(dir_fd, file->bin, &size);
        if (r <= 0)
                return r;
        if (size > 0)
                return 0;
        r = directory_has(dir_fd, file->origin, &size);
        return r < 0 ? r : !r;
}

/* BIN is damaged: uses the text file from now on, if it exists */
static int use_text_file(struct index_file *file, int dir_fd) {
        uint64_t size;
        int r = file->text ? directory_has(dir_fd, file->text, &size) : 0;

        index_file_done(file);
        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        file->damaged = true;
        file->state = INDEX_FILE_TEXT;
        return 0;
}

static int open_text(struct index_file *file, int dir_fd) {
        uint64_t size;
        int r = file->text ? directory_has(dir_fd, file->text, &size) : 0;

        if (r < 0)
                return r;
        file->state = r > 0 ? INDEX_FILE_TEXT : INDEX_FILE_NONE;
        return 0;
}

static int index_file_open(struct index_file *file, int dir_fd) {
        int r;

        if (file->state != INDEX_FILE_UNOPENED)
                return 0;
        r = trie_open(dir_fd, file->bin, file->arena, &file->trie);
        if (r == 0)
                file->state = INDEX_FILE_TRIE;
        if (r == -ENOENT)
                return open_text(file, dir_fd);
        if (r != -EBADMSG)
                return r;
        r = is_empty_by_depmod(file, dir_fd);
        if (r > 0)
                file->state = INDEX_FILE_NONE;
        return r == 0 ? use_text_file(file, dir_fd) : r < 0 ? r : 0;
}

int index_file_exists(struct index_file *file, int dir_fd) {
        int r = index_file_open(file, dir_fd);

        return r < 0 ? r : file->state != INDEX_FILE_NONE;
}

int index_file_lookup(struct index_file *file, int dir_fd, const struct modalias *key,
                      trie_match_fn on_match, void (*restart)(void *userdata), void *userdata) {
        int r = index_file_open(file, dir_fd);

        if (r >= 0 && file->state == INDEX_FILE_TRIE) {
                r = trie_lookup(&file->trie, key, on_match, userdata);
                if (r != -EBADMSG || key->is_prefix)
                        return r;
                if (restart)
                        restart(userdata);
                r = use_text_file(file, dir_fd);
        }
        if (r < 0 || file->state != INDEX_FILE_TEXT)
                return r;
        return text_index_lookup(dir_fd, file->text, key, on_match, userdata);
}

int index_file_find_module(struct index_file *file, int dir_fd, const char *module, char *ret,
                           size_t size) {
        int r = index_file_open(file, dir_fd);

        if (r >= 0 && file->state == INDEX_FILE_TRIE) {
                r = trie_find(&file->trie, module, ret, size);
                if (r != -EBADMSG)
                        return r;
                r = use_text_file(file, dir_fd);
        }
        if (r < 0 || file->state != INDEX_FILE_TEXT)
                return r;
        return text_index_find_module(dir_fd, file->text, module, ret, size);
}
