/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Index files made by hand, as no depmod would make them; and the directory that they lie in. */
#include "bin_builder.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"

/* Room for the largest that any test makes. */
#define BIN_SIZE_MAX ((size_t)1024 * 1024)

/* Longer than any temporary directory's path. */
#define PATH_SIZE 512

#define MODPROBE "modprobe.d"

static char scratch[PATH_SIZE];
static char modprobe[PATH_SIZE + sizeof(MODPROBE)];

void bin_begin(struct bin *bin, uint32_t reference) {
        bin->bytes = malloc(BIN_SIZE_MAX);
        ck_assert_ptr_nonnull(bin->bytes);
        bin->size = 0;
        bin_add_u32(bin, UINT32_C(0xB007F457));
        bin_add_u32(bin, UINT32_C(0x00020001));
        bin_add_u32(bin, reference);
}

void bin_done(struct bin *bin) {
        free(bin->bytes);
        bin->bytes = NULL;
}

void bin_add_u8(struct bin *bin, uint8_t value) {
        if (bin->size >= BIN_SIZE_MAX) /* each assertion that is come to is written down: slow */
                ck_abort_msg("no room for what the test makes");
        bin->bytes[bin->size++] = value;
}

void bin_add_u32(struct bin *bin, uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
                bin_add_u8(bin, (uint8_t)(value >> shift));
}

void bin_add_text(struct bin *bin, const char *text) {
        do
                bin_add_u8(bin, (uint8_t)*text);
        while (*text++);
}

void bin_add_value(struct bin *bin, const char *module) {
        bin_add_u32(bin, 0);
        bin_add_text(bin, module);
}

void scratch_make(void) {
        const char *temporary = getenv("TMPDIR");

        (void)snprintf(scratch, sizeof(scratch), "%s/vfio-variant-damage-XXXXXX",
                       temporary ? temporary : "/tmp");
        ck_assert_ptr_nonnull(mkdtemp(scratch));
        (void)snprintf(modprobe, sizeof(modprobe), "%s/" MODPROBE, scratch);
        ck_assert_int_eq(mkdir(modprobe, 0700), 0);
}

const char *scratch_path(void) {
        return scratch;
}

const char *scratch_modprobe_path(void) {
        return modprobe;
}

static void delete (int dir_fd, const char *name) {
        if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
                ck_assert_int_eq(unlinkat(dir_fd, name, AT_REMOVEDIR), 0);
}

static int delete_unless_modprobe(int dir_fd, const char *name, void *userdata) {
        (void)userdata;
        if (strcmp(name, MODPROBE) != 0)
                delete (dir_fd, name);
        return 0;
}

void scratch_clear(void) {
        _cleanup_close_ int dir_fd = fd_open_directory(AT_FDCWD, scratch);

        ck_assert_int_eq(directory_read(dir_fd, delete_unless_modprobe, NULL), 0);
}

void scratch_remove(void) {
        scratch_clear();
        ck_assert_int_eq(rmdir(modprobe), 0);
        ck_assert_int_eq(rmdir(scratch), 0);
}

int scratch_open(const char *name, int flags) {
        _cleanup_close_ int dir_fd = fd_open_directory(AT_FDCWD, scratch);
        int fd = openat(dir_fd, name, flags | O_CLOEXEC, 0600);

        ck_assert_int_ge(fd, 0);
        return fd;
}

void scratch_write(const char *name, const void *bytes, size_t size) {
        _cleanup_close_ int fd = scratch_open(name, O_WRONLY | O_CREAT | O_TRUNC);

        ck_assert_int_eq(fd_write_all(fd, bytes, size), 0);
}

void scratch_write_text(const char *name, const char *text) {
        scratch_write(name, text, strlen(text));
}

void scratch_delete(const char *name) {
        _cleanup_close_ int dir_fd = fd_open_directory(AT_FDCWD, scratch);

        delete (dir_fd, name);
}
