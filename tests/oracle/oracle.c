/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looks up random devices in a module directory, and holds what the index reader finds against what
 * others find: libkmod, fnmatch(3) over the text that depmod wrote, and the reader of that text;
 * and the choice against a second one made of that text, and against libvirt's rule.
 *
 * usage: oracle TREE MODPROBE_DIRECTORY COUNT SEED [BLACKLISTED...]
 *
 * MODPROBE_DIRECTORY has one file, test.conf. BLACKLISTED: modules that the kernel command line of
 * this machine blacklists. Without policy, libkmod is asked with an empty configuration.
 */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"
#include "index.h"
#include "model.h"
#include "random_device.h"
#include "text_index.h"
#include "trie.h"

/* So many differences are shown; the others are only counted. */
#define N_SHOWN 10

/* Strings, of which only the set counts. */
static void names_sort(struct names *names);
static bool names_equal(struct names *a, struct names *b);

struct oracle {
        struct plain_tree tree;
        struct index *index;
        struct choice_source *source;
        const char *path;
        const char *modprobe_directories[2];
        struct arena arena;
        struct kmod_ctx *kmod;
        int dir_fd;
        struct trie *aliases, *built_in_aliases;
        size_t n_passed, n_failed, n_matched, n_variants, n_found[N_REASONS];
};

