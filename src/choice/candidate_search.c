/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search for a choice: candidates in rank order, with the policy applied. */
#include "candidate_search.h"

#include <errno.h>
#include <string.h>

#include "generic.h"
#include "text.h"

static void copy_name(char ret[NAME_SIZE], const char *name) {
        /* Never truncated: names from the index, modprobe.d and the pin were checked with
         * name_is_valid() */
        (void)text_put(ret, NAME_SIZE, name);
}

static void choose(const struct search *search, const struct candidate *candidate,
                   const struct facts *facts) {
        struct choice *choice = search->choice;
        bool pinned = candidate->origin == VFIO_VARIANT_CANDIDATE_PIN;

        /* A pin with a hyphen is the name of a driver: a module's name is written with
         * underscores */
        copy_name(choice->driver, pinned && strchr(search->pin, '-') ? search->pin : facts->driver);
        if (facts->presence == MODULE_LOADABLE)
                copy_name(choice->module, facts->module);
        if (pinned)
                choice->pin = PIN_TAKEN;
        else if (candidate->alias)
                (void)text_put(choice->alias, sizeof(choice->alias), candidate->alias);
}

/* Was the module of CANDIDATE usable as a candidate of a higher rank? */
static bool is_repeated(const struct search *search, const struct candidate *candidate) {
        for (const struct usable *usable = search->usable; usable; usable = usable->previous)
                if (streq(usable->module, candidate->module))
                        return true;
        return false;
}

/* Are the choice and its fallback known, if it has one? */
static bool is_complete(const struct search *search) {
        return search->is_at_end || search->choice->fallback[0];
}

static int tell(const struct search *search, const struct candidate *candidate,
                const struct facts *facts, enum vfio_variant_verdict verdict) {
        const struct choice_candidate told = {
                .candidate = candidate,
                .driver = !facts                                ? ""
                          : verdict == VFIO_VARIANT_VERDICT_WON ? search->choice->driver
                                                                : facts->driver,
                .module = facts && facts->presence == MODULE_LOADABLE ? facts->module : "",
                .banned = verdict == VFIO_VARIANT_VERDICT_DEPENDENCY ? facts->banned : "",
                .ban = facts ? facts->ban : POLICY_NO_BAN,
                .is_built_in = facts && facts->presence == MODULE_BUILT_IN,
                .verdict = verdict,
        };

        return search->on_candidate ? search->on_candidate(&told, search->userdata) : 0;
}

static enum vfio_variant_verdict judge_ban(const struct facts *facts) {
        if (!streq(facts->banned, facts->module))
                return VFIO_VARIANT_VERDICT_DEPENDENCY;
        return facts->ban == POLICY_KERNEL ? VFIO_VARIANT_VERDICT_REFUSED
                                           : VFIO_VARIANT_VERDICT_DISABLED;
}

static enum vfio_variant_verdict
judge(const struct search *search, const struct candidate *candidate, const struct facts *facts) {
        if (is_repeated(search, candidate))
                return VFIO_VARIANT_VERDICT_SAME;
        /* A blacklist does not apply to a module that is loaded by its name, as in modprobe */
        if (facts->blacklisted && candidate->origin != VFIO_VARIANT_CANDIDATE_PIN)
                return VFIO_VARIANT_VERDICT_BLACKLISTED;
        if (facts->presence == MODULE_ABSENT)
                return VFIO_VARIANT_VERDICT_MISSING;
        if (facts->ban != POLICY_NO_BAN)
                return judge_ban(facts);
        if (search->is_at_end)
                return VFIO_VARIANT_VERDICT_LOWER;
        if (!search->usable)
                return VFIO_VARIANT_VERDICT_WON;
        return search->choice->fallback[0] ? VFIO_VARIANT_VERDICT_NEXT
                                           : VFIO_VARIANT_VERDICT_FALLBACK;
}

/* Adds the module of INFO to the usable ones. Returns 0 or -ENOMEM. */
static int use(struct search *search, const struct facts *facts) {
        struct usable *usable = arena_take(&search->source->matches, sizeof(*usable));

        if (!usable)
                return -ENOMEM;
        *usable = (struct usable){.previous = search->usable, .module = facts->module};
        search->usable = usable;
        /* The generic driver is the last resort: a module that ranks below it may not be a VFIO
         * driver */
        search->is_at_end = streq(facts->module, search->key->generic);
        return 0;
}

static void refuse_pin(struct choice *choice, const struct facts *facts) {
        choice->pin = PIN_REFUSED;
        choice->pin_ban = facts->ban;
        copy_name(choice->pin_banned, facts->banned);
}

