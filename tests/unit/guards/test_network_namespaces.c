/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the process of the network namespace that has an interface. */
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

#include "network_namespaces.h"
#include "sys.h"
#include "unit.h"

#define DEVICE "0000:00:01.0"
#define CHILD  "../../devices/pci0000:00/" DEVICE

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

/* --- a host with processes in three network namespaces: its own, "pod" and "other" --- */

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
        sys_cover("/proc");
        add_namespace("host", "eth0", CHILD "/net/eth0");
        add_namespace("pod", basename(interface), interface);
        add_namespace("other", "eth0", "../../devices/pci0000:00/0000:00:01.01/net/eth0");
        add_process("thread-self", "test", "host");
        add_process("1", "init", "host");
        add_process("12", "sleep", "pod");
        add_process("20", "one", "other");
        add_process("21", "another", "other");
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

static void add_namespaces(TCase *tcase) {
        tcase_add_loop_test(tcase, process_is_named, 0, N_ROWS(rows));
        tcase_add_test(tcase, own_namespace_is_unknown);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"namespaces", add_namespaces},
                {},
        };

        return unit_run("network-namespaces", cases);
}
