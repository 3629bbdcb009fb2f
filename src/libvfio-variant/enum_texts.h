/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The texts of each enum of the public header, beside their names. */
#pragma once

#include "vfio-variant.h"

/* Returns the verdict with its reason; "" if the reason depends on the candidate. */
const char *verdict_clause(enum vfio_variant_verdict verdict);

/* Why a candidate ranks above the next. */
const char *rule_clause(enum vfio_variant_rule rule);
