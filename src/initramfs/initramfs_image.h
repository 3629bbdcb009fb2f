/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an initramfs image: modules, and the tags of devices. */
#pragma once

#include <stdbool.h>

#include "arena.h"

struct boot_image {
        struct arena arena;
        struct boot_name *modules;
        struct boot_name *hwdb_files; /* source files in /etc/udev/hwdb.d */
        bool is_claiming;             /* a hook of this project added the tags of that time */
};

/*
 * Lists the image PATH with the distribution's tool, which takes seconds. Returns 0 and an image,
 * which the caller releases with boot_image_done(); -EACCES if it cannot be read; -ENOEXEC if there
 * is no such tool; -ECANCELED if the tool failed; or another negative errno.
 */
int boot_image_read(const char *path, struct boot_image *ret);
void boot_image_done(struct boot_image *image);

/* Is MODULE in the image? '-' and '_' are the same character. */
bool boot_image_has_module(const struct boot_image *image, const char *module);

/* Marks the source file NAME of the hwdb. A hook adds those that have a tag. Returns false if the
 * image does not have it. */
bool boot_image_mark_hwdb_file(struct boot_image *image, const char *name);

/* Calls ON_FILE for each source file that was not marked. Returns 0 or the first non-zero value of
 * ON_FILE. */
int boot_image_each_unmarked_hwdb_file(const struct boot_image *image,
                                       int (*on_file)(const char *name, void *userdata),
                                       void *userdata);
