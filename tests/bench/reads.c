/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens each FILE, reads its begin, and closes it: what a lookup costs that reads the same files as
 * the helper, and does nothing else. reads FILE...
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
        char text[1024];

        for (int i = 1; i < argc; i++) {
                int fd = open(argv[i], O_RDONLY | O_CLOEXEC);

                if (fd < 0 || read(fd, text, sizeof(text)) < 0)
                        return EXIT_FAILURE;
                (void)close(fd);
        }
        return EXIT_SUCCESS;
}
