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
        [REASON_NO_MODULE] = "libvirt's is not in modules.dep",
        [REASON_ADMIN] = "an alias in modprobe.d goes first",
        [REASON_BUILT_IN] = "ours is built in, of which the text file knows nothing",
        [REASON_NO_ALIAS] = "generic driver of a bus that has no alias",
        [REASON_STAR] = "fewer wildcards, modpost's trailing star not counted",
        [REASON_LITERALS] = "as many wildcards, more literal letters",
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
        return r ? r : strcmp(one->alias, other->alias);
}

static void add_matching(struct ranking *ranking, const struct rules *rules) {
        for (size_t i = 0; i < rules->n; i++) {
                if (fnmatch(rules->list[i].alias, ranking->key, 0) != 0)
                        continue;
                ranking->list = realloc(ranking->list, (ranking->n + 1) * sizeof(void *));
                if (!ranking->list)
                        exit(2);
                ranking->list[ranking->n++] = &rules->list[i];
        }
}

void ranking_make(struct ranking *ranking, const struct plain_tree *tree, const char *modalias) {
        memset(ranking, 0, sizeof(*ranking));
        (void)snprintf(ranking->key, sizeof(ranking->key), "vfio_%s", modalias);
        for (char *letter = ranking->key; *letter; letter++)
                if (*letter == '-')
                        *letter = '_';
        (void)snprintf(ranking->generic, sizeof(ranking->generic), "%.*s",
                       (int)strcspn(ranking->key, ":"), ranking->key);
        add_matching(ranking, &tree->admin);
        add_matching(ranking, &tree->loadable);
        add_matching(ranking, &tree->built_in);
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

static bool is_candidate(const struct plain_tree *tree, const struct rule *rule) {
        return is_present(tree, rule) && !names_has(&tree->blacklist, rule->module);
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

static void put_answer(const struct plain_tree *tree, const struct rule *rule, struct answer *ret) {
        put_driver(ret->driver, sizeof(ret->driver), rule->module);
        if (!rule->built_in && plain_is_loadable(tree, rule->module))
                (void)snprintf(ret->module, sizeof(ret->module), "%s", rule->module);
        if (rule->alias)
                (void)snprintf(ret->alias, sizeof(ret->alias), "%s", rule->alias);
}

static bool has_bus(const struct rules *rules, const char *generic) {
        size_t n = strlen(generic);

        for (size_t i = 0; i < rules->n; i++)
                if (strncmp(rules->list[i].alias, generic, n) == 0 &&
                    rules->list[i].alias[n] == ':')
                        return true;
        return false;
}

/* Is the generic module there, of a bus that no alias in the index speaks of? */
static bool is_generic_alone(const struct plain_tree *tree, const char *generic) {
        const struct rule rule = {.module = (char *)generic};

        return !has_bus(&tree->loadable, generic) && !has_bus(&tree->built_in, generic) &&
               is_candidate(tree, &rule);
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

bool model_answer(const struct plain_tree *tree, const struct ranking *ranking,
                  struct answer *ret) {
        const struct rule generic = {.module = (char *)ranking->generic};
        const struct rule *chosen = next_candidate(tree, ranking, ""), *next;

        memset(ret, 0, sizeof(*ret));
        if (!chosen && is_generic_alone(tree, ranking->generic))
                chosen = &generic;
        if (!chosen)
                return false;
        put_answer(tree, chosen, ret);
        /* Nothing stands behind the generic driver */
        if (strcmp(chosen->module, ranking->generic) == 0)
                return true;
        next = next_candidate(tree, ranking, chosen->module);
        if (!next && is_generic_alone(tree, ranking->generic))
                next = &generic;
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

/* The rule that ANSWER tells of; a name that is told in another way than by its alias: NULL. */
static const struct rule *find_rule(const struct ranking *ranking, const struct answer *answer) {
        for (size_t i = 0; i < ranking->n; i++) {
                char driver[NAME_SIZE];

                put_driver(driver, sizeof(driver), ranking->list[i]->module);
                if (strcmp(driver, answer->driver) == 0 &&
                    strcmp(ranking->list[i]->alias, answer->alias) == 0)
                        return ranking->list[i];
        }
        return NULL;
}

/* Why OURS goes before libvirt's, both of them candidates. */
static enum reason compare_with_libvirt(const struct rule *ours, const struct rule *libvirt,
                                        const char *generic) {
        enum reason why;

        if (compare(ours, libvirt, generic, &why) >= 0)
                return REASON_NONE;
        if (ours->built_in)
                return REASON_BUILT_IN;
        /* libvirt found as few wildcards or fewer: that can only be the star which we leave out */
        if (why == REASON_STAR && ours->n_stars != ours->wildcards + 1)
                return REASON_NONE;
        return why;
}

enum reason model_reason(const struct plain_tree *tree, const struct ranking *ranking, bool found,
                         const struct answer *answer, const struct rule *libvirt) {
        const struct rule *ours = found && answer->alias[0] ? find_rule(ranking, answer) : NULL;

        if (!found && !libvirt)
                return REASON_SAME;
        if (ours && libvirt && strcmp(ours->module, libvirt->module) == 0)
                return REASON_SAME;
        if (libvirt && names_has(&tree->blacklist, libvirt->module))
                return REASON_BLACKLIST;
        if (libvirt && !is_present(tree, libvirt))
                return REASON_NO_MODULE;
        if (!found)
                return REASON_NONE;
        if (ours && ours->admin)
                return REASON_ADMIN;
        if (ours && libvirt)
                return compare_with_libvirt(ours, libvirt, ranking->generic);
        if (ours && ours->built_in)
                return REASON_BUILT_IN;
        if (!libvirt && !answer->alias[0] && is_generic_alone(tree, ranking->generic))
                return REASON_NO_ALIAS;
        return REASON_NONE;
}
