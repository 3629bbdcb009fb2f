/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the library: the monitor. What udevd would say, this says, in a network name space.
 *
 * Source: struct monitor_netlink_header of systemd's src/libsystemd/sd-device/device-monitor.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scene.h"

#define OTHER "0000:00:02.0"

#define GROUP_UDEV 2
#define TEXT_SIZE  2048
#define MAGIC      0xfeedcafe

struct header {
        char prefix[8];
        uint32_t magic, header_size, properties_offset, properties_length;
        uint32_t subsystem_hash, devtype_hash, tag_bloom_high, tag_bloom_low;
};

/* MurmurHash2, by which udev's socket filter knows a subsystem. */
static uint32_t hash(const char *text) {
        const uint32_t m = 0x5bd1e995;
        size_t n = strlen(text);
        uint32_t h = (uint32_t)n, k;

        for (; n >= 4; n -= 4, text += 4) {
                memcpy(&k, text, 4);
                k *= m;
                k ^= k >> 24;
                h = h * m ^ k * m;
        }
        if (n > 0) {
                for (size_t i = n; i-- > 0;)
                        h ^= (uint32_t)(unsigned char)text[i] << (8 * i);
                h *= m;
        }
        h = (h ^ h >> 13) * m;
        return h ^ h >> 15;
}

static size_t put(char *text, size_t n, const char *name, const char *value) {
        n += (size_t)snprintf(text + n, TEXT_SIZE - n, "%s=%s", name, value);
        return n + 1;
}

/* PROPERTIES as scene_database() takes them. */
static size_t put_all(char *text, size_t n, const char *properties) {
        while (*properties) {
                size_t length = strcspn(properties, "\n");

                ck_assert_uint_lt(n + length, TEXT_SIZE);
                memcpy(text + n, properties, length);
                text[n + length] = '\0';
                n += length + 1;
                properties += length + 1;
        }
        return n;
}

/* Says it of a device of the subsystem, whether that is there or not. */
static void say(const char *action, const char *subsystem, const char *sysname,
                const char *properties) {
        const struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_groups = GROUP_UDEV};
        char text[TEXT_SIZE];
        struct header header = {
                .prefix = "libudev",
                .magic = htonl(MAGIC),
                .header_size = sizeof(header),
                .properties_offset = sizeof(header),
                .subsystem_hash = htonl(hash(subsystem)),
        };
        struct iovec parts[] = {{&header, sizeof(header)}, {text, 0}};
        struct msghdr message = {
                .msg_name = (void *)&to,
                .msg_namelen = sizeof(to),
                .msg_iov = parts,
                .msg_iovlen = 2,
        };
        int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
        size_t n = put(text, 0, "ACTION", action);

        n = put(text, n, "DEVPATH", sys_path("/devices/pci0000:00/%s", sysname));
        n = put(text, n, "SUBSYSTEM", subsystem);
        n = put(text, n, "SEQNUM", "1");
        n = put_all(text, n, properties);
        parts[1].iov_len = n;
        header.properties_length = (uint32_t)n;
        ck_assert_int_eq(sendmsg(fd, &message, 0), (ssize_t)(sizeof(header) + n));
        ck_assert_int_eq(close(fd), 0);
}

static struct vfio_variant *context;
static struct vfio_variant_monitor *monitor;

#define ANSWER "VFIO_VARIANT_DRIVER=vfio-pci\nVFIO_VARIANT_MODULE=vfio_pci\n"

static void begin(void) {
        scene_enter();
        sys_file("/run/udev/control", ""); /* libudev believes that there is an udevd by this */
        scene_database(DEVICE, ANSWER);
        sys_driver("e1000e", "e1000e");
        sys_driver("vfio-pci", "vfio_pci");
        context = scene_context();
        ck_assert_int_eq(vfio_variant_monitor_new(context, &monitor), 0);
}

static void end(void) {
        ck_assert_ptr_null(vfio_variant_unref(context)); /* the monitor keeps it */
        ck_assert_ptr_null(vfio_variant_monitor_free(monitor));
}

/* What is received next must be CHANGE of SYSNAME. */
static void receive(int change, const char *sysname, const char *driver) {
        struct vfio_variant_device *device = NULL;

        ck_assert_int_eq(vfio_variant_monitor_receive(monitor, &device), change);
        ck_assert_str_eq(vfio_variant_monitor_get_sysname(monitor), sysname);
        if (change == VFIO_VARIANT_CHANGE_REMOVED)
                ck_assert_ptr_null(device);
        else
                ck_assert_str_eq(said(vfio_variant_device_get_driver(device)), driver);
        (void)vfio_variant_device_unref(device);
}

static void receive_nothing(void) {
        struct vfio_variant_device *device = NULL;

        ck_assert_int_eq(vfio_variant_monitor_receive(monitor, &device), 0);
        ck_assert_ptr_null(device);
}

static short polled(void) {
        struct pollfd fd = {.fd = vfio_variant_monitor_get_fd(monitor), .events = POLLIN};

        ck_assert_int_ge(poll(&fd, 1, 0), 0);
        return fd.revents;
}

