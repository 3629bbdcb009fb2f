/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text files of the index. */
#include "text_index.h"

#include <errno.h>
#include <string.h>

#include "alias.h"
#include "line_reader.h"
#include "name.h"
#include "text.h"

/* A search of a file, line by line. */
struct text_search {
        const struct modalias *key;
        trie_match_fn on_match;
        void *userdata;
        const char *module; /* the module to find */
        char *ret;          /* its line, of SIZE bytes; NULL: not copied */
        size_t size;
        uint32_t line;
};

struct alias_line {
        char alias[ALIAS_SIZE];
        char module[NAME_SIZE];
};

/* Parses "alias ALIAS MODULE". Returns false if it cannot be the alias of a VFIO driver. */
static bool alias_line_parse(const char *line, size_t length, struct alias_line *ret) {
        const char *command, *alias, *module;
        size_t n_command = text_next_word(&line, &length, &command);
        size_t n_alias = text_next_word(&line, &length, &alias);
        size_t n_module = text_next_word(&line, &length, &module);

        if (!text_is(command, n_command, "alias"))
                return false;
        /* Nearly all lines begin with other characters than "vfio_" or a wildcard */
        if (n_alias == 0 || (alias[0] != 'v' && text_is_alphanumeric(alias[0])))
                return false;
        if (n_alias >= sizeof(ret->alias) || !text_is_word(alias, n_alias) ||
            !name_is_valid(module, n_module))
                return false;
        alias_normalise(alias, n_alias, ret->alias);
        alias_normalise(module, n_module, ret->module);
        return true;
}

static int match_line(const char *line, size_t length, void *userdata) {
        struct text_search *search = userdata;
        struct alias_line parsed;

        search->line++;
        if (!alias_line_parse(line, length, &parsed) || !alias_match(parsed.alias, search->key))
                return 0;
        return search->on_match(parsed.alias, parsed.module, search->line, search->userdata);
}

int text_index_lookup(int dir_fd, const char *name, const struct modalias *key,
                      trie_match_fn on_match, void *userdata) {
        struct text_search search = {.key = key, .on_match = on_match, .userdata = userdata};

        return lines_read(dir_fd, name, match_line, &search);
}

/* The module of "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ...", as depmod writes it: vfio_pci. */
static bool module_of_path(const char *line, size_t length, char ret[NAME_SIZE]) {
        const char *colon = memchr(line, ':', length);
        const char *end = colon ? colon : line + length;
        const char *name = end, *dot;

        while (name > line && name[-1] != '/')
                name--;
        dot = memchr(name, '.', (size_t)(end - name));
        if (!dot || !name_is_valid(name, (size_t)(dot - name)))
                return false;
        alias_normalise(name, (size_t)(dot - name), ret);
        return true;
}

static int module_line(const char *line, size_t length, void *userdata) {
        const struct text_search *search = userdata;
        char module[NAME_SIZE];

        if (!module_of_path(line, length, module) || !name_is_same_module(module, search->module))
                return 0;
        if (!search->ret)
                return 1;
        if (length >= search->size)
                return -EBADMSG;
        memcpy(search->ret, line, length);
        search->ret[length] = '\0';
        return 1;
}

int text_index_find_module(int dir_fd, const char *name, const char *module, char *ret,
                           size_t size) {
        struct text_search search = {.module = module, .ret = ret, .size = size};

        return lines_read(dir_fd, name, module_line, &search);
}

int text_index_split_line(const char *line, dependency_fn on_module, void *userdata) {
        const char *colon = strchr(line, ':'), *rest = colon ? colon + 1 : "", *word;
        size_t left = strlen(rest), n;
        int r = 0;

        while (r == 0 && (n = text_next_word(&rest, &left, &word)) > 0) {
                char module[NAME_SIZE];

                if (module_of_path(word, n, module))
                        r = on_module(module, userdata);
        }
        return r;
}
