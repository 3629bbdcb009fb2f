/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: candidates in rank order, weighed by the policy. */
#include "choice.h"

#include "text.h"

static void copy_name(char ret[NAME_SIZE], const char *name) {
        /* It fits: the index, modprobe.d and the pin were all checked with name_is_valid() */
        (void)text_put(ret, NAME_SIZE, name);
}

/* May the module of FACTS be used, that CANDIDATE asks for? */
static bool is_allowed(const struct search *search, const struct candidate *candidate,
                       const struct facts *facts) {
        /* What is asked for by name is loaded past a blacklist, by modprobe as well as here */
        if (candidate->origin != CANDIDATE_PINNED)
                return !facts->blacklisted;
        if (!policy_refuses(search->source->policy, candidate->module))
                return true;
        search->answer->pin = PIN_REFUSED;
        return false;
}

static void choose(struct search *search, const struct candidate *candidate,
                   const struct facts *facts) {
        struct answer *answer = search->answer;
        bool pinned = candidate->origin == CANDIDATE_PINNED;

        search->chosen = facts;
        /* A pin with a hyphen is a driver's own spelling, since no module is spelled with one */
        copy_name(answer->driver,
                  pinned && text_has(search->pin, '-') ? search->pin : facts->driver);
        if (facts->presence == MODULE_LOADABLE)
                copy_name(answer->module, facts->module);
        if (pinned)
                answer->pin = PIN_TAKEN;
        else if (candidate->alias)
                (void)text_put(answer->alias, sizeof(answer->alias), candidate->alias);
}

static bool is_chosen(const struct search *search, const struct candidate *candidate) {
        return search->chosen && text_equal(search->chosen->module, candidate->module);
}

static int tell(const struct search *search, const struct candidate *candidate, const char *driver,
                enum answer_verdict verdict) {
        const struct answer_candidate told = {candidate, driver, verdict};

        return search->on_candidate ? search->on_candidate(&told, search->userdata) : 0;
}

static enum answer_verdict judge(const struct search *search, const struct candidate *candidate,
                                 const struct facts *facts) {
        if (is_chosen(search, candidate))
                return VERDICT_SAME;
        if (!is_allowed(search, candidate, facts))
                return candidate->origin == CANDIDATE_PINNED ? VERDICT_REFUSED
                                                             : VERDICT_BLACKLISTED;
        if (facts->presence == MODULE_ABSENT)
                return VERDICT_MISSING;
        if (search->done)
                return VERDICT_BEHIND;
        return search->chosen ? VERDICT_FALLBACK : VERDICT_WON;
}

/* Takes the next candidate in rank: as the answer, as its fallback, or not. Returns 0, -errno, or
 * what who asks how it came returned. */
static int consider(struct search *search, const struct candidate *candidate) {
        const struct facts *facts;
        enum answer_verdict verdict;
        int r;

        if (!search->on_candidate && (search->done || is_chosen(search, candidate)))
                return 0;
        r = facts_find(&search->source->facts, search->key, candidate->module, candidate->built_in,
                       &facts);
        if (r < 0)
                return r;
        verdict = judge(search, candidate, facts);
        if (verdict == VERDICT_WON)
                choose(search, candidate, facts);
        else if (verdict == VERDICT_FALLBACK)
                copy_name(search->answer->fallback, facts->driver);
        /* The generic driver is the last resort: what comes behind it need not be VFIO at all */
        if (verdict == VERDICT_FALLBACK ||
            (verdict == VERDICT_WON && text_equal(candidate->module, search->key->generic)))
                search->done = true;
        return tell(search, candidate,
                    verdict == VERDICT_WON ? search->answer->driver : facts->driver, verdict);
}

/* Does the pin name CANDIDATE of the index, by its module or its driver? Returns 1, 0 or -errno. */
static int is_pinned(const struct search *search, const struct candidate *candidate) {
        const struct facts *facts;
        int r;

        if (name_is_same_module(candidate->module, search->pin))
                return 1;
        r = facts_find(&search->source->facts, search->key, candidate->module, candidate->built_in,
                       &facts);
        return r < 0 ? r : text_equal(facts->driver, search->pin);
}

static void spell_as_module(const char *name, char ret[NAME_SIZE]) {
        copy_name(ret, name);
        for (; *ret; ret++)
                if (*ret == '-')
                        *ret = '_';
}

/* Looks for the pinned module in MATCHES; *ret is left alone where it is not among them. */
static int find_pinned(const struct search *search, const struct matches *matches,
                       struct candidate *ret) {
        for (size_t i = 0; i < matches->n; i++) {
                int r = is_pinned(search, &matches->list[i]);

                if (r < 0)
                        return r;
                if (r > 0) {
                        *ret = matches->list[i];
                        ret->origin = CANDIDATE_PINNED;
                        return 0;
                }
        }
        return 0;
}

static int consider_pin(struct search *search, const struct matches *matches) {
        char module[NAME_SIZE];
        struct candidate pinned = {.origin = CANDIDATE_PINNED, .module = module};
        int r;

        if (!search->pin)
                return 0;
        if (!name_is_valid(search->pin, text_length(search->pin))) {
                search->answer->pin = PIN_INVALID;
                pinned.module = search->pin;
                return tell(search, &pinned, "", VERDICT_INVALID);
        }
        search->answer->pin = PIN_UNKNOWN; /* until it is found */
        spell_as_module(search->pin, module);
        r = find_pinned(search, matches, &pinned);
        return r != 0 ? r : consider(search, &pinned);
}

/* Where the administrator's aliases are collected. */
struct admin {
        struct arena *arena;
        struct matches matches;
};

static int add_admin_alias(const char *alias, const char *module, void *userdata) {
        const struct candidate like = {.origin = CANDIDATE_ADMIN};
        struct admin *admin = userdata;

        return matches_add(&admin->matches, admin->arena, alias, module, &like);
}

static int consider_all(struct search *search, const struct matches *matches) {
        int r = 0;

        for (size_t i = 0; i < matches->n && r == 0; i++)
                r = consider(search, &matches->list[i]);
        return r;
}

static int consider_admin(struct search *search) {
        struct admin admin = {.arena = &search->source->matches};
        int r = policy_lookup(search->source->policy, search->key, add_admin_alias, &admin);

        if (r < 0)
                return r;
        matches_sort(&admin.matches, search->key->generic);
        return consider_all(search, &admin.matches);
}

/* A kernel before 5.15 has no aliases for VFIO drivers, but it has the generic one. */
static int consider_generic(struct search *search, const struct matches *matches) {
        const struct candidate generic = {
                .origin = CANDIDATE_GENERIC,
                .module = search->key->generic,
        };
        int r;

        if (matches->n > 0 || search->done)
                return 0;
        r = index_has_bus(search->source->index, search->key);
        return r != 0 ? (r < 0 ? r : 0) : consider(search, &generic);
}

int choice_search(struct search *search) {
        struct answer_source *source = search->source;
        struct matches matches;
        int r = index_lookup(source->index, search->key, &source->matches, &matches);

        if (r == 0)
                r = consider_pin(search, &matches);
        if (r == 0)
                r = consider_admin(search);
        if (r == 0)
                r = consider_all(search, &matches);
        if (r == 0)
                r = consider_generic(search, &matches);
        return r != 0 ? r : search->chosen != NULL;
}
