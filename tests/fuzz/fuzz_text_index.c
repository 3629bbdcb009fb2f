/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the readers of text indexes. The input: a modalias, a newline, the file. */
#include <errno.h>
#include <string.h>

#include "alias.h"
#include "fuzz.h"
#include "input.h"
#include "text_index.h"

struct report {
        const struct modalias *key;
        uint32_t line; /* of the match before */
};

static int check_match(const char *alias, const char *module, uint32_t line, void *userdata) {
        struct report *report = userdata;

        must(name_is_valid(module, strlen(module)));
        must(strlen(alias) < ALIAS_SIZE);
        must(alias_match(alias, report->key));
        must(line > report->line);
        report->line = line;
        return 0;
}

/* A file that depmod wrote ends in a newline; any other was cut. */
static bool is_whole(const struct input *input) {
        return input->size == 0 || input->bytes[input->size - 1] == '\n';
}

static void check_file(const struct input *input, const struct modalias *key) {
        char name[INPUT_NAME_SIZE];
        struct report report = {.key = key};
        int dir_fd, r;

        input_file(input, &dir_fd, name);
        r = text_index_lookup(dir_fd, name, key, check_match, &report);
        must(r == (is_whole(input) ? 0 : -EBADMSG));
        r = text_index_find_module(dir_fd, name, key->generic, NULL, 0);
        must(r == 1 || r == (is_whole(input) ? 0 : -EBADMSG));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *modalias = input_take_line(&input);
        struct modalias key;

        if (modalias_parse(modalias, &key) == 0)
                check_file(&input, &key);
        free(modalias);
        return 0;
}
