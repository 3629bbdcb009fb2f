/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the guards read of the host, and not of one device. */
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>

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
        child_devices_done(&snapshot->input.devices);
        child_devices_done(&snapshot->virtio.devices);
        for (struct network_namespace *namespace = snapshot->network_namespaces; namespace;
             namespace = namespace->next)
                child_devices_done(&namespace->interfaces);
        arena_done(&snapshot->arena);
        *snapshot = (struct snapshot){};
}

static int each_child(struct snapshot_class *class, const char *path, const struct handle *handle,
                      child_device_fn on_name, void *userdata) {
        int r = class->is_read ? 0 : child_devices_read(AT_FDCWD, path, &class->devices);

        if (r < 0)
                return r;
        class->is_read = true;
        return child_devices_each(&class->devices, handle, on_name, userdata);
}

int snapshot_each_block(struct snapshot *snapshot, const struct handle *handle,
                        child_device_fn on_name, void *userdata) {
        return each_child(&snapshot->block, "/sys/class/block", handle, on_name, userdata);
}

int snapshot_each_net(struct snapshot *snapshot, const struct handle *handle,
                      child_device_fn on_name, void *userdata) {
        return each_child(&snapshot->net, "/sys/class/net", handle, on_name, userdata);
}

void snapshot_forget_net(struct snapshot *snapshot) {
        child_devices_done(&snapshot->net.devices);
        snapshot->net.is_read = false;
        snapshot->has_interfaces = false;
        snapshot->forgot_net = true;
}

int snapshot_each_input(struct snapshot *snapshot, const struct handle *handle,
                        child_device_fn on_name, void *userdata) {
        return each_child(&snapshot->input, "/sys/class/input", handle, on_name, userdata);
}

int snapshot_each_virtio(struct snapshot *snapshot, const struct handle *handle,
                         child_device_fn on_name, void *userdata) {
        return each_child(&snapshot->virtio, "/sys/bus/virtio/devices", handle, on_name, userdata);
}

/* "" if there is no such file. */
static int read_text(struct arena *arena, const char *path, const char **ret) {
        int r = proc_text_read(arena, AT_FDCWD, path, ret);

        if (r == -ENOENT)
                *ret = "";
        return r == -ENOENT ? 0 : r;
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

int snapshot_each_line(struct snapshot *snapshot, const char *path, proc_line_fn on_line,
                       void *userdata) {
        const struct snapshot_file *file;
        int r = find_file(snapshot, path, &file);

        return r < 0 ? r : proc_text_each_line(file->text, on_line, userdata);
}
