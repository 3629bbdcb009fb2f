/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads modules with libkmod. */
#include "module_load.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "dlopen_note.h"
#include "libkmod_load.h"
#include "modalias.h"
#include "name.h"
#include "text.h"

DEFINE_DLOPEN_NOTE(LIBKMOD, "modules", "Load the modules of drivers that devices are bound to");

/*
 * libkmod returns -ENOENT for a module that does not exist, and a flag above 0 for a blacklisted
 * one.
 */
static int insert_module(const struct libkmod *lib, const struct kmod_list *entry, unsigned flags) {
        struct kmod_module *module = lib->kmod_module_get_module(entry);
        int r = lib->kmod_module_probe_insert_module(module, flags, NULL, NULL, NULL, NULL);

        (void)lib->kmod_module_unref(module);
        return r > 0 ? -ENOENT : r;
}

/* Inserts each module of LIST. Returns 0 if at least one is loaded, or else the last error. */
static int insert_all(const struct libkmod *lib, const struct kmod_list *list, unsigned flags) {
        int r = -ENOENT;
        bool any = false;

        for (const struct kmod_list *entry = list; entry;
             entry = lib->kmod_list_next(list, entry)) {
                int r_one = insert_module(lib, entry, flags);

                if (r_one >= 0)
                        any = true;
                else if (r_one != -ENOENT || r == -ENOENT)
                        r = r_one;
        }
        return any ? 0 : r;
}

/* The modules that match a name, by their own names or by an alias. */
struct lookup {
        struct libkmod lib;
        struct kmod_ctx *context;
        struct kmod_list *list;
};

/* The caller ends it with lookup_end(), also on failure. */
static int lookup_begin(struct lookup *lookup, const char *name, const char *directory,
                        const char *const *modprobe_directories) {
        int r = libkmod_load(&lookup->lib);

        if (r < 0)
                return r;
        lookup->context = lookup->lib.kmod_new(directory, modprobe_directories);
        if (!lookup->context)
                return -ENOMEM;
        return lookup->lib.kmod_module_new_from_lookup(lookup->context, name, &lookup->list);
}

static void lookup_end(const struct lookup *lookup) {
        if (!lookup->context)
                return;
        (void)lookup->lib.kmod_module_unref_list(lookup->list);
        (void)lookup->lib.kmod_unref(lookup->context);
}

static int load_matching(const char *name, unsigned flags, const char *directory,
                         const char *const *modprobe_directories) {
        struct lookup lookup = {};
        int r = lookup_begin(&lookup, name, directory, modprobe_directories);

        if (r >= 0)
                r = insert_all(&lookup.lib, lookup.list, flags);
        lookup_end(&lookup);
        return r;
}

int load_module(const char *module, const char *directory,
                const char *const *modprobe_directories) {
        if (!name_is_valid(module, strlen(module)))
                return -EINVAL;
        return load_matching(module, 0, directory, modprobe_directories);
}

/* A name without a bus would be looked up as the name of a module. */
static bool is_modalias(const char *text) {
        size_t length = strlen(text);

        return length < MODALIAS_KEY_SIZE && text_is_word(text, length) && strchr(text, ':');
}

int load_modalias(const char *modalias, const char *directory,
                  const char *const *modprobe_directories) {
        if (!is_modalias(modalias))
                return -EINVAL;
        return load_matching(modalias, KMOD_PROBE_APPLY_BLACKLIST, directory, modprobe_directories);
}

static int each_module_name(const struct libkmod *lib, const struct kmod_list *list,
                            int (*on_module)(const char *module, void *userdata), void *userdata) {
        int r = 0;

        for (const struct kmod_list *entry = list; entry && r == 0;
             entry = lib->kmod_list_next(list, entry)) {
                struct kmod_module *module = lib->kmod_module_get_module(entry);

                r = on_module(lib->kmod_module_get_name(module), userdata);
                (void)lib->kmod_module_unref(module);
        }
        return r;
}

int load_each_module(const char *modalias, const char *directory,
                     const char *const *modprobe_directories,
                     int (*on_module)(const char *module, void *userdata), void *userdata) {
        struct lookup lookup = {};
        struct kmod_list *list = NULL;
        int r = is_modalias(modalias)
                        ? lookup_begin(&lookup, modalias, directory, modprobe_directories)
                        : -EINVAL;

        if (r >= 0 && lookup.list)
                r = lookup.lib.kmod_module_apply_filter(lookup.context, KMOD_FILTER_BLACKLIST,
                                                        lookup.list, &list);
        if (r >= 0)
                r = each_module_name(&lookup.lib, list, on_module, userdata);
        if (list)
                (void)lookup.lib.kmod_module_unref_list(list);
        lookup_end(&lookup);
        return r;
}
