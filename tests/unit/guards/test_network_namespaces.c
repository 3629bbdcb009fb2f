/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: other network namespaces, which have an interface of the device, or one
 * that is built on it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check_guard.h"
#include "fake_rtnetlink.h"
#include "network.h"
#include "unit.h"

#define CHILD "../../devices/pci0000:00/" DEVICE

/*
 * The kernel: the text of the file /proc/PID/ns/net is the directory of the namespace's sysfs. A
 * thread is in one namespace.
 */
static _Thread_local char entered[64];
static long fails; /* this system call fails with EPERM */
static int n_opened;

int setns(int fd, int type) {
        ssize_t n = read(fd, entered, sizeof(entered) - 1);
        sigset_t blocked;

        ck_assert_int_eq(type, CLONE_NEWNET);
        ck_assert_int_ne(gettid(), getpid()); /* the caller stays in its namespace */
        ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, NULL, &blocked), 0);
        ck_assert_int_eq(sigismember(&blocked, SIGALRM), 1);
        ck_assert_int_gt(n, 0);
        errno = EPERM;
        return fails == SYS_setns ? -1 : 0;
}

static long open_fake(const char *type) {
        errno = EPERM;
        if (fails == SYS_fsopen)
                return -1;
        ck_assert_str_eq(type, "sysfs");
        n_opened++;
        return open(entered, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* As many arguments as a system call has are passed on. */
long syscall(long number, ...) {
        static long (*call)(long, ...);
        long arguments[6];
        va_list list;

        va_start(list, number);
        if (number == SYS_fsopen) {
                const char *type = va_arg(list, const char *);

                va_end(list);
                return open_fake(type);
        }
        for (unsigned i = 0; i < N_ROWS(arguments); i++)
                arguments[i] = va_arg(list, long);
        va_end(list);
        errno = EPERM;
        if (number == fails)
                return -1;
        switch (number) {
        case SYS_fsconfig:
                return 0;
        case SYS_fsmount:
                return dup((int)arguments[0]);
        default:
                if (!call)
                        call = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
                return call(number, arguments[0], arguments[1], arguments[2], arguments[3],
                            arguments[4], arguments[5]);
        }
}

/*
 * --- a host with processes in three network namespaces: its own, "pod" and "other"; and one that
 * has a name only ---
 */

static void add_process(const char *pid, const char *comm, const char *namespace) {
        sys_file(sys_path("/proc/%s/comm", pid), sys_path("%s\n", comm));
        sys_link(sys_path("/proc/%s/ns/net", pid), sys_path("/proc/namespaces/%s", namespace));
}

static void add_namespace(const char *name, const char *interface, const char *target) {
        sys_file(sys_path("/proc/namespaces/%s", name), sys_path("/proc/sysfs/%s", name));
        sys_link(sys_path("/proc/sysfs/%s/class/net/%s", name, interface), target);
}

static struct handle enter_host(const char *interface) {
        struct handle handle;

        sys_enter();
        sys_device(DEVICE);
        handle = sys_open(DEVICE);
        sys_link("/sys/class/net/eth0", CHILD "/net/eth0");
        sys_cover("/proc");
        sys_cover("/run");
        add_namespace("host", "eth0", CHILD "/net/eth0");
        add_namespace("pod", basename(interface), interface);
        add_namespace("other", "eth0", "../../devices/pci0000:00/0000:00:01.01/net/eth0");
        add_process("thread-self", "test", "host");
        add_process("1", "init", "host");
        add_process("12", "sleep", "pod");
        add_process("20", "one", "other");
        add_process("21", "another", "other");
        sys_link("/run/netns/pod", "/proc/namespaces/pod");
        return handle;
}

#define FOUND " is in the network namespace of process 12 (sleep)"

static const struct {
        const char *why, *interface;
        long fails;
        const char *text; /* "": no process is named */
        int n_opened;
} rows[] = {
        {"one of the device", CHILD "/net/eth5", 0, "its interface eth5" FOUND, 2},
        {"below a virtio device", CHILD "/virtio0/net/eth5", 0, "its interface eth5" FOUND, 2},
        {"a name of other bytes", CHILD "/net/e\033", 0, "its interface e\\x1b" FOUND, 2},
        {"of another device", "../../devices/pci0000:00/0000:00:02.0/net/eth5", 0, "", 2},
        {"a virtual interface", "../../devices/virtual/net/lo", 0, "", 2},
        {"no right to enter", CHILD "/net/eth5", SYS_setns, "", 0},
        {"a kernel without fsopen()", CHILD "/net/eth5", SYS_fsopen, "", 0},
        {"no right to open sysfs", CHILD "/net/eth5", SYS_fsconfig, "", 2},
        {"no right to read sysfs", CHILD "/net/eth5", SYS_fsmount, "", 2},
};

START_TEST(process_is_named) {
        const __typeof__(*rows) *row = &rows[_i];
        struct handle handle = enter_host(row->interface);
        struct finding finding = {.guard = GUARD_NONE};
        struct snapshot snapshot = {};

        fails = row->fails;
        for (int i = 0; i < 2; i++) { /* each namespace is read once */
                assert_row(network_namespaces_find(&snapshot, &handle, &finding) == !!*row->text,
                           row);
                ck_assert_str_eq(finding.text, row->text);
                assert_row(finding.guard == (*row->text ? GUARD_NETWORK : GUARD_NONE), row);
                assert_row(n_opened == row->n_opened, row);
        }
        ck_assert_str_eq(entered, ""); /* this thread */
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

/* If it is unknown which namespace is the caller's, its interfaces could be named. */
START_TEST(own_namespace_is_unknown) {
        struct handle handle = enter_host(CHILD "/net/eth5");
        struct finding finding = {.guard = GUARD_NONE};
        struct snapshot snapshot = {};

        ck_assert_int_eq(unlink("/proc/thread-self/ns/net"), 0);
        ck_assert(!network_namespaces_find(&snapshot, &handle, &finding));
        ck_assert_int_eq(n_opened, 0);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

START_TEST(namespace_has_name_only) {
        struct handle handle = enter_host("../../devices/virtual/net/lo");
        struct finding finding = {.guard = GUARD_NONE};
        struct snapshot snapshot = {};

        add_namespace("blue", "eth5", CHILD "/net/eth5");
        sys_link("/run/netns/blue", "/proc/namespaces/blue");
        sys_link("/run/netns/removed", "/proc/namespaces/none");
        ck_assert(network_namespaces_find(&snapshot, &handle, &finding));
        ck_assert_str_eq(finding.text, "its interface eth5 is in the network namespace blue");
        ck_assert_int_eq(n_opened, 3);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

/* --- an interface in "other" that is built on the device's --- */

#define MACVLAN .name = "mac0", .index = 2, .link_elsewhere = true, .kind = "macvlan"
#define LOWER   "eth0 is the lower device of the macvlan mac0 in the network namespace of process "

static const struct {
        const char *why;
        struct link link;
        bool refers_to_us;
        long fails;
        const char *text; /* NULL: nothing is found */
} foreign_rows[] = {
        {"a macvlan", {MACVLAN, .link = 2}, true, 0, LOWER "20 (one)"},
        {"without fsopen()", {MACVLAN, .link = 2}, true, SYS_fsopen, LOWER "20 (one)"},
        {"no right to enter", {MACVLAN, .link = 2}, true, SYS_setns, NULL},
        {"one that is down", {MACVLAN, .link = 2, .down = true}, true, 0, NULL},
        {"a link to a third namespace", {MACVLAN, .link = 2, .link_namespace = 1}, true, 0, NULL},
        {"a link to a third one, none to ours", {MACVLAN, .link = 2}, false, 0, NULL},
        {"a link inside that namespace", {.name = "v", .index = 6, .link = 2}, true, 0, NULL},
        {"another's", {MACVLAN, .link = 3}, true, 0, NULL},
        {"no link", {.name = "eth0", .index = 2}, true, 0, NULL},
};

START_TEST(foreign_is_found) {
        const __typeof__(*foreign_rows) *row = &foreign_rows[_i];
        static const struct link links[] = {BARE_LINKS, {}};
        const struct link foreign[] = {row->link, {}};
        const struct address no_addresses[] = {{}};
        const struct route no_routes[] = {{}};
        struct handle handle = enter_host("../../devices/virtual/net/lo");
        struct finding finding = {.guard = GUARD_NONE};

        ck_assert_int_eq(unlink("/proc/12/ns/net") + unlink("/run/netns/pod") +
                                 unlink("/proc/21/ns/net"),
                         0);
        kernel = (struct fake_kernel){.links = links,
                                      .addresses = no_addresses,
                                      .routes = no_routes,
                                      .foreign_links = foreign,
                                      .refers_to_us = row->refers_to_us};
        fails = row->fails;
        assert_row(check_guard(guard_network, &handle, &finding) == (row->text != NULL), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

static void add_namespaces(TCase *tcase) {
        tcase_add_loop_test(tcase, process_is_named, 0, N_ROWS(rows));
        tcase_add_test(tcase, own_namespace_is_unknown);
        tcase_add_test(tcase, namespace_has_name_only);
        tcase_add_loop_test(tcase, foreign_is_found, 0, N_ROWS(foreign_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"namespaces", add_namespaces},
                {},
        };

        return unit_run("network-namespaces", cases);
}
