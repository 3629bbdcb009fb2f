/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generic VFIO module of a bus as a candidate: DESIGN, "The choice". */
#pragma once

#include "modalias.h"
#include "rank.h"

/*
 * *ret: the generic module of KEY's bus, for an index that has no alias of this module. It ranks as
 * if it had the catch-all alias of its bus; on a bus whose catch-all alias is not known it ranks
 * last. Its `alias` is NULL, its `module` points into KEY.
 *
 * Returns whether the catch-all alias matches KEY.
 */
bool generic_candidate(const struct modalias *key, struct candidate *ret);
