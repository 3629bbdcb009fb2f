/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module directory as its text files tell it, read by other means than the code under test. */
#include "plain_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * An out-of-tree module is in no modules.order: it comes after all those that are, in the order of
 * lines.
 */
#define UNORDERED 1000000

static void give_up(const char *what) {
        perror(what);
        exit(2);
}

static void *grow(void *list, size_t n, size_t size) {
        list = realloc(list, (n + 1) * size);
        if (!list)
                give_up("realloc");
        return list;
}

static char *copy(const char *text) {
        char *copied = strdup(text);

        if (!copied)
                give_up("strdup");
        return copied;
}

void names_add(struct names *names, const char *name) {
        names->list = grow(names->list, names->n, sizeof(names->list[0]));
        names->list[names->n++] = copy(name);
}

static void names_done(struct names *names) {
        for (size_t i = 0; i < names->n; i++)
                free(names->list[i]);
        free(names->list);
}

static size_t names_find(const struct names *names, const char *name) {
        size_t i = 0;

        while (i < names->n && strcmp(names->list[i], name) != 0)
                i++;
        return i;
}

bool names_has(const struct names *names, const char *name) {
        return names_find(names, name) < names->n;
}

bool plain_normalise(char *alias) {
        for (; *alias; alias++) {
                if (*alias == '-')
                        *alias = '_';
                if (*alias == ']')
                        return false;
                if (*alias == '[')
                        alias = strchr(alias, ']');
                if (!alias)
                        return false;
        }
        return true;
}

/* Is the `*` at the end of ALIAS, of LENGTH characters, the one that modpost appends to a digit? */
static bool ends_in_added_star(const char *alias, size_t length) {
        return length >= 2 && alias[length - 1] == '*' &&
               strchr("0123456789ABCDEF", alias[length - 2]);
}

/* Counts of a normalised alias, one character or one `[...]` at a time. */
static void weigh(struct rule *rule) {
        for (const char *alias = rule->alias; *alias; alias++) {
                bool wild = strchr("*?[", *alias);

                if (*alias == '[')
                        alias = strchr(alias, ']');
                rule->n_stars += wild;
                rule->literals += !wild;
        }
        rule->wildcards = rule->n_stars - ends_in_added_star(rule->alias, strlen(rule->alias));
}

static void rules_add(struct rules *rules, const char *alias, const char *module,
                      uint32_t priority) {
        struct rule *rule;
        char *normalised = copy(alias);

        if (!plain_normalise(normalised)) {
                free(normalised);
                return;
        }
        rules->list = grow(rules->list, rules->n, sizeof(rules->list[0]));
        rule = &rules->list[rules->n++];
        *rule = (struct rule){.alias = normalised, .module = copy(module), .priority = priority};
        weigh(rule);
}

static void rules_done(struct rules *rules) {
        for (size_t i = 0; i < rules->n; i++) {
                free(rules->list[i].alias);
                free(rules->list[i].module);
        }
        free(rules->list);
}

/* All bytes of a file, and a NUL. */
static char *read_whole(const char *directory, const char *name, size_t *ret_size) {
        char path[4096];
        char *text = NULL;
        FILE *file;
        size_t n = 0, got;

        (void)snprintf(path, sizeof(path), "%s%s%s", directory, *directory ? "/" : "", name);
        file = fopen(path, "re");
        if (!file)
                give_up(path);
        do {
                text = realloc(text, n + 65536 + 1);
                if (!text)
                        give_up("realloc");
                got = fread(text + n, 1, 65536, file);
                n += got;
        } while (got > 0);
        if (ferror(file) || fclose(file) != 0)
                give_up(path);
        text[n] = '\0';
        *ret_size = n;
        return text;
}

/* The module of "kernel/x/vfio-pci.ko": PATH is changed to it. */
static char *module_of_path(char *path) {
        char *slash = strrchr(path, '/');
        char *name = slash ? slash + 1 : path;

        name[strcspn(name, ".:")] = '\0';
        for (char *character = name; *character; character++)
                if (*character == '-')
                        *character = '_';
        return name;
}

/* The modules of a file with one path at the begin of each line. */
static void read_paths(struct names *names, const char *directory, const char *file) {
        size_t size;
        char *text = read_whole(directory, file, &size), *rest = text;

        for (char *line; (line = strsep(&rest, "\n"));) {
                line[strcspn(line, ":")] = '\0';
                if (*line)
                        names_add(names, module_of_path(line));
        }
        free(text);
}

