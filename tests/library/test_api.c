/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the library: which interface a device offers. VFIO is played by this program's own
 * ioctl(2), which the library finds in the place of the C library's.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scene.h"

#define BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)

/* The kernel of one row. */
static struct vfio_kernel {
        uint32_t flags;
        bool not_viable, in_use, no_type1;
        char log[256];
} kernel;

static const char *node_of(int fd) {
        static char path[PATH_MAX];
        ssize_t n = readlink(sys_path("/proc/self/fd/%d", fd), path, sizeof(path) - 1);

        ck_assert_int_gt(n, 0);
        path[n] = '\0';
        return strrchr(path, '/') + 1;
}

static void note(int fd, const char *what) {
        size_t n = strlen(kernel.log);

        (void)snprintf(kernel.log + n, sizeof(kernel.log) - n, "%s:%s ", node_of(fd), what);
}

static int refuse(int error) {
        errno = error;
        return -1;
}

static int choice(int fd, unsigned long request, void *argument) {
        switch (request) {
        case VFIO_GROUP_GET_STATUS:
                ((struct vfio_group_status *)argument)->flags =
                        kernel.not_viable ? 0 : VFIO_GROUP_FLAGS_VIABLE;
                return 0;
        case VFIO_GROUP_SET_CONTAINER:
                note(fd, "container");
                return kernel.in_use ? refuse(EBUSY) : 0;
        case VFIO_CHECK_EXTENSION:
                return !kernel.no_type1 && (uintptr_t)argument == VFIO_TYPE1_IOMMU;
        case VFIO_SET_IOMMU:
                note(fd, (uintptr_t)argument == VFIO_NOIOMMU_IOMMU ? "noiommu" : "type1");
                return 0;
        case VFIO_GROUP_GET_DEVICE_FD:
                note(fd, (const char *)argument);
                return open("/dev/opened", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        case BIND_IOMMUFD:
                note(fd, "iommufd");
                return kernel.in_use ? refuse(EBUSY) : 0;
        case VFIO_DEVICE_GET_INFO:
                note(fd, "info");
                ((struct vfio_device_info *)argument)->flags = kernel.flags;
                return 0;
        default:
                return refuse(ENOTTY);
        }
}

__attribute__((visibility("default"))) int ioctl(int fd, unsigned long request, ...) {
        va_list arguments;
        void *argument;

        va_start(arguments, request);
        argument = va_arg(arguments, void *);
        va_end(arguments);
        return choice(fd, request, argument);
}

#define BY_GROUP "12:container vfio:type1 12:" DEVICE " opened:info "
#define BY_CDEV  "vfio3:iommufd vfio3:info "

static const struct {
        const char *why, *nodes[3]; /* that are there */
        struct vfio_kernel kernel;
        bool native, cdev, no_iommu;
        int expected;
        const char *log;
} rows[] = {
        {"a native driver", {NULL}, {.flags = 2}, .native = true, .expected = -ENODATA, .log = ""},
        {"no node", {NULL}, {.flags = 2}, .expected = -ENODATA, .log = ""},
        {"by the group: PCI",
         {"vfio/12", "vfio/vfio"},
         {.flags = 1U << 1 | 1},
         .expected = VFIO_VARIANT_API_PCI,
         .log = BY_GROUP},
        {"platform",
         {"vfio/12", "vfio/vfio"},
         {.flags = 1U << 2},
         .expected = VFIO_VARIANT_API_PLATFORM,
         .log = BY_GROUP},
        {"FSL-MC",
         {"vfio/12", "vfio/vfio"},
         {.flags = 1U << 6},
         .expected = VFIO_VARIANT_API_FSL_MC,
         .log = BY_GROUP},
        {"CDX",
         {"vfio/12", "vfio/vfio"},
         {.flags = 1U << 8},
         .expected = VFIO_VARIANT_API_CDX,
         .log = BY_GROUP},
        {"none that we know",
         {"vfio/12", "vfio/vfio"},
         {.flags = 1U << 20},
         .expected = VFIO_VARIANT_API_OTHER,
         .log = BY_GROUP},
        {"by the cdev",
         {"vfio/devices/vfio3", "iommu", "vfio/12"},
         {.flags = 1U << 1},
         .cdev = true,
         .expected = VFIO_VARIANT_API_PCI,
         .log = BY_CDEV},
        {"a cdev, but no iommufd",
         {"vfio/devices/vfio3", "vfio/12", "vfio/vfio"},
         {.flags = 1U << 1},
         .cdev = true,
         .expected = VFIO_VARIANT_API_PCI,
         .log = BY_GROUP},
        {"the cdev is in use",
         {"vfio/devices/vfio3", "iommu", "vfio/12"},
         {.in_use = true},
         .cdev = true,
         .expected = -EBUSY,
         .log = "vfio3:iommufd "},
        {"the group is in use",
         {"vfio/12", "vfio/vfio"},
         {.in_use = true},
         .expected = -EBUSY,
         .log = "12:container "},
        {"the group is not viable",
         {"vfio/12", "vfio/vfio"},
         {.not_viable = true},
         .expected = -EBUSY,
         .log = ""},
        {"an IOMMU of no type that we know",
         {"vfio/12", "vfio/vfio"},
         {.no_type1 = true},
         .expected = -EOPNOTSUPP,
         .log = "12:container "},
        {"without an IOMMU",
         {"vfio/noiommu-12", "vfio/vfio"},
         {.flags = 1U << 1},
         .no_iommu = true,
         .expected = VFIO_VARIANT_API_PCI,
         .log = "noiommu-12:container vfio:noiommu noiommu-12:" DEVICE " opened:info "},
};

static int n_open(void) {
        int n = 0;

        for (int fd = 0; fd < 256; fd++)
                n += fcntl(fd, F_GETFD) >= 0;
        return n;
}

START_TEST(api) {
        const __typeof__(*rows) *row = &rows[_i];
        struct vfio_variant *context;
        struct vfio_variant_device *device;
        int n, r;

        scene_enter();
        sys_directory("/sys/class/vfio-dev");
        sys_driver("driver", NULL);
        sys_hold(DEVICE, "driver");
        sys_group(DEVICE, "12");
        if (!row->native)
                sys_directory(DIRECTORY "/vfio-dev/vfio3");
        if (row->cdev)
                sys_file(DIRECTORY "/vfio-dev/vfio3/dev", "511:3\n");
        if (row->no_iommu)
                sys_file("/sys/kernel/iommu_groups/12/name", "vfio-noiommu\n");
        for (int i = 0; i < N_ROWS(row->nodes) && row->nodes[i]; i++)
                sys_file(sys_path("/dev/%s", row->nodes[i]), "");
        kernel = row->kernel;
        context = scene_context();
        device = scene_open(context, DEVICE);
        n = n_open();
        r = vfio_variant_device_get_api(device);
        ck_assert_msg(r == row->expected, "%s: %d", row->why, r);
        ck_assert_str_eq(kernel.log, row->log);
        ck_assert_int_eq(n_open(), n);
        (void)vfio_variant_device_unref(device);
        (void)vfio_variant_unref(context);
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_loop_test(tcase, api, 0, N_ROWS(rows));
}

int main(void) {
        static const struct unit_case cases[] = {{"api", add_cases}, {}};

        return unit_run("library-api", cases);
}
