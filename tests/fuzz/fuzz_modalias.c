/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes modalias_parse(). The input is the modalias. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "input.h"
#include "modalias.h"

/* Is TEXT what modalias.h calls a modalias, but for its length? */
static bool is_modalias(const char *text) {
        size_t bus =
                strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

        for (const char *character = text; *character; character++)
                if (*character <= ' ' || *character > '~')
                        return false;
        return bus > 0 && text[bus] == ':' && !(text[0] >= '0' && text[0] <= '9');
}

static void check_key(const struct modalias *modalias, const char *text) {
        size_t prefix = strlen(MODALIAS_PREFIX);

        must(modalias->length == strlen(modalias->key));
        must(modalias->length == prefix + strlen(text));
        must(modalias->length < MODALIAS_KEY_SIZE);
        must(strncmp(modalias->key, MODALIAS_PREFIX, prefix) == 0);
        for (size_t i = 0; text[i]; i++)
                must(modalias->key[prefix + i] == (text[i] == '-' ? '_' : text[i]));
}

static void check_generic(const struct modalias *modalias) {
        size_t n = strlen(modalias->generic);

        must(name_is_valid(modalias->generic, n));
        must(strncmp(modalias->generic, modalias->key, n) == 0);
        must(modalias->key[n] == ':');
        must(strcmp(modalias_bus(modalias), modalias->generic + strlen(MODALIAS_PREFIX)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *text = input_take_line(&input);
        struct modalias modalias;
        int r;

        memset(&modalias, 0xa5, sizeof(modalias));
        r = modalias_parse(text, &modalias);
        must(r == 0 || r == -EINVAL || r == -ENAMETOOLONG);
        if (r == 0) {
                must(is_modalias(text));
                check_key(&modalias, text);
                check_generic(&modalias);
        } else if (r == -ENAMETOOLONG)
                must(strlen(text) + strlen(MODALIAS_PREFIX) >= MODALIAS_KEY_SIZE);
        else /* a bus whose generic module can have no name is none, either */
                must(!is_modalias(text) ||
                     strcspn(text, ":") + strlen(MODALIAS_PREFIX) >= NAME_SIZE);
        free(text);
        return 0;
}
