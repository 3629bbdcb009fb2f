/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant monitor: a line for each event. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>

#include "choose_driver.h"
#include "cleanup.h"
#include "commands.h"
#include "device_json.h"
#include "messages.h"
#include "open_device.h"

static const char help[] =
        "monitor [OPTION...]\n"
        "Print a line when a device is added or removed, when its current driver changes,\n"
        "and when its choice changes. SIGINT (Ctrl-C) and SIGTERM end it.\n"
        "\n"
        "      --json[=pretty|short]  Print JSON, indented or (the default) on one line\n"
        "  -h, --help                 Print this help\n";

/* vfio_variant_monitor_free() returns what a clean-up does not need. */
DEFINE_CLEANUP(struct vfio_variant_monitor *, vfio_variant_monitor_free);

static const struct {
        enum vfio_variant_change change;
        const char *name, *text;
} changes[] = {
        {VFIO_VARIANT_CHANGE_ADDED, "added", "added"},
        {VFIO_VARIANT_CHANGE_REMOVED, "removed", "removed"},
        {VFIO_VARIANT_CHANGE_CHOICE, "choice", "choice changed"},
        {VFIO_VARIANT_CHANGE_DRIVER, "driver", "driver changed"},
};
#define N_CHANGES (sizeof(changes) / sizeof(changes[0]))

/* SYSNAME and DEVICE: NULL if there is none. Returns 0, or the negative errno of what could not be
 * determined of DEVICE. */
static int print_json(const char *sysname, int change, struct vfio_variant_device *device,
                      enum json_format format) {
        _cleanup_(json_object_putp) json_object *object = json_new_object();
        json_object *names = json_new_array();
        struct device_state state;
        int r = 0;

        json_put_string(object, "sysname", sysname);
        for (size_t i = 0; i < N_CHANGES; i++)
                if (change & (int)changes[i].change)
                        json_append_string(names, changes[i].name);
        json_put(object, "changes", names);
        if (device)
                r = state_of(device, &state);
        json_put(object, "device", device ? device_json(device, &state) : NULL);
        /* A line for each change, unless the user asks for more */
        json_print(object, format == JSON_PRETTY ? JSON_PRETTY : JSON_SHORT);
        return r;
}

static int print_now(struct vfio_variant_device *device) {
        struct device_state state;
        char whole[STATE_SIZE];
        const char *choice;
        int r = state_of(device, &state);

        state_describe(&state, whole);
        choice = get_choice_name(device, "unknown");
        (void)printf("; current driver: %s, choice: %s; %s", *state.driver ? state.driver : "none",
                     choice ? choice : "none", whole);
        return r;
}

static int print_text(const char *sysname, int change, struct vfio_variant_device *device) {
        const char *separator = ": ";
        int r = 0;

        (void)printf("%s", sysname);
        for (size_t i = 0; i < N_CHANGES; i++) {
                if (!(change & (int)changes[i].change))
                        continue;
                (void)printf("%s%s", separator, changes[i].text);
                separator = ", ";
        }
        if (device)
                r = print_now(device);
        (void)puts("");
        return r;
}

struct watch {
        struct vfio_variant *context;
        struct vfio_variant_monitor *monitor;
        enum json_format json;
        int status;
};

/* Prints a change. Returns the exit status. */
static int print_change(const struct watch *watch, int change, struct vfio_variant_device *device) {
        const char *sysname = vfio_variant_monitor_get_sysname(watch->monitor);
        int r = watch->json ? print_json(sysname, change, device, watch->json)
                            : print_text(sysname, change, device);

        /* An error of one device is in its line, and does not end the watch of the others */
        return r < 0 && report_index_error(watch->context, r) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Receives all changes. Returns 0 or a negative errno. */
static int receive(struct watch *watch) {
        for (;;) {
                _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
                int r = vfio_variant_monitor_receive(watch->monitor, &device);

                if (r <= 0)
                        return r;
                watch->status = worst_status(watch->status, print_change(watch, r, device));
        }
}

/* Events were lost. */
static void report_lost(enum json_format format) {
        log_warning("events were lost, because too many arrived at once: read all devices again");
        if (format)
                (void)print_json(NULL, 0, NULL, format);
}

/* Returns a descriptor that is readable once a signal has arrived, or a negative errno. */
static int open_signals(void) {
        sigset_t signals;
        int fd;

        (void)sigemptyset(&signals);
        (void)sigaddset(&signals, SIGINT);
        (void)sigaddset(&signals, SIGTERM);
        (void)sigaddset(&signals, SIGPIPE); /* the reader may exit during a line: see flush() */
        if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
                return -errno;
        fd = signalfd(-1, &signals, SFD_CLOEXEC);
        return fd < 0 ? -errno : fd;
}

/* Returns 1; 0 if the reader has exited, or if main() reports an error; or a negative errno. */
static int flush(void) {
        if (fflush(stdout) == 0)
                return 1;
        if (errno != EPIPE)
                return 0;
        /* The rest of the output is discarded, which is no error */
        return freopen("/dev/null", "w", stdout) ? 0 : -errno;
}

/* Until a signal arrives or the reader exits: a pipe has POLLERR then, a socket POLLHUP. */
static int watch_until(struct watch *watch, int signal_fd) {
        struct pollfd fds[] = {
                {.fd = signal_fd, .events = POLLIN},
                {.fd = vfio_variant_monitor_get_fd(watch->monitor), .events = POLLIN},
                {.fd = fileno(stdout)},
        };

        for (;;) {
                int r = poll(fds, sizeof(fds) / sizeof(fds[0]), -1);

                if (r < 0 && errno != EINTR)
                        return -errno;
                if (r > 0 && (fds[0].revents || fds[2].revents))
                        return 0;
                r = receive(watch);
                if (r == -ENOBUFS)
                        report_lost(watch->json);
                else if (r < 0)
                        return r;
                r = flush();
                if (r <= 0)
                        return r;
        }
}

static int open_and_watch(struct watch *watch) {
        _cleanup_(vfio_variant_monitor_freep) struct vfio_variant_monitor *monitor = NULL;
        _cleanup_close_ int signal_fd = open_signals();
        int r;

        if (signal_fd < 0)
                return signal_fd;
        r = vfio_variant_monitor_new(watch->context, &monitor);
        if (r < 0)
                return r;
        if (!vfio_variant_monitor_has_udevd(monitor))
                log_warning("no udevd runs here, and no events are reported while none does");
        watch->monitor = monitor;
        return watch_until(watch, signal_fd);
}

static int run_monitor(struct vfio_variant *context, const struct options *options) {
        struct watch watch = {.context = context, .json = options->json, .status = EXIT_SUCCESS};
        int r = open_and_watch(&watch);

        if (r >= 0)
                return watch.status;
        log_error("cannot watch the devices: ", log_errno(r), "; ", advise_error(r));
        return EXIT_FAILURE;
}

const struct command command_monitor = {
        .name = "monitor",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_JSON},
        .run = run_monitor,
};
