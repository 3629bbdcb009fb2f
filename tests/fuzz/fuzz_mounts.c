/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the readers of lines of /proc/self/mountinfo and /proc/swaps. The input: a line. */
#include <string.h>

#include "escape.h"
#include "fuzz.h"
#include "mounts.h"

/* A word lies within the line, has something in it, and no blank. */
static void check_word(const struct mounts_word *word, const char *line, size_t size) {
        char shown[64] = "";

        must(word->length > 0 && word->text >= line);
        must(word->text + word->length <= line + size);
        for (size_t i = 0; i < word->length; i++)
                must(word->text[i] != ' ' && word->text[i] != '\t');
        escape_append_bytes(shown, sizeof(shown), word->text, word->length);
        must(strlen(shown) < sizeof(shown));
        for (size_t i = 0; shown[i]; i++)
                must(shown[i] >= ' ' && shown[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        char *line = malloc(size +
                            (size == 0)); /* of its own, so that a read past the end is detected */
        struct mounts_word file;
        struct mount mount;

        must(line);
        if (size > 0)
                memcpy(line, bytes, size);
        if (mount_parse(line, size, &mount)) {
                check_word(&mount.number, line, size);
                check_word(&mount.where, line, size);
                check_word(&mount.source, line, size);
                must(mount.number.text < mount.where.text && mount.where.text < mount.source.text);
                must(memchr(mount.where.text, '-', (size_t)(mount.source.text - mount.where.text)));
        }
        if (swap_parse(line, size, &file)) {
                check_word(&file, line, size);
                must(file.text[0] == '/');
        }
        free(line);
        return 0;
}
