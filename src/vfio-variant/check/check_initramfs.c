/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the initramfs image, in which a native driver may bind first. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "cleanup.h"
#include "device_object.h"
#include "identity.h"
#include "image_path.h"
#include "image_tool.h"
#include "messages.h"
#include "module_load.h"
#include "tag_file.h"
#include "tag_source.h"
#include "terminal.h"

/* A module's name. */
#define MODULE_SIZE 64

static void add_no_image(struct check *check) {
        findings_add(&check->findings, SEVERITY_NOTE, "initramfs",
                     "if there is one elsewhere, list its files",
                     "no initramfs image of the running kernel is in /boot, so that it was not "
                     "checked for native drivers");
}

/* Adds why the image was not read, a finding of the host. */
static void add_unread(struct check *check, int error) {
        struct findings *findings = &check->findings;

        switch (error) {
        case -ENOEXEC:
                findings_add(findings, SEVERITY_NOTE, "initramfs",
                             "install the one of your distribution",
                             "none of lsinitramfs, lsinitrd and lsinitcpio is installed, so that "
                             "native drivers were not searched for in %s",
                             check->image_path);
                break;
        case -EACCES:
                findings_add(
                        findings, SEVERITY_NOTE, "initramfs", "run it as root",
                        "%s cannot be read, so that native drivers were not searched for in it",
                        check->image_path);
                break;
        default:
                findings_add(findings, SEVERITY_NOTE, "initramfs",
                             "list its files (lsinitramfs, lsinitrd or lsinitcpio)",
                             "%s cannot be listed (%s), so that native drivers were not searched "
                             "for in it",
                             check->image_path,
                             error == -ECANCELED ? "its tool failed" : log_errno(error));
        }
}

/* --- the tags of the image --- */

/* The first difference between the tags of the image and those of the system. */
struct difference {
        const struct boot_image *image;
        struct timespec made;     /* when the image was made */
        const char *what;         /* NULL: none */
        char file[TAG_PATH_SIZE]; /* of the tag */
};

