/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the reader of .bin indexes. The input: a modalias, a newline, the file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "alias.h"
#include "fuzz.h"
#include "input.h"
#include "node.h"
#include "trie.h"

struct report {
        struct trie *trie;
        const struct modalias *key;
        size_t n, n_max;
};

static bool is_result(int r) {
        return r == 0 || r == 1 || r == -EBADMSG;
}

static int check_match(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct report *report = userdata;

        (void)priority;
        must(name_is_valid(module, strlen(module)));
        must(strlen(alias) < ALIAS_SIZE);
        must(alias_match(alias, report->key));
        /* The way through the trie is the alias itself: it can be gone again */
        must(trie_find(report->trie, alias, NULL, 0) == 1);
        /* trie.h: no way to make many of a few */
        must(++report->n <= report->n_max);
        return 0;
}

/* Counts those that match the key, of all that are on its bus. */
static int count_match(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct report *report = userdata;

        (void)module;
        (void)priority;
        report->n += alias_match(alias, report->key);
        return 0;
}

/* Where the aliases of the whole bus are read, those of a device are all among them. */
static void check_bus(struct trie *trie, const struct modalias *key, size_t n_matches) {
        struct report report = {.trie = trie, .key = key};
        struct modalias begin;
        int r;

        modalias_bus_prefix(key, &begin);
        r = trie_lookup(trie, &begin, count_match, &report);
        must(r == 0 || r == -EBADMSG);
        must(r < 0 || report.n == n_matches);
}

static void check_trie(struct trie *trie, const struct modalias *key, size_t size) {
        struct report report = {.trie = trie, .key = key, .n_max = size / VALUE_SIZE_MIN};
        int r = trie_lookup(trie, key, check_match, &report);

        must(r == 0 || r == -EBADMSG);
        if (r == 0)
                check_bus(trie, key, report.n);
        r = trie_find(trie, key->generic, NULL, 0);
        must(is_result(r));
        must(is_result(trie_find(trie, key->key, NULL, 0)));
        must(is_result(trie_find(trie, "", NULL, 0)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *modalias = input_take_line(&input), name[INPUT_NAME_SIZE];
        struct modalias key;
        struct arena arena = {};
        struct trie *trie;
        int dir_fd, r;

        if (modalias_parse(modalias, &key) == 0) {
                input_file(&input, &dir_fd, name);
                trie = arena_take(&arena, sizeof(*trie));
                must(trie);
                r = trie_open(dir_fd, name, &arena, trie);
                must(r == 0 || r == -EBADMSG);
                if (r == 0) {
                        check_trie(trie, &key, input.size);
                        trie_done(trie);
                }
                arena_done(&arena);
        }
        free(modalias);
        return 0;
}
