/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which modules are in the image that the running kernel boots with. */
#include <errno.h>
#include <stdlib.h>

#include "boot_image.h"
#include "objects.h"
#include "vfio-variant-check.h"

struct vfio_variant_boot_image {
        struct boot_image image;
};

int vfio_variant_find_boot_image(char ret[VFIO_VARIANT_PATH_SIZE]) {
        char path[BOOT_PATH_SIZE];
        int r = boot_image_find(path);

        if (r >= 0)
                show_text(ret, VFIO_VARIANT_PATH_SIZE, path);
        return r;
}

int vfio_variant_boot_image_read(const char *path, struct vfio_variant_boot_image **ret) {
        struct vfio_variant_boot_image *image = calloc(1, sizeof(*image));
        int r = image ? boot_image_read(path, &image->image) : -ENOMEM;

        if (r < 0) {
                free(image);
                return r;
        }
        *ret = image;
        return 0;
}

void vfio_variant_boot_image_free(struct vfio_variant_boot_image *image) {
        if (!image)
                return;
        boot_image_done(&image->image);
        free(image);
}

int vfio_variant_boot_image_binds(const struct vfio_variant_boot_image *image) {
        return image->image.has_rules;
}

int vfio_variant_boot_image_has_module(const struct vfio_variant_boot_image *image,
                                       const char *module) {
        return boot_image_has(&image->image, module);
}
