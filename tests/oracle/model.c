/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DESIGN 3, "The choice", once more, and the rule of libvirt. */
#include "model.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const reason_told[N_REASONS] = {
        [REASON_SAME] = "the same",
        [REASON_BLACKLIST] = "libvirt's is blacklisted",
        [REASON_DISABLED] = "libvirt's is disabled by an install line, or what it depends on is",
        [REASON_NO_MODULE] = "libvirt's is not in modules.dep",
        [REASON_ADMIN] = "an alias in modprobe.d goes first",
        [REASON_BUILT_IN] = "ours is built in, of which the text file knows nothing",
        [REASON_NO_ALIAS] = "the generic driver, which no alias names",
        [REASON_STAR] = "fewer wildcards, modpost's trailing star not counted",
        [REASON_LITERALS] = "as many wildcards, more literal characters",
        [REASON_GENERIC] = "alike, the bus's generic module first",
        [REASON_ORDER] = "alike, the order of the index",
        [REASON_NAME] = "alike, the name",
        [REASON_NONE] = "NO REASON",
};

/* Below 0, 0, above 0; and by which rule: *ret_why. A comes from the index, as B does. */
static int compare(const struct rule *a, const struct rule *b, const char *generic,
                   enum reason *ret_why) {
        bool a_generic = strcmp(a->module, generic) == 0;
        bool b_generic = strcmp(b->module, generic) == 0;

        *ret_why = REASON_STAR;
        if (a->wildcards != b->wildcards)
                return a->wildcards < b->wildcards ? -1 : 1;
        *ret_why = REASON_LITERALS;
        if (a->literals != b->literals)
                return a->literals > b->literals ? -1 : 1;
        *ret_why = REASON_GENERIC;
        if (a_generic != b_generic)
                return a_generic ? -1 : 1;
        *ret_why = REASON_ORDER;
        if (a->priority != b->priority)
                return a->priority < b->priority ? -1 : 1;
        *ret_why = REASON_NAME;
        return strcmp(a->module, b->module);
}

static const char *sort_generic; /* qsort(3) hands nothing through */

static int sort_compare(const void *a, const void *b) {
        const struct rule *one = *(const struct rule *const *)a;
        const struct rule *other = *(const struct rule *const *)b;
        enum reason why;
        int r;

        if (one->admin != other->admin)
                return one->admin ? -1 : 1;
        r = compare(one, other, sort_generic, &why);
        /* Only the generic module has no alias, and then no other rule of the index names it */
        return r || !one->alias || !other->alias ? r : strcmp(one->alias, other->alias);
}

static void add_rule(struct ranking *ranking, const struct rule *rule) {
        ranking->list = realloc(ranking->list, (ranking->n + 1) * sizeof(void *));
        if (!ranking->list)
                exit(2);
        ranking->list[ranking->n++] = rule;
}

static void add_matching(struct ranking *ranking, const struct rules *rules) {
        for (size_t i = 0; i < rules->n; i++)
                if (fnmatch(rules->list[i].alias, ranking->key, 0) == 0)
                        add_rule(ranking, &rules->list[i]);
}

/* What modpost writes for a driver that takes each device of the bus. */
static const struct {
        const char *generic, *alias;
        unsigned wildcards, literals;
} catch_alls[] = {
        {"vfio_pci", "vfio_pci:v*d*sv*sd*bc*sc*i*", 7, 20},
        {"vfio_cdx", "vfio_cdx:v*d*sv*sd*c*", 5, 16},
};

/*
 * DESIGN 3: "The bus's generic module is always the last candidate where it is there, built in or
 * loadable, with an alias in an index or without": if none of the index names it, it stands where
 * its catch-all would, and on a bus whose catch-all is unknown after all others.
 */
static void add_unnamed_generic(struct ranking *ranking) {
        struct rule *rule = &ranking->unnamed;

        for (size_t i = 0; i < ranking->n; i++)
                if (!ranking->list[i]->admin &&
                    strcmp(ranking->list[i]->module, ranking->generic) == 0)
                        return;
        rule->module = ranking->generic;
        rule->wildcards = rule->priority = UINT32_MAX;
        for (size_t i = 0; i < sizeof(catch_alls) / sizeof(catch_alls[0]); i++)
                if (strcmp(catch_alls[i].generic, ranking->generic) == 0) {
                        if (fnmatch(catch_alls[i].alias, ranking->key, 0) != 0)
                                return;
                        rule->wildcards = catch_alls[i].wildcards;
                        rule->literals = catch_alls[i].literals;
                }
        add_rule(ranking, rule);
}

void ranking_make(struct ranking *ranking, const struct plain_tree *tree, const char *modalias) {
        memset(ranking, 0, sizeof(*ranking));
        (void)snprintf(ranking->key, sizeof(ranking->key), "vfio_%s", modalias);
        for (char *character = ranking->key; *character; character++)
                if (*character == '-')
                        *character = '_';
        (void)snprintf(ranking->generic, sizeof(ranking->generic), "%.*s",
                       (int)strcspn(ranking->key, ":"), ranking->key);
        add_matching(ranking, &tree->admin);
        add_matching(ranking, &tree->loadable);
        add_matching(ranking, &tree->built_in);
        add_unnamed_generic(ranking);
        sort_generic = ranking->generic;
        if (ranking->n > 0)
                qsort(ranking->list, ranking->n, sizeof(void *), sort_compare);
}

