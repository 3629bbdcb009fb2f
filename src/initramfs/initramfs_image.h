/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initramfs image of the running kernel: which modules it contains. */
#pragma once

#include <stdbool.h>

#include "arena.h"

/* "/boot/initramfs-" and a kernel's release, of 65 bytes: uname(2). */
#define BOOT_PATH_SIZE 128

/*
 * *ret: the path of the image. Returns 0, -ENOENT if there is none at a known path, or another
 * negative errno.
 */
int boot_image_find(char ret[BOOT_PATH_SIZE]);

struct boot_image {
        struct arena arena;
        struct boot_module *modules;
        bool has_rules; /* it contains 70-vfio-variant-bind.rules */
};

/*
 * Lists the image PATH with the distribution's tool, which takes seconds. Returns 0 and an image,
 * which the caller releases with boot_image_done(); -EACCES if it cannot be read; -ENOEXEC if there
 * is no such tool; -ECANCELED if the tool failed; or another negative errno.
 */
int boot_image_read(const char *path, struct boot_image *ret);
void boot_image_done(struct boot_image *image);

/* Is MODULE in the image? '-' and '_' are the same character. */
bool boot_image_has(const struct boot_image *image, const char *module);
