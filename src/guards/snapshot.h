/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the guards read of the host, and not of one device: each part is read when a guard needs it
 * first, and once, however many devices are checked.
 */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "child_devices.h"

struct address_use;
struct interface;
struct open_node;
struct snapshot_file;

/* Zero-initialised: nothing was read yet. */
struct snapshot {
        struct arena arena; /* memory of all parts except the devices of a class */
        struct snapshot_class {
                struct child_devices devices;
                bool is_read;
        } block, net;
        struct snapshot_file *files;
        struct interface *interfaces; /* network_interfaces.c */
        bool has_interfaces;
        struct address_use *addresses; /* network_addresses.c */
        bool has_addresses;
        struct open_node *open_nodes; /* guard_open.c */
        bool has_open_nodes;
        int open_nodes_error; /* why a process could not be examined, or 0 */
};

void snapshot_done(struct snapshot *snapshot);

/* Each calls ON_NAME for the block devices or network interfaces below the device, as
 * child_devices_each(), and may also return an error as child_devices_read(). */
int snapshot_each_block(struct snapshot *snapshot, const struct handle *handle,
                        child_device_fn on_name, void *userdata);
int snapshot_each_net(struct snapshot *snapshot, const struct handle *handle,
                      child_device_fn on_name, void *userdata);

/*
 * Called for each line of a file, of LENGTH bytes without the newline. A non-zero return value
 * stops the iteration.
 */
typedef int (*snapshot_line_fn)(const char *line, size_t length, void *userdata);

/*
 * Calls ON_LINE for each line of the file PATH of /proc, a constant. Returns 0, also if there is no
 * such file, the first non-zero value of ON_LINE, or a negative errno.
 */
int snapshot_each_line(struct snapshot *snapshot, const char *path, snapshot_line_fn on_line,
                       void *userdata);
