/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context: what is opened once and serves all devices. */
#include "context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "database.h"
#include "hwdb.h"
#include "snapshot.h"

_public_ int vfio_variant_new(struct vfio_variant **ret) {
        struct vfio_variant *context = calloc(1, sizeof(*context));

        if (!context)
                return -ENOMEM;
        context->n_refs = 1;
        *ret = context;
        return 0;
}

_public_ struct vfio_variant *vfio_variant_ref(struct vfio_variant *context) {
        if (context)
                context->n_refs++;
        return context;
}

_public_ struct vfio_variant *vfio_variant_unref(struct vfio_variant *context) {
        if (!context || --context->n_refs > 0)
                return NULL;
        context_drop_snapshot(context);
        choice_source_close(context->source);
        hwdb_close(context->hwdb);
        database_close(context->udev);
        free(context);
        return NULL;
}

void context_drop_snapshot(struct vfio_variant *context) {
        if (context->snapshot)
                snapshot_done(context->snapshot);
        free(context->snapshot);
        context->snapshot = NULL;
}

_public_ void vfio_variant_set_log(struct vfio_variant *context, vfio_variant_log_fn on_log,
                                   void *userdata) {
        context->on_log = on_log;
        context->log_userdata = userdata;
}

_public_ const char *vfio_variant_get_module_directory(struct vfio_variant *context) {
        char path[INDEX_DIRECTORY_SIZE];

        (void)index_find_directory(path);
        copy_printable(context->module_directory, sizeof(context->module_directory), path);
        return context->module_directory;
}

void context_log_parts(const struct vfio_variant *context, int priority, const char *const *parts) {
        char message[MESSAGE_SIZE];
        size_t n = 0;

        if (!context->on_log)
                return;
        for (; *parts; parts++) {
                copy_printable(message + n, sizeof(message) - n, *parts);
                n += strlen(message + n);
        }
        context->on_log(priority, message, context->log_userdata);
}

void copy_printable(char *ret, size_t size, const char *text) {
        size_t n = 0;

        for (; text[n] && n < size - 1; n++)
                ret[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
        ret[n] = '\0';
}

int context_open_udev(struct vfio_variant *context) {
        return context->udev ? 0 : database_open(&context->udev);
}

int context_open_hwdb(struct vfio_variant *context) {
        int r = context_open_udev(context);

        if (r >= 0 && !context->hwdb)
                r = hwdb_open(context->udev, &context->hwdb);
        return r < 0 ? r : 0;
}

void context_close_hwdb(struct vfio_variant *context) {
        hwdb_close(context->hwdb);
        context->hwdb = NULL;
        context->names = (struct hwdb_names){};
}

int context_open_source(struct vfio_variant *context) {
        return context->source ? 0 : choice_source_open(NULL, NULL, &context->source);
}

void context_log_damage(struct vfio_variant *context) {
        const char *file = index_damaged_file(choice_source_index(context->source));

        if (!file || context->is_damage_logged)
                return;
        context->is_damage_logged = true;
        context_log(context, LOG_WARNING, file,
                    " is damaged, and its text file was read instead; run depmod");
}