static void give_up(const char *what, int r) {
        errno = -r;
        perror(what);
        exit(2);
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts, and drops what is there twice. */
static void names_sort(struct names *names) {
        size_t n = 0;

        if (names->n == 0)
                return;
        qsort(names->list, names->n, sizeof(names->list[0]), compare_names);
        for (size_t i = 1; i < names->n; i++) {
                if (strcmp(names->list[i], names->list[n]) == 0)
                        free(names->list[i]);
                else
                        names->list[++n] = names->list[i];
        }
        names->n = n + 1;
}

static bool names_equal(struct names *a, struct names *b) {
        names_sort(a);
        names_sort(b);
        if (a->n != b->n)
                return false;
        for (size_t i = 0; i < a->n; i++)
                if (strcmp(a->list[i], b->list[i]) != 0)
                        return false;
        return true;
}

static void names_done(struct names *names) {
        for (size_t i = 0; i < names->n; i++)
                free(names->list[i]);
        free(names->list);
        memset(names, 0, sizeof(*names));
}

static void add_pair(struct names *names, const char *alias, const char *module) {
        char pair[ALIAS_SIZE + NAME_SIZE];

        (void)snprintf(pair, sizeof(pair), "%s %s", alias, module);
        names_add(names, pair);
}

static int add_match(const char *alias, const char *module, uint32_t priority, void *userdata) {
        (void)priority;
        add_pair(userdata, alias, module);
        return 0;
}

/* Does RULE come from the index of loadable or of built-in modules? */
static bool is_of_index(const struct rule *rule, bool built_in) {
        return rule->alias && !rule->admin && rule->built_in == built_in;
}

/* What fnmatch(3) found among the rules of one kind. */
static void collect_plain(const struct ranking *ranking, bool built_in, struct names *ret) {
        for (size_t i = 0; i < ranking->n; i++)
                if (is_of_index(ranking->list[i], built_in))
                        add_pair(ret, ranking->list[i]->alias, ranking->list[i]->module);
}

/* Holds GOT against WANTED, and empties GOT. Returns whether they are equal; says so if not. */
static bool check_names(const char *modalias, const char *who, struct names *got,
                        struct names *wanted) {
        bool equal = names_equal(got, wanted);

        if (!equal) {
                (void)printf("DIFFERENT: %s: %s\n", modalias, who);
                for (size_t i = 0; i < got->n; i++)
                        (void)printf("    it found    %s\n", got->list[i]);
                for (size_t i = 0; i < wanted->n; i++)
                        (void)printf("    fnmatch has %s\n", wanted->list[i]);
        }
        names_done(got);
        return equal;
}

static bool check_error(const char *modalias, const char *who, int r) {
        if (r < 0)
                (void)printf("DIFFERENT: %s: %s: error %d\n", modalias, who, r);
        return r >= 0;
}

/* The three ways to read the index, for loadable or for built-in modules. */
static bool check_readers(struct oracle *oracle, const char *modalias, const struct modalias *key,
                          const struct ranking *ranking, bool built_in) {
        struct names got = {}, wanted = {};
        struct arena arena = {};
        struct matches matches;
        bool same;
        int r;

        collect_plain(ranking, built_in, &wanted);
        r = trie_lookup(built_in ? oracle->built_in_aliases : oracle->aliases, key, add_match,
                        &got);
        same = check_error(modalias, "trie_lookup", r);
        same &= check_names(modalias, "trie_lookup", &got, &wanted);
        r = index_lookup(oracle->index, key, &arena, &matches);
        same &= check_error(modalias, "index_lookup", r);
        for (size_t i = 0; i < matches.n; i++)
                if (matches.list[i].built_in == built_in)
                        add_pair(&got, matches.list[i].alias, matches.list[i].module);
        arena_done(&arena);
        same &= check_names(modalias, "index_lookup", &got, &wanted);
        if (!built_in) {
                r = text_index_lookup(oracle->dir_fd, "modules.alias", key, add_match, &got);
                same &= check_error(modalias, "text_index_lookup", r);
                same &= check_names(modalias, "text_index_lookup", &got, &wanted);
        }
        names_done(&wanted);
        return same;
}

/* The modules that libkmod finds: the built-in ones only where it finds no other. */
static bool check_libkmod(struct oracle *oracle, const char *modalias,
                          const struct ranking *ranking) {
        struct names got = {}, wanted = {};
        struct kmod_list *list = NULL, *item;
        char alias[DEVICE_SIZE + sizeof("vfio_")];
        bool same;

        for (int built_in = 0; built_in < 2 && wanted.n == 0; built_in++)
                for (size_t i = 0; i < ranking->n; i++)
                        if (is_of_index(ranking->list[i], built_in))
                                names_add(&wanted, ranking->list[i]->module);
        (void)snprintf(alias, sizeof(alias), "vfio_%s", modalias);
        same = check_error(modalias, "libkmod",
                           kmod_module_new_from_lookup(oracle->kmod, alias, &list));
        kmod_list_foreach(item, list) {
                struct kmod_module *module = kmod_module_get_module(item);

                names_add(&got, kmod_module_get_name(module));
                (void)kmod_module_unref(module);
        }
        (void)kmod_module_unref_list(list);
        same &= check_names(modalias, "libkmod", &got, &wanted);
        names_done(&wanted);
        return same;
}

static void tell_choice(const char *who, const struct choice *choice) {
        (void)printf("    %s: driver '%s', module '%s', alias '%s', fallback '%s'\n", who,
                     choice->driver, choice->module, choice->alias, choice->fallback);
}

static void tell_difference(struct oracle *oracle, const char *modalias,
                            const struct choice *choice, const struct rule *libvirt,
                            enum reason reason) {
        if (reason == REASON_SAME)
                return;
        if (oracle->n_found[reason] > N_SHOWN && reason != REASON_NONE)
                return;
        (void)printf("%s: %s %s, libvirt %s %s: %s\n", modalias,
                     choice->driver[0] ? choice->driver : "no driver", choice->alias,
                     libvirt ? libvirt->module : "no driver", libvirt ? libvirt->alias : "",
                     reason_told[reason]);
}

/* The choice, against the model's; and why it is not libvirt's. */
static bool check_choice(struct oracle *oracle, const char *modalias,
                         const struct ranking *ranking) {
        const struct rule *libvirt = model_libvirt(&oracle->tree, ranking);
        struct choice choice, wanted;
        int r = choice_find(oracle->source, modalias, NULL, &choice);
        bool found = model_choice(&oracle->tree, ranking, &wanted);
        enum reason reason;

        if (!check_error(modalias, "choice_find", r))
                return false;
        if (r != found || strcmp(choice.driver, wanted.driver) != 0 ||
            strcmp(choice.module, wanted.module) != 0 || strcmp(choice.alias, wanted.alias) != 0 ||
            strcmp(choice.fallback, wanted.fallback) != 0) {
                (void)printf("DIFFERENT: %s: the choice\n", modalias);
                tell_choice("choice_find", &choice);
                tell_choice("wanted     ", &wanted);
                return false;
        }
        reason = model_reason(&oracle->tree, ranking, r, &choice, libvirt);
        oracle->n_found[reason]++;
        oracle->n_variants += r && strcmp(choice.driver, "vfio-pci") != 0;
        tell_difference(oracle, modalias, &choice, libvirt, reason);
        return reason != REASON_NONE;
}

static void check_device(struct oracle *oracle, const char *modalias) {
        struct ranking ranking;
        struct modalias key;
        bool same;
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return; /* a change of characters made it none: it does not count */
        ranking_make(&ranking, &oracle->tree, modalias);
        same = check_readers(oracle, modalias, &key, &ranking, false);
        same &= check_readers(oracle, modalias, &key, &ranking, true);
        same &= check_libkmod(oracle, modalias, &ranking);
        same &= check_choice(oracle, modalias, &ranking);
        oracle->n_matched += ranking.n > 0 && ranking.list[0]->alias;
        if (same)
                oracle->n_passed++;
        else
                oracle->n_failed++;
        ranking_done(&ranking);
}

static struct trie *open_trie(struct oracle *oracle, const char *name) {
        struct trie *trie = arena_take(&oracle->arena, sizeof(*trie));
        int r = trie ? trie_open(oracle->dir_fd, name, &oracle->arena, trie) : -ENOMEM;

        if (r < 0)
                give_up(name, r);
        return trie;
}

static void open_source(struct oracle *oracle) {
        int r = choice_source_open(oracle->path, oracle->modprobe_directories, &oracle->source);

        if (r < 0)
                give_up(oracle->path, r);
}

static void open_all(struct oracle *oracle, const char *path, const char *modprobe_directory) {
        const char *const no_directories[] = {NULL};
        char conf[4096];
        int r;

        (void)snprintf(conf, sizeof(conf), "%s/test.conf", modprobe_directory);
        plain_tree_read(&oracle->tree, path, conf);
        oracle->path = path;
        oracle->modprobe_directories[0] = modprobe_directory;
        oracle->dir_fd = fd_open_directory(AT_FDCWD, path);
        r = index_open(path, &oracle->arena, &oracle->index);
        if (oracle->dir_fd < 0 || r < 0)
                give_up(path, oracle->dir_fd < 0 ? oracle->dir_fd : r);
        open_source(oracle);
        oracle->aliases = open_trie(oracle, "modules.alias.bin");
        oracle->built_in_aliases = open_trie(oracle, "modules.builtin.alias.bin");
        oracle->kmod = kmod_new(path, no_directories);
        r = oracle->kmod ? kmod_load_resources(oracle->kmod) : -ENOMEM;
        if (r < 0)
                give_up("libkmod", r);
}

static void close_all(struct oracle *oracle) {
        (void)kmod_unref(oracle->kmod);
        trie_done(oracle->aliases);
        trie_done(oracle->built_in_aliases);
        choice_source_close(oracle->source);
        index_close(oracle->index);
        fd_close(oracle->dir_fd);
        arena_done(&oracle->arena);
        plain_tree_done(&oracle->tree);
}

/* A source remembers what it found of a module: every now and then a fresh one is asked. */
#define LOOKUPS_PER_SOURCE 50

static void check_devices(struct oracle *oracle, size_t count, struct random *random) {
        while (oracle->n_passed + oracle->n_failed < count) {
                char modalias[DEVICE_SIZE];

                random_device(random, &oracle->tree, modalias);
                check_device(oracle, modalias);
                if (random_below(random, LOOKUPS_PER_SOURCE) == 0) {
                        choice_source_close(oracle->source);
                        open_source(oracle);
                }
        }
}

static int tell_counts(const struct oracle *oracle) {
        size_t n = oracle->n_passed + oracle->n_failed;

        for (size_t i = 0; i < N_REASONS; i++)
                if (oracle->n_found[i] > 0 && i != REASON_SAME)
                        (void)printf("differs from libvirt's: %6zu  %s\n", oracle->n_found[i],
                                     reason_told[i]);
        (void)printf("%zu devices: %zu with a match, %zu with another choice than vfio-pci\n", n,
                     oracle->n_matched, oracle->n_variants);
        /* Random devices that match nothing would prove nothing */
        if (oracle->n_matched < n / 2)
                (void)printf("FAULT: fewer than half of them had a match\n");
        (void)printf("%zu passed, %zu failed\n", oracle->n_passed, oracle->n_failed);
        return oracle->n_failed > 0 || oracle->n_matched < n / 2;
}

static uint64_t read_number(const char *text) {
        uint64_t number = 0;

        for (; *text >= '0' && *text <= '9'; text++)
                number = number * 10 + (uint64_t)(*text - '0');
        if (*text) {
                (void)fprintf(stderr, "oracle: COUNT and SEED are numbers\n");
                exit(2);
        }
        return number;
}

int main(int argc, char **argv) {
        struct oracle oracle = {};
        struct random random;
        int r;

        if (argc < 5) {
                (void)fprintf(
                        stderr,
                        "usage: oracle TREE MODPROBE_DIRECTORY COUNT SEED [BLACKLISTED...]\n");
                return 2;
        }
        random.state = read_number(argv[4]);
        open_all(&oracle, argv[1], argv[2]);
        for (char **name = argv + 5; *name; name++)
                names_add(&oracle.tree.blacklist, *name);
        check_devices(&oracle, read_number(argv[3]), &random);
        r = tell_counts(&oracle);
        close_all(&oracle);
        return r;
}
