/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Uses a device node: device-user HOW NODE. HOW is
 *
 * map      maps the node, closes it, and waits for a signal
 * crypt    creates the dm-crypt device "secret" on it; no-crypt removes that
 * thread   opens it, and ends the main thread
 *
 * device-user race NODE DEVICE ROUNDS runs `vfio-variant bind DEVICE` that many times, and opens
 * the node from 30 ms before each to 70 ms after its start, until it has ended. It fails if the
 * device is bound although the node was open before the start.
 *
 * Static: the guest has another C library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECTOR 512

static int complain(const char *what) {
        (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
        return 1;
}

static int map_node(const char *node) {
        int fd = open(node, O_RDONLY);

        if (fd < 0 || mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
                return complain(node);
        (void)close(fd);
        return pause() < 0;
}

static void *wait_for_ever(void *unused) {
        (void)pause();
        return unused;
}

static int end_main_thread(const char *node) {
        pthread_t thread;

        if (open(node, O_RDONLY) < 0 || pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
                return complain(node);
        pthread_exit(NULL);
}

/* --- dm-crypt --- */

/* A request of dm-ioctl(4), and the table of one target. */
struct request {
        struct dm_ioctl head;
        struct dm_target_spec target;
        char parameters[256];
};

static int call_dm(unsigned long command, struct request *request) {
        int fd = open("/dev/mapper/control", O_RDWR), r;

        if (fd < 0)
                return -1;
        request->head.version[0] = DM_VERSION_MAJOR;
        request->head.data_size = sizeof(*request);
        request->head.data_start = offsetof(struct request, target);
        (void)strcpy(request->head.name, "secret");
        r = ioctl(fd, command, request);
        (void)close(fd);
        return r;
}

static int create_crypt(const char *node) {
        struct request create = {}, load = {.head.target_count = 1}, resume = {};
        int fd = open(node, O_RDONLY);
        uint64_t size;

        if (fd < 0 || ioctl(fd, BLKGETSIZE64, &size) < 0)
                return complain(node);
        (void)close(fd);
        load.target.length = size / SECTOR;
        (void)strcpy(load.target.target_type, "crypt");
        (void)snprintf(load.parameters, sizeof(load.parameters), "cipher_null-ecb - 0 %s 0", node);
        if (call_dm(DM_DEV_CREATE, &create) < 0 || call_dm(DM_TABLE_LOAD, &load) < 0 ||
            call_dm(DM_DEV_SUSPEND, &resume) < 0)
                return complain("dm-crypt");
        return 0;
}

static int remove_crypt(void) {
        struct request request = {};

        return call_dm(DM_DEV_REMOVE, &request) < 0 ? complain("dm-crypt") : 0;
}

/* --- races --- */

#define EXIT_REFUSED 3

static pid_t start_tool(const char *command, const char *device) {
        pid_t pid = fork();

        if (pid == 0) {
                (void)execlp("vfio-variant", "vfio-variant", command, device, NULL);
                _exit(127);
        }
        return pid;
}

/* Returns the exit status, or -1. */
static int wait_for_tool(pid_t pid) {
        int status;

        return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                               : -1;
}

/* Returns whether there is a node within a minute, or two on a slow machine. */
static bool wait_for_node(const char *node) {
        for (int i = 0; i < 6000; i++) {
                int fd = open(node, O_RDONLY);

                if (fd >= 0)
                        return close(fd) == 0;
                (void)usleep(10000);
        }
        return false;
}

struct count {
        unsigned bound, refused, raced, taken;
};

/* DELAY: microseconds from the start of bind to the open. Returns whether all went as it may. */
static bool run_round(const char *node, const char *device, int delay, struct count *count) {
        int fd = delay < 0 ? open(node, O_RDONLY) : -1, status;
        pid_t pid;

        (void)usleep(delay < 0 ? (useconds_t)-delay : 0);
        pid = start_tool("bind", device);
        (void)usleep(delay < 0 ? 0 : (useconds_t)delay);
        if (delay >= 0)
                fd = open(node, O_RDONLY);
        status = wait_for_tool(pid);
        if (fd >= 0)
                (void)close(fd);
        if (status == EXIT_REFUSED)
                count->refused++;
        if (status != 0)
                return status == EXIT_REFUSED;
        count->bound++;
        count->raced += fd >= 0 && delay >= 0;
        count->taken += fd >= 0 && delay < 0;
        return wait_for_tool(start_tool("unbind", device)) == 0;
}

/* *ret: how many microseconds bind takes. Returns false on failure. */
static bool measure_bind(const char *device, int *ret) {
        struct timespec start, end;

        (void)clock_gettime(CLOCK_MONOTONIC, &start);
        if (wait_for_tool(start_tool("bind", device)) != 0)
                return false;
        (void)clock_gettime(CLOCK_MONOTONIC, &end);
        *ret = (int)(end.tv_sec - start.tv_sec) * 1000000 +
               (int)((end.tv_nsec - start.tv_nsec) / 1000);
        return wait_for_tool(start_tool("unbind", device)) == 0;
}

static int race(const char *node, const char *device, int rounds) {
        struct count count = {};
        int duration = 0;

        if (!measure_bind(device, &duration))
                return complain(device);
        for (int i = 0; i < rounds; i++) {
                int delay = (i * 37 % 101 - 20) * (duration / 80);

                if (!wait_for_node(node) || !run_round(node, device, delay, &count))
                        return complain(node);
        }
        (void)printf("%d rounds of %d ms: bound %u, opened after the start of these %u, refused "
                     "%u, taken while it was open %u\n",
                     rounds, duration / 1000, count.bound, count.raced, count.refused, count.taken);
        return count.taken > 0 || count.bound == 0 || count.refused == 0;
}

int main(int argc, char **argv) {
        const char *how = argc == 3 ? argv[1] : "";

        if (strcmp(how, "map") == 0)
                return map_node(argv[2]);
        if (strcmp(how, "thread") == 0)
                return end_main_thread(argv[2]);
        if (strcmp(how, "crypt") == 0)
                return create_crypt(argv[2]);
        if (strcmp(how, "no-crypt") == 0)
                return remove_crypt();
        if (argc == 5 && strcmp(argv[1], "race") == 0)
                return race(argv[2], argv[3], (int)strtol(argv[4], NULL, 10));
        (void)fprintf(stderr, "usage: device-user HOW NODE\n");
        return 2;
}
