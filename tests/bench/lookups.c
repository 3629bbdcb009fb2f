/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a look-up costs in a process that keeps the index open:
 *
 *   lookups index|answer first|again PASSES COUNT VENDOR_DEVICE [MODULES_DIR MODPROBE_DIR]
 *
 * prints for each pass of COUNT look-ups the nanoseconds that it took, then the module or driver
 * that was found. VENDOR_DEVICE is the begin of a modalias, "pci:v000015B3d0000101E"; the rest of
 * it is another one each time (`first`), or one of a few (`again`). Without folders: the system's.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "answer.h"
#include "cleanup.h"
#include "index.h"

/* Far more than the index remembers. */
#define N_FIRST 8192
/* As many kinds of devices as a large host has. */
#define N_AGAIN 16

#define MODALIAS_SIZE 128

struct lookups {
        struct arena arena, matches;
        struct index *index; /* NULL: the answer is asked for */
        struct answer_source *source;
        struct answer answer;
        const char *found; /* the module of the last match, or the driver of the last answer */
        const char *modprobe_folders[2];
        char (*modaliases)[MODALIAS_SIZE];
        size_t n_modaliases;
};

static _Noreturn void fail(const char *what, int r) {
        (void)fprintf(stderr, "lookups: %s: %s\n", what, strerror(-r));
        exit(EXIT_FAILURE);
}

static void lookup_index(struct lookups *lookups, const char *modalias) {
        struct matches matches = {};
        _uninitialized_ struct modalias key;
        int r = modalias_parse(modalias, &key);

        arena_rewind(&lookups->matches);
        if (r >= 0)
                r = index_lookup(lookups->index, &key, &lookups->matches, &matches);
        if (r < 0 || matches.n == 0)
                fail(modalias, r);
        lookups->found = matches.list[0].module;
}

static void lookup_answer(struct lookups *lookups, const char *modalias) {
        int r = answer_find(lookups->source, modalias, NULL, &lookups->answer);

        if (r <= 0)
                fail(modalias, r);
        lookups->found = lookups->answer.driver;
}

static uint64_t now(void) {
        struct timespec ts;

        if (clock_gettime(CLOCK_MONOTONIC, &ts) < 0)
                fail("clock_gettime", -errno);
        return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static uint64_t pass(struct lookups *lookups, size_t count) {
        uint64_t begin = now();

        for (size_t i = 0, next = 0; i < count; i++) {
                if (lookups->index)
                        lookup_index(lookups, lookups->modaliases[next]);
                else
                        lookup_answer(lookups, lookups->modaliases[next]);
                next = next + 1 == lookups->n_modaliases ? 0 : next + 1;
        }
        return now() - begin;
}

/* All of them, however few are asked for: so that this is no part of a difference of two counts. */
static void make_modaliases(struct lookups *lookups, const char *head, bool again) {
        size_t n = again ? N_AGAIN : N_FIRST;

        lookups->modaliases = calloc(n, sizeof(*lookups->modaliases));
        if (!lookups->modaliases)
                fail("calloc", -ENOMEM);
        for (size_t i = 0; i < n; i++)
                (void)snprintf(lookups->modaliases[i], MODALIAS_SIZE, "%ssv%08Xsd%08Xbc02sc00i00",
                               head, 0x1028 + (unsigned)(i % 7), (unsigned)i * 31);
        lookups->n_modaliases = n;
}

static void open_lookups(struct lookups *lookups, bool of_index, char **folders) {
        const char *folder = folders[0];
        int r;

        lookups->modprobe_folders[0] = folder ? folders[1] : NULL;
        if (of_index)
                r = index_open(folder, &lookups->arena, &lookups->index);
        else
                r = answer_source_open(folder, folder ? lookups->modprobe_folders : NULL,
                                       &lookups->source);
        if (r < 0)
                fail("the index", r);
        pass(lookups, N_AGAIN);
}

int main(int argc, char **argv) {
        struct lookups lookups = {};
        unsigned long passes, count;

        if (argc != 6 && argc != 8) {
                (void)fprintf(stderr, "lookups: see the head of its source\n");
                return EXIT_FAILURE;
        }
        passes = strtoul(argv[3], NULL, 10);
        count = strtoul(argv[4], NULL, 10);
        make_modaliases(&lookups, argv[5], !strcmp(argv[2], "again"));
        open_lookups(&lookups, !strcmp(argv[1], "index"), argv + 6);
        while (passes-- > 0)
                printf("%llu\n", (unsigned long long)pass(&lookups, count));
        printf("%s\n", lookups.found);
        return EXIT_SUCCESS;
}
