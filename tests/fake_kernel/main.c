/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fake kernel as a program: fake_kernel DIRECTORY LOG FD.
 *
 * Mounts itself on DIRECTORY, writes what was written to it into the file LOG, and does the lines
 * that come by FD, a socket of packets. Each is answered: "ok" or "error", and what there is to say
 * after a newline. It ends when no process has the other end of FD any more.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "memory.h"
#include "node.h"
#include "words.h"

#define LINE_SIZE 65536

/* Two commands are about writes that are not answered yet, and so no part of the world. */
static int do_command(struct kernel *kernel, struct files *files, const char *line,
                      char **ret_answer) {
        if (strcmp(line, "go") == 0) {
                files_go_on(files, true);
                return 0;
        }
        if (strcmp(line, "blocked") == 0) {
                *ret_answer = memory_format("%d", files_n_blocked(files));
                return 0;
        }
        return world_line(kernel, line, ret_answer);
}

/* One packet may have several lines; the first that is wrong ends it. */
static int do_lines(struct kernel *kernel, struct files *files, char *lines, char **ret_answer) {
        char *line;
        int r = 0;

        while (r >= 0 && (line = strsep(&lines, "\n"))) {
                free(*ret_answer);
                *ret_answer = NULL;
                r = do_command(kernel, files, line, ret_answer);
        }
        return r;
}

/* Returns 0, or -EPIPE if no process is there any more. */
static int answer_command(struct kernel *kernel, struct files *files, int fd) {
        static char lines[LINE_SIZE];
        ssize_t n = read(fd, lines, sizeof(lines) - 1);
        char *said = NULL, *answer;
        int r;

        if (n <= 0)
                return -EPIPE;
        lines[n] = '\0';
        r = do_lines(kernel, files, lines, &said);
        answer = memory_format("%s\n%s", r < 0 ? "error" : "ok", said ? said : "");
        n = write(fd, answer, strlen(answer));
        free(said);
        free(answer);
        return n < 0 ? -EPIPE : 0;
}

static int serve(struct kernel *kernel, struct files *files, int fd) {
        struct pollfd waits[] = {{.fd = files_fd(files), .events = POLLIN},
                                 {.fd = fd, .events = POLLIN}};
        int r = 0;

        while (r >= 0) {
                if (poll(waits, 2, files_wait(files)) < 0 && errno != EINTR)
                        return -errno;
                files_go_on(files, false);
                if (waits[0].revents)
                        r = files_answer(files);
                if (r >= 0 && waits[1].revents)
                        r = answer_command(kernel, files, fd);
        }
        return r;
}

int main(int argc, char **argv) {
        struct kernel kernel = {0};
        struct files *files;
        long fd = argc == 4 ? words_number(argv[3]) : -1;

        if (fd < 0) {
                (void)fprintf(stderr, "Usage: fake_kernel DIRECTORY LOG FD\n");
                return 2;
        }
        kernel.root = node_root();
        kernel_reset(&kernel);
        kernel.log = fopen(argv[2], "we");
        files = kernel.log ? files_mount(&kernel, argv[1]) : NULL;
        if (!files)
                return 1;
        if (write((int)fd, "ready", 5) == 5)
                (void)serve(&kernel, files, (int)fd);
        files_go_on(files, true);
        files_unmount(files);
        return fclose(kernel.log) == 0 ? 0 : 1;
}
