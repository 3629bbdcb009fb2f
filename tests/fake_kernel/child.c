/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a driver makes below the directory of a device: disks, interfaces, and vfio-dev. */
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "memory.h"
#include "node.h"

void device_add_child(struct kernel *kernel, struct device *device, const struct words *words) {
        struct child *child = memory_new(sizeof(*child)), **last = &device->children;

        *child = (struct child){.class = words->word[2], .path = words->word[3]};
        child->words = words_join(&(struct words){0}, words, 4);
        while (*last)
                last = &(*last)->next;
        *last = child;
        if (device->driver && device->driver->vfio == VFIO_NO) {
                device_remove_children(kernel, device);
                device_add_children(kernel, device);
        }
}

static struct node *class_directory(struct kernel *kernel, const char *class) {
        return node_make_path(node_find(kernel->root, "class"), class);
}

/* "KEY=VALUE" is an attribute, "holders/dm-0" a directory. */
static void add_word(struct node *directory, const char *word) {
        size_t length = strcspn(word, "=");
        char *name;

        if (!word[length]) {
                (void)node_make_path(directory, word);
                return;
        }
        name = memory_format("%.*s", (int)length, word);
        (void)node_add_file(directory, name, word + length + 1);
        free(name);
}

static void add_child(struct kernel *kernel, const struct device *device,
                      const struct child *child) {
        struct node *directory = node_make_path(device->directory, child->path);
        struct node *class = class_directory(kernel, child->class);

        for (int i = 0; i < child->words.n; i++)
                add_word(directory, child->words.word[i]);
        (void)node_add_link(directory, "subsystem", class);
        (void)node_add_link(directory, "device", device->directory);
        (void)node_add_link(class, directory->name, directory);
}

void device_add_children(struct kernel *kernel, struct device *device) {
        for (const struct child *child = device->children; child; child = child->next)
                add_child(kernel, device, child);
}

void device_remove_children(struct kernel *kernel, struct device *device) {
        for (const struct child *child = device->children; child; child = child->next) {
                const char *name = strrchr(child->path, '/');
                char *top = memory_format("%.*s", (int)strcspn(child->path, "/"), child->path);

                node_remove(node_find(class_directory(kernel, child->class),
                                      name ? name + 1 : child->path));
                node_remove(node_find(device->directory, top));
                free(top);
        }
}

/* vfio_register_group_dev() of drivers/vfio/vfio_main.c */
void device_add_vfio_dev(struct kernel *kernel, struct device *device, enum vfio vfio) {
        char *name;

        if (vfio == VFIO_OLD)
                return;
        name = memory_format("vfio%u", kernel->n_vfio++);
        device->vfio_dev = node_make_path(node_make_path(device->directory, "vfio-dev"), name);
        free(name);
        if (vfio == VFIO_CDEV)
                (void)node_add_file(device->vfio_dev, "dev", "511:0");
        (void)node_add_link(device->vfio_dev, "device", device->directory);
        (void)node_add_link(device->vfio_dev, "subsystem", class_directory(kernel, "vfio-dev"));
        (void)node_add_link(class_directory(kernel, "vfio-dev"), device->vfio_dev->name,
                            device->vfio_dev);
}

void device_remove_vfio_dev(struct kernel *kernel, struct device *device) {
        if (!device->vfio_dev)
                return;
        node_remove(node_find(class_directory(kernel, "vfio-dev"), device->vfio_dev->name));
        node_remove(device->vfio_dev->parent);
        device->vfio_dev = NULL;
}
