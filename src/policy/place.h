/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where modprobe.d says something: file and line. libkmod tells what is said, and not where.
 */
#pragma once

#include <stddef.h>

/* "/etc/modprobe.d/FILE:LINE" */
#define PLACE_SIZE 512

/* A line as libkmod reads it, `-` being `_` in ARGUMENT as there. */
struct place {
        char text[PLACE_SIZE];
        const char *command;  /* "blacklist", "install", "alias", "options" */
        const char *argument; /* the next word, "" if there is none */
        const char *rest;     /* what follows that, "" if there is nothing */
};

/* PLACE and its strings are released after the call. What is not 0 ends the reading. */
typedef int (*place_fn)(const struct place *place, void *userdata);

/*
 * Calls ON_PLACE for each line of modprobe.d, in libkmod's order: of files with the same name only
 * that of the first of DIRECTORIES (ends in NULL; NULL: the system's) is read, and files in the
 * order of their names. Comments are skipped, and files that cannot be read. Returns 0, what
 * ON_PLACE returned, or -ENOMEM.
 */
int place_each(const char *const *directories, place_fn on_place, void *userdata);

/*
 * The place of the line that blacklists MODULE, of its `install` line, or of the line `alias ALIAS
 * MODULE`, ALIAS being as alias_normalise() writes it. Returns 1; 0 without such a line; or
 * -ENOMEM.
 */
int place_of_blacklist(const char *const *directories, const char *module, char ret[PLACE_SIZE]);
int place_of_install(const char *const *directories, const char *module, char ret[PLACE_SIZE]);
int place_of_alias(const char *const *directories, const char *alias, const char *module,
                   char ret[PLACE_SIZE]);

/*
 * The place of the line `alias PATTERN MODULE` that sends a device with MODALIAS to MODULE, or of
 * the line `options MODULE ids=` that names its vendor and device; the latter may also be the
 * parameter `MODULE.ids=` on the kernel command line. Return as above.
 */
int place_of_alias_for(const char *const *directories, const char *modalias, const char *module,
                       char ret[PLACE_SIZE]);
int place_of_ids(const char *const *directories, const char *modalias, const char *module,
                 char ret[PLACE_SIZE]);
