/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place of a line in modprobe.d: file and line. libkmod returns lines without their place. */
#pragma once

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

/* A line that decides about a module. */
enum place_kind {
        PLACE_BLACKLIST,
        PLACE_INSTALL,
        PLACE_ALIAS,     /* `alias NAME MODULE`, with NAME as alias_normalise() writes it */
        PLACE_ALIAS_FOR, /* `alias PATTERN MODULE` that matches the modalias NAME */
        PLACE_IDS, /* `options MODULE ids=` that names vendor and device of the modalias NAME; or
                      the parameter `MODULE.ids=` on the kernel command line */
};

/*
 * *ret: the place of the first line of this kind for MODULE. NAME: NULL unless the kind has one.
 * Returns 1, 0 if there is no such line, or -ENOMEM.
 */
int place_of(const char *const *directories, enum place_kind kind, const char *module,
             const char *name, char ret[PLACE_SIZE]);
