/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has systemd compile the hardware database, and udevd read it. */
#include "rebuild.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text.h"

/* By their paths, and not by PATH: what root runs is not the caller's to choose. */
static const char *const systemd_hwdb[] = {"/usr/bin/systemd-hwdb", "/bin/systemd-hwdb",
                                           "/usr/lib/systemd/systemd-hwdb", NULL};
static const char *const udevadm[] = {"/usr/bin/udevadm", "/bin/udevadm", "/usr/sbin/udevadm",
                                      "/sbin/udevadm", NULL};

static const char *find(const char *const *paths) {
        for (; *paths; paths++)
                if (access(*paths, X_OK) == 0)
                        return *paths;
        return NULL;
}

/* What a shell says of a program that can't be run. */
#define EXIT_NOT_RUN 126

/* As a shell counts it. */
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

static int set_streams(posix_spawn_file_actions_t *actions, bool is_quiet) {
        int r = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

        /* Our own output is what a program may read; theirs is for a person */
        if (r == 0 && !is_quiet)
                r = posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, STDOUT_FILENO);
        if (r == 0 && is_quiet)
                r = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
                                                     0);
        if (r == 0 && is_quiet)
                r = posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
        return r;
}

/* Runs ARGUMENTS without the caller's environment. Returns the exit status or a negative errno. */
static int run(const char *const *arguments, bool is_quiet) {
        const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
        posix_spawn_file_actions_t actions;
        pid_t pid;
        int r = posix_spawn_file_actions_init(&actions);

        if (r != 0)
                return -r;
        r = set_streams(&actions, is_quiet);
        if (r == 0)
                r = posix_spawn(
                        &pid, arguments[0], &actions, NULL, (char *const *)arguments,
                        (char *const *)environment); /* which writes to neither: execve(2) */
        (void)posix_spawn_file_actions_destroy(&actions);
        if (r == ENOENT || r == ENOEXEC || r == EACCES)
                return EXIT_NOT_RUN;
        return r != 0 ? -r : wait_for(pid);
}

/*
 * udevd looks for a new database at most every three seconds (src/udev/udevd.c), and the events
 * that follow may come sooner. Where it does not run, nobody has to be told.
 */
static void reload(void) {
        const char *program = find(udevadm);

        if (program)
                (void)run((const char *const[]){program, "control", "--reload", NULL}, true);
}

int rebuild_hwdb(const char **ret_program) {
        const char *program = find(systemd_hwdb);
        int r;

        if (program) {
                *ret_program = "systemd-hwdb update";
                r = run((const char *const[]){program, "update", NULL}, false);
        } else {
                *ret_program = "udevadm hwdb --update";
                program = find(udevadm);
                if (!program)
                        return -ENOENT;
                r = run((const char *const[]){program, "hwdb", "--update", NULL}, false);
        }
        if (r == 0)
                reload();
        return r;
}
