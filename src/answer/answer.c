/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer: which driver VFIO would use for a device, by the module index and the policy. */
#include "answer.h"

#include <errno.h>

#include "cleanup.h"
#include "facts.h"
#include "index.h"
#include "memo.h"
#include "policy.h"
#include "rank.h"
#include "text.h"

struct answer_source {
        struct arena arena; /* of what the source holds until it is closed, itself too */
        struct index *index;
        struct policy *policy;
        struct facts_book facts;
        struct memo memo;
        struct arena matches; /* of the answer that is being found */
        bool used;            /* it has answered before */
};

static int source_fill(struct answer_source *source, const char *folder,
                       const char *const *modprobe_folders) {
        int r = index_open(folder, &source->arena, &source->index);

        if (r >= 0)
                r = policy_open(modprobe_folders, &source->arena, &source->policy);
        source->facts = (struct facts_book){
                .arena = &source->arena,
                .index = source->index,
                .policy = source->policy,
                .running = !folder,
        };
        return r;
}

int answer_source_open(const char *folder, const char *const *modprobe_folders,
                       struct answer_source **ret) {
        struct arena arena = {};
        struct answer_source *source = arena_take(&arena, sizeof(*source));
        int r;

        if (!source)
                return -ENOMEM;
        source->arena = arena;
        r = source_fill(source, folder, modprobe_folders);
        if (r < 0) {
                answer_source_close(source);
                return r;
        }
        *ret = source;
        return 0;
}

void answer_source_close(struct answer_source *source) {
        struct arena arena;

        if (!source)
                return;
        index_close(source->index);
        policy_close(source->policy);
        memo_done(&source->memo);
        arena_done(&source->matches);
        arena = source->arena; /* the source lies in it */
        arena_done(&arena);
}

const char *answer_source_damaged_file(const struct answer_source *source) {
        return index_damaged_file(source->index);
}

/* An answer that is being found: candidates come in rank order until `done`. */
struct search {
        struct answer_source *source;
        const struct modalias *key;
        const char *pin;
        struct answer *answer;
        const struct facts *chosen; /* the module of the answer; NULL until there is one */
        bool done;
};

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

/* Takes the next candidate in rank: as the answer, as its fallback, or not. Returns 0 or -errno. */
static int consider(struct search *search, const struct candidate *candidate) {
        const struct facts *facts;
        int r;

        if (search->done ||
            (search->chosen && text_equal(search->chosen->module, candidate->module)))
                return 0;
        r = facts_find(&search->source->facts, search->key, candidate->module, candidate->built_in,
                       &facts);
        if (r < 0)
                return r;
        if (!is_allowed(search, candidate, facts) || facts->presence == MODULE_ABSENT)
                return 0;
        if (search->chosen) {
                copy_name(search->answer->fallback, facts->driver);
                search->done = true;
        } else
                choose(search, candidate, facts);
        /* The generic driver is the last resort: what comes behind it need not be VFIO at all */
        if (text_equal(candidate->module, search->key->generic))
                search->done = true;
        return 0;
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
                return 0;
        }
        search->answer->pin = PIN_UNKNOWN; /* until it is found */
        spell_as_module(search->pin, module);
        r = find_pinned(search, matches, &pinned);
        return r < 0 ? r : consider(search, &pinned);
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

        for (size_t i = 0; i < matches->n && r >= 0; i++)
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

/* Pin, administrator, index, generic: as in enum candidate_origin. */
static int search_all(struct search *search) {
        struct answer_source *source = search->source;
        struct matches matches;
        int r = index_lookup(source->index, search->key, &source->matches, &matches);

        if (r >= 0)
                r = consider_pin(search, &matches);
        if (r >= 0)
                r = consider_admin(search);
        if (r >= 0)
                r = consider_all(search, &matches);
        if (r >= 0)
                r = consider_generic(search, &matches);
        return r < 0 ? r : search->chosen != NULL;
}

static void answer_clear(struct answer *answer) {
        answer->driver[0] = answer->module[0] = answer->alias[0] = answer->fallback[0] = '\0';
        answer->pin = PIN_NONE;
}

static int find(struct answer_source *source, const char *modalias, const char *pin,
                struct answer *ret) {
        _uninitialized_ struct modalias key;
        struct search search = {.source = source, .key = &key, .pin = pin, .answer = ret};
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return r;
        answer_clear(ret);
        arena_rewind(&source->matches);
        return search_all(&search);
}

int answer_find(struct answer_source *source, const char *modalias, const char *pin,
                struct answer *ret) {
        struct memo_key key;
        int r;

        if (!source->used || pin) {
                source->used = true; /* who asks but once needs no memo */
                return find(source, modalias, pin, ret);
        }
        key = memo_key(modalias);
        if (memo_find(&source->memo, &key, ret))
                return ret->driver[0] != '\0';
        r = find(source, modalias, NULL, ret);
        if (r >= 0)
                memo_add(&source->memo, &key, ret);
        return r;
}
