/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watches a process that unbinds devices. The kernel lets a driver wait for the users of a device,
 * and no signal ends the process that waits. It is therefore not the one that the user started.
 */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "messages.h"
#include "terminal.h"

/* A driver that takes longer to release its device is reported. */
#define SECONDS_SLOW 3
#define MILLISECONDS 1000
#define BUFFER_SIZE  4096

/* --- the child --- */

/* Has the process ended that reads its messages? */
static bool is_alone(void) {
        struct pollfd stream = {.fd = STDERR_FILENO};

        return poll(&stream, 1, 0) > 0 && (stream.revents & POLLERR);
}

static void report_drivers(const struct device_set *set) {
        for (unsigned i = 0; i < set->n; i++) {
                const char *driver = vfio_variant_device_get_driver(set->devices[i]);

                log_set_device(set->devices[i]);
                log_notice("its driver has released it; current driver: ",
                           driver ? driver : "none");
        }
}

/* A session of its own: neither Ctrl-C nor the end of the terminal ends it halfway. */
static void run_child(const struct watched *watched, const int *output, const int *error) {
        _cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        int status;

        (void)setsid();
        (void)signal(SIGPIPE, SIG_IGN);
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(output[1], STDOUT_FILENO);
        (void)dup2(error[1], STDERR_FILENO);
        /* Without these, a write fails once the other process has ended */
        fd_close(output[0]);
        fd_close(error[0]);
        status = watched->run(watched->userdata);
        (void)fflush(stdout);
        if (is_alone())
                report_drivers(watched->set);
        _exit(status);
}

/* --- the process that watches it --- */

struct watch {
        const struct watched *watched;
        pid_t pid;
        struct pollfd ends[2]; /* of its output and its errors; closed when it has ended */
        time_t started;
        bool is_reported;
};

static time_t now(void) {
        struct timespec time = {};

        (void)clock_gettime(CLOCK_BOOTTIME, &time);
        return time.tv_sec;
}

/* Copies what can be read from STREAM to FD. */
static void copy_stream(struct pollfd *stream, int fd) {
        char buffer[BUFFER_SIZE];
        ssize_t n = 0;

        while (stream->fd >= 0 && (n = read(stream->fd, buffer, sizeof(buffer))) > 0) {
                terminal_show_progress(NULL);
                (void)fd_write_all(fd, buffer, (size_t)n);
        }
        if (n == 0 || (errno != EAGAIN && errno != EINTR))
                fd_close(take_fd(&stream->fd));
}

/* The device that has been being unbound for the longest time, or NULL. */
static struct vfio_variant_device *find_slow(const struct device_set *set, int *ret_seconds) {
        struct vfio_variant_device *slow = NULL;
        int longest = -1;

        for (unsigned i = 0; i < set->n; i++) {
                int seconds = vfio_variant_device_get_unbinding_seconds(set->devices[i]);

                if (seconds <= longest)
                        continue;
                longest = seconds;
                slow = set->devices[i];
        }
        *ret_seconds = longest;
        return slow;
}

/* Another process may be unbinding the device for longer than the child has run. */
static bool is_over(const struct watch *watch, int seconds) {
        int limit = watch->watched->limit;

        return limit != LIMIT_NONE && seconds >= limit && now() - watch->started >= limit;
}

/* Returns whether the limit is over. */
static bool report_slow(struct watch *watch) {
        const struct watched *watched = watch->watched;
        int seconds;
        struct vfio_variant_device *slow = find_slow(watched->set, &seconds);
        bool is_end = is_over(watch, seconds);

        if (!slow || seconds < SECONDS_SLOW || (watch->is_reported && !is_end) ||
            vfio_variant_device_check_use(slow) <= 0)
                return false;
        terminal_show_progress(NULL);
        log_set_device(slow);
        if (!is_end)
                log_warning("waiting for its driver to release it: ",
                            vfio_variant_device_get_finding(slow));
        else if (watched->limit == LIMIT_EVENT)
                log_warning("not bound yet: ", vfio_variant_device_get_finding(slow),
                            "; it is bound when this use has ended");
        else
                log_error("cannot ", watched->what, " yet: ", vfio_variant_device_get_finding(slow),
                          "; stop this use: the rest is then done in the background and logged");
        log_set_device(NULL);
        watch->is_reported = true;
        return is_end;
}

static int exit_status_of(int status) {
        if (WIFEXITED(status))
                return WEXITSTATUS(status);
        log_error("the process that was started for it was killed; run it again");
        return EXIT_FAILURE;
}

/* OPTIONS: of waitpid(2). Returns whether the child has ended, and its status in *ret. */
static bool has_ended(const struct watch *watch, int options, int *ret) {
        pid_t pid;

        do
                pid = waitpid(watch->pid, ret, options);
        while (pid < 0 && errno == EINTR);
        return pid != 0;
}

/*
 * The child has ended if it has closed its output. A program that it started may keep that open:
 * then this is noticed a second later.
 */
static int watch_child(struct watch *watch) {
        struct pollfd *ends = watch->ends;
        int status = EXIT_FAILURE;

        for (;;) {
                bool is_ended;

                (void)poll(ends, 2, MILLISECONDS);
                is_ended = has_ended(watch, WNOHANG, &status);
                copy_stream(&ends[0], STDOUT_FILENO);
                copy_stream(&ends[1], STDERR_FILENO);
                if (is_ended || (ends[0].fd < 0 && ends[1].fd < 0 && has_ended(watch, 0, &status)))
                        return exit_status_of(status);
                if (report_slow(watch))
                        return watch->watched->limit == LIMIT_EVENT ? EXIT_SUCCESS : EXIT_FAILURE;
        }
}

/* Can it take long? A device without a driver has none that waits. */
static bool can_wait(const struct device_set *set) {
        for (unsigned i = 0; i < set->n; i++)
                if (vfio_variant_device_get_driver(set->devices[i]) ||
                    vfio_variant_device_get_unbinding_driver(set->devices[i]))
                        return true;
        return false;
}

static void close_all(const int *fds, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                fd_close(fds[i]);
}

static int start_child(const struct watched *watched, struct watch *ret) {
        int pipes[4] = {-1, -1, -1, -1}, *output = pipes, *error = pipes + 2, r = 0;

        (void)fflush(stdout);
        if (pipe2(output, O_CLOEXEC) < 0 || pipe2(error, O_CLOEXEC) < 0 || (ret->pid = fork()) < 0)
                r = -errno;
        if (r < 0) {
                close_all(pipes, 4);
                return r;
        }
        if (ret->pid == 0)
                run_child(watched, output, error);
        fd_close(output[1]);
        fd_close(error[1]);
        (void)fcntl(output[0], F_SETFL, O_NONBLOCK);
        (void)fcntl(error[0], F_SETFL, O_NONBLOCK);
        ret->ends[0] = (struct pollfd){.fd = output[0], .events = POLLIN};
        ret->ends[1] = (struct pollfd){.fd = error[0], .events = POLLIN};
        return 0;
}

int run_watched(const struct watched *watched) {
        struct watch watch = {.watched = watched, .started = now()};
        int status, r;

        if (watched->limit == LIMIT_DRY_RUN || !can_wait(watched->set))
                return watched->run(watched->userdata);
        r = start_child(watched, &watch);
        if (r < 0) {
                log_error("cannot start a process: ", log_errno(r));
                return EXIT_FAILURE;
        }
        status = watch_child(&watch);
        close_all((const int[]){watch.ends[0].fd, watch.ends[1].fd}, 2);
        return status;
}
