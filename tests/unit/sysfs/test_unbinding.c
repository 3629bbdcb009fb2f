/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of a device that is being unbound. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys.h"
#include "unbinding.h"
#include "unit.h"

#define DEVICE "0000:00:03.0"
#define RECORD "/run/vfio-variant/pci:" DEVICE

static struct unbinding example(void) {
        return (struct unbinding){
                .driver = "snd_hda_intel",
                .n_nodes = 1,
                .nodes = {{.number = 0x7403, .path = "/dev/snd/controlC0"}},
        };
}

/* An empty /run as well. */
static struct handle enter(void) {
        struct handle handle;

        sys_enter();
        sys_device(DEVICE);
        handle = sys_open(DEVICE);
        sys_cover("/run");
        return handle;
}

static void assert_none(const struct handle *handle) {
        struct unbinding found;

        ck_assert_int_eq(unbinding_read(handle, &found), 0);
}

START_TEST(record_is_read) {
        struct handle handle = enter();
        struct unbinding record = example(), found;
        struct stat status;
        int fd;

        assert_none(&handle);
        (void)umask(0077);
        fd = unbinding_begin(&handle, &record);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(unbinding_read(&handle, &found), 1);
        ck_assert_mem_eq(&found, &record, sizeof(found));
        ck_assert_uint_lt(unbinding_seconds(&found), 60);
        found.since -= 90;
        ck_assert_uint_ge(unbinding_seconds(&found), 90);
        /* Any user reads it */
        ck_assert_int_eq(stat(RECORD, &status), 0);
        ck_assert_int_eq(status.st_mode & 0777, 0644);
        unbinding_end(&handle, fd);
        assert_none(&handle);
        ck_assert_int_eq(access(RECORD, F_OK), -1);
        handle_close(&handle);
}
END_TEST

/* The record of a process that was killed is no longer valid. */
START_TEST(record_ends_with_its_process) {
        struct handle handle = enter();
        struct unbinding record = example(), found;
        int ready[2], status;
        char byte;
        pid_t pid;

        ck_assert_int_eq(pipe(ready), 0);
        pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
                if (unbinding_begin(&handle, &record) < 0 || write(ready[1], "", 1) != 1)
                        _exit(1);
                (void)pause();
        }
        ck_assert_int_eq(read(ready[0], &byte, 1), 1);
        ck_assert_int_eq(unbinding_read(&handle, &found), 1);
        ck_assert_str_eq(found.driver, record.driver);
        ck_assert_int_eq(kill(pid, SIGKILL), 0);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_int_eq(access(RECORD, F_OK), 0);
        assert_none(&handle);
        unbinding_end(&handle, unbinding_begin(&handle, &record));
        ck_assert_int_eq(access(RECORD, F_OK), -1);
        handle_close(&handle);
}
END_TEST

/* The device is unbound all the same. */
START_TEST(record_cannot_be_written) {
        struct handle handle = enter();
        struct unbinding record = example();
        int fd;

        sys_file("/run/vfio-variant", "");
        fd = unbinding_begin(&handle, &record);
        ck_assert_int_eq(fd, -ENOTDIR);
        unbinding_end(&handle, fd);
        assert_none(&handle);
        handle_close(&handle);
}
END_TEST

/* What is truncated is not read. */
START_TEST(record_of_another_version) {
        struct handle handle = enter();
        struct unbinding record = example();
        int fd = unbinding_begin(&handle, &record);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(ftruncate(fd, sizeof(record) - 1), 0);
        assert_none(&handle);
        unbinding_end(&handle, fd);
        handle_close(&handle);
}
END_TEST

static void add_record(TCase *tcase) {
        tcase_add_test(tcase, record_is_read);
        tcase_add_test(tcase, record_ends_with_its_process);
        tcase_add_test(tcase, record_cannot_be_written);
        tcase_add_test(tcase, record_of_another_version);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"record", add_record},
                {},
        };

        return unit_run("unbinding", cases);
}
