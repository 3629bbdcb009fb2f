/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of binding. */
#include "bind_step.h"

#include <errno.h>

#include "bus_driver.h"
#include "cleanup.h"
#include "device_nodes.h"
#include "sysfs_link.h"
#include "text.h"
#include "unbinding.h"

/* Writes VALUE to the open attribute, if the device is still the same. Closes ATTRIBUTE_FD. */
static int write_checked(const struct handle *handle, int attribute_fd, const char *value) {
        _cleanup_close_ int fd = attribute_fd;
        int r;

        if (fd < 0)
                return fd;
        r = handle_check(handle);
        return r < 0 ? r : attribute_write_fd(fd, value);
}

int step_override(const struct handle *handle, const char *driver) {
        /* An empty write(2) does not reach the driver core; a newline clears the attribute */
        return write_checked(handle, attribute_open(handle->fd, "driver_override"),
                             *driver ? driver : "\n");
}

/*
 * The device may be replaced between check and write. If another device of the same name was
 * unbound, it is probed again; if it has a driver, a probe has no effect.
 */
static int check_after(const struct handle *handle) {
        int r = handle_check(handle);
        _cleanup_close_ int fd = r == -ESTALE ? bus_open_probe(handle) : -1;

        if (fd >= 0)
                (void)attribute_write_fd(fd, handle->sysname);
        return r;
}

/* The driver removes the nodes before it waits for their users. */
static void record_nodes(const struct handle *handle, struct unbinding *record) {
        _cleanup_(arena_done) struct arena arena = {};
        _cleanup_(snapshot_done) struct snapshot snapshot = {};
        struct device_node *node = NULL;

        (void)device_nodes_find(handle, &snapshot, &arena, &node);
        for (; node && record->n_nodes < UNBINDING_NODES; node = node->next) {
                struct unbinding_node *to = &record->nodes[record->n_nodes++];

                *to = (struct unbinding_node){.number = node->number, .is_block = node->is_block};
                (void)text_put(to->path, sizeof(to->path), node->path);
        }
}

/* Writes to the open attribute `unbind`. This can block for ever, in a state that no signal ends.
 */
static int write_unbind(const struct handle *handle, int attribute_fd) {
        struct unbinding record = {};
        int fd = -1, r;

        if (device_driver(handle->fd, record.driver) >= 0) {
                record_nodes(handle, &record);
                fd = unbinding_begin(handle, &record);
        }
        r = write_checked(handle, attribute_fd, handle->sysname);
        unbinding_end(handle, fd);
        return r;
}

/*
 * Through the device's link to its driver, so that only this driver can be meant. ENODEV: the
 * device is not bound to it any more, which is the aim. Source: unbind_store() in
 * drivers/base/bus.c.
 */
int step_unbind(const struct handle *handle) {
        int fd = attribute_open(handle->fd, "driver/unbind"), r;

        if (fd == -ENOENT && link_exists(handle->fd, "driver") == 0)
                return handle_check(handle);
        r = fd < 0 ? fd : write_unbind(handle, fd);
        if (r >= 0 || (r == -ENODEV && link_exists(handle->fd, "driver") == 0))
                return check_after(handle);
        return r;
}

int step_probe(const struct handle *handle) {
        return write_checked(handle, bus_open_probe(handle), handle->sysname);
}

int step_bind(const struct handle *handle, int driver_fd) {
        return write_checked(handle, attribute_open(driver_fd, "bind"), handle->sysname);
}
