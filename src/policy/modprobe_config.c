/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration in modprobe.d and `modprobe.blacklist=`, as libkmod reads it. */
#include "modprobe_config.h"

#include <errno.h>
#include <fnmatch.h>

#include "dlopen_note.h"
#include "libkmod_load.h"
#include "text.h"

DEFINE_DLOPEN_NOTE(LIBKMOD, "modprobe.d", "Keep to blacklists and aliases in modprobe.d");

struct modprobe_config {
        struct libkmod lib;
        struct kmod_ctx *context;
};

int modprobe_config_open(const char *modules, const char *const *directories, struct arena *arena,
                         struct modprobe_config **ret) {
        struct modprobe_config *config = arena_take(arena, sizeof(*config));
        int r;

        if (!config)
                return -ENOMEM;
        r = libkmod_load(&config->lib);
        if (r < 0)
                return r;
        /* libkmod reads modules.softdep in the module directory, and nothing else until a lookup */
        config->context = config->lib.kmod_new(modules, directories);
        if (!config->context)
                return -ENOMEM;
        *ret = config;
        return 0;
}

void modprobe_config_close(struct modprobe_config *config) {
        if (config)
                config->lib.kmod_unref(config->context);
}

int modprobe_config_blacklists(const struct modprobe_config *config, const char *module) {
        struct kmod_config_iter *iter = config->lib.kmod_config_get_blacklists(config->context);
        int r = 0;

        if (!iter)
                return -ENOMEM;
        while (r == 0 && config->lib.kmod_config_iter_next(iter))
                r = streq(config->lib.kmod_config_iter_get_key(iter), module);
        config->lib.kmod_config_iter_free_iter(iter);
        return r;
}

int modprobe_config_each_alias(const struct modprobe_config *config,
                               int (*on_alias)(const char *alias, const char *module,
                                               void *userdata),
                               void *userdata) {
        struct kmod_config_iter *iter = config->lib.kmod_config_get_aliases(config->context);
        int r = 0;

        if (!iter)
                return -ENOMEM;
        while (r == 0 && config->lib.kmod_config_iter_next(iter))
                r = on_alias(config->lib.kmod_config_iter_get_key(iter),
                             config->lib.kmod_config_iter_get_value(iter), userdata);
        config->lib.kmod_config_iter_free_iter(iter);
        return r;
}

/*
 * *ret: the value of the first line in ITER that matches MODULE. libkmod takes the names in these
 * lines as patterns. Returns 0 or -ENOMEM.
 */
static int find_line(const struct modprobe_config *config, struct kmod_config_iter *iter,
                     const char *module, const char **ret) {
        *ret = NULL;
        if (!iter)
                return -ENOMEM;
        while (!*ret && config->lib.kmod_config_iter_next(iter))
                if (fnmatch(config->lib.kmod_config_iter_get_key(iter), module, 0) == 0)
                        *ret = config->lib.kmod_config_iter_get_value(iter);
        return 0;
}

/* Has MODULE a `softdep` line? Returns 1, 0 or -ENOMEM. */
static int has_softdep(const struct modprobe_config *config, const char *module) {
        struct kmod_config_iter *iter = config->lib.kmod_config_get_softdeps(config->context);
        const char *value; /* valid until ITER is freed */
        int r = find_line(config, iter, module, &value);

        if (r < 0)
                return r;
        r = value && *value;
        config->lib.kmod_config_iter_free_iter(iter);
        return r;
}

int modprobe_config_install(const struct modprobe_config *config, const char *module,
                            const char **ret) {
        struct kmod_config_iter *iter =
                config->lib.kmod_config_get_install_commands(config->context);
        int r = find_line(config, iter, module, ret);

        if (r < 0)
                return r;
        config->lib.kmod_config_iter_free_iter(iter);
        r = *ret ? has_softdep(config, module) : 0;
        if (r > 0)
                *ret = NULL;
        return r < 0 ? r : 0;
}
