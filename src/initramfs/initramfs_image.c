/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initramfs image of the running kernel: which modules it contains. */
#include "initramfs_image.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "run.h"
#include "text.h"

/* Paths of images, before and after the release of the kernel. */
static const struct {
        const char *head, *tail;
} places[] = {
        {"/boot/initrd.img-", ""},      /* Debian and Ubuntu */
        {"/boot/initramfs-", ".img"},   /* Fedora, and others with dracut */
        {"/boot/initramfs-linux", NULL} /* Arch, without the release */
};

/*
 * Of initramfs-tools, dracut and mkinitcpio. Each takes the image as its argument, and prints a
 * path on each line.
 */
static const char *const listers[] = {"/usr/bin/lsinitramfs", "/usr/bin/lsinitrd",
                                      "/usr/bin/lsinitcpio", NULL};

struct boot_module {
        struct boot_module *next;
        const char *name;
};

int boot_image_find(char ret[BOOT_PATH_SIZE]) {
        char path[BOOT_PATH_SIZE];
        struct utsname uts;

        if (uname(&uts) < 0)
                return -errno;
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
                (void)snprintf(path, sizeof(path), "%s%s%s", places[i].head,
                               places[i].tail ? uts.release : "",
                               places[i].tail ? places[i].tail : ".img");
                if (access(path, F_OK) < 0)
                        continue;
                (void)text_put(ret, BOOT_PATH_SIZE, path);
                return 0;
        }
        return -ENOENT;
}

/*
 * The number of characters of NAME before ".ko", which the suffix of a compression may follow; 0 if
 * NAME is not a module.
 */
static size_t module_length(const char *name) {
        size_t n = 0;

        while (name[n] && !startswith(name + n, ".ko"))
                n++;
        return name[n] && (!name[n + 3] || name[n + 3] == '.') ? n : 0;
}

static int add_module(struct boot_image *image, const char *name, size_t length) {
        struct boot_module *module = arena_take(&image->arena, sizeof(*module));
        char *copy = arena_take(&image->arena, length + 1);

        if (!module || !copy)
                return -ENOMEM;
        memcpy(copy, name, length);
        module->name = copy;
        module->next = image->modules;
        image->modules = module;
        return 0;
}

/* LINE is a path, or like the output of `ls -l`: the name after the last slash is the same. */
static int add_line(const char *line, void *userdata) {
        struct boot_image *image = userdata;
        const char *name = basename(line);
        size_t length = module_length(name);

        if (streq(name, "70-vfio-variant-bind.rules"))
                image->has_rules = true;
        return length > 0 ? add_module(image, name, length) : 0;
}

int boot_image_read(const char *path, struct boot_image *ret) {
        const char *lister = run_find(listers);
        struct boot_image image = {};
        int r;

        if (!lister)
                return -ENOEXEC;
        if (access(path, R_OK) < 0)
                return -errno;
        r = run_and_read((const char *const[]){lister, path, NULL}, add_line, &image);
        if (r != 0) {
                boot_image_done(&image);
                return r > 0 ? -ECANCELED : r;
        }
        *ret = image;
        return 0;
}

void boot_image_done(struct boot_image *image) {
        arena_done(&image->arena);
        *image = (struct boot_image){};
}

bool boot_image_has(const struct boot_image *image, const char *module) {
        for (const struct boot_module *at = image->modules; at; at = at->next)
                if (text_begins_with_name(at->name, strlen(at->name), module) &&
                    strlen(at->name) == strlen(module))
                        return true;
        return false;
}