/* "MODULE DEPENDENCY" for each path after the colon of each line of modules.dep. */
static void read_needs(struct names *names, const char *directory) {
        size_t size;
        char *text = read_whole(directory, "modules.dep", &size), *rest = text;

        for (char *line; (line = strsep(&rest, "\n"));) {
                char *module = strsep(&line, ":");

                if (!line)
                        continue;
                module = module_of_path(module);
                for (char *path; (path = strsep(&line, " "));) {
                        char pair[512];

                        if (!*path)
                                continue;
                        (void)snprintf(pair, sizeof(pair), "%s %s", module, module_of_path(path));
                        names_add(names, pair);
                }
        }
        free(text);
}

/* The position of MODULE in ORDER, or else after all of these, by the first of its lines. */
static uint32_t priority_of(const struct plain_tree *tree, const char *module, uint32_t line) {
        size_t place = names_find(&tree->order, module);

        if (place < tree->order.n)
                return (uint32_t)place;
        for (size_t i = 0; i < tree->loadable.n; i++)
                if (strcmp(tree->loadable.list[i].module, module) == 0)
                        return tree->loadable.list[i].priority;
        return UNORDERED + line;
}

static void read_aliases(struct plain_tree *tree, const char *directory) {
        size_t size;
        char *text = read_whole(directory, "modules.alias", &size), *rest = text;
        uint32_t number = 0;

        for (char *line; (line = strsep(&rest, "\n")); number++) {
                const char *word = strsep(&line, " "), *alias = strsep(&line, " ");

                if (strcmp(word, "alias") == 0)
                        rules_add(&tree->loadable, alias, line, priority_of(tree, line, number));
        }
        free(text);
}

/* "MODULE.alias=ALIAS", each followed by a NUL. */
static void read_modinfo(struct plain_tree *tree, const char *directory) {
        size_t size;
        char *text = read_whole(directory, "modules.builtin.modinfo", &size);

        for (char *entry = text; entry < text + size;) {
                char *next = entry + strlen(entry) + 1;
                char *key = strchr(entry, '.');

                if (key && strncmp(key, ".alias=", 7) == 0) {
                        *key = '\0';
                        rules_add(&tree->built_in, key + 7, entry, 0);
                }
                entry = next;
        }
        for (size_t i = 0; i < tree->built_in.n; i++)
                tree->built_in.list[i].built_in = true;
        free(text);
}

/* "alias ALIAS MODULE", "blacklist MODULE" and "install MODULE COMMAND", with one blank between the
 * words. */
static void read_modprobe(struct plain_tree *tree, const char *path) {
        size_t size;
        char *text = read_whole("", path, &size), *rest = text;

        for (char *line; (line = strsep(&rest, "\n"));) {
                const char *word = strsep(&line, " ");

                if (strcmp(word, "blacklist") == 0)
                        names_add(&tree->blacklist, line);
                else if (strcmp(word, "install") == 0) {
                        const char *module = strsep(&line, " ");

                        if (strcmp(line, "/bin/false") == 0 || strcmp(line, "/bin/true") == 0)
                                names_add(&tree->disabled, module);
                } else if (strcmp(word, "alias") == 0) {
                        const char *alias = strsep(&line, " ");

                        rules_add(&tree->admin, alias, line, 0);
                }
        }
        for (size_t i = 0; i < tree->admin.n; i++)
                tree->admin.list[i].admin = true;
        free(text);
}

void plain_tree_read(struct plain_tree *tree, const char *path, const char *modprobe_conf) {
        read_paths(&tree->order, path, "modules.order");
        read_paths(&tree->dep, path, "modules.dep");
        read_paths(&tree->built_ins, path, "modules.builtin");
        read_needs(&tree->needs, path);
        read_aliases(tree, path);
        read_modinfo(tree, path);
        read_modprobe(tree, modprobe_conf);
}

void plain_tree_done(struct plain_tree *tree) {
        rules_done(&tree->loadable);
        rules_done(&tree->built_in);
        rules_done(&tree->admin);
        names_done(&tree->order);
        names_done(&tree->dep);
        names_done(&tree->built_ins);
        names_done(&tree->blacklist);
        names_done(&tree->disabled);
        names_done(&tree->needs);
}

bool plain_is_loadable(const struct plain_tree *tree, const char *module) {
        return names_has(&tree->dep, module);
}

bool plain_is_built_in(const struct plain_tree *tree, const char *module) {
        return names_has(&tree->built_ins, module);
}

bool plain_is_disabled(const struct plain_tree *tree, const char *module) {
        size_t n = strlen(module);

        if (names_has(&tree->disabled, module))
                return true;
        for (size_t i = 0; i < tree->needs.n; i++)
                if (strncmp(tree->needs.list[i], module, n) == 0 && tree->needs.list[i][n] == ' ' &&
                    names_has(&tree->disabled, tree->needs.list[i] + n + 1))
                        return true;
        return false;
}
