/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a lookup costs in a process that keeps the index open:
 *
 *   lookups index|choice|libkmod PASSES COUNT VENDOR_DEVICE [MODULES_DIR MODPROBE_DIR]
 *
 * prints for each pass of COUNT lookups the nanoseconds that it took, then the module or driver
 * that was found. VENDOR_DEVICE is the begin of a modalias, "pci:v000015B3d0000101E"; the rest of
 * it is another one each time. Without directories: the system's.
 */
#include <errno.h>
#include <libkmod.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "choice.h"
#include "cleanup.h"
#include "index.h"
#include "text.h"

#define N_MODALIASES 4096

#define MODALIAS_SIZE 128

struct lookups {
        struct arena arena, matches;
        struct index *index; /* one of these three is asked */
        struct choice_source *source;
        struct kmod_ctx *kmod;
        struct choice choice;
        char found[NAME_SIZE]; /* the module of the best match, or the driver of the choice */
        const char *modprobe_directories[2];
        char (*modaliases)[MODALIAS_SIZE];
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
        (void)text_put(lookups->found, NAME_SIZE, matches.list[0].module);
}

static void lookup_choice(struct lookups *lookups, const char *modalias) {
        int r = choice_find(lookups->source, modalias, NULL, &lookups->choice);

        if (r <= 0)
                fail(modalias, r);
        (void)text_put(lookups->found, NAME_SIZE, lookups->choice.driver);
}

/* libkmod has no rank: of two it is the variant that is found. */
static void lookup_libkmod(struct lookups *lookups, const char *modalias) {
        char key[sizeof("vfio_") + MODALIAS_SIZE];
        struct kmod_list *list = NULL, *entry;
        int r;

        (void)snprintf(key, sizeof(key), "vfio_%s", modalias);
        r = kmod_module_new_from_lookup(lookups->kmod, key, &list);
        if (r < 0 || !list)
                fail(modalias, r);
        lookups->found[0] = '\0';
        kmod_list_foreach(entry, list) {
                struct kmod_module *module = kmod_module_get_module(entry);

                if (!lookups->found[0] || streq(lookups->found, "vfio_pci"))
                        (void)text_put(lookups->found, NAME_SIZE, kmod_module_get_name(module));
                (void)kmod_module_unref(module);
        }
        (void)kmod_module_unref_list(list);
}

static uint64_t now(void) {
        struct timespec ts;

        if (clock_gettime(CLOCK_MONOTONIC, &ts) < 0)
                fail("clock_gettime", -errno);
        return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static uint64_t pass(struct lookups *lookups, size_t count) {
        uint64_t begin = now();

        for (size_t i = 0; i < count; i++) {
                const char *modalias = lookups->modaliases[i % N_MODALIASES];

                if (lookups->index)
                        lookup_index(lookups, modalias);
                else if (lookups->source)
                        lookup_choice(lookups, modalias);
                else
                        lookup_libkmod(lookups, modalias);
        }
        return now() - begin;
}

/* All of them, however few are asked for: so that this is no part of a difference of two counts. */
static void make_modaliases(struct lookups *lookups, const char *head) {
        lookups->modaliases = calloc(N_MODALIASES, sizeof(*lookups->modaliases));
        if (!lookups->modaliases)
                fail("calloc", -ENOMEM);
        for (unsigned i = 0; i < N_MODALIASES; i++)
                (void)snprintf(lookups->modaliases[i], MODALIAS_SIZE, "%ssv%08Xsd%08Xbc02sc00i00",
                               head, 0x1028 + i % 7, i * 31);
}

static void open_libkmod(struct lookups *lookups, const char *directory,
                         const char *const *modprobe_directories) {
        lookups->kmod = kmod_new(directory, modprobe_directories);
        if (!lookups->kmod || kmod_load_resources(lookups->kmod) < 0)
                fail("libkmod", -ENOENT);
}

static void open_lookups(struct lookups *lookups, const char *layer, char **directories) {
        const char *directory = directories[0];
        const char *const *modprobe_directories = directory ? lookups->modprobe_directories : NULL;
        int r = 0;

        lookups->modprobe_directories[0] = directory ? directories[1] : NULL;
        if (streq(layer, "index"))
                r = index_open(directory, &lookups->arena, &lookups->index);
        else if (streq(layer, "choice"))
                r = choice_source_open(directory, modprobe_directories, &lookups->source);
        else if (streq(layer, "libkmod"))
                open_libkmod(lookups, directory, modprobe_directories);
        else
                fail(layer, -EINVAL);
        if (r < 0)
                fail("the index", r);
        pass(lookups, 1);
}

int main(int argc, char **argv) {
        struct lookups lookups = {};
        unsigned long passes, count;

        if (argc != 5 && argc != 7) {
                (void)fprintf(stderr, "lookups: see the head of its source\n");
                return EXIT_FAILURE;
        }
        passes = strtoul(argv[2], NULL, 10);
        count = strtoul(argv[3], NULL, 10);
        make_modaliases(&lookups, argv[4]);
        open_lookups(&lookups, argv[1], argv + 5);
        while (passes-- > 0)
                printf("%llu\n", (unsigned long long)pass(&lookups, count));
        printf("%s\n", lookups.found);
        return EXIT_SUCCESS;
}
