/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Uses a device node: device-user HOW NODE. HOW is
 *
 * map      maps the node, closes it, and waits for a signal
 * crypt    creates the dm-crypt device "secret" on it; no-crypt removes that
 * flicker  opens and closes the node again and again, each time for up to 4 ms
 * thread   opens it, and ends the main thread
 *
 * Static: the guest has another C library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

static int flicker(const char *node) {
        for (unsigned i = 0;; i++) {
                int fd = open(node, O_RDONLY);

                if (fd < 0 && errno != ENOENT && errno != ENXIO && errno != ENODEV)
                        return complain(node);
                (void)usleep(i % 5 * 1000);
                if (fd >= 0)
                        (void)close(fd);
        }
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

int main(int argc, char **argv) {
        const char *how = argc == 3 ? argv[1] : "";

        if (strcmp(how, "map") == 0)
                return map_node(argv[2]);
        if (strcmp(how, "flicker") == 0)
                return flicker(argv[2]);
        if (strcmp(how, "thread") == 0)
                return end_main_thread(argv[2]);
        if (strcmp(how, "crypt") == 0)
                return create_crypt(argv[2]);
        if (strcmp(how, "no-crypt") == 0)
                return remove_crypt();
        (void)fprintf(stderr, "usage: device-user HOW NODE\n");
        return 2;
}
