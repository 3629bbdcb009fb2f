/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One tag more or less: in the file, and in the compiled hwdb. Both, or neither. */
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

#include "cleanup.h"
#include "objects.h"
#include "rebuild.h"
#include "tag_edit.h"
#include "tag_file.h"
#include "vfio-variant-tag.h"

#define TAG_PATH TAG_FOLDER "/" TAG_NAME

const char *vfio_variant_tag_path(void) {
        return TAG_PATH;
}

static void tell_wait(void *userdata) {
        const struct vfio_variant *context = userdata;

        context_log(context, LOG_WARNING, "waiting for another process that works on ", TAG_FOLDER);
}

/* The file while it is changed. */
struct change {
        struct vfio_variant *context;
        struct tag_file file;
        struct arena arena; /* of the texts */
        struct tag_text old, new;
};

static void change_end(struct change *change) {
        tag_file_close(&change->file);
        arena_done(&change->arena);
}

static int change_begin(struct change *change) {
        int r;

        context_subject(change->context, TAG_FOLDER);
        r = tag_file_open(tell_wait, change->context, &change->file);
        if (r < 0)
                return r;
        context_subject(change->context, TAG_PATH);
        return tag_file_read(&change->file, &change->arena, &change->old);
}

static int rebuild(struct vfio_variant *context) {
        const char *program = "systemd-hwdb";
        char status[64] = "";
        int r = rebuild_hwdb(&program);

        context_close_hwdb(context); /* it is another now */
        if (r == 0)
                return 0;
        if (r > 0)
                (void)snprintf(status, sizeof(status), ", which ended with exit status %d", r);
        context_subject(context, program, status);
        if (r == -ENOENT)
                return -ENOEXEC;
        return r > 0 ? -ECANCELED : r;
}

/*
 * Writes the file, if its text is another, and has the hwdb compiled in any case: a process that
 * was killed may have left it behind the file.
 */
static int change_commit(struct change *change, bool is_changed) {
        int r = is_changed ? tag_file_replace(&change->file, &change->new) : 0;

        if (r < 0)
                return r;
        r = rebuild(change->context);
        if (r >= 0 || tag_file_put_back(&change->file) >= 0)
                return r;
        context_subject(change->context, TAG_PATH);
        return -ENOTRECOVERABLE;
}

int vfio_variant_tag(struct vfio_variant *context, const char *match, int force, const char *pin) {
        const struct tag tag = {.match = match, .force = force, .pin = pin};
        _cleanup_(change_end) struct change change = {
                .context = context,
                .file.folder_fd = -1,
        };
        int r = change_begin(&change), is_changed;

        if (r < 0)
                return r;
        is_changed = tag_edit_set(&change.old, &tag, &change.arena, &change.new);
        if (is_changed < 0)
                return is_changed;
        r = change_commit(&change, is_changed);
        return r < 0 ? r : is_changed;
}

/* Those that are removed are told when they are. */
struct removed {
        vfio_variant_removed_fn on_removed;
        void *userdata;
};

static void tell_removed(const struct tag_record *record, void *userdata) {
        const struct removed *removed = userdata;
        char match[VFIO_VARIANT_MATCH_SIZE], pin[NAME_SIZE];
        struct tag_text pinned;
        bool force;

        tag_record_read(record, &force, &pinned);
        (void)snprintf(match, sizeof(match), "%.*s", (int)record->match.length,
                       record->match.bytes);
        (void)snprintf(pin, sizeof(pin), "%.*s", (int)pinned.length, pinned.bytes);
        removed->on_removed(match, force, *pin ? pin : NULL, removed->userdata);
}

static void tell_nobody(const struct tag_record *record, void *userdata) {
        (void)record;
        (void)userdata;
}

int vfio_variant_untag(struct vfio_variant *context, const char *match, int is_prefix,
                       vfio_variant_removed_fn on_removed, void *userdata) {
        struct removed removed = {.on_removed = on_removed, .userdata = userdata};
        _cleanup_(change_end) struct change change = {
                .context = context,
                .file.folder_fd = -1,
        };
        int r = change_begin(&change), n;

        if (r < 0)
                return r;
        n = tag_edit_remove(&change.old, match, is_prefix, tell_nobody, NULL, &change.arena,
                            &change.new);
        if (n < 0)
                return n;
        r = change_commit(&change, n > 0);
        if (r < 0)
                return r;
        (void)tag_edit_remove(&change.old, match, is_prefix, tell_removed, &removed, &change.arena,
                              &change.new);
        return n;
}
