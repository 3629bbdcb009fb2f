/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libkmod is loaded when it is needed. It is not linked, because its compression and crypto
 * libraries take three times as long to load as a lookup takes.
 */
#pragma once

#include <libkmod.h>

#define LIBKMOD "libkmod.so.2"

/* libkmod's own list macros call some of these functions by name. */
#define LIBKMOD_FUNCTIONS(X)                                                                       \
        X(kmod_new)                                                                                \
        X(kmod_unref)                                                                              \
        X(kmod_config_get_aliases)                                                                 \
        X(kmod_config_get_blacklists)                                                              \
        X(kmod_config_get_install_commands)                                                        \
        X(kmod_config_get_softdeps)                                                                \
        X(kmod_config_iter_free_iter)                                                              \
        X(kmod_config_iter_get_key)                                                                \
        X(kmod_config_iter_get_value)                                                              \
        X(kmod_config_iter_next)                                                                   \
        X(kmod_list_next)                                                                          \
        X(kmod_module_apply_filter)                                                                \
        X(kmod_module_get_module)                                                                  \
        X(kmod_module_get_name)                                                                    \
        X(kmod_module_new_from_lookup)                                                             \
        X(kmod_module_probe_insert_module)                                                         \
        X(kmod_module_unref)                                                                       \
        X(kmod_module_unref_list)

#define LIBKMOD_MEMBER(function) __typeof__(function) *function;

struct libkmod {
        LIBKMOD_FUNCTIONS(LIBKMOD_MEMBER)
};

/*
 * Loads the library, which stays loaded until the process ends. Returns 0, or -EOPNOTSUPP if it is
 * not installed.
 */
int libkmod_load(struct libkmod *ret);
