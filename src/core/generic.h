/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generic VFIO module of a bus as a candidate: DESIGN, "The choice". */
#pragma once

#include "modalias.h"
#include "rank.h"

/*
 * *ret: the generic module of KEY's bus, for an index that has no alias of it for KEY. It ranks as
 * if it had the catch-all alias of its bus, or, on a bus whose catch-all is not known, last. Its
 * `alias` is NULL, and its `module` is KEY's own.
 *
 * Returns whether the catch-all would match KEY.
 */
bool generic_candidate(const struct modalias *key, struct candidate *ret);
