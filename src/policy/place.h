/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place of a line in modprobe.d: file and line. libkmod returns lines without their place. */
#pragma once

#include <stddef.h>

/* "/etc/modprobe.d/FILE:LINE" */
#define PLACE_SIZE 512

/* A line as libkmod reads it, with `_` for each `-` in ARGUMENT. */
struct place {
        char text[PLACE_SIZE];
        const char *command;  /* "blacklist", "install", "alias", "options" */
        const char *argument; /* the next word, or "" */
        const char *rest;     /* the rest of the line, or "" */
};

/* PLACE is valid during the call. A non-zero return value stops reading. */
typedef int (*place_fn)(const struct place *place, void *userdata);

/*
 * Calls ON_PLACE for each line of modprobe.d, in libkmod's order: files in the order of their
 * names; of files with the same name only the one in the first of DIRECTORIES (ends in NULL; NULL:
 * the system's). Comments, and files that cannot be read, are skipped. Returns 0, the non-zero
 * value of ON_PLACE, or -ENOMEM.
 */
int place_each(const char *const *directories, place_fn on_place, void *userdata);

/*
 * *ret: the place of the line that blacklists MODULE, of its `install` line, or of the line `alias
 * ALIAS MODULE`, with ALIAS as alias_normalise() writes it. Return 1, 0 if there is no such line,
 * or -ENOMEM.
 */
int place_of_blacklist(const char *const *directories, const char *module, char ret[PLACE_SIZE]);
int place_of_install(const char *const *directories, const char *module, char ret[PLACE_SIZE]);
int place_of_alias(const char *const *directories, const char *alias, const char *module,
                   char ret[PLACE_SIZE]);

/*
 * *ret: the place of the line `alias PATTERN MODULE` that matches MODALIAS; or of the line `options
 * MODULE ids=` that names the vendor and device of MODALIAS, or the parameter `MODULE.ids=` on the
 * kernel command line. Return as place_of_blacklist().
 */
int place_of_alias_for(const char *const *directories, const char *modalias, const char *module,
                       char ret[PLACE_SIZE]);
int place_of_ids(const char *const *directories, const char *modalias, const char *module,
                 char ret[PLACE_SIZE]);
