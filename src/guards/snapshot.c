/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the guards read of the host, and not of one device. */
#include "snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "text.h"

/* A file that was read. */
struct snapshot_file {
        struct snapshot_file *next;
        const char *path;
        const char *text;
};

void snapshot_done(struct snapshot *snapshot) {
        child_devices_done(&snapshot->block.devices);
        child_devices_done(&snapshot->net.devices);
        arena_done(&snapshot->arena);
        *snapshot = (struct snapshot){};
}

static int each_child(struct snapshot_class *class, const char *name, const struct handle *handle,
                      child_device_fn on_name, void *userdata) {
        int r = class->is_read ? 0 : child_devices_read(name, &class->devices);

        if (r < 0)
                return r;
        class->is_read = true;
        return child_devices_each(&class->devices, handle, on_name, userdata);
}

int snapshot_each_block(struct snapshot *snapshot, const struct handle *handle,
                        child_device_fn on_name, void *userdata) {
        return each_child(&snapshot->block, "block", handle, on_name, userdata);
}

int snapshot_each_net(struct snapshot *snapshot, const struct handle *handle,
                      child_device_fn on_name, void *userdata) {
        return each_child(&snapshot->net, "net", handle, on_name, userdata);
}

static void close_file(FILE **file) {
        if (*file)
                (void)fclose(*file);
}

/* *ret: the text of a file, in ARENA; "" if there is no such file. No file of /proc has a NUL. */
static int read_text(struct arena *arena, const char *path, const char **ret) {
        _cleanup_(close_file) FILE *file = fopen(path, "re");
        _cleanup_free_ char *text = NULL;
        size_t size = 0;
        ssize_t n = 0;

        if (file)
                n = getdelim(&text, &size, '\0', file);
        else if (errno != ENOENT)
                return -errno;
        if (n < 0 && ferror(file))
                return -EIO;
        *ret = arena_text(arena, n > 0 ? text : "");
        return *ret ? 0 : -ENOMEM;
}

static int find_file(struct snapshot *snapshot, const char *path,
                     const struct snapshot_file **ret) {
        struct snapshot_file *file = snapshot->files;
        int r;

        while (file && !streq(file->path, path))
                file = file->next;
        if (!file) {
                file = arena_take(&snapshot->arena, sizeof(*file));
                r = file ? read_text(&snapshot->arena, path, &file->text) : -ENOMEM;
                if (r < 0)
                        return r;
                file->path = path;
                file->next = snapshot->files;
                snapshot->files = file;
        }
        *ret = file;
        return 0;
}

int snapshot_each_line(struct snapshot *snapshot, const char *path, snapshot_line_fn on_line,
                       void *userdata) {
        const struct snapshot_file *file;
        int r = find_file(snapshot, path, &file);

        if (r < 0)
                return r;
        for (const char *line = file->text; r == 0 && *line;) {
                size_t length = strcspn(line, "\n");

                r = on_line(line, length, userdata);
                line += length + (line[length] == '\n');
        }
        return r;
}
