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

typedef int (*line_fn)(const char *key, const char *value, void *userdata);

/* Calls ON_LINE for each line of ITER, and frees ITER. Returns as modprobe_config_each_alias(). */
static int each_line(const struct modprobe_config *config, struct kmod_config_iter *iter,
                     line_fn on_line, void *userdata) {
        int r = 0;

        if (!iter)
                return -ENOMEM;
        while (r == 0 && config->lib.kmod_config_iter_next(iter))
                r = on_line(config->lib.kmod_config_iter_get_key(iter),
                            config->lib.kmod_config_iter_get_value(iter), userdata);
        config->lib.kmod_config_iter_free_iter(iter);
        return r;
}

int modprobe_config_each_alias(const struct modprobe_config *config,
                               int (*on_alias)(const char *alias, const char *module,
                                               void *userdata),
                               void *userdata) {
        return each_line(config, config->lib.kmod_config_get_aliases(config->context), on_alias,
                         userdata);
}

/* The line that is searched for. */
struct wanted {
        const char *module;
        const char *value; /* of the first line that matches */
        bool is_empty;     /* VALUE is "", or there is none */
};

static int match_name(const char *key, const char *value, void *userdata) {
        const struct wanted *wanted = userdata;

        (void)value;
        return streq(key, wanted->module);
}

int modprobe_config_blacklists(const struct modprobe_config *config, const char *module) {
        struct wanted wanted = {.module = module};

        return each_line(config, config->lib.kmod_config_get_blacklists(config->context),
                         match_name, &wanted);
}

/* libkmod takes the names in `install` and `softdep` lines as patterns. */
static int match_pattern(const char *key, const char *value, void *userdata) {
        struct wanted *wanted = userdata;

        if (fnmatch(key, wanted->module, 0) != 0)
                return 0;
        wanted->value = value;
        wanted->is_empty = !value || !*value;
        return 1;
}

int modprobe_config_install(const struct modprobe_config *config, const char *module,
                            const char **ret) {
        struct wanted install = {.module = module}, softdep = install;
        int r = each_line(config, config->lib.kmod_config_get_install_commands(config->context),
                          match_pattern, &install);

        if (r > 0)
                r = each_line(config, config->lib.kmod_config_get_softdeps(config->context),
                              match_pattern, &softdep);
        if (r < 0)
                return r;
        *ret = r > 0 && !softdep.is_empty ? NULL : install.value;
        return 0;
}
