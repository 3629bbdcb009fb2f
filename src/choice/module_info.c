/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Information on a module, which is found once. */
#include "module_info.h"

#include <errno.h>

#include "module.h"
#include "text.h"

static void find_driver(const struct module_info_cache *cache, const struct modalias *key,
                        struct module_info *info) {
        const char *known = name_known_driver(info->module);

        if (known)
                (void)text_put(info->driver, NAME_SIZE, known);
        else if (!cache->running ||
                 module_driver(info->module, modalias_bus(key), info->driver) < 0)
                (void)text_put(info->driver, NAME_SIZE, info->module);
}

/* The information that is being collected. */
struct ban_search {
        struct module_info_cache *cache;
        struct module_info *info;
};

/* Returns 1 if MODULE cannot be loaded, 0, or a negative errno. */
static int check_ban(const char *module, void *userdata) {
        const struct ban_search *search = userdata;
        struct module_info *info = search->info;
        int r = policy_bans(search->cache->policy, module, &info->ban);

        if (r < 0 || info->ban == POLICY_NO_BAN)
                return r;
        (void)text_put(info->banned, sizeof(info->banned), module);
        return 1;
}

/* All modules that a module depends on are loaded before it. */
static int find_ban(struct module_info_cache *cache, struct module_info *info) {
        struct ban_search search = {cache, info};
        int r = policy_bans_any(cache->policy);

        if (r <= 0)
                return r;
        r = check_ban(info->module, &search);
        return r != 0 ? r : index_each_dependency(cache->index, info->module, check_ban, &search);
}

static int module_info_read(struct module_info_cache *cache, const struct modalias *key,
                            struct module_info *info) {
        int r = policy_blacklists(cache->policy, info->module);

        if (r < 0)
                return r;
        info->blacklisted = r > 0;
        r = index_find_module(cache->index, info->module, info->named_built_in, &info->presence);
        if (r >= 0 && info->presence == MODULE_LOADABLE)
                r = find_ban(cache, info);
        if (r < 0)
                return r;
        find_driver(cache, key, info);
        return 0;
}

int module_info_find(struct module_info_cache *cache, const struct modalias *key,
                     const char *module, bool named_built_in, const struct module_info **ret) {
        struct module_info *info;
        int r;

        for (info = cache->list; info; info = info->next)
                if (info->named_built_in == named_built_in && streq(info->module, module) &&
                    streq(info->generic, key->generic)) {
                        *ret = info;
                        return 0;
                }
        info = arena_take(cache->arena, sizeof(*info));
        if (!info)
                return -ENOMEM;
        /* Never truncated: names from the index, modprobe.d and the pin were checked with
         * name_is_valid() */
        (void)text_put(info->module, NAME_SIZE, module);
        (void)text_put(info->generic, NAME_SIZE, key->generic);
        info->named_built_in = named_built_in;
        r = module_info_read(cache, key, info);
        if (r < 0)
                return r;
        info->next = cache->list;
        cache->list = info;
        *ret = info;
        return 0;
}
