/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A write to an attribute: what comes of it, and when it is answered. Each one is logged. */
#define FUSE_USE_VERSION 34

#include "write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "memory.h"
#include "node.h"
#include "order.h"
#include "words.h"

/* kernfs_fop_write_iter() takes no more than PAGE_SIZE of a write(2) */
#define VALUE_MAX 4096

struct late_write {
        fuse_req_t request;
        struct node *file;
        char *value;
        size_t size;
        long due; /* ms; 0: when it is told to go on */
        struct late_write *next;
};

static long now(void) {
        struct timespec time;

        (void)clock_gettime(CLOCK_MONOTONIC, &time);
        return (long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* PATH, VALUE, RESULT ("0" or the name of an errno), and the device that felt it, or "-". */
static void log_write(const struct kernel *kernel, const char *path, const char *value, int r) {
        char *escaped_path = words_escape(path), *escaped = words_escape(value);

        (void)fprintf(kernel->log, "%s\t%s\t%s\t", escaped_path, escaped,
                      r < 0 ? strerrorname_np(-r) : "0");
        free(escaped_path);
        free(escaped);
        if (kernel->touched)
                (void)fprintf(kernel->log, "%s#%u\n", kernel->touched->name,
                              kernel->touched->serial);
        else
                (void)fputs("-\n", kernel->log);
        (void)fflush(kernel->log);
}

/* The wrong driver takes it, as if its ids said so. */
static int give(struct kernel *kernel, const char *driver_name, const char *value) {
        struct driver *driver = driver_find(kernel, driver_name);
        struct device *device = driver ? device_find_on_bus(kernel, driver->bus, value) : NULL;

        if (!device)
                return -ENODEV;
        kernel->touched = device;
        return device->driver ? 0 : driver_probe(kernel, driver, device);
}

static int store(struct kernel *kernel, struct node *file, const char *value,
                 const struct order *order) {
        int r;

        if (file->gone)
                return -ENODEV;
        if (order && order->what == ORDER_FAIL)
                return order->error;
        if (order && order->what == ORDER_NOTHING)
                return 0;
        if (order && order->what == ORDER_GIVE)
                return give(kernel, order->arg, value);
        r = file->store(kernel, file->owner, value);
        return r >= 0 && order && order->what == ORDER_LATE ? order->error : r;
}

static void finish(struct files *files, const struct late_write *write, const struct order *order) {
        char *path = node_path(write->file);
        int r;

        files->kernel->touched = NULL;
        r = store(files->kernel, write->file, write->value, order);
        log_write(files->kernel, path, write->value, r);
        if (r < 0)
                (void)fuse_reply_err(write->request, -r);
        else
                (void)fuse_reply_write(write->request, write->size);
        free(path);
        free(write->value);
}

static void postpone(struct files *files, const struct late_write *write, long due) {
        struct late_write *late = memory_new(sizeof(*late));

        *late = *write;
        late->due = due;
        late->next = files->late;
        files->late = late;
}

void write_begin(struct files *files, fuse_req_t request, struct node *file, const char *bytes,
                 size_t size) {
        struct late_write write = {.request = request, .file = file};
        char *path = node_path(file);
        const struct order *order;

        write.size = size < VALUE_MAX ? size : VALUE_MAX;
        write.value = memory_format("%.*s", (int)write.size, bytes);
        files->kernel->n_requests++;
        order_request(files->kernel, true);
        order = order_write(files->kernel, path);
        free(path);
        if (order && (order->what == ORDER_BLOCK || order->what == ORDER_WAIT))
                postpone(files, &write, order->what == ORDER_WAIT ? now() + order->wait : 0);
        else
                finish(files, &write, order);
}

int files_wait(const struct files *files) {
        long first = 0, left;

        for (const struct late_write *late = files->late; late; late = late->next)
                if (late->due && (!first || late->due < first))
                        first = late->due;
        if (!first)
                return -1;
        left = first - now();
        return left > 0 ? (int)left : 0;
}

void files_go_on(struct files *files, bool all) {
        struct late_write **place = &files->late, *late;
        long time = now();

        while ((late = *place))
                if (all || (late->due && late->due <= time)) {
                        *place = late->next;
                        finish(files, late, NULL);
                        free(late);
                } else
                        place = &late->next;
}

int files_n_blocked(const struct files *files) {
        int n = 0;

        for (const struct late_write *late = files->late; late; late = late->next)
                n++;
        return n;
}
