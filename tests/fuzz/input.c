/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ways to take an input apart, and to hand it over as a file. */
#include "input.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

char *input_take_line(struct input *input) {
        const uint8_t *end = input->size ? memchr(input->bytes, '\n', input->size) : NULL;
        size_t n = end ? (size_t)(end - input->bytes) : input->size;
        /* Exactly as long: a sanitizer must detect a read past the end */
        char *line = malloc(n + 1);

        must(line);
        if (n > 0)
                memcpy(line, input->bytes, n);
        line[n] = '\0';
        input->bytes += n + (end != NULL);
        input->size -= n + (end != NULL);
        return line;
}

uint8_t input_take_byte(struct input *input) {
        if (input->size == 0)
                return 0;
        input->size--;
        return *input->bytes++;
}

void input_file(const struct input *input, int *ret_dir_fd, char ret_name[INPUT_NAME_SIZE]) {
        static int fd = -1, dir_fd = -1;

        if (fd < 0) {
                fd = memfd_create("input", MFD_CLOEXEC);
                dir_fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                must(fd >= 0 && dir_fd >= 0);
        }
        must(ftruncate(fd, 0) == 0);
        must(pwrite(fd, input->bytes, input->size, 0) == (ssize_t)input->size);
        *ret_dir_fd = dir_fd;
        (void)snprintf(ret_name, INPUT_NAME_SIZE, "%d", fd);
}
