/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A change of tags: their files and the compiled hwdb, all or none. */
#include "tag_change.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "hwdb_files.h"
#include "text.h"

struct tag_changed {
        struct tag old;
        bool has_old; /* false: there was no file */
};

/* Sets the object of a possible error. */
static void set_subject(struct tag_change *change, const char *key) {
        if (!key || tag_file_path(key, change->subject) < 0)
                (void)text_put(change->subject, sizeof(change->subject), TAG_DIRECTORY);
}

/* Of a terminal, a session or a service that ends. */
static void block_signals(struct tag_change *change) {
        sigset_t signals;

        (void)sigemptyset(&signals);
        (void)sigaddset(&signals, SIGHUP);
        (void)sigaddset(&signals, SIGINT);
        (void)sigaddset(&signals, SIGTERM);
        (void)pthread_sigmask(SIG_BLOCK, &signals, &change->signals);
}

int tag_change_begin(bool dry_run, void (*on_wait)(void), struct tag_change *ret) {
        int fd = dry_run ? fd_open_directory(AT_FDCWD, TAG_DIRECTORY) : tag_directory_open(on_wait);

        *ret = (struct tag_change){.directory_fd = fd, .is_dry_run = dry_run};
        set_subject(ret, NULL);
        block_signals(ret);
        return fd < 0 && !(dry_run && fd == -ENOENT) ? fd : 0;
}

/* Allocates the record of one more file, before the file is changed. */
static int reserve(struct tag_change *change) {
        void *changed = reallocarray(change->changed, change->n + 1, sizeof(struct tag_changed));

        if (!changed)
                return -ENOMEM;
        change->changed = changed;
        return 0;
}

/* Records that the file of KEY was changed, after reserve(). OLD: NULL if there was none. */
static void note_change(struct tag_change *change, const char *key, const struct tag *old) {
        struct tag_changed *changed = &change->changed[change->n++];

        *changed = (struct tag_changed){.has_old = old};
        if (old)
                changed->old = *old;
        (void)text_put(changed->old.key, sizeof(changed->old.key), key);
}

static bool is_valid(const struct tag *tag) {
        return tag_key_is_valid(tag->key) &&
               (!*tag->pin || name_is_valid(tag->pin, strlen(tag->pin)));
}

int tag_change_set(struct tag_change *change, const struct tag *tag, struct tag *ret_old) {
        struct tag old = {};
        int has_old, r;

        if (!is_valid(tag))
                return -EINVAL;
        set_subject(change, tag->key);
        has_old = tag_file_read(change->directory_fd, tag->key, &old);
        if (has_old < 0)
                return has_old;
        *ret_old = old;
        if (has_old && tag_is_same(tag, &old))
                return 0;
        if (change->is_dry_run)
                return 1;
        r = reserve(change);
        if (r == 0)
                r = tag_file_write(change->directory_fd, tag);
        if (r < 0)
                return r;
        note_change(change, tag->key, has_old ? &old : NULL);
        return 1;
}

static int remove_file(struct tag_change *change, const struct tag *tag) {
        int r = reserve(change);

        if (r == 0)
                r = tag_file_remove(change->directory_fd, tag->key);
        if (r == 0)
                note_change(change, tag->key, tag);
        return r;
}

struct removal {
        struct tag_change *change;
        const char *whole; /* the key to remove; NULL: each */
        void (*on_removed)(const struct tag *tag, void *userdata);
        void *userdata;
        int n;
};

static int remove_key(const char *key, void *userdata) {
        struct removal *removal = userdata;
        struct tag_change *change = removal->change;
        struct tag tag;
        int r;

        if (removal->whole && !streq(key, removal->whole))
                return 0;
        set_subject(change, key);
        r = tag_file_read(change->directory_fd, key, &tag);
        if (r <= 0)
                return r;
        r = change->is_dry_run ? 0 : remove_file(change, &tag);
        if (r < 0)
                return r;
        removal->on_removed(&tag, removal->userdata);
        removal->n++;
        return 0;
}

int tag_change_remove(struct tag_change *change, const char *prefix, bool is_whole,
                      void (*on_removed)(const struct tag *tag, void *userdata), void *userdata) {
        struct removal removal = {
                .change = change,
                .whole = is_whole ? prefix : NULL,
                .on_removed = on_removed,
                .userdata = userdata,
        };
        int r = tag_file_each(change->directory_fd, prefix, remove_key, &removal);

        return r < 0 ? r : removal.n;
}

static int sync_directory(const struct tag_change *change) {
        return fsync(change->directory_fd) < 0 ? -errno : 0;
}

static int restore_file(const struct tag_change *change, const struct tag_changed *changed) {
        return changed->has_old ? tag_file_write(change->directory_fd, &changed->old)
                                : tag_file_remove(change->directory_fd, changed->old.key);
}

/* Continues after an error: as many files as possible are restored. */
static int restore(struct tag_change *change) {
        int r = 0;

        while (change->n > 0) {
                const struct tag_changed *changed = &change->changed[--change->n];
                int restored = restore_file(change, changed);

                if (restored < 0) {
                        set_subject(change, changed->old.key);
                        r = restored;
                }
        }
        return r < 0 ? r : sync_directory(change);
}

static int compile(struct tag_change *change) {
        const char *program = "systemd-hwdb";
        int r = hwdb_compile(&program);

        if (r > 0)
                (void)snprintf(change->subject, sizeof(change->subject),
                               "%s, which ended with exit status %d", program, r);
        else if (r < 0)
                (void)text_put(change->subject, sizeof(change->subject), program);
        if (r == -ENOENT)
                return -ENOEXEC;
        return r > 0 ? -ECANCELED : r;
}

int tag_change_commit(struct tag_change *change) {
        int r;

        set_subject(change, NULL);
        if (change->is_dry_run)
                return 0;
        r = sync_directory(change);
        if (r == 0)
                r = compile(change);
        if (r < 0)
                return restore(change) < 0 ? -ENOTRECOVERABLE : r;
        change->n = 0;
        return 0;
}

void tag_change_end(struct tag_change *change) {
        if (change->n > 0)
                (void)restore(change);
        free(change->changed);
        fd_close(change->directory_fd);
        (void)pthread_sigmask(SIG_SETMASK, &change->signals, NULL);
        *change = (struct tag_change){.directory_fd = -1};
}
