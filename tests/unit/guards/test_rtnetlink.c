/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the network guard, with the rtnetlink(7) of the kernel that runs. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/net_namespace.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_guard.h"
#include "guard_scene.h"
#include "guards.h"
#include "rtnetlink.h"
#include "unit.h"

static void set_address(struct ifreq *request, const char *address) {
        struct sockaddr_in in = {.sin_family = AF_INET};

        ck_assert_int_eq(inet_pton(AF_INET, address, &in.sin_addr), 1);
        (void)memcpy(&request->ifr_addr, &in, sizeof(in));
}

static void raise_loopback(const char *address) {
        struct ifreq request = {.ifr_name = "lo"};
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        ck_assert_int_ge(fd, 0);
        set_address(&request, address);
        ck_assert_int_eq(ioctl(fd, SIOCSIFADDR, &request), 0);
        set_address(&request, "255.255.255.0");
        ck_assert_int_eq(ioctl(fd, SIOCSIFNETMASK, &request), 0);
        request.ifr_flags = IFF_UP;
        ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
        (void)close(fd);
}

START_TEST(network_is_read) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        scene_enter();
        sys_link("/sys/class/net/lo", "../../devices/pci0000:00/" DEVICE "/net/lo");
        sys_file("/sys/class/net/bonding_masters", "");
        handle = sys_open(DEVICE);
        ck_assert_int_eq(check_guard(guard_network, &handle, &finding), 0); /* it is down */
        raise_loopback("192.0.2.1");
        ck_assert_int_eq(check_guard(guard_network, &handle, &finding), 1);
        ck_assert_str_eq(finding.text, "lo has address 192.0.2.1/24");
        sys_link("/sys/class/net/lo", "../../devices/virtual/net/lo");
        ck_assert_int_eq(check_guard(guard_network, &handle, &finding), 0);
        handle_close(&handle);
}
END_TEST

/* --- a list that changes --- */

/* The kernel sends the list in some five datagrams, and fills one while another is read. */
#define N_ADDRESSES 2000

static void add_address(unsigned number) {
        struct ifreq request = {};
        char address[INET_ADDRSTRLEN];
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        ck_assert_int_ge(fd, 0);
        (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "lo:%u", number);
        (void)snprintf(address, sizeof(address), "198.18.%u.%u", number / 250, 1 + number % 250);
        set_address(&request, address);
        ck_assert_int_eq(ioctl(fd, SIOCSIFADDR, &request), 0);
        (void)close(fd);
}

static int count_and_change(const void *body, const struct netlink_attributes *attributes,
                            void *userdata) {
        unsigned *n = userdata;

        (void)body;
        (void)attributes;
        if (*n == 0)
                add_address(N_ADDRESSES);
        (*n)++;
        return 0;
}

static int list_addresses(void *userdata) {
        return netlink_list(RTM_GETADDR, sizeof(struct ifaddrmsg), count_and_change, userdata);
}

START_TEST(list_changes) {
        unsigned n = 0;

        sys_enter();
        for (unsigned i = 0; i < N_ADDRESSES; i++)
                add_address(i);
        ck_assert_int_eq(list_addresses(&n), -EINTR);
        ck_assert_int_eq(list_addresses(&n), 0); /* it is changed once */
        ck_assert_uint_gt(n, N_ADDRESSES);
}
END_TEST

/* --- the number of a namespace --- */

static void assign_id(int fd, int namespace_fd, uint32_t id) {
        struct {
                struct nlmsghdr header;
                _Alignas(NLMSG_ALIGNTO) struct rtgenmsg generic;
                _Alignas(NLMSG_ALIGNTO) struct rtattr id_head;
                uint32_t id;
                struct rtattr fd_head;
                uint32_t fd;
        } request = {
                .header = {.nlmsg_len = sizeof(request),
                           .nlmsg_type = RTM_NEWNSID,
                           .nlmsg_flags = NLM_F_REQUEST},
                .id_head = {.rta_len = RTA_LENGTH(sizeof(id)), .rta_type = NETNSA_NSID},
                .id = id,
                .fd_head = {.rta_len = RTA_LENGTH(sizeof(id)), .rta_type = NETNSA_FD},
                .fd = (uint32_t)namespace_fd,
        };

        ck_assert_int_eq(send(fd, &request, sizeof(request), 0), sizeof(request));
}

START_TEST(namespace_has_id) {
        int fd, namespace_fd;
        uint32_t id;

        sys_enter();
        fd = netlink_open();
        ck_assert_int_ge(fd, 0);
        namespace_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
        ck_assert_int_eq(netlink_namespace_id(fd, namespace_fd, &id), -ENOENT);
        assign_id(fd, namespace_fd, 5);
        ck_assert_int_eq(netlink_namespace_id(fd, namespace_fd, &id), 0);
        ck_assert_uint_eq(id, 5);
        ck_assert_int_eq(netlink_namespace_id(fd, fd, &id), -EINVAL); /* no namespace */
        (void)close(namespace_fd);
        (void)close(fd);
}
END_TEST

static void add_network(TCase *tcase) {
        tcase_add_test(tcase, namespace_has_id);
        tcase_add_test(tcase, network_is_read);
        tcase_add_test(tcase, list_changes);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"network", add_network},
                {},
        };

        return unit_run("rtnetlink", cases);
}