static bool is_newer(const struct timespec *a, const struct timespec *b) {
        return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

static int differ(struct difference *difference, const char *what, const char *file) {
        difference->what = what;
        (void)snprintf(difference->file, sizeof(difference->file), "%s", file);
        return 1;
}

static int compare_source(const struct tag_source *source, void *userdata) {
        struct difference *difference = userdata;
        char path[TAG_PATH_SIZE];
        struct stat st;

        if (!boot_image_has_hwdb_file(difference->image, source->name))
                return differ(difference, "does not have", source->name);
        (void)snprintf(path, sizeof(path), "%s/%s", source->directory, source->name);
        if (stat(path, &st) == 0 && is_newer(&st.st_mtim, &difference->made))
                return differ(difference, "is older than", source->name);
        return 0;
}

/* A tag of `tag` that was removed from the system. */
static int compare_file(const char *name, void *userdata) {
        char key[TAG_KEY_SIZE], path[TAG_PATH_SIZE];

        if (!tag_name_read(name, key) || tag_file_path(key, path) < 0 || access(path, F_OK) == 0)
                return 0;
        return differ(userdata, "still has", name);
}

/* Adds, as a finding of the host, whether the tags of the image are not those of the system. */
static void compare_tags(struct check *check) {
        const struct image_tool *tool = image_tool_find();
        struct difference difference = {.image = &check->image};
        struct stat st;

        if (stat(check->image_path, &st) == 0)
                difference.made = st.st_mtim;
        if (tag_source_each_key(compare_source, &difference) == 0)
                (void)boot_image_each_hwdb_file(&check->image, compare_file, &difference);
        check->is_image_current = check->image.is_claiming && !difference.what;
        if (check->is_disabled && check->image.is_claiming)
                findings_add(&check->findings, SEVERITY_WARNING, "initramfs",
                             tool ? tool->advice : "make the image again",
                             "%s reserves the tagged devices, although the rules that bind them "
                             "are disabled, so that no driver binds them",
                             check->image_path);
        if (check->is_disabled)
                return;
        if (!difference.what || (!tool && !check->image.is_claiming))
                return;
        findings_add(&check->findings, check->image.is_claiming ? SEVERITY_WARNING : SEVERITY_NOTE,
                     "initramfs", tool ? tool->advice : "make the image again", "%s %s the tag %s",
                     check->image_path, difference.what, difference.file);
}

/* --- the images of other kernels --- */

/* Those that are older than the tag that was written last. They are not listed, which takes seconds
 * for each. */
struct old_images {
        struct timespec written; /* the tag */
        char file[TAG_PATH_SIZE];
        FILE *paths;
        unsigned n;
};

static int keep_last(const struct tag_source *source, void *userdata) {
        struct old_images *old = userdata;
        char path[TAG_PATH_SIZE];
        struct stat st;

        (void)snprintf(path, sizeof(path), "%s/%s", source->directory, source->name);
        if (stat(path, &st) < 0 || !is_newer(&st.st_mtim, &old->written))
                return 0;
        old->written = st.st_mtim;
        (void)snprintf(old->file, sizeof(old->file), "%s", source->name);
        return 0;
}

static int add_if_old(const char *path, void *userdata) {
        struct old_images *old = userdata;
        struct stat st;

        if (stat(path, &st) == 0 && is_newer(&old->written, &st.st_mtim))
                (void)fprintf(old->paths, "%s%s", old->n++ ? ", " : "", path);
        return 0;
}

static void check_other_images(struct check *check) {
        const struct image_tool *tool = image_tool_find();
        _cleanup_free_ char *paths = NULL;
        struct old_images old = {};
        size_t size;

        if (!tool || check->is_disabled || tag_source_each_key(keep_last, &old) < 0)
                return;
        old.paths = open_memstream(&paths, &size);
        check_memory(old.paths);
        (void)image_path_each_other(add_if_old, &old);
        check_memory(!ferror(old.paths) && fclose(old.paths) == 0);
        if (old.n > 0)
                findings_add(&check->findings, SEVERITY_NOTE, "initramfs", tool->advice,
                             "%s, of %s, %s older than the tag %s", paths,
                             old.n == 1 ? "another kernel" : "other kernels",
                             old.n == 1 ? "is" : "are", old.file);
}

/* Once, and only if a device is tagged. Returns whether there is an image. */
static bool has_image(struct check *check) {
        const char *device = check->findings.device;
        int r;

        if (check->is_image_read)
                return check->has_image;
        check->is_image_read = true;
        r = image_path_find(check->image_path);
        if (r >= 0) {
                terminal_show_progress("reading the initramfs image, which takes some seconds...");
                r = boot_image_read(check->image_path, &check->image);
                terminal_show_progress(NULL);
        }
        check->has_image = r >= 0;
        check->findings.device = NULL;
        if (r == -ENOENT)
                add_no_image(check);
        else if (r < 0)
                add_unread(check, r);
        else
                compare_tags(check);
        check_other_images(check);
        check->findings.device = device;
        return check->has_image;
}

/* --- a device --- */

/* The first native module that the image has. */
struct search {
        const struct boot_image *image;
        char module[MODULE_SIZE];
};

static int find_module(const char *module, void *userdata) {
        struct search *search = userdata;

        if (!boot_image_has_module(search->image, module))
                return 0;
        (void)snprintf(search->module, sizeof(search->module), "%s", module);
        return 1;
}

/* The image reserves the device, if it has the driver. */
static void check_variant(struct check *check, const struct subject *subject) {
        const char *module = subject->now[PROPERTY_MODULE];
        const struct image_tool *tool = image_tool_find();

        if (subject->looked_up < 0 || !*module || boot_image_has_module(&check->image, module))
                return;
        findings_add(&check->findings, SEVERITY_WARNING, "initramfs",
                     tool ? tool->advice : "make the image again",
                     "the module of the choice, %s, is not in %s, which reserves no device for it",
                     module, check->image_path);
}

/* The image does not reserve the device: a native driver in it comes first. */
static void check_native(struct check *check, const struct subject *subject) {
        bool is_bound_to_native = subject->type == VFIO_VARIANT_TYPE_NATIVE;
        const struct image_tool *tool = image_tool_find();
        struct search search = {.image = &check->image};

        if (load_each_module(identity_modalias(subject->device), NULL, NULL, find_module,
                             &search) <= 0)
                return;
        findings_add(&check->findings, is_bound_to_native ? SEVERITY_WARNING : SEVERITY_NOTE,
                     "initramfs", tool ? tool->advice : NULL,
                     "the native driver's module %s is in %s, and binds before the system reserves "
                     "devices",
                     search.module, check->image_path);
        if (!tool)
                findings_advise(&check->findings,
                                "if nothing else needs %s to boot, exclude it from the image",
                                search.module);
}

void check_image(struct check *check, const struct subject *subject) {
        /* libkmod finds the native modules, and can crash on a damaged index. An image with the
         * tag of a device that the system needs does not boot: no advice to make one */
        if (!subject->is_tagged || !check->has_index ||
            vfio_variant_device_check_boot_use(subject->device) > 0 || !has_image(check) ||
            check->is_disabled)
                return;
        if (check->is_image_current)
                check_variant(check, subject);
        else
                check_native(check, subject);
}

void check_untagged_image(struct check *check) {
        char path[IMAGE_PATH_SIZE];
        struct stat image, tags;

        /* An image takes seconds to read: only if a tag was changed since it was made */
        if (!check->is_image_read && image_tool_find() && image_path_find(path) == 0 &&
            stat(path, &image) == 0 && stat(TAG_DIRECTORY, &tags) == 0 &&
            is_newer(&tags.st_mtim, &image.st_mtim))
                (void)has_image(check);
}
