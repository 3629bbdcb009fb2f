/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The image that the running kernel boots with: which modules are in it. */
#pragma once

#include <stdbool.h>

#include "arena.h"

/* "/boot/initramfs-" and a kernel's release, of 65 bytes: uname(2). */
#define BOOT_PATH_SIZE 128

/* *ret: the path of the image. Returns 0; -ENOENT where none is where one is known to be; or
 * another negative errno. */
int boot_image_find(char ret[BOOT_PATH_SIZE]);

struct boot_image {
        struct arena arena;
        struct boot_module *modules;
        bool has_rules; /* those of ours that bind */
};

/*
 * Lists the image PATH by the distribution's own tool, which takes seconds. Returns 0 and an image
 * to be released with boot_image_done(); -EACCES where it may not be read; -ENOEXEC where no such
 * tool is there; -ECANCELED where it failed; or another negative errno.
 */
int boot_image_read(const char *path, struct boot_image *ret);
void boot_image_done(struct boot_image *image);

/* Is MODULE in the image, '-' and '_' being one character? */
bool boot_image_has(const struct boot_image *image, const char *module);
