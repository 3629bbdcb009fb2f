/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: whether a native driver is in the initramfs, where it binds first. */
#include <errno.h>
#include <stdio.h>

#include "check.h"
#include "identity.h"
#include "messages.h"
#include "module_load.h"
#include "terminal.h"

/* A module's name. */
#define MODULE_SIZE 64

/* Reports why the image was not read. */
static void add_unread(struct check *check, int error) {
        struct findings *findings = &check->findings;
        const char *device = findings->device;

        findings->device = NULL; /* it is of the host */
        switch (error) {
        case -ENOENT:
                findings_add(findings, SEVERITY_NOTE, "initramfs",
                             "if there is one elsewhere, list its files",
                             "no initramfs image of the running kernel is in /boot, so that it was "
                             "not checked for native drivers");
                break;
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
        findings->device = device;
}

/* Once, and only if a device is tagged. Returns whether there is an image. */
static bool has_image(struct check *check) {
        int r;

        if (check->is_image_read)
                return check->has_image;
        check->is_image_read = true;
        r = boot_image_find(check->image_path);
        if (r >= 0) {
                terminal_show_progress("reading the initramfs image, which takes some seconds...");
                r = boot_image_read(check->image_path, &check->image);
                terminal_show_progress(NULL);
        }
        check->has_image = r >= 0;
        if (r < 0)
                add_unread(check, r);
        return check->has_image;
}

/* The first native module that the image has. */
struct search {
        const struct boot_image *image;
        char module[MODULE_SIZE];
};

static int find_module(const char *module, void *userdata) {
        struct search *search = userdata;

        if (!boot_image_has(search->image, module))
                return 0;
        (void)snprintf(search->module, sizeof(search->module), "%s", module);
        return 1;
}

void check_image(struct check *check, const struct subject *subject) {
        bool is_bound_to_native = subject->type == VFIO_VARIANT_TYPE_NATIVE;
        struct search search = {.image = &check->image};

        /* libkmod finds the native modules, and can crash on a damaged index */
        if (!subject->is_tagged || !check->has_index || !has_image(check) || check->image.has_rules)
                return;
        if (load_each_module(identity_modalias(subject->device), NULL, NULL, find_module,
                             &search) <= 0)
                return;
        findings_add(&check->findings, is_bound_to_native ? SEVERITY_WARNING : SEVERITY_NOTE,
                     "initramfs", NULL,
                     "its native driver's module %s is in %s, and binds to it before it is claimed",
                     search.module, check->image_path);
        findings_advise(&check->findings,
                        "if nothing else needs %s to boot, exclude it from the image, or include "
                        "the rules and the hwdb",
                        search.module);
}
