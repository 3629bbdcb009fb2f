/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an initramfs image: modules, and the tags of devices. */
#include "initramfs_image.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "run.h"
#include "text.h"

/*
 * Of initramfs-tools, dracut and mkinitcpio. Each takes the image as its argument, and prints a
 * path on each line.
 */
static const char *const listers[] = {"/usr/bin/lsinitramfs", "/usr/bin/lsinitrd",
                                      "/usr/bin/lsinitcpio", NULL};

struct boot_name {
        struct boot_name *next;
        const char *name;
        bool is_marked;
};

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

static int add_name(struct boot_image *image, struct boot_name **list, const char *name,
                    size_t length) {
        struct boot_name *entry = arena_take(&image->arena, sizeof(*entry));
        char *copy = arena_take(&image->arena, length + 1);

        if (!entry || !copy)
                return -ENOMEM;
        memcpy(copy, name, length);
        *entry = (struct boot_name){.next = *list, .name = copy};
        *list = entry;
        return 0;
}

/* LINE is a path, or like the output of `ls -l`: the name after the last slash is the same. */
static int add_line(const char *line, void *userdata) {
        struct boot_image *image = userdata;
        const char *name = basename(line);
        size_t module = module_length(name);

        if (streq(name, "70-vfio-variant-claim.rules"))
                image->is_claiming = true;
        if (text_has_suffix(name, ".hwdb") && strstr(line, "etc/udev/hwdb.d/"))
                return add_name(image, &image->hwdb_files, name, strlen(name));
        return module > 0 ? add_name(image, &image->modules, name, module) : 0;
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

bool boot_image_has_module(const struct boot_image *image, const char *module) {
        for (const struct boot_name *at = image->modules; at; at = at->next)
                if (text_begins_with_name(at->name, strlen(at->name), module) &&
                    strlen(at->name) == strlen(module))
                        return true;
        return false;
}

bool boot_image_mark_hwdb_file(struct boot_image *image, const char *name) {
        for (struct boot_name *at = image->hwdb_files; at; at = at->next)
                if (streq(at->name, name))
                        return at->is_marked = true;
        return false;
}

int boot_image_each_unmarked_hwdb_file(const struct boot_image *image,
                                       int (*on_file)(const char *name, void *userdata),
                                       void *userdata) {
        int r = 0;

        for (const struct boot_name *at = image->hwdb_files; r == 0 && at; at = at->next)
                if (!at->is_marked)
                        r = on_file(at->name, userdata);
        return r;
}