void ranking_done(struct ranking *ranking) {
        free(ranking->list);
}

static bool is_present(const struct plain_tree *tree, const struct rule *rule) {
        return (!rule->built_in && plain_is_loadable(tree, rule->module)) ||
               plain_is_built_in(tree, rule->module);
}

static bool is_disabled(const struct plain_tree *tree, const struct rule *rule) {
        return !rule->built_in && plain_is_loadable(tree, rule->module) &&
               plain_is_disabled(tree, rule->module);
}

static bool is_candidate(const struct plain_tree *tree, const struct rule *rule) {
        return is_present(tree, rule) && !names_has(&tree->blacklist, rule->module) &&
               !is_disabled(tree, rule);
}

static void put_driver(char *ret, size_t size, const char *module) {
        const char *driver = module;

        if (strcmp(module, "vfio_pci") == 0)
                driver = "vfio-pci";
        else if (strcmp(module, "vfio_cdx") == 0)
                driver = "vfio-cdx";
        else if (strcmp(module, "xe_vfio_pci") == 0)
                driver = "xe-vfio-pci";
        (void)snprintf(ret, size, "%s", driver);
}

static void put_choice(const struct plain_tree *tree, const struct rule *rule, struct choice *ret) {
        put_driver(ret->driver, sizeof(ret->driver), rule->module);
        if (!rule->built_in && plain_is_loadable(tree, rule->module))
                (void)snprintf(ret->module, sizeof(ret->module), "%s", rule->module);
        if (rule->alias)
                (void)snprintf(ret->alias, sizeof(ret->alias), "%s", rule->alias);
}

/* The best candidate that is not MODULE. */
static const struct rule *next_candidate(const struct plain_tree *tree,
                                         const struct ranking *ranking, const char *module) {
        for (size_t i = 0; i < ranking->n; i++)
                if (is_candidate(tree, ranking->list[i]) &&
                    strcmp(ranking->list[i]->module, module) != 0)
                        return ranking->list[i];
        return NULL;
}

bool model_choice(const struct plain_tree *tree, const struct ranking *ranking,
                  struct choice *ret) {
        const struct rule *chosen = next_candidate(tree, ranking, ""), *next;

        memset(ret, 0, sizeof(*ret));
        if (!chosen)
                return false;
        put_choice(tree, chosen, ret);
        /* No candidate ranks below the generic driver */
        if (strcmp(chosen->module, ranking->generic) == 0)
                return true;
        next = next_candidate(tree, ranking, chosen->module);
        if (next)
                put_driver(ret->fallback, sizeof(ret->fallback), next->module);
        return true;
}

const struct rule *model_libvirt(const struct plain_tree *tree, const struct ranking *ranking) {
        const struct rule *best = NULL;

        for (size_t i = 0; i < tree->loadable.n; i++) {
                const struct rule *rule = &tree->loadable.list[i];

                if (fnmatch(rule->alias, ranking->key, 0) == 0 &&
                    (!best || rule->n_stars < best->n_stars))
                        best = rule;
        }
        return best;
}

/* The rule that ANSWER tells of, or NULL. */
static const struct rule *find_rule(const struct ranking *ranking, const struct choice *choice) {
        for (size_t i = 0; i < ranking->n; i++) {
                const char *alias = ranking->list[i]->alias ? ranking->list[i]->alias : "";
                char driver[NAME_SIZE];

                put_driver(driver, sizeof(driver), ranking->list[i]->module);
                if (strcmp(driver, choice->driver) == 0 && strcmp(alias, choice->alias) == 0)
                        return ranking->list[i];
        }
        return NULL;
}

/* Why OURS ranks above libvirt's, both of them candidates. */
static enum reason compare_with_libvirt(const struct rule *ours, const struct rule *libvirt,
                                        const char *generic) {
        enum reason why;

        if (compare(ours, libvirt, generic, &why) >= 0)
                return REASON_NONE;
        if (!ours->alias)
                return REASON_NO_ALIAS;
        if (ours->built_in)
                return REASON_BUILT_IN;
        /* libvirt found as few wildcards or fewer: that can only be the star which we leave out */
        if (why == REASON_STAR && ours->n_stars != ours->wildcards + 1)
                return REASON_NONE;
        return why;
}

enum reason model_reason(const struct plain_tree *tree, const struct ranking *ranking, bool found,
                         const struct choice *choice, const struct rule *libvirt) {
        const struct rule *ours = found ? find_rule(ranking, choice) : NULL;

        if (!found && !libvirt)
                return REASON_SAME;
        if (ours && libvirt && strcmp(ours->module, libvirt->module) == 0)
                return REASON_SAME;
        if (libvirt && names_has(&tree->blacklist, libvirt->module))
                return REASON_BLACKLIST;
        if (libvirt && !is_present(tree, libvirt))
                return REASON_NO_MODULE;
        if (libvirt && is_disabled(tree, libvirt))
                return REASON_DISABLED;
        if (!found)
                return REASON_NONE;
        if (ours && ours->admin)
                return REASON_ADMIN;
        if (ours && libvirt)
                return compare_with_libvirt(ours, libvirt, ranking->generic);
        if (ours && ours->built_in)
                return REASON_BUILT_IN;
        if (ours && !ours->alias)
                return REASON_NO_ALIAS;
        return REASON_NONE;
}
