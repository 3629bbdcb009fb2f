/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A module directory as its text files tell it, read by other means than the code under test: whole
 * files, stdio, and libc's strings.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One alias of one module. */
struct rule {
        char *alias; /* as depmod normalises it */
        char *module;
        bool built_in;
        bool admin;        /* from modprobe.d */
        uint32_t priority; /* the module's place in modules.order; 0 for a built-in module */
        unsigned n_stars;  /* wildcards, as libvirt counts: all of them */
        unsigned wildcards, literals; /* as DESIGN 3 counts */
};

struct rules {
        struct rule *list;
        size_t n;
};

struct names {
        char **list;
        size_t n;
};

struct plain_tree {
        struct rules loadable;  /* modules.alias, line by line */
        struct rules built_in;  /* modules.builtin.modinfo */
        struct rules admin;     /* `alias` lines of modprobe.d */
        struct names order;     /* modules.order */
        struct names dep;       /* modules.dep */
        struct names built_ins; /* modules.builtin */
        struct names blacklist; /* `blacklist` lines of modprobe.d, and the kernel command line's */
        struct names disabled;  /* `install` lines of modprobe.d with /bin/false or /bin/true */
        struct names needs;     /* modules.dep: "MODULE DEPENDENCY" */
};

/*
 * Reads the module directory PATH and the file MODPROBE_CONF. Ends the program where it can't: a
 * test without its input has nothing to say.
 */
void plain_tree_read(struct plain_tree *tree, const char *path, const char *modprobe_conf);
void plain_tree_done(struct plain_tree *tree);

bool names_has(const struct names *names, const char *name);
void names_add(struct names *names, const char *name);

/* Normalises ALIAS in place, as depmod does: `-` is `_` outside of `[...]`. False: depmod refuses
 * it. */
bool plain_normalise(char *alias);

/* Is MODULE there to be loaded, or built in? */
bool plain_is_loadable(const struct plain_tree *tree, const char *module);
bool plain_is_built_in(const struct plain_tree *tree, const char *module);

/* Is MODULE, which is loadable, kept from being loaded by an `install` line: its own, or that of
 * a module that it depends on? */
bool plain_is_disabled(const struct plain_tree *tree, const char *module);
