/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of the fake /sys. Nodes are never freed: a program that has one open may still ask for
 * it. */
#include "node.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define MODE_DIRECTORY 0755
#define MODE_LINK      0777
#define MODE_FILE      0444

static struct node **nodes; /* by their number, which begins with 1 */
static uint64_t n_nodes;

static struct node *new_node(struct node *parent, const char *name, enum node_kind kind,
                             mode_t mode) {
        struct node *node = memory_new(sizeof(*node)), **last;

        if (n_nodes % 1024 == 0) {
                nodes = realloc(nodes, (n_nodes + 1024) * sizeof(struct node *));
                if (!nodes)
                        abort();
        }
        nodes[n_nodes++] = node;
        *node = (struct node){
                .number = n_nodes,
                .kind = kind,
                .mode = mode,
                .name = memory_text(name),
                .parent = parent,
        };
        if (parent) {
                for (last = &parent->children; *last; last = &(*last)->next)
                        ;
                *last = node;
        }
        return node;
}

struct node *node_root(void) {
        return n_nodes > 0 ? nodes[0] : new_node(NULL, "", NODE_DIRECTORY, MODE_DIRECTORY);
}

struct node *node_by_number(uint64_t number) {
        return nodes[number - 1];
}

struct node *node_add_directory(struct node *parent, const char *name) {
        return new_node(parent, name, NODE_DIRECTORY, MODE_DIRECTORY);
}

struct node *node_add_link(struct node *parent, const char *name, struct node *target) {
        struct node *link = new_node(parent, name, NODE_LINK, MODE_LINK);

        link->target = target;
        return link;
}

struct node *node_add_path_link(struct node *parent, const char *name, const char *path) {
        struct node *link = new_node(parent, name, NODE_LINK, MODE_LINK);

        link->bytes = memory_text(path);
        return link;
}

static void set_bytes(struct node *file, const void *bytes, size_t size) {
        free(file->bytes);
        file->bytes = memory_new(size + 1);
        memcpy(file->bytes, bytes, size);
        file->length = size;
}

void node_set_text(struct node *file, const char *text) {
        char *line = memory_format("%s\n", text);

        set_bytes(file, line, strlen(line));
        free(line);
}

struct node *node_add_bytes(struct node *parent, const char *name, const void *bytes, size_t size) {
        struct node *file = new_node(parent, name, NODE_FILE, MODE_FILE);

        set_bytes(file, bytes, size);
        return file;
}

struct node *node_add_file(struct node *parent, const char *name, const char *text) {
        struct node *file = node_add_bytes(parent, name, "", 0);

        node_set_text(file, text);
        return file;
}

struct node *node_add_store(struct node *parent, const char *name, mode_t mode, node_store store,
                            void *owner) {
        struct node *file = node_add_bytes(parent, name, "", 0);

        file->mode = mode;
        file->store = store;
        file->owner = owner;
        return file;
}

static void mark_gone(struct node *node) {
        node->gone = true;
        for (struct node *child = node->children; child; child = child->next)
                mark_gone(child);
        node->children = NULL;
}

void node_remove(struct node *node) {
        struct node **place;

        if (!node || node->gone)
                return;
        for (place = &node->parent->children; *place != node; place = &(*place)->next)
                ;
        *place = node->next;
        mark_gone(node);
        node->next = NULL;
}

static struct node *find(const struct node *directory, const char *name, size_t length) {
        for (struct node *child = directory->children; child; child = child->next)
                if (strncmp(child->name, name, length) == 0 && !child->name[length])
                        return child;
        return NULL;
}

struct node *node_find(const struct node *directory, const char *name) {
        return find(directory, name, strlen(name));
}

struct node *node_find_path(struct node *directory, const char *path) {
        while (directory && *path) {
                size_t length = strcspn(path, "/");

                directory = find(directory, path, length);
                path += length + strspn(path + length, "/");
        }
        return directory;
}

struct node *node_make_path(struct node *directory, const char *path) {
        while (*path) {
                size_t length = strcspn(path, "/");
                struct node *child = find(directory, path, length);

                if (!child) {
                        char *name = strndup(path, length);

                        if (!name)
                                abort();
                        child = node_add_directory(directory, name);
                        free(name);
                }
                directory = child;
                path += length + strspn(path + length, "/");
        }
        return directory;
}

char *node_path(const struct node *node) {
        char *path = memory_text(node->name), *longer;

        for (node = node->parent; node && node->parent; node = node->parent) {
                longer = memory_format("%s/%s", node->name, path);
                free(path);
                path = longer;
        }
        return path;
}

char *node_link_text(const struct node *link) {
        char *text, *longer;

        if (!link->target)
                return memory_text(link->bytes);
        text = node_path(link->target);
        for (const struct node *up = link->parent; up->parent; up = up->parent) {
                longer = memory_format("../%s", text);
                free(text);
                text = longer;
        }
        return text;
}
