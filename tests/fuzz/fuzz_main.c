/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzz target on files, where the compiler has no libFuzzer: on each FILE, and on all in
 * each directory. usage: TARGET FILE|DIRECTORY...
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "fuzz.h"

/* Far above any seed. */
#define INPUT_SIZE_MAX ((size_t)1024 * 1024)

static size_t n_inputs;

static int run_file(int dir_fd, const char *name, void *userdata) {
        _cleanup_close_ int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
        uint8_t *buffer, *exact;
        ssize_t n;

        (void)userdata;
        if (fd < 0)
                return -errno;
        if (strcmp(name, "README.md") == 0)
                return 0; /* tells of the others */
        buffer = malloc(INPUT_SIZE_MAX);
        must(buffer);
        n = pread(fd, buffer, INPUT_SIZE_MAX, 0);
        if (n >= 0) {
                /* Exactly as long: a sanitizer must detect a read past the end */
                exact = malloc((size_t)n + !n);
                must(exact);
                memcpy(exact, buffer, (size_t)n);
                (void)LLVMFuzzerTestOneInput(exact, (size_t)n);
                free(exact);
                n_inputs++;
        }
        free(buffer);
        return n < 0 ? -EIO : 0;
}

static int run(const char *path) {
        _cleanup_close_ int dir_fd = fd_open_directory(AT_FDCWD, path);

        if (dir_fd == -ENOTDIR)
                return run_file(AT_FDCWD, path, NULL);
        return dir_fd < 0 ? dir_fd : directory_read(dir_fd, run_file, NULL);
}

int main(int argc, char **argv) {
        for (int i = 1; i < argc; i++) {
                int r = run(argv[i]);

                if (r < 0) {
                        (void)fprintf(stderr, "%s: %s\n", argv[i], strerror(-r));
                        return EXIT_FAILURE;
                }
        }
        (void)printf("%zu inputs\n", n_inputs);
        return n_inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
