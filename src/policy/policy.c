/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's configuration of modules: aliases and blacklists in modprobe.d and on the
 * kernel command line.
 */
#include "policy.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "alias.h"
#include "cmdline.h"
#include "install_command.h"
#include "modprobe_config.h"
#include "modprobe_scan.h"
#include "text.h"

/* Part of the name of nearly all modules that are looked up, and of each alias. */
#define VFIO "vfio"

struct policy {
        struct arena *arena;
        const char *modules;
        const char *const *directories;
        struct modprobe_config *config;          /* NULL until libkmod is needed */
        bool read;                               /* modprobe.d was searched for VFIO */
        const struct modprobe_install *installs; /* found by that search, if CONFIG is NULL */
        char *buffer; /* for one file at a time, MODPROBE_FILE_SIZE_MAX bytes */
        struct cmdline cmdline;
};

_Static_assert(CMDLINE_SIZE <= MODPROBE_FILE_SIZE_MAX, "one buffer is used for both");

/* The text of a kernel command line without a blacklist is not read again, and not kept. */
static int read_cmdline(struct policy *policy) {
        int r;

        policy->buffer = arena_take(policy->arena, MODPROBE_FILE_SIZE_MAX);
        if (!policy->buffer)
                return -ENOMEM;
        r = cmdline_read(policy->buffer, &policy->cmdline);
        if (r < 0)
                return r;
        policy->cmdline.text = policy->cmdline.blacklists
                                       ? arena_text(policy->arena, policy->buffer)
                                       : ""; /* the buffer is overwritten */
        return policy->cmdline.text ? 0 : -ENOMEM;
}

int policy_open(const char *modules, const char *const *directories, struct arena *arena,
                struct policy **ret) {
        struct policy *policy = arena_take(arena, sizeof(*policy));
        int r;

        if (!policy)
                return -ENOMEM;
        policy->arena = arena;
        policy->modules = modules;
        policy->directories = directories;
        r = read_cmdline(policy);
        if (r < 0)
                return r;
        *ret = policy;
        return 0;
}

void policy_close(struct policy *policy) {
        if (policy)
                modprobe_config_close(policy->config);
}

static int open_config(struct policy *policy) {
        return modprobe_config_open(policy->modules, policy->directories, policy->arena,
                                    &policy->config);
}

/* Reads the configuration with libkmod, if it mentions NAME. */
static int consult(struct policy *policy, const char *name,
                   const struct modprobe_install **installs) {
        if (!cmdline_mentions(&policy->cmdline, name)) {
                int r = modprobe_scan_directories(policy->directories ? policy->directories
                                                                      : modprobe_system_directories,
                                                  name, policy->buffer, policy->arena, installs);

                if (r <= 0)
                        return r;
        }
        return open_config(policy);
}

/* As consult(), once for all names that contain VFIO. */
static int consult_for_vfio(struct policy *policy) {
        int r;

        if (policy->config || policy->read)
                return 0;
        r = consult(policy, VFIO, &policy->installs);
        if (r >= 0)
                policy->read = true;
        return r;
}

static int consult_for(struct policy *policy, const char *name) {
        int r = consult_for_vfio(policy);

        if (r < 0 || policy->config || text_find_name(name, strlen(name), VFIO))
                return r;
        return consult(policy, name, NULL);
}

int policy_blacklists(struct policy *policy, const char *module) {
        int r = consult_for(policy, module);

        return r < 0 || !policy->config ? r : modprobe_config_blacklists(policy->config, module);
}

/* Is there an `install` line for MODULE, so that libkmod is needed to read it? */
static bool has_install(const struct policy *policy, const char *module) {
        for (const struct modprobe_install *at = policy->installs; at; at = at->next) {
                char pattern[ALIAS_SIZE];
                size_t length = strlen(at->name);

                if (length >= sizeof(pattern))
                        return true;
                alias_normalise(at->name, length, pattern);
                if (fnmatch(pattern, module, 0) == 0)
                        return true;
        }
        return false;
}

int policy_bans(struct policy *policy, const char *module, enum policy_ban *ret) {
        const char *command = NULL;
        int r = consult_for_vfio(policy);

        if (r < 0)
                return r;
        if (!policy->config && has_install(policy, module))
                r = open_config(policy);
        if (r >= 0 && policy->config)
                r = modprobe_config_install(policy->config, module, &command);
        if (r < 0)
                return r;
        *ret = POLICY_NO_BAN;
        if (cmdline_refuses_module(&policy->cmdline, module))
                *ret = POLICY_KERNEL;
        else if (command && command_loads_nothing(command))
                *ret = POLICY_INSTALL;
        return 0;
}

int policy_bans_any(struct policy *policy) {
        int r = consult_for_vfio(policy);

        return r < 0 ? r
                     : policy->config || policy->installs || cmdline_refuses_any(&policy->cmdline);
}

/* A lookup. */
struct lookup {
        const struct modalias *key;
        int (*on_match)(const char *alias, const char *module, void *userdata);
        void *userdata;
};

static int match_alias(const char *alias, const char *module, void *userdata) {
        const struct lookup *lookup = userdata;
        char normalised[ALIAS_SIZE];
        size_t length = strlen(alias);

        if (length >= sizeof(normalised) || !text_is_word(alias, length) ||
            !name_is_valid(module, strlen(module)))
                return 0;
        alias_normalise(alias, length, normalised);
        if (!startswith(normalised, MODALIAS_PREFIX) || !alias_match(normalised, lookup->key))
                return 0;
        return lookup->on_match(normalised, module, lookup->userdata);
}

int policy_lookup(struct policy *policy, const struct modalias *key,
                  int (*on_match)(const char *alias, const char *module, void *userdata),
                  void *userdata) {
        struct lookup lookup = {.key = key, .on_match = on_match, .userdata = userdata};
        int r = consult_for_vfio(policy);

        if (r < 0 || !policy->config)
                return r;
        return modprobe_config_each_alias(policy->config, match_alias, &lookup);
}