START_TEST(driver_and_answer) {
        begin();
        ck_assert_int_eq(vfio_variant_monitor_has_udevd(monitor), 1);
        ck_assert_int_eq(unlink("/run/udev/control"), 0);
        ck_assert_int_eq(vfio_variant_monitor_has_udevd(monitor), 0);
        ck_assert_str_eq(said(vfio_variant_monitor_get_sysname(monitor)), "-ENODATA");
        ck_assert_int_eq(polled(), 0);
        receive_nothing();
        say("change", "pci", DEVICE, ANSWER); /* nothing is new */
        ck_assert_int_eq(polled(), POLLIN);
        receive_nothing();
        ck_assert_int_eq(polled(), 0);
        sys_hold(DEVICE, "vfio-pci");
        say("bind", "pci", DEVICE, ANSWER);
        receive(VFIO_VARIANT_CHANGE_DRIVER, DEVICE, "vfio-pci");
        receive_nothing();
        say("change", "pci", DEVICE, "VFIO_VARIANT_DRIVER=other\n");
        receive(VFIO_VARIANT_CHANGE_CHOICE, DEVICE, "vfio-pci");
        sys_hold(DEVICE, NULL);
        say("unbind", "pci", DEVICE, ANSWER);
        receive(VFIO_VARIANT_CHANGE_DRIVER | VFIO_VARIANT_CHANGE_CHOICE, DEVICE, "-ENODATA");
        receive_nothing();
        end();
}
END_TEST

/* Each part of the choice counts. */
static const char *const other_choices[] = {
        "VFIO_VARIANT_DRIVER=vfio-pci\nVFIO_VARIANT_MODULE=vfio_pci\nVFIO_VARIANT_FALLBACK=other\n",
        "VFIO_VARIANT_DRIVER=vfio-pci\nVFIO_VARIANT_MODULE=other\n",
        "VFIO_VARIANT_DRIVER=other\nVFIO_VARIANT_MODULE=vfio_pci\n",
        "",
};

START_TEST(part_of_the_choice) {
        begin();
        say("change", "pci", DEVICE, other_choices[_i]);
        receive(VFIO_VARIANT_CHANGE_CHOICE, DEVICE, "-ENODATA");
        receive_nothing();
        end();
}
END_TEST

/* The driver's link is there before its probe is over, and vfio-dev with the end of that. */
START_TEST(probe_takes_time) {
        begin();
        sys_directory("/sys/class/vfio-dev");
        sys_hold(DEVICE, "vfio-pci");
        say("change", "pci", DEVICE, ANSWER);
        receive(VFIO_VARIANT_CHANGE_DRIVER, DEVICE, "vfio-pci");
        sys_directory(DIRECTORY "/vfio-dev/vfio0");
        say("bind", "pci", DEVICE, ANSWER);
        receive(VFIO_VARIANT_CHANGE_DRIVER, DEVICE, "vfio-pci");
        say("change", "pci", DEVICE, ANSWER);
        receive_nothing();
        end();
}
END_TEST

START_TEST(choice_of_the_event) {
        struct vfio_variant_device *device = NULL;

        begin();
        say("change", "pci", DEVICE, "VFIO_VARIANT_DRIVER=other\n");
        ck_assert_int_eq(vfio_variant_monitor_receive(monitor, &device),
                         VFIO_VARIANT_CHANGE_CHOICE);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "other");
        ck_assert_str_eq(said(vfio_variant_device_get_variant_module(device)), "-ENODATA");
        (void)vfio_variant_device_unref(device);
        end();
}
END_TEST

START_TEST(come_and_gone) {
        begin();
        scene_device(OTHER);
        say("add", "pci", OTHER, ANSWER);
        receive(VFIO_VARIANT_CHANGE_ADDED, OTHER, "-ENODATA");
        say("remove", "pci", OTHER, ANSWER); /* also where its directory is that of the next one */
        receive(VFIO_VARIANT_CHANGE_REMOVED, OTHER, NULL);
        scene_remove(OTHER);
        say("remove", "pci", OTHER, ANSWER);
        say("add", "pci", OTHER, ANSWER); /* pulled out since: nothing to be told of */
        receive_nothing();
        scene_remove(DEVICE);
        say("change", "pci", DEVICE, "");
        say("remove", "pci", DEVICE, "");
        receive(VFIO_VARIANT_CHANGE_REMOVED, DEVICE, NULL);
        receive_nothing();
        end();
}
END_TEST

START_TEST(of_other_subsystems) {
        begin();
        sys_hold(DEVICE, "e1000e");
        say("add", "net", DEVICE, ANSWER);
        say("add", "usb", DEVICE, ANSWER);
        receive_nothing();
        end();
}
END_TEST

START_TEST(hostile_values) {
        begin();
        say("change", "pci", DEVICE, "VFIO_VARIANT_DRIVER=../x\nVFIO_VARIANT_MODULE=a b\n");
        receive(VFIO_VARIANT_CHANGE_CHOICE, DEVICE, "-ENODATA");
        end();
}
END_TEST

START_TEST(events_are_lost) {
        struct vfio_variant_device *device = NULL;
        int small = 1;

        begin();
        ck_assert_int_eq(setsockopt(vfio_variant_monitor_get_fd(monitor), SOL_SOCKET, SO_RCVBUF,
                                    &small, sizeof(small)),
                         0);
        for (int i = 0; i < 100; i++)
                say("change", "pci", DEVICE, ANSWER);
        ck_assert_int_eq(vfio_variant_monitor_receive(monitor, &device), -ENOBUFS);
        ck_assert_ptr_null(device);
        receive_nothing();
        end();
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_test(tcase, driver_and_answer);
        tcase_add_loop_test(tcase, part_of_the_choice, 0, N_ROWS(other_choices));
        tcase_add_test(tcase, probe_takes_time);
        tcase_add_test(tcase, choice_of_the_event);
        tcase_add_test(tcase, come_and_gone);
        tcase_add_test(tcase, of_other_subsystems);
        tcase_add_test(tcase, hostile_values);
        tcase_add_test(tcase, events_are_lost);
}

int main(void) {
        static const struct unit_case cases[] = {{"monitor", add_cases}, {}};

        return unit_run("library-monitor", cases);
}
