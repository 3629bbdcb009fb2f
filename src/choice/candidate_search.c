/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search for a choice: candidates in rank order, with the policy applied. */
#include "candidate_search.h"

#include <errno.h>
#include <string.h>

#include "bus.h"
#include "generic.h"
#include "text.h"

static void copy_name(char ret[NAME_SIZE], const char *name) {
        /* Never truncated: names from the index, modprobe.d and the pin were checked with
         * name_is_valid() */
        (void)text_put(ret, NAME_SIZE, name);
}

static void set_choice(const struct candidate_search *search, const struct candidate *candidate,
                       const struct module_info *info) {
        struct choice *choice = search->choice;
        bool pinned = candidate->origin == VFIO_VARIANT_CANDIDATE_PIN;

        /* A pin with a hyphen is the name of a driver: a module's name is written with
         * underscores */
        copy_name(choice->driver, pinned && strchr(search->pin, '-') ? search->pin : info->driver);
        if (info->presence == MODULE_LOADABLE)
                copy_name(choice->module, info->module);
        if (pinned)
                choice->pin = PIN_TAKEN;
        else if (candidate->alias)
                (void)text_put(choice->alias, sizeof(choice->alias), candidate->alias);
}

/* Was the module of CANDIDATE usable as a candidate of a higher rank? */
static bool is_repeated(const struct candidate_search *search, const struct candidate *candidate) {
        for (const struct usable *usable = search->usable; usable; usable = usable->previous)
                if (streq(usable->module, candidate->module))
                        return true;
        return false;
}

/* Are the choice and its fallback known, if it has one? */
static bool is_complete(const struct candidate_search *search) {
        return search->is_at_end || search->choice->fallback[0];
}

static int report_candidate(const struct candidate_search *search,
                            const struct candidate *candidate, const struct module_info *info,
                            enum vfio_variant_verdict verdict) {
        const struct choice_candidate reported = {
                .candidate = candidate,
                .driver = !info                                 ? ""
                          : verdict == VFIO_VARIANT_VERDICT_WON ? search->choice->driver
                                                                : info->driver,
                .module = info && info->presence == MODULE_LOADABLE ? info->module : "",
                .banned = verdict == VFIO_VARIANT_VERDICT_DEPENDENCY ? info->banned : "",
                .ban = info ? info->ban : POLICY_NO_BAN,
                .is_built_in = info && info->presence == MODULE_BUILT_IN,
                .verdict = verdict,
        };

        return search->on_candidate ? search->on_candidate(&reported, search->userdata) : 0;
}

static enum vfio_variant_verdict ban_verdict(const struct module_info *info) {
        if (!streq(info->banned, info->module))
                return VFIO_VARIANT_VERDICT_DEPENDENCY;
        return info->ban == POLICY_KERNEL ? VFIO_VARIANT_VERDICT_REFUSED
                                          : VFIO_VARIANT_VERDICT_DISABLED;
}

static enum vfio_variant_verdict candidate_verdict(const struct candidate_search *search,
                                                   const struct candidate *candidate,
                                                   const struct module_info *info) {
        if (is_repeated(search, candidate))
                return VFIO_VARIANT_VERDICT_SAME;
        /* A blacklist does not apply to a module that is loaded by its name, as in modprobe */
        if (info->blacklisted && candidate->origin != VFIO_VARIANT_CANDIDATE_PIN)
                return VFIO_VARIANT_VERDICT_BLACKLISTED;
        if (info->presence == MODULE_ABSENT)
                return VFIO_VARIANT_VERDICT_MISSING;
        if (info->ban != POLICY_NO_BAN)
                return ban_verdict(info);
        if (search->is_at_end)
                return VFIO_VARIANT_VERDICT_LOWER;
        if (!search->usable)
                return VFIO_VARIANT_VERDICT_WON;
        return search->choice->fallback[0] ? VFIO_VARIANT_VERDICT_NEXT
                                           : VFIO_VARIANT_VERDICT_FALLBACK;
}

/* Adds the module of INFO to the usable ones. Returns 0 or -ENOMEM. */
static int add_usable(struct candidate_search *search, const struct module_info *info) {
        struct usable *usable = arena_take(search->arena, sizeof(*usable));

        if (!usable)
                return -ENOMEM;
        *usable = (struct usable){.previous = search->usable, .module = info->module};
        search->usable = usable;
        /* The generic driver is the last resort: a module that ranks below it may not be a VFIO
         * driver */
        search->is_at_end = streq(info->module, search->key->generic);
        return 0;
}

