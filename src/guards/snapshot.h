/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the guards read of the host, and not of one device: each part is read when a guard needs it
 * first, and once, however many devices are checked.
 */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "child_devices.h"
#include "proc_text.h"
#include "processes.h"

struct address_use;
struct interface;
struct mount_namespace;
struct open_node;
struct snapshot_file;

/* Of network_namespaces.c. */
struct network_namespace {
        struct network_namespace *next;
        ino_t inode;
        const char *place;               /* " in the network namespace of process 12 (sleep)" */
        struct child_devices interfaces; /* none if they could not be read */
};

/* Zero-initialised: nothing was read yet. */
struct snapshot {
        struct arena arena; /* memory of all parts except the devices of a class */
        struct snapshot_class {
                struct child_devices devices;
                bool is_read;
        } block, net, input, virtio;
        struct snapshot_file *files;
        struct interface *interfaces; /* network_interfaces.c */
        bool has_interfaces;
        bool forgot_net;               /* snapshot_forget_net() was called */
        struct interface *foreign;     /* network_interfaces.c, read by network_namespaces.c */
        struct address_use *addresses; /* network_addresses.c */
        bool has_addresses;
        struct open_node *open_nodes; /* guard_open.c */
        bool has_open_nodes;
        ino_t walked_inode; /* the device of which device_nodes.c read the directory last */
        bool has_moved;     /* an interface of that device is in another network namespace */
        struct network_namespace *network_namespaces; /* network_namespaces.c */
        struct mount_namespace *namespaces;           /* mounts.c */
        bool has_namespaces;
        unsigned unexamined; /* processes that could not be examined */
};

void snapshot_done(struct snapshot *snapshot);

/* Each calls ON_NAME for the block devices, network interfaces, input devices or virtio devices
 * below the device, as child_devices_each(), and may also return an error as child_devices_read().
 */
int snapshot_each_block(struct snapshot *snapshot, const struct handle *handle,
                        child_device_fn on_name, void *userdata);
int snapshot_each_net(struct snapshot *snapshot, const struct handle *handle,
                      child_device_fn on_name, void *userdata);
int snapshot_each_input(struct snapshot *snapshot, const struct handle *handle,
                        child_device_fn on_name, void *userdata);
int snapshot_each_virtio(struct snapshot *snapshot, const struct handle *handle,
                         child_device_fn on_name, void *userdata);

/* The network interfaces, of sysfs and of the kernel, are read again when they are needed next. */
void snapshot_forget_net(struct snapshot *snapshot);

/*
 * Calls ON_LINE for each line of the file PATH of /proc, a constant. Returns 0, also if there is no
 * such file, the first non-zero value of ON_LINE, or a negative errno.
 */
int snapshot_each_line(struct snapshot *snapshot, const char *path, proc_line_fn on_line,
                       void *userdata);
