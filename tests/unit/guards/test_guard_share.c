/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: a share of the host is mounted. */
#include <errno.h>

#include "check_guard.h"
#include "guard_scene.h"
#include "guards.h"
#include "unit.h"

#define VIRTIO DIRECTORY "/virtio3"

static void virtio_device(void) {
        sys_link("/sys/bus/virtio/devices/virtio3",
                 "../../../devices/pci0000:00/" DEVICE "/virtio3");
}

static void share_9p(void) {
        virtio_device();
        sys_file(VIRTIO "/mount_tag", "share\n");
}

static void share_9p_with_blank(void) {
        virtio_device();
        sys_file(VIRTIO "/mount_tag", "my \\share\n");
}

static void virtiofs_driver(void) {
        virtio_device();
        sys_link(VIRTIO "/driver", "../../../../bus/virtio/drivers/virtiofs");
}

static void share_virtiofs(void) {
        virtiofs_driver();
        sys_link("/sys/fs/virtiofs/0/device", "../../../devices/pci0000:00/0000:00:02.0/virtio2");
        sys_file("/sys/fs/virtiofs/0/tag", "other\n");
        sys_link("/sys/fs/virtiofs/1/device", "../../../devices/pci0000:00/" DEVICE "/virtio3");
        sys_file("/sys/fs/virtiofs/1/tag", "share\n");
}

/* The attribute has another meaning in a device that is not virtio. */
static void other_child(void) {
        sys_file(DIRECTORY "/nvme0/mount_tag", "share\n");
}

static void other_virtio(void) {
        virtio_device();
        sys_link(VIRTIO "/driver", "../../../../bus/virtio/drivers/virtio_net");
}

static const struct {
        const char *why;
        void (*make)(void);
        const char *mounts;
        const char *text; /* NULL: nothing is found */
} share_rows[] = {
        {"9p", share_9p, "1 2 0:9 / /a rw - proc share rw\n1 2 0:44 / /mnt rw - 9p share rw\n",
         "its share is mounted on /mnt"},
        {"another 9p share", share_9p,
         "1 2 0:44 / /mnt rw - 9p share2 rw\n1 2 0:45 / /m rw - 9p shar rw\n", NULL},
        {"a virtiofs with the tag", share_9p, "1 2 0:44 / /mnt rw - virtiofs share rw\n", NULL},
        {"a tag with a space", share_9p_with_blank,
         "1 2 0:44 / /mnt rw - 9p my\\040\\134share rw\n", "its share is mounted on /mnt"},
        {"a tag with another character", share_9p_with_blank,
         "1 2 0:44 / /mnt rw - 9p my\\041\\134share rw\n", NULL},
        {"virtiofs", share_virtiofs, "1 2 0:44 / /mnt rw - virtiofs share rw\n",
         "its share is mounted on /mnt"},
        {"another virtiofs", share_virtiofs, "1 2 0:44 / /mnt rw - virtiofs other rw\n", NULL},
        {"virtiofs of an older kernel", virtiofs_driver, "1 2 0:44 / /mnt rw - virtiofs x rw\n",
         "its share may be that which is mounted on /mnt"},
        {"no mount", virtiofs_driver, "1 2 0:44 / /mnt rw - 9p x rw\n", NULL},
        {"another child device", other_child, "1 2 0:44 / /mnt rw - 9p share rw\n", NULL},
        {"another driver", other_virtio, "1 2 0:44 / /mnt rw - virtiofs x rw\n", NULL},
};

START_TEST(share_is_found) {
        const __typeof__(*share_rows) *row = &share_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        scene_enter();
        row->make();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_file("/proc/self/mountinfo", row->mounts);
        assert_row(check_guard(guard_share, &handle, &finding) == (row->text != NULL), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        assert_row(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding) == (row->text != NULL),
                   row);
        assert_row(guards_check_boot_use(&handle, NULL, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_SHARE : GUARD_NONE), row);
        handle_close(&handle);
}
END_TEST

static void add_share(TCase *tcase) {
        tcase_add_loop_test(tcase, share_is_found, 0, N_ROWS(share_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"share", add_share},
                {},
        };

        return unit_run("guard-share", cases);
}
