/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guard: a directory that the host shares through the device is mounted: 9p, virtiofs. The driver
 * would wait until it is unmounted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "cleanup.h"
#include "device.h"
#include "directory.h"
#include "fd.h"
#include "guard.h"
#include "mounts.h"
#include "sysfs_link.h"
#include "text.h"

/* PAGE_SIZE bounds a sysfs attribute */
#define TAG_SIZE 4096

struct search {
        struct snapshot *snapshot;
        struct finding *finding;
        const char *device; /* virtio3 */
        const char *type;   /* of the file system */
        const char *tag;    /* NULL: the kernel does not report it */
};

/* Is WORD the text TAG? mountinfo has spaces and backslashes as octal escapes. */
static bool is_tag(const struct mounts_word *word, const char *tag) {
        const char *text = word->text, *end = text + word->length;

        for (; text < end && *tag; tag++) {
                unsigned char c = (unsigned char)*text++;

                if (c == '\\' && end - text >= 3) {
                        c = (unsigned char)((text[0] & 3) << 6 | (text[1] & 7) << 3 |
                                            (text[2] & 7));
                        text += 3;
                }
                if (c != (unsigned char)*tag)
                        return false;
        }
        return text == end && !*tag;
}

static int check_mount(const struct mount *mount, const struct mount_namespace *namespace,
                       void *userdata) {
        const struct search *search = userdata;
        struct finding *ret = search->finding;

        if (!text_is(mount->type.text, mount->type.length, search->type) ||
            (search->tag && !is_tag(&mount->source, search->tag)))
                return 0;
        (void)finding_set(ret, GUARD_SHARE,
                          search->tag ? "its share is mounted on "
                                      : "its share may be that which is mounted on ");
        mount_add_place(mount, namespace, ret);
        return 1;
}

static int check_tag(struct search *search, const char *type, const char *tag) {
        search->type = type;
        search->tag = tag;
        return mounts_each(search->snapshot, check_mount, search);
}

/* Source: p9_mount_tag_show() in net/9p/trans_virtio.c of the kernel */
static int check_9p(int fd, struct search *search) {
        char tag[TAG_SIZE];
        int r = device_attribute(fd, "mount_tag", tag, sizeof(tag));

        return r == -ENOENT ? 0 : r < 0 ? r : check_tag(search, "9p", tag);
}

/* Source: virtio_fs_add_instance() in fs/fuse/virtio_fs.c of the kernel, since 6.9 */
static int check_virtiofs_instance(int dir_fd, const char *name, void *userdata) {
        struct search *search = userdata;
        _cleanup_close_ int fd = fd_open_directory(dir_fd, name);
        char device[NAME_SIZE], tag[TAG_SIZE];

        if (fd < 0 || link_name(fd, "device", device, sizeof(device)) < 0 ||
            !streq(device, search->device) || device_attribute(fd, "tag", tag, sizeof(tag)) < 0)
                return fd == -ENOENT || fd >= 0 ? 0 : fd;
        return check_tag(search, "virtiofs", tag);
}

static int check_virtiofs(int fd, struct search *search) {
        _cleanup_close_ int instances_fd = -1;
        char driver[NAME_SIZE];

        if (link_name(fd, "driver", driver, sizeof(driver)) < 0 || !streq(driver, "virtiofs"))
                return 0;
        instances_fd = fd_open_directory(AT_FDCWD, "/sys/fs/virtiofs");
        if (instances_fd < 0)
                return instances_fd == -ENOENT ? check_tag(search, "virtiofs", NULL) : instances_fd;
        return directory_read(instances_fd, check_virtiofs_instance, search);
}

static int check_virtio(const char *name, void *userdata) {
        struct search *search = userdata;
        _cleanup_close_ int fd = device_open_on("virtio", name);
        int r;

        if (fd < 0)
                return fd == -ENODEV ? 0 : fd;
        search->device = name;
        r = check_9p(fd, search);
        return r == 0 ? check_virtiofs(fd, search) : r;
}

int guard_share(const struct guard_target *target, struct finding *ret) {
        struct search search = {.snapshot = target->snapshot, .finding = ret};
        int r = snapshot_each_virtio(target->snapshot, target->handle, check_virtio, &search);

        return r == 0 ? finding_set_unexamined(ret, target->snapshot->unexamined) : r;
}
