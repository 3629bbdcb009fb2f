/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens each PATH, and reads it as the helper does, without looking at what it reads: a directory
 * is listed, of a file the begin is read, and of an index, which is longer, three pieces more.
 * reads PATH...
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* CACHE_PAGE_SIZE of src/index/page_cache.h */
#define PIECE_SIZE 1024

static bool list(int fd, char *buffer, size_t size) {
        ssize_t n;

        do
                n = getdents64(fd, buffer, size);
        while (n > 0);
        return n == 0;
}

static bool read_index(int fd, char *buffer) {
        off_t size = lseek(fd, 0, SEEK_END);

        for (off_t piece = 1; piece <= 3; piece++)
                if (pread(fd, buffer, PIECE_SIZE, size * piece / 4) <= 0)
                        return false;
        return true;
}

static bool read_path(const char *path) {
        _Alignas(struct dirent64) char buffer[2 * PIECE_SIZE];
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = pread(fd, buffer, PIECE_SIZE, 0);
        bool done = n == PIECE_SIZE ? read_index(fd, buffer)
                    : n < 0         ? list(fd, buffer, sizeof(buffer))
                                    : true;

        (void)close(fd);
        return done;
}

int main(int argc, char **argv) {
        for (int i = 1; i < argc; i++)
                if (!read_path(argv[i]))
                        return EXIT_FAILURE;
        return EXIT_SUCCESS;
}
