/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of the fake /sys: directories, links and attributes, each with a number of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel.h"

enum node_kind { NODE_DIRECTORY, NODE_LINK, NODE_FILE };

/* What the kernel does with what is written to an attribute. Returns 0 or a negative errno. */
typedef int (*node_store)(struct kernel *kernel, void *owner, const char *value);

struct node {
        uint64_t number; /* that of the inode; like sysfs, none is given twice */
        enum node_kind kind;
        mode_t mode;
        char *name;
        char *bytes; /* of a file, ends in '\0' beyond its length */
        size_t length;
        struct node *target; /* of a link; or, where that may be missing, its path in bytes */
        node_store store;
        void *owner;
        struct node *parent, *children, *next;
        bool gone; /* a program that has it open finds nothing in it any more */
};

/* The root, number 1. */
struct node *node_root(void);

/* The node of that number; there is always one for a number that was given. */
struct node *node_by_number(uint64_t number);

/* Each puts a new node into the directory PARENT; a file's TEXT gets a newline at its end. */
struct node *node_add_directory(struct node *parent, const char *name);
struct node *node_add_link(struct node *parent, const char *name, struct node *target);
struct node *node_add_path_link(struct node *parent, const char *name, const char *path);
struct node *node_add_file(struct node *parent, const char *name, const char *text);
struct node *node_add_bytes(struct node *parent, const char *name, const void *bytes, size_t size);
struct node *node_add_store(struct node *parent, const char *name, mode_t mode, node_store store,
                            void *owner);

void node_set_text(struct node *file, const char *text);

/* Takes the node and all that is in it out of the tree. NULL is none. */
void node_remove(struct node *node);

struct node *node_find(const struct node *directory, const char *name);

/* By a path below DIRECTORY; the second one makes the directories that are not there. */
struct node *node_find_path(struct node *directory, const char *path);
struct node *node_make_path(struct node *directory, const char *path);

/* The path of a node below the root, "devices/pci0000:00", to be freed. */
char *node_path(const struct node *node);

/* Where a link leads to, as readlink(2) shows it, to be freed. */
char *node_link_text(const struct node *link);