static void refuse_pin(struct choice *choice, const struct module_info *info) {
        choice->pin = PIN_REFUSED;
        choice->pin_ban = info->ban;
        copy_name(choice->pin_banned, info->banned);
}

/*
 * Uses or rejects the next candidate. Returns 0, a negative errno, or the non-zero value of the
 * callback.
 */
static int consider(struct candidate_search *search, const struct candidate *candidate) {
        const struct module_info *info;
        enum vfio_variant_verdict verdict;
        int r;

        if (!search->on_candidate && (is_complete(search) || is_repeated(search, candidate)))
                return 0;
        r = module_info_find(&search->source->info, search->key, candidate->module,
                             candidate->built_in, &info);
        if (r < 0)
                return r;
        verdict = candidate_verdict(search, candidate, info);
        /* Of a bus that is not known here the kernel may have no generic module */
        if (verdict == VFIO_VARIANT_VERDICT_MISSING &&
            candidate->origin == VFIO_VARIANT_CANDIDATE_GENERIC &&
            !bus_find(modalias_bus(search->key)))
                return 0;
        if (verdict == VFIO_VARIANT_VERDICT_WON)
                set_choice(search, candidate, info);
        else if (verdict == VFIO_VARIANT_VERDICT_FALLBACK)
                copy_name(search->choice->fallback, info->driver);
        else if (candidate->origin == VFIO_VARIANT_CANDIDATE_PIN && info->ban != POLICY_NO_BAN)
                refuse_pin(search->choice, info);
        r = choice_is_usable(verdict) ? add_usable(search, info) : 0;
        return r < 0 ? r : report_candidate(search, candidate, info, verdict);
}

/* Is CANDIDATE, of the index, the pinned module or driver? Returns 1, 0 or a negative errno. */
static int is_pinned(const struct candidate_search *search, const struct candidate *candidate) {
        const struct module_info *info;
        int r;

        if (name_is_same_module(candidate->module, search->pin))
                return 1;
        r = module_info_find(&search->source->info, search->key, candidate->module,
                             candidate->built_in, &info);
        return r < 0 ? r : streq(info->driver, search->pin);
}

/* Looks for the pinned module in MATCHES; *ret is unchanged if it is not there. */
static int find_pinned(const struct candidate_search *search, const struct matches *matches,
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

static int consider_pin(struct candidate_search *search, const struct matches *matches) {
        char module[NAME_SIZE];
        struct candidate pinned = {.origin = VFIO_VARIANT_CANDIDATE_PIN, .module = module};
        int r;

        if (!search->pin)
                return 0;
        if (!name_is_valid(search->pin, strlen(search->pin))) {
                search->choice->pin = PIN_INVALID;
                pinned.module = search->pin;
                return report_candidate(search, &pinned, NULL, VFIO_VARIANT_VERDICT_INVALID);
        }
        search->choice->pin = PIN_UNKNOWN; /* unless it is found below */
        name_normalise(search->pin, module);
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

static int consider_all(struct candidate_search *search, const struct matches *matches) {
        int r = 0;

        for (size_t i = 0; i < matches->n && r == 0; i++)
                r = consider(search, &matches->list[i]);
        return r;
}

static int consider_admin(struct candidate_search *search) {
        struct admin admin = {
                .arena = search->arena,
                .matches.generic = search->key->generic,
        };
        int r = policy_lookup(search->source->policy, search->key, add_admin_alias, &admin);

        return r < 0 ? r : consider_all(search, &admin.matches);
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
static int add_generic(const struct candidate_search *search, struct matches *matches) {
        const struct modalias *key = search->key;
        struct candidate generic;

        if (has_module(matches, key->generic) || !generic_candidate(key, &generic))
                return 0;
        return matches_add_candidate(matches, search->arena, &generic);
}

int candidate_search_run(struct candidate_search *search) {
        struct choice_source *source = search->source;
        struct matches matches;
        int r = index_lookup(source->index, search->key, search->arena, &matches);

        if (r != 0)
                return r;
        r = add_generic(search, &matches);
        if (r != 0)
                return r;
        r = consider_pin(search, &matches);
        if (r != 0)
                return r;
        r = consider_admin(search);
        if (r != 0)
                return r;
        r = consider_all(search, &matches);
        return r != 0 ? r : search->usable != NULL;
}
