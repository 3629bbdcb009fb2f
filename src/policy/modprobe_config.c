/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What modprobe.d and `modprobe.blacklist=` say, as libkmod reads them.
 *
 * The only user of libkmod, which is loaded here and not linked: its compression and crypto
 * libraries cost three times as much as all the rest of a look-up.
 */
#include "modprobe_config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fnmatch.h>
#include <libkmod.h>

#include "libkmod_note.h"
#include "text.h"

DEFINE_LIBKMOD_NOTE("modprobe.d", "Keep to blacklists and aliases in modprobe.d");

struct libkmod {
        __typeof__(kmod_new) *new;
        __typeof__(kmod_unref) *unref;
        __typeof__(kmod_config_get_blacklists) *get_blacklists;
        __typeof__(kmod_config_get_aliases) *get_aliases;
        __typeof__(kmod_config_get_install_commands) *get_install_commands;
        __typeof__(kmod_config_get_softdeps) *get_softdeps;
        __typeof__(kmod_config_iter_next) *iter_next;
        __typeof__(kmod_config_iter_get_key) *iter_get_key;
        __typeof__(kmod_config_iter_get_value) *iter_get_value;
        __typeof__(kmod_config_iter_free_iter) *iter_free;
};

struct modprobe_config {
        void *library; /* stays loaded: it is only asked for where it will be needed again */
        struct libkmod lib;
        struct kmod_ctx *context;
};

static bool load_symbol(void *library, const char *name, void *ret) {
        void *symbol = dlsym(library, name);

        *(void **)ret = symbol;
        return symbol;
}

static bool load_symbols(void *library, struct libkmod *lib) {
        return load_symbol(library, "kmod_new", &lib->new) &&
               load_symbol(library, "kmod_unref", &lib->unref) &&
               load_symbol(library, "kmod_config_get_blacklists", &lib->get_blacklists) &&
               load_symbol(library, "kmod_config_get_aliases", &lib->get_aliases) &&
               load_symbol(library, "kmod_config_get_install_commands",
                           &lib->get_install_commands) &&
               load_symbol(library, "kmod_config_get_softdeps", &lib->get_softdeps) &&
               load_symbol(library, "kmod_config_iter_next", &lib->iter_next) &&
               load_symbol(library, "kmod_config_iter_get_key", &lib->iter_get_key) &&
               load_symbol(library, "kmod_config_iter_get_value", &lib->iter_get_value) &&
               load_symbol(library, "kmod_config_iter_free_iter", &lib->iter_free);
}

int modprobe_config_open(const char *modules, const char *const *folders, struct arena *arena,
                         struct modprobe_config **ret) {
        struct modprobe_config *config = arena_take(arena, sizeof(*config));

        if (!config)
                return -ENOMEM;
        config->library = dlopen(LIBKMOD, RTLD_NOW | RTLD_LOCAL);
        if (!config->library || !load_symbols(config->library, &config->lib))
                return -EOPNOTSUPP;
        /* Of the module folder it reads modules.softdep; nothing is looked up in it */
        config->context = config->lib.new(modules, folders);
        if (!config->context)
                return -ENOMEM;
        *ret = config;
        return 0;
}

void modprobe_config_close(struct modprobe_config *config) {
        if (config)
                config->lib.unref(config->context);
}

int modprobe_config_blacklists(const struct modprobe_config *config, const char *module) {
        struct kmod_config_iter *iter = config->lib.get_blacklists(config->context);
        int r = 0;

        if (!iter)
                return -ENOMEM;
        while (r == 0 && config->lib.iter_next(iter))
                r = streq(config->lib.iter_get_key(iter), module);
        config->lib.iter_free(iter);
        return r;
}

int modprobe_config_each_alias(const struct modprobe_config *config,
                               int (*on_alias)(const char *alias, const char *module,
                                               void *userdata),
                               void *userdata) {
        struct kmod_config_iter *iter = config->lib.get_aliases(config->context);
        int r = 0;

        if (!iter)
                return -ENOMEM;
        while (r == 0 && config->lib.iter_next(iter))
                r = on_alias(config->lib.iter_get_key(iter), config->lib.iter_get_value(iter),
                             userdata);
        config->lib.iter_free(iter);
        return r;
}

/*
 * The value of the first line in ITER whose name matches MODULE: in these lines
 * libkmod takes names for patterns. Returns 0 or -ENOMEM.
 */
static int find_line(const struct modprobe_config *config, struct kmod_config_iter *iter,
                     const char *module, const char **ret) {
        *ret = NULL;
        if (!iter)
                return -ENOMEM;
        while (!*ret && config->lib.iter_next(iter))
                if (fnmatch(config->lib.iter_get_key(iter), module, 0) == 0)
                        *ret = config->lib.iter_get_value(iter);
        return 0;
}

/* Has MODULE a `softdep` on any other? Returns 1, 0 or -ENOMEM. */
static int has_softdep(const struct modprobe_config *config, const char *module) {
        struct kmod_config_iter *iter = config->lib.get_softdeps(config->context);
        const char *value; /* belongs to ITER */
        int r = find_line(config, iter, module, &value);

        if (r < 0)
                return r;
        r = value && *value;
        config->lib.iter_free(iter);
        return r;
}

int modprobe_config_install(const struct modprobe_config *config, const char *module,
                            const char **ret) {
        struct kmod_config_iter *iter = config->lib.get_install_commands(config->context);
        int r = find_line(config, iter, module, ret);

        if (r < 0)
                return r;
        config->lib.iter_free(iter);
        r = *ret ? has_softdep(config, module) : 0;
        if (r > 0)
                *ret = NULL;
        return r < 0 ? r : 0;
}
