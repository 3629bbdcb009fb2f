/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of /proc/self/mountinfo and /proc/swaps. */
#include "mounts.h"

#include "text.h"

/* The rest of a line. */
struct rest {
        const char *text;
        size_t length;
};

static bool ends_word(char c) {
        return text_is_blank(c) || c == '\n';
}

/* *ret: the next field. Returns false if there is none. */
static bool take_word(struct rest *rest, struct mounts_word *ret) {
        size_t n = 0;

        while (rest->length > 0 && text_is_blank(*rest->text)) {
                rest->text++;
                rest->length--;
        }
        while (n < rest->length && !ends_word(rest->text[n]))
                n++;
        *ret = (struct mounts_word){.text = rest->text, .length = n};
        rest->text += n;
        rest->length -= n;
        return n > 0;
}

static bool skip_words(struct rest *rest, int n) {
        struct mounts_word word;

        while (n > 0 && take_word(rest, &word))
                n--;
        return n == 0;
}

/* Skips the optional fields, of any number, and the "-" that ends them. */
static bool skip_optional(struct rest *rest) {
        struct mounts_word word;

        while (take_word(rest, &word))
                if (text_is(word.text, word.length, "-"))
                        return true;
        return false;
}

bool mount_parse(const char *line, size_t length, struct mount *ret) {
        struct rest rest = {.text = line, .length = length};
        struct mount mount;

        /* ID, parent, number, root, mount point, options, optional fields, "-", type, source,
         * options */
        if (!skip_words(&rest, 2) || !take_word(&rest, &mount.number) || !skip_words(&rest, 1) ||
            !take_word(&rest, &mount.where) || !skip_words(&rest, 1) || !skip_optional(&rest) ||
            !skip_words(&rest, 1) || !take_word(&rest, &mount.source))
                return false;
        *ret = mount;
        return true;
}

bool swap_parse(const char *line, size_t length, struct mounts_word *ret) {
        struct rest rest = {.text = line, .length = length};
        struct mounts_word word;

        if (!take_word(&rest, &word) || word.text[0] != '/')
                return false;
        *ret = word;
        return true;
}
