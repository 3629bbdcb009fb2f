/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the property text. The input: values, a newline between them. */
#include <string.h>

#include "fuzz.h"
#include "input.h"
#include "property_text.h"

static const char *const keys[] = {"VFIO_VARIANT_DRIVER", "VFIO_VARIANT_MODULE", "A", "K_9"};

/* Has VALUE a byte that may not stand in a property? */
static bool is_plain(const char *value) {
        for (; *value; value++)
                if (*value <= ' ' || *value > '~' || strchr("\"'`\\$%", *value))
                        return false;
        return true;
}

static void add(struct property_text *text, const char *key, const char *value) {
        struct property_text before = *text;
        size_t n = strlen(key) + strlen("=") + strlen(value) + strlen("\n");
        bool fits = text->length + n <= sizeof(text->text);
        bool added = property_add(text, key, value);

        must(added == (*value && is_plain(value) && fits));
        must(memcmp(text->text, before.text, before.length) == 0);
        if (!added) {
                must(text->length == before.length);
                return;
        }
        must(text->length == before.length + n);
        must(memcmp(text->text + before.length, key, strlen(key)) == 0);
        must(text->text[before.length + strlen(key)] == '=');
        must(memcmp(text->text + before.length + strlen(key) + 1, value, strlen(value)) == 0);
        must(text->text[text->length - 1] == '\n');
}

/* As udev reads it: each line is a key of [A-Z0-9_], `=`, and a value that is not empty. */
static void check_lines(const struct property_text *text) {
        size_t at = 0;

        must(text->length <= PROPERTY_TEXT_SIZE);
        while (at < text->length) {
                const char *line = text->text + at;
                const char *end = memchr(line, '\n', text->length - at);
                size_t n_key = 0;

                must(end);
                while (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", line[n_key]))
                        n_key++;
                must(n_key > 0 && line[n_key] == '=' && line + n_key + 1 < end);
                for (const char *character = line; character < end; character++)
                        must(*character > ' ' && *character <= '~');
                at += (size_t)(end - line) + 1;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        struct property_text *text = malloc(sizeof(*text));

        must(text);
        memset(text, 0xa5, sizeof(*text));
        text->length = 0;
        for (size_t i = 0; input.size > 0; i++) {
                char *value = input_take_line(&input);

                add(text, keys[i % (sizeof(keys) / sizeof(keys[0]))], value);
                free(value);
        }
        check_lines(text);
        free(text);
        return 0;
}
