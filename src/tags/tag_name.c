/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the files of tags. */
#include "tag_name.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define NAME_PREFIX "61-vfio-variant-"
#define NAME_SUFFIX ".hwdb"
#define NEW_SUFFIX  ".new"

static bool is_plain(char c) {
        return text_is_alphanumeric(c) || strchr(":._-", c);
}

int tag_name_of(const char *key, char ret[TAG_NAME_SIZE]) {
        /* The hidden name, which is longer by a dot and a suffix, must fit as well */
        const size_t size = TAG_NAME_SIZE - sizeof(NEW_SUFFIX);
        size_t n = text_put(ret, size, NAME_PREFIX);

        for (const char *at = key + sizeof(TAG_KEY) - 1; *at && n < size; at++)
                n += (size_t)snprintf(ret + n, size - n, is_plain(*at) ? "%c" : "%%%02X",
                                      (unsigned char)*at);
        if (n >= size || text_put(ret + n, size - n, NAME_SUFFIX) == size - n)
                return -ENAMETOOLONG;
        return 0;
}

int tag_name_of_new(const char *key, char ret[TAG_NAME_SIZE]) {
        char name[TAG_NAME_SIZE];
        int r = tag_name_of(key, name);

        if (r < 0)
                return r;
        r = snprintf(ret, TAG_NAME_SIZE, ".%s" NEW_SUFFIX, name);
        return r < TAG_NAME_SIZE ? 0 : -ENAMETOOLONG;
}

/* The character that begins at AT. *ret_end: after it. */
static char unescape(const char *at, const char **ret_end) {
        unsigned high = at[0] == '%' ? text_digit_value(at[1]) : UINT_MAX;
        unsigned low = high < 16 ? text_digit_value(at[2]) : UINT_MAX;

        *ret_end = at + (low < 16 ? 3 : 1);
        return low < 16 ? (char)(high * 16 + low) : at[0];
}

bool tag_name_read(const char *name, char ret[TAG_KEY_SIZE]) {
        const char *at = name + sizeof(NAME_PREFIX) - 1, *end;
        size_t n = text_put(ret, TAG_KEY_SIZE, TAG_KEY), length = strlen(name);
        char same[TAG_NAME_SIZE];

        if (!startswith(name, NAME_PREFIX) || length >= TAG_NAME_SIZE ||
            strlen(at) < sizeof(NAME_SUFFIX))
                return false;
        end = name + length - (sizeof(NAME_SUFFIX) - 1);
        while (at < end)
                ret[n++] = unescape(at, &at);
        ret[n] = '\0';
        return tag_key_is_valid(ret) && tag_name_of(ret, same) == 0 && streq(name, same);
}

bool tag_name_is_hidden(const char *name) {
        return fnmatch("." NAME_PREFIX "*" NAME_SUFFIX NEW_SUFFIX, name, 0) == 0;
}
