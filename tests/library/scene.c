/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test of the library finds: a /sys, a /run and a /dev of its own, and a device. */
#include "scene.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_OPEN_DIRECTORIES 16

void scene_device(const char *sysname) {
        sys_device(sysname);
        sys_file(sys_path(SYS_ROOT "%s/modalias", sysname), MODALIAS "\n");
        sys_file(sys_path(SYS_ROOT "%s/uevent", sysname),
                 sys_path("PCI_SLOT_NAME=%s\nMODALIAS=" MODALIAS "\n", sysname));
}

void scene_enter(void) {
        sys_enter();
        sys_cover("/run");
        sys_cover("/dev");
        sys_directory("/run/udev/data");
        scene_device(DEVICE);
}

void scene_database(const char *sysname, const char *properties) {
        char text[4096] = "I:1\n", *at = text + strlen(text), *end = text + sizeof(text);

        while (*properties) {
                int n = (int)strcspn(properties, "\n");

                ck_assert_int_lt(at - text + n, sizeof(text) - 16);
                at += snprintf(at, (size_t)(end - at), "E:%.*s\n", n, properties);
                properties += n + 1;
        }
        (void)snprintf(at, (size_t)(end - at), "V:1\n");
        sys_file(sys_path("/run/udev/data/+pci:%s", sysname), text);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk) {
        (void)status;
        (void)type;
        (void)walk;
        return remove(path);
}

void scene_remove(const char *sysname) {
        ck_assert_int_eq(unlink(sys_path("/sys/bus/pci/devices/%s", sysname)), 0);
        ck_assert_int_eq(nftw(sys_path(SYS_ROOT "%s", sysname), remove_one, N_OPEN_DIRECTORIES,
                              FTW_DEPTH | FTW_PHYS),
                         0);
}

struct vfio_variant *scene_context(void) {
        struct vfio_variant *context = NULL;

        ck_assert_int_eq(vfio_variant_new(&context), 0);
        return context;
}

struct vfio_variant_device *scene_open(struct vfio_variant *context, const char *sysname) {
        struct vfio_variant_device *device = NULL;

        ck_assert_int_eq(vfio_variant_device_new(context, sysname, &device), 0);
        return device;
}

const char *said(const char *text) {
        return text ? text : sys_path("-%s", strerrorname_np(errno));
}
