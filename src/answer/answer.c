/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer: which driver VFIO would use for a device, by the module index and the policy. */
#include "answer.h"

#include <errno.h>

#include "cleanup.h"
#include "index.h"
#include "module.h"
#include "policy.h"
#include "rank.h"
#include "text.h"

struct answer_source {
        struct arena arena; /* of all that the source holds, itself too */
        struct index *index;
        struct policy *policy;
        bool running; /* the tree is the running kernel's: /sys/module speaks of it */
};

static int source_fill(struct answer_source *source, const char *folder,
                       const char *const *modprobe_folders) {
        int r;

        source->running = !folder;
        r = index_open(folder, &source->arena, &source->index);
        return r < 0 ? r : policy_open(modprobe_folders, &source->arena, &source->policy);
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
        char chosen[NAME_SIZE]; /* the module of the answer; "" until there is one */
        bool done;
};

static void copy_name(char ret[NAME_SIZE], const char *name) {
        /* It fits: the index, modprobe.d and the pin were all checked with name_is_valid() */
        (void)text_put(ret, NAME_SIZE, name);
}

/* The driver that MODULE registers, as far as that can be known before it is loaded. */
static void find_driver(const struct search *search, const char *module, char ret[NAME_SIZE]) {
        const char *known = name_known_driver(module);

        if (known)
                copy_name(ret, known);
        else if (!search->source->running ||
                 module_driver(module, modalias_bus(search->key), ret) < 0)
                copy_name(ret, module);
}

/* A pin with a hyphen is a driver's own spelling, since no module is spelled with one. */
static void find_candidate_driver(const struct search *search, const struct candidate *candidate,
                                  char ret[NAME_SIZE]) {
        if (candidate->origin == CANDIDATE_PINNED && text_has(search->pin, '-'))
                copy_name(ret, search->pin);
        else
                find_driver(search, candidate->module, ret);
}

/* May CANDIDATE be used? Returns 1, 0 or a negative errno. */
static int is_allowed(const struct search *search, const struct candidate *candidate) {
        struct policy *policy = search->source->policy;
        int r;

        /* What is asked for by name is loaded past a blacklist, by modprobe as well as here */
        if (candidate->origin != CANDIDATE_PINNED) {
                r = policy_blacklists(policy, candidate->module);
                return r < 0 ? r : !r;
        }
        if (!policy_refuses(policy, candidate->module))
                return 1;
        search->answer->pin = PIN_REFUSED;
        return 0;
}

static void choose(struct search *search, const struct candidate *candidate,
                   enum index_presence presence) {
        struct answer *answer = search->answer;

        copy_name(search->chosen, candidate->module);
        find_candidate_driver(search, candidate, answer->driver);
        if (presence == MODULE_LOADABLE)
                copy_name(answer->module, candidate->module);
        if (candidate->alias && candidate->origin != CANDIDATE_PINNED)
                (void)text_put(answer->alias, sizeof(answer->alias), candidate->alias);
        if (candidate->origin == CANDIDATE_PINNED)
                answer->pin = PIN_TAKEN;
}

/* Takes the next candidate in rank: as the answer, as its fallback, or not. Returns 0 or -errno. */
static int consider(struct search *search, const struct candidate *candidate) {
        enum index_presence presence;
        int r;

        if (search->done || text_equal(search->chosen, candidate->module))
                return 0;
        r = is_allowed(search, candidate);
        if (r <= 0)
                return r;
        r = index_find_module(search->source->index, candidate->module, candidate->built_in,
                              &presence);
        if (r < 0 || presence == MODULE_ABSENT)
                return r;
        if (search->chosen[0]) {
                find_driver(search, candidate->module, search->answer->fallback);
                search->done = true;
        } else
                choose(search, candidate, presence);
        /* The generic driver is the last resort: what comes behind it need not be VFIO at all */
        if (text_equal(candidate->module, search->key->generic))
                search->done = true;
        return 0;
}

/* Is CANDIDATE of the index the one that the pin names, by its module or its driver? */
static bool is_pinned(const struct search *search, const struct candidate *candidate) {
        char driver[NAME_SIZE];

        if (name_is_same_module(candidate->module, search->pin))
                return true;
        find_driver(search, candidate->module, driver);
        return text_equal(driver, search->pin);
}

static void spell_as_module(const char *name, char ret[NAME_SIZE]) {
        copy_name(ret, name);
        for (; *ret; ret++)
                if (*ret == '-')
                        *ret = '_';
}

static int consider_pin(struct search *search, const struct matches *matches) {
        char module[NAME_SIZE];
        struct candidate pinned = {.origin = CANDIDATE_PINNED, .module = module};

        if (!search->pin)
                return 0;
        if (!name_is_valid(search->pin, text_length(search->pin))) {
                search->answer->pin = PIN_INVALID;
                return 0;
        }
        search->answer->pin = PIN_UNKNOWN; /* until it is found */
        spell_as_module(search->pin, module);
        for (size_t i = 0; i < matches->n; i++)
                if (is_pinned(search, &matches->list[i])) {
                        pinned = matches->list[i];
                        pinned.origin = CANDIDATE_PINNED;
                        break;
                }
        return consider(search, &pinned);
}

/* The administrator's aliases. */
struct admin {
        struct arena arena;
        struct matches matches;
};

static void admin_done(struct admin *admin) {
        arena_done(&admin->arena);
}

static int add_admin_alias(const char *alias, const char *module, void *userdata) {
        const struct candidate like = {.origin = CANDIDATE_ADMIN};
        struct admin *admin = userdata;

        return matches_add(&admin->matches, &admin->arena, alias, module, &like);
}

static int consider_all(struct search *search, const struct matches *matches) {
        int r = 0;

        for (size_t i = 0; i < matches->n && r >= 0; i++)
                r = consider(search, &matches->list[i]);
        return r;
}

static int consider_admin(struct search *search) {
        _cleanup_(admin_done) struct admin admin = {};
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
        const struct matches *matches;
        int r = index_lookup(search->source->index, search->key, &matches);

        if (r >= 0)
                r = consider_pin(search, matches);
        if (r >= 0)
                r = consider_admin(search);
        if (r >= 0)
                r = consider_all(search, matches);
        if (r >= 0)
                r = consider_generic(search, matches);
        return r < 0 ? r : search->chosen[0] != '\0';
}

static void answer_clear(struct answer *answer) {
        answer->driver[0] = answer->module[0] = answer->alias[0] = answer->fallback[0] = '\0';
        answer->pin = PIN_NONE;
}

int answer_find(struct answer_source *source, const char *modalias, const char *pin,
                struct answer *ret) {
        _uninitialized_ struct modalias key;
        struct search search = {.source = source, .key = &key, .pin = pin, .answer = ret};
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return r;
        answer_clear(ret);
        return search_all(&search);
}
