/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How fast devices are asked for their choice: speed new|kept SYSNAME COUNT THREADS
 *
 * Each thread has a context, and opens, asks and releases the device COUNT times, or, `kept`, asks
 * one that it has open. Prints the
 * nanoseconds from the first begin to the last end, and the choice with its origin.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "vfio-variant.h"

#define N_THREADS_MAX 64

struct worker {
        pthread_t thread;
        struct vfio_variant *context;
        struct vfio_variant_device *kept; /* NULL: a new one each time */
        const char *sysname;
        unsigned long count;
        char choice[64];
        int origin;
};

static int open_device(struct worker *worker, struct vfio_variant_device **ret) {
        return vfio_variant_device_new_from_subsystem_sysname(worker->context, "pci",
                                                              worker->sysname, ret);
}

static int ask(struct worker *worker) {
        struct vfio_variant_device *device = vfio_variant_device_ref(worker->kept);
        const char *driver;
        int r = device ? 0 : open_device(worker, &device);

        if (r < 0)
                return r;
        driver = vfio_variant_device_get_variant_driver(device);
        if (driver) {
                (void)snprintf(worker->choice, sizeof(worker->choice), "%s", driver);
                worker->origin = vfio_variant_device_get_variant_origin(device);
        }
        (void)vfio_variant_device_unref(device);
        return driver ? 0 : -ENODATA;
}

static void *work(void *userdata) {
        struct worker *worker = userdata;

        for (unsigned long i = 0; i < worker->count; i++)
                if (ask(worker) < 0)
                        return userdata;
        return NULL;
}

static uint64_t now(void) {
        struct timespec ts;

        (void)clock_gettime(CLOCK_MONOTONIC, &ts);
        return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

/* Returns whether each thread got its choices; the first ones are no part of the time. */
static int begin_worker(struct worker *worker, int keep) {
        return vfio_variant_new(&worker->context) >= 0 &&
               (!keep || open_device(worker, &worker->kept) >= 0) && ask(worker) >= 0;
}

static int measure(struct worker *workers, unsigned n, int keep, uint64_t *ret) {
        void *failed;
        uint64_t begin;
        int good = 1;

        for (unsigned i = 0; i < n; i++)
                good = good && begin_worker(&workers[i], keep);
        begin = now();
        for (unsigned i = 0; good && i < n; i++)
                good = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
        for (unsigned i = 0; good && i < n; i++)
                good = pthread_join(workers[i].thread, &failed) == 0 && !failed;
        *ret = now() - begin;
        for (unsigned i = 0; i < n; i++) {
                (void)vfio_variant_device_unref(workers[i].kept);
                (void)vfio_variant_unref(workers[i].context);
        }
        return good;
}

int main(int argc, char **argv) {
        static struct worker workers[N_THREADS_MAX];
        unsigned long n = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
        uint64_t ns;

        if (n < 1 || n > N_THREADS_MAX) {
                (void)fprintf(stderr, "Usage: speed new|kept SYSNAME COUNT THREADS\n");
                return EXIT_FAILURE;
        }
        for (unsigned i = 0; i < n; i++)
                workers[i] =
                        (struct worker){.sysname = argv[2], .count = strtoul(argv[3], NULL, 10)};
        if (!measure(workers, (unsigned)n, argv[1][0] == 'k', &ns))
                return EXIT_FAILURE;
        printf("%llu %s %d\n", (unsigned long long)ns, workers[0].choice, workers[0].origin);
        return EXIT_SUCCESS;
}
