/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Match keys of tags. */
#include "tag_key.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "text.h"

#define DEVICE    TAG_KEY "device:"
#define FUNCTIONS TAG_KEY "vfs-of:"

/*
 * The characters that the rules accept: the kernel uses no others in a sysname or a modalias, and
 * some have a meaning in a match key.
 */
static bool is_plain(const char *text, const char *extra) {
        if (!*text)
                return false;
        for (; *text; text++)
                if (!text_is_alphanumeric(*text) && *text != ':' && !strchr(extra, *text))
                        return false;
        return true;
}

static bool is_sysname(const char *text) {
        return is_plain(text, "._-");
}

/* fnmatch(3) takes a bracket that is not closed as a character, which no modalias has. */
static bool are_brackets_closed(const char *glob) {
        while ((glob = strchr(glob, '['))) {
                glob += glob[1] == '!' ? 2 : 1;
                glob = *glob ? strchr(glob + 1, ']') : NULL;
                if (!glob)
                        return false;
        }
        return true;
}

/* The characters of a modalias, and of fnmatch(3). */
static bool is_glob(const char *text) {
        return is_plain(text, "*?[]!-") && are_brackets_closed(text);
}

static bool is_of_bus(const char *modalias) {
        return bus_of_modalias(modalias) != NULL;
}

__attribute__((format(printf, 2, 3))) static int put(char ret[TAG_KEY_SIZE], const char *format,
                                                     ...) {
        va_list arguments;
        int n;

        va_start(arguments, format);
        n = vsnprintf(ret, TAG_KEY_SIZE, format, arguments);
        va_end(arguments);
        return n < 0 || n >= TAG_KEY_SIZE ? -EINVAL : 0;
}

int tag_key_of_device(const char *sysname, const char *modalias, char ret[TAG_KEY_SIZE]) {
        size_t length = bus_id_length(modalias);

        if (!is_sysname(sysname) || !is_plain(modalias, "") || length == 0)
                return -EINVAL;
        return put(ret, DEVICE "%s:%.*s*", sysname, (int)length, modalias);
}

int tag_key_of_functions(const char *sysname, char ret[TAG_KEY_SIZE]) {
        return is_sysname(sysname) ? put(ret, FUNCTIONS "%s:*", sysname) : -EINVAL;
}

int tag_key_of_kind(const char *glob, char ret[TAG_KEY_SIZE]) {
        return is_of_bus(glob) && is_glob(glob) ? put(ret, TAG_KEY "%s", glob) : -EINVAL;
}

int tag_key_prefix(const char *sysname, bool functions, char ret[TAG_KEY_SIZE]) {
        return is_sysname(sysname) ? put(ret, "%s%s:", functions ? FUNCTIONS : DEVICE, sysname)
                                   : -EINVAL;
}

/*
 * The length of the sysname in REST, which is a key without its prefix. A sysname contains colons
 * as well.
 */
static size_t sysname_length(const char *rest) {
        for (const char *at = strchr(rest, ':'); at; at = strchr(at + 1, ':'))
                if (is_of_bus(at + 1) || streq(at + 1, "*"))
                        return (size_t)(at - rest);
        return 0;
}

bool tag_key_is_valid(const char *key) {
        if (startswith(key, DEVICE))
                return is_plain(key, "._-*") && sysname_length(key + sizeof(DEVICE) - 1) > 0;
        if (startswith(key, FUNCTIONS))
                return is_plain(key, "._-*") && sysname_length(key + sizeof(FUNCTIONS) - 1) > 0;
        return startswith(key, TAG_KEY) && is_of_bus(key + sizeof(TAG_KEY) - 1) &&
               is_glob(key + sizeof(TAG_KEY) - 1);
}

void tag_key_arguments(const char *key, char ret[TAG_KEY_SIZE]) {
        const char *device = key + sizeof(DEVICE) - 1, *functions = key + sizeof(FUNCTIONS) - 1;

        if (startswith(key, DEVICE))
                (void)put(ret, "%.*s", (int)sysname_length(device), device);
        else if (startswith(key, FUNCTIONS))
                (void)put(ret, "--vfs-of=%.*s", (int)sysname_length(functions), functions);
        else
                (void)put(ret, "--modalias='%s'", key + sizeof(TAG_KEY) - 1);
}

int tag_lookups_of(const char *sysname, const char *modalias, const char *physfn,
                   struct tag_lookups *ret) {
        int r;

        ret->n = 0;
        if (!is_sysname(sysname) || !is_plain(modalias, ""))
                return -EINVAL;
        r = put(ret->keys[ret->n++], DEVICE "%s:%s", sysname, modalias);
        if (r < 0)
                return r;
        if (is_sysname(physfn)) {
                r = put(ret->keys[ret->n++], FUNCTIONS "%s:%s", physfn, modalias);
                if (r < 0)
                        return r;
        }
        return put(ret->keys[ret->n++], TAG_KEY "%s", modalias);
}

bool tag_lookups_match(const struct tag_lookups *lookups, const char *key) {
        for (unsigned i = 0; i < lookups->n; i++)
                if (fnmatch(key, lookups->keys[i], 0) == 0)
                        return true;
        return false;
}

/* Does TEXT begin like a sysname, or wildcards for one: hexadecimal digits, or "cdx-"? */
static bool is_like_sysname(const char *text) {
        size_t n = strspn(text, "0123456789abcdefABCDEF?*[]!-");

        return (n > 0 && text[n] == ':') || startswith(text, "cdx-");
}

bool tag_key_is_old(const char *match, char ret[TAG_KEY_SIZE]) {
        const char *rest = match + sizeof(TAG_KEY) - 1;

        if (!startswith(match, TAG_KEY) || is_of_bus(rest))
                return false;
        if (startswith(rest, "vf:"))
                return put(ret, FUNCTIONS "%s", rest + sizeof("vf:") - 1) == 0;
        /* "*:3b:00.1:..." is that slot of any domain */
        if (startswith(rest, "*:") && (is_of_bus(rest + 2) || (rest[2] && strchr("*?[", rest[2]))))
                return put(ret, TAG_KEY "%s", rest + sizeof("*:") - 1) == 0;
        return is_like_sysname(rest) && put(ret, DEVICE "%s", rest) == 0;
}
