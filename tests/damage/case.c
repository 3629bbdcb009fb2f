/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All the ways in which the index in a directory is damaged: each byte three ways, each length. */
#include "case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"

static const struct bin_file index_files[N_FILES] = {
        {.name = "modules.alias.bin", .text = "modules.alias"},
        {.name = "modules.builtin.alias.bin"},
        {.name = "modules.dep.bin", .text = "modules.dep"},
        {.name = "modules.builtin.bin", .text = "modules.builtin"},
};

static int file_open(int dir_fd, const struct bin_file *which, struct bin_file *ret) {
        ssize_t n;

        *ret = *which;
        ret->has_text = which->text && faccessat(dir_fd, which->text, R_OK, 0) == 0;
        ret->fd = openat(dir_fd, which->name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (ret->fd < 0)
                return -errno;
        n = pread(ret->fd, ret->bytes, sizeof(ret->bytes), 0);
        if (n < 0)
                return -errno;
        if (n == 0 || n == sizeof(ret->bytes))
                return -EFBIG; /* nothing to damage, or more than a test should */
        ret->size = (size_t)n;
        return 0;
}

int tree_open(const char *path, struct tree *ret) {
        _cleanup_close_ int dir_fd = fd_open_directory(AT_FDCWD, path);

        if (dir_fd < 0)
                return dir_fd;
        ret->path = path;
        ret->n_cases = 0;
        for (size_t i = 0; i < N_FILES; i++) {
                int r = file_open(dir_fd, &index_files[i], &ret->files[i]);

                if (r < 0)
                        return r;
                ret->n_cases += N_DAMAGES * ret->files[i].size;
        }
        return 0;
}

void tree_close(struct tree *tree) {
        for (size_t i = 0; i < N_FILES; i++)
                fd_close(tree->files[i].fd);
}

struct damage_case case_get(struct tree *tree, size_t number) {
        struct bin_file *file = tree->files;

        for (; number >= N_DAMAGES * file->size; file++)
                number -= N_DAMAGES * file->size;
        return (struct damage_case){
                .file = file,
                .damage = number % N_DAMAGES,
                .offset = number / N_DAMAGES,
        };
}

static int write_file(const struct bin_file *file, const uint8_t *bytes, size_t size) {
        if (pwrite(file->fd, bytes, size, 0) != (ssize_t)size)
                return errno ? -errno : -EIO;
        return ftruncate(file->fd, (off_t)size) < 0 ? -errno : 0;
}

static uint8_t damaged_byte(const struct damage_case *one) {
        uint8_t byte = one->file->bytes[one->offset];

        switch (one->damage) {
        case BYTE_INVERTED:
                return byte ^ 0xff;
        case BYTE_BIT:
                return byte ^ (uint8_t)(1 << (one->offset % 8));
        default:
                return byte ? 0 : 1;
        }
}

int case_damage(const struct damage_case *one) {
        uint8_t bytes[FILE_SIZE_MAX];

        memcpy(bytes, one->file->bytes, one->file->size);
        if (one->damage == CUT)
                return write_file(one->file, bytes, one->offset);
        bytes[one->offset] = damaged_byte(one);
        return write_file(one->file, bytes, one->file->size);
}

int case_repair(const struct damage_case *one) {
        return write_file(one->file, one->file->bytes, one->file->size);
}

void case_tell(const struct damage_case *one, char *ret, size_t size) {
        static const char *const told[N_DAMAGES] = {
                [BYTE_INVERTED] = "inverted",
                [BYTE_BIT] = "with one bit changed",
                [BYTE_ZERO] = "set to 0 (or 1)",
        };

        if (one->damage == CUT)
                (void)snprintf(ret, size, "%s cut to %zu bytes", one->file->name, one->offset);
        else
                (void)snprintf(ret, size, "%s, byte %zu %s", one->file->name, one->offset,
                               told[one->damage]);
}
