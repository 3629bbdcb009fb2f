/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs other programs of the system. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"

/* The exit status of a shell for a program that cannot be executed */
#define EXIT_NOT_RUN 126

/* Standard output and standard error of a program; -1: /dev/null */
struct streams {
        int output, error;
};

const char *run_find(const char *const *paths) {
        for (; *paths; paths++)
                if (access(*paths, X_OK) == 0)
                        return *paths;
        return NULL;
}

/* The exit status as a shell reports it */
static int exit_status(int status) {
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int wait_for(pid_t pid) {
        int status;

        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return -errno;
        return exit_status(status);
}

static int set_stream(posix_spawn_file_actions_t *actions, int stream, int from) {
        return from < 0
                       ? posix_spawn_file_actions_addopen(actions, stream, "/dev/null", O_WRONLY, 0)
                       : posix_spawn_file_actions_adddup2(actions, from, stream);
}

static int set_streams(posix_spawn_file_actions_t *actions, const struct streams *streams) {
        int r = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

        if (r == 0)
                r = set_stream(actions, STDOUT_FILENO, streams->output);
        if (r == 0)
                r = set_stream(actions, STDERR_FILENO, streams->error);
        return r;
}

/* A program can be interrupted also if the caller blocks signals. */
static void set_signals(posix_spawnattr_t *ret) {
        sigset_t none;

        (void)posix_spawnattr_init(ret); /* allocates nothing */
        (void)sigemptyset(&none);
        (void)posix_spawnattr_setsigmask(ret, &none);
        (void)posix_spawnattr_setflags(ret, POSIX_SPAWN_SETSIGMASK);
}

/*
 * Starts ARGUMENTS. *ret: the process, which the caller waits for. Returns 0, EXIT_NOT_RUN or a
 * negative errno.
 */
static int program_start(const char *const *arguments, const struct streams *streams, pid_t *ret) {
        const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        int r = posix_spawn_file_actions_init(&actions);

        if (r != 0)
                return -r;
        r = set_streams(&actions, streams);
        set_signals(&attributes);
        if (r == 0)
                r = posix_spawn(ret, arguments[0], &actions, &attributes, (char *const *)arguments,
                                (char *const *)environment); /* not modified: execve(2) */
        (void)posix_spawnattr_destroy(&attributes);
        (void)posix_spawn_file_actions_destroy(&actions);
        return r == ENOENT || r == ENOEXEC || r == EACCES ? EXIT_NOT_RUN : -r;
}

int run_program(const char *const *arguments, enum run_output output) {
        const struct streams shown = {STDERR_FILENO, STDERR_FILENO}, hidden = {-1, -1};
        pid_t pid = -1;
        int r = program_start(arguments, output == RUN_SHOWN ? &shown : &hidden, &pid);

        return r != 0 ? r : wait_for(pid);
}

DEFINE_CLEANUP(FILE *, fclose);

/* Reads FD to its end, because a program may fail if its output is not read, and closes it. */
static int read_lines(int fd, run_line_fn on_line, void *userdata) {
        _cleanup_(fclosep) FILE *file = fdopen(fd, "r");
        _cleanup_free_ char *line = NULL;
        size_t size = 0;
        ssize_t n;
        int r = 0;

        if (!file) {
                r = -errno;
                fd_close(fd);
                return r;
        }
        while ((n = getline(&line, &size, file)) >= 0) {
                if (n > 0 && line[n - 1] == '\n')
                        line[n - 1] = '\0';
                if (r == 0)
                        r = on_line(line, userdata);
        }
        return r;
}

int run_and_read(const char *const *arguments, run_line_fn on_line, void *userdata) {
        struct streams streams = {.error = -1};
        int ends[2], r, status;
        pid_t pid = -1;

        if (pipe2(ends, O_CLOEXEC) < 0)
                return -errno;
        streams.output = ends[1];
        r = program_start(arguments, &streams, &pid);
        fd_close(ends[1]);
        if (r != 0) {
                fd_close(ends[0]);
                return r;
        }
        r = read_lines(ends[0], on_line, userdata);
        status = wait_for(pid);
        return r != 0 ? r : status;
}
