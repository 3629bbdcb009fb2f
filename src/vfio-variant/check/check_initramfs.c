/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the initramfs image, in which a native driver may bind first. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "cleanup.h"
#include "device_object.h"
#include "hwdb_files.h"
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

/* Adds why the image PATH was not read, a finding of the host. */
static void add_unread(struct check *check, const char *path, int error) {
        struct findings *findings = &check->findings;

        switch (error) {
        case -ENOEXEC:
                findings_add(
                        findings, SEVERITY_NOTE, "initramfs",
                        "install the one of your distribution",
                        "none of lsinitramfs, lsinitrd and lsinitcpio is installed, so that %s "
                        "was not checked",
                        path);
                break;
        case -EACCES:
                findings_add(findings, SEVERITY_NOTE, "initramfs", "run it as root",
                             "%s cannot be read, so that it was not checked", path);
                break;
        default:
                findings_add(findings, SEVERITY_NOTE, "initramfs",
                             "list its files (lsinitramfs, lsinitrd or lsinitcpio)",
                             "%s cannot be listed (%s), so that it was not checked", path,
                             error == -ECANCELED ? "its tool failed" : log_errno(error));
        }
}

static const char *advice(void) {
        const struct image_tool *tool = image_tool_find();

        return tool ? tool->advice : "make the image again";
}

/* Lists the image PATH, or adds why that is not possible. Returns whether it is listed. */
static bool read_image(struct check *check, const char *path, struct boot_image *ret) {
        int r;

        terminal_show_progress("reading the initramfs image, which takes some seconds...");
        r = boot_image_read(path, ret);
        terminal_show_progress(NULL);
        if (r < 0)
                add_unread(check, path, r);
        return r >= 0;
}

/* --- the tags of an image --- */

/* The first difference between the tags of an image and those of the system. */
struct difference {
        struct boot_image *image;
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

        if (!boot_image_mark_hwdb_file(difference->image, source->name))
                return differ(difference, "does not have", source->name);
        (void)snprintf(path, sizeof(path), "%s/%s", source->directory, source->name);
        if (stat(path, &st) == 0 && is_newer(&st.st_mtim, &difference->made))
                return differ(difference, "is older than", source->name);
        return 0;
}

/*
 * A file that is not in the system, or was changed since and has no tag any more. Any other may be
 * one without tags, which the configuration of dracut adds to the image.
 */
static int compare_file(const char *name, void *userdata) {
        struct difference *difference = userdata;
        char path[TAG_PATH_SIZE];
        struct stat st;

        if (hwdb_find_file(name, path, sizeof(path)) &&
            (access(path, R_OK) < 0 || stat(path, &st) < 0 ||
             !is_newer(&st.st_mtim, &difference->made)))
                return 0;
        return differ(difference, "still has", name);
}

static void compare_tags(struct boot_image *image, const char *path, struct difference *ret) {
        struct stat st;

        *ret = (struct difference){.image = image};
        if (stat(path, &st) == 0)
                ret->made = st.st_mtim;
        if (tag_source_each_key(compare_source, ret) == 0 && image->is_claiming)
                (void)boot_image_each_unmarked_hwdb_file(image, compare_file, ret);
}

/* Adds the difference, or a claim that nothing undoes, a finding of the host. If no device is
 * tagged, a hook would add nothing to an image. */
static void add_difference(struct check *check, enum severity severity, const char *path,
                           const struct difference *difference) {
        bool is_claiming = difference->image->is_claiming;

        if (check->is_disabled && is_claiming)
                findings_add(&check->findings, SEVERITY_WARNING, "initramfs", advice(),
                             "%s reserves the tagged devices, although the rules that bind them "
                             "are disabled, so that no driver binds them",
                             path);
        else if (!check->is_disabled && difference->what &&
                 (is_claiming || (check->has_tagged && image_tool_find())))
                findings_add(&check->findings, severity, "initramfs", advice(), "%s %s the tag %s",
                             path, difference->what, difference->file);
}

/* Of the running kernel. */
static void check_tags(struct check *check) {
        struct difference difference;

        compare_tags(&check->image, check->image_path, &difference);
        check->is_image_current = check->image.is_claiming && !difference.what;
        add_difference(check, check->image.is_claiming ? SEVERITY_WARNING : SEVERITY_NOTE,
                       check->image_path, &difference);
}

static bool is_changed_since(const char *path) {
        struct stat st;

        return stat(path, &st) == 0 && hwdb_is_changed_after(&st.st_mtim);
}

static int check_other_image(const char *path, void *userdata) {
        _cleanup_(boot_image_done) struct boot_image image = {};
        struct difference difference;
        struct check *check = userdata;

        /* To list an image takes seconds. That root is needed is said of the running kernel's */
        if ((!check->is_disabled && !is_changed_since(path)) || access(path, R_OK) < 0 ||
            !read_image(check, path, &image))
                return 0;
        compare_tags(&image, path, &difference);
        add_difference(check, SEVERITY_NOTE, path, &difference);
        return 0;
}

static void check_other_images(struct check *check) {
        if (image_tool_find())
                (void)image_path_each_other(check_other_image, check);
}

/* Reads the image once, which takes seconds. Returns whether that is possible. */
static bool has_image(struct check *check) {
        const char *device = check->findings.device;

        if (check->is_image_read)
                return check->has_image;
        check->is_image_read = true;
        check->findings.device = NULL;
        if (image_path_find(check->image_path) < 0)
                add_no_image(check);
        else
                check->has_image = read_image(check, check->image_path, &check->image);
        if (check->has_image)
                check_tags(check);
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

        if (subject->looked_up < 0 || !*module || boot_image_has_module(&check->image, module))
                return;
        findings_add(&check->findings, SEVERITY_WARNING, "initramfs", advice(),
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
        check->has_tagged = check->has_tagged || subject->is_tagged;
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

        if (check->is_image_read || check->is_disabled || !image_tool_find())
                return;
        if (image_path_find(path) == 0 && is_changed_since(path))
                (void)has_image(check);
        else
                check_other_images(check);
}
