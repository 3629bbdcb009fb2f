/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: the VFIO driver for a device, from the module index and the policy. */
#pragma once

#include "choice_result.h"

struct choice_source;
struct index;

/*
 * Opens what choices are made from. DIRECTORY: the directory of modules.alias.bin, NULL for the
 * running kernel's. MODPROBE_DIRECTORIES: as for policy_open(). Both must outlive the source. It
 * can be used for any number of choices. Later changes to the index and the policy are not seen.
 *
 * Returns 0 and a source, which the caller closes with choice_source_close(); -ENOENT if there is
 * no such directory; or another negative errno of index_open() or policy_open().
 */
int choice_source_open(const char *directory, const char *const *modprobe_directories,
                       struct choice_source **ret);
void choice_source_close(struct choice_source *source);

/* Returns the module index, which SOURCE owns. */
struct index *choice_source_index(const struct choice_source *source);

/*
 * Finds the driver for a device with MODALIAS. PIN is the driver or module that an administrator
 * wants, or NULL. If it is not available, ret->pin says why, and the choice is made without it.
 *
 * Returns 1 if there is a driver, 0 if there is none (*ret is set as well); -EINVAL or
 * -ENAMETOOLONG if MODALIAS is invalid; -ENOENT if there is no index in the directory; -EBADMSG if
 * the index is damaged; or a negative errno of index_lookup() or policy_lookup().
 */
int choice_find(struct choice_source *source, const char *modalias, const char *pin,
                struct choice *ret);

/*
 * As choice_find(), and calls ON_CANDIDATE for each candidate, in rank order. Returns as
 * choice_find(), or the non-zero value of ON_CANDIDATE.
 */
int choice_explain(struct choice_source *source, const char *modalias, const char *pin,
                   choice_candidate_fn on_candidate, void *userdata);

/*
 * Has MODULE an alias of a VFIO driver for any device on the bus of MODALIAS? Returns 1, 0 or an
 * error as choice_find().
 */
int choice_module_has_alias(struct choice_source *source, const char *modalias, const char *module);
