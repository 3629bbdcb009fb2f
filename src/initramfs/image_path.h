/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The paths of the initramfs images of the installed kernels. */
#pragma once

/* "/boot/efi/EFI/Linux/", a machine ID of 32 characters, and a kernel's release of 65: uname(2). */
#define IMAGE_PATH_SIZE 192

/*
 * *ret: the path of the image of the running kernel. Returns 0, -ENOENT if there is none at a known
 * path, or another negative errno.
 */
int image_path_find(char ret[IMAGE_PATH_SIZE]);

/*
 * Calls ON_IMAGE for the image of each other kernel that has modules, if it is at a known path.
 * Returns 0, the first non-zero value of ON_IMAGE, or a negative errno.
 */
int image_path_each_other(int (*on_image)(const char *path, void *userdata), void *userdata);
