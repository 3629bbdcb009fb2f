/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Information on a module, which is found once. */
#include "module_info.h"

#include <errno.h>

#include "module.h"
#include "text.h"

static void find_driver(const struct facts_book *book, const struct modalias *key,
                        struct facts *facts) {
        const char *known = name_known_driver(facts->module);

        if (known)
                (void)text_put(facts->driver, NAME_SIZE, known);
        else if (!book->running ||
                 module_driver(facts->module, modalias_bus(key), facts->driver) < 0)
                (void)text_put(facts->driver, NAME_SIZE, facts->module);
}

/* The information that is being collected. */
struct finding {
        struct facts_book *book;
        struct facts *facts;
};

/* Returns 1 if MODULE cannot be loaded, 0, or a negative errno. */
static int look_at_ban(const char *module, void *userdata) {
        const struct finding *finding = userdata;
        struct facts *facts = finding->facts;
        int r = policy_bans(finding->book->policy, module, &facts->ban);

        if (r < 0 || facts->ban == POLICY_NO_BAN)
                return r;
        (void)text_put(facts->banned, sizeof(facts->banned), module);
        return 1;
}

/* All modules that a module depends on are loaded before it. */
static int find_ban(struct facts_book *book, struct facts *facts) {
        struct finding finding = {book, facts};
        int r = policy_bans_any(book->policy);

        if (r <= 0)
                return r;
        r = look_at_ban(facts->module, &finding);
        return r != 0 ? r
                      : index_each_dependency(book->index, facts->module, look_at_ban, &finding);
}

static int find_out(struct facts_book *book, const struct modalias *key, struct facts *facts) {
        int r = policy_blacklists(book->policy, facts->module);

        if (r < 0)
                return r;
        facts->blacklisted = r > 0;
        r = index_find_module(book->index, facts->module, facts->named_built_in, &facts->presence);
        if (r >= 0 && facts->presence == MODULE_LOADABLE)
                r = find_ban(book, facts);
        if (r < 0)
                return r;
        find_driver(book, key, facts);
        return 0;
}

int facts_find(struct facts_book *book, const struct modalias *key, const char *module,
               bool named_built_in, const struct facts **ret) {
        struct facts *facts;
        int r;

        for (facts = book->list; facts; facts = facts->next)
                if (facts->named_built_in == named_built_in && streq(facts->module, module) &&
                    streq(facts->generic, key->generic)) {
                        *ret = facts;
                        return 0;
                }
        facts = arena_take(book->arena, sizeof(*facts));
        if (!facts)
                return -ENOMEM;
        /* Never truncated: names from the index, modprobe.d and the pin were checked with
         * name_is_valid() */
        (void)text_put(facts->module, NAME_SIZE, module);
        (void)text_put(facts->generic, NAME_SIZE, key->generic);
        facts->named_built_in = named_built_in;
        r = find_out(book, key, facts);
        if (r < 0)
                return r;
        facts->next = book->list;
        book->list = facts;
        *ret = facts;
        return 0;
}
