/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path of the initramfs image of the running kernel. */
#pragma once

/* "/boot/efi/EFI/Linux/", a machine ID of 32 characters, and a kernel's release of 65: uname(2). */
#define IMAGE_PATH_SIZE 192

/*
 * *ret: the path of the image. Returns 0, -ENOENT if there is none at a known path, or another
 * negative errno.
 */
int image_path_find(char ret[IMAGE_PATH_SIZE]);