/*
 * Uses or rejects the next candidate. Returns 0, a negative errno, or the non-zero value of the
 * callback.
 */
static int consider(struct search *search, const struct candidate *candidate) {
        const struct facts *facts;
        enum vfio_variant_verdict verdict;
        int r;

        if (!search->on_candidate && (is_complete(search) || is_repeated(search, candidate)))
                return 0;
        r = facts_find(&search->source->facts, search->key, candidate->module, candidate->built_in,
                       &facts);
        if (r < 0)
                return r;
        verdict = judge(search, candidate, facts);
        if (verdict == VFIO_VARIANT_VERDICT_WON)
                choose(search, candidate, facts);
        else if (verdict == VFIO_VARIANT_VERDICT_FALLBACK)
                copy_name(search->choice->fallback, facts->driver);
        else if (candidate->origin == VFIO_VARIANT_CANDIDATE_PIN && facts->ban != POLICY_NO_BAN)
                refuse_pin(search->choice, facts);
        r = choice_is_usable(verdict) ? use(search, facts) : 0;
        return r < 0 ? r : tell(search, candidate, facts, verdict);
}

/* Is CANDIDATE, of the index, the pinned module or driver? Returns 1, 0 or a negative errno. */
static int is_pinned(const struct search *search, const struct candidate *candidate) {
        const struct facts *facts;
        int r;

        if (name_is_same_module(candidate->module, search->pin))
                return 1;
        r = facts_find(&search->source->facts, search->key, candidate->module, candidate->built_in,
                       &facts);
        return r < 0 ? r : streq(facts->driver, search->pin);
}

static void spell_as_module(const char *name, char ret[NAME_SIZE]) {
        copy_name(ret, name);
        for (; *ret; ret++)
                if (*ret == '-')
                        *ret = '_';
}

/* Looks for the pinned module in MATCHES; *ret is unchanged if it is not there. */
static int find_pinned(const struct search *search, const struct matches *matches,
                       struct candidate *ret) {
        for (size_t i = 0; i < matches->n; i++) {
                int r = is_pinned(search, &matches->list[i]);

                if (r < 0)
                        return r;
                if (r > 0) {
                        *ret = matches->list[i];
                        ret->origin = VFIO_VARIANT_CANDIDATE_PIN;
                        return 0;
                }
        }
        return 0;
}

static int consider_pin(struct search *search, const struct matches *matches) {
        char module[NAME_SIZE];
        struct candidate pinned = {.origin = VFIO_VARIANT_CANDIDATE_PIN, .module = module};
        int r;

        if (!search->pin)
                return 0;
        if (!name_is_valid(search->pin, strlen(search->pin))) {
                search->choice->pin = PIN_INVALID;
                pinned.module = search->pin;
                return tell(search, &pinned, NULL, VFIO_VARIANT_VERDICT_INVALID);
        }
        search->choice->pin = PIN_UNKNOWN; /* unless it is found below */
        spell_as_module(search->pin, module);
        r = find_pinned(search, matches, &pinned);
        return r != 0 ? r : consider(search, &pinned);
}

/* The aliases in modprobe.d. */
struct admin {
        struct arena *arena;
        struct matches matches;
};

static int add_admin_alias(const char *alias, const char *module, void *userdata) {
        const struct candidate like = {.origin = VFIO_VARIANT_CANDIDATE_ADMIN};
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

static bool has_module(const struct matches *matches, const char *module) {
        for (size_t i = 0; i < matches->n; i++)
                if (streq(matches->list[i].module, module))
                        return true;
        return false;
}

/*
 * The generic module is a candidate even if no alias names it: kernels before 5.15 have no aliases
 * for VFIO, and those before 6.18 have none for built-in modules.
 */
static int add_generic(const struct search *search, struct matches *matches) {
        const struct modalias *key = search->key;
        struct candidate generic;
        int r;

        if (has_module(matches, key->generic) || !generic_candidate(key, &generic))
                return 0;
        r = matches_add_candidate(matches, &search->source->matches, &generic);
        if (r == 0)
                candidate_insert(matches->list, matches->n - 1, &generic, key->generic);
        return r;
}

int choice_search(struct search *search) {
        struct choice_source *source = search->source;
        struct matches matches;
        int r = index_lookup(source->index, search->key, &search->source->matches, &matches);

        if (r == 0)
                r = add_generic(search, &matches);
        if (r == 0)
                r = consider_pin(search, &matches);
        if (r == 0)
                r = consider_admin(search);
        if (r == 0)
                r = consider_all(search, &matches);
        return r != 0 ? r : search->usable != NULL;
}
