/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generic VFIO module of a bus as a candidate. */
#include "generic.h"

#include "alias.h"
#include "bus.h"

bool generic_candidate(const struct modalias *key, struct candidate *ret) {
        const struct bus *bus = bus_find(modalias_bus(key));

        *ret = (struct candidate){
                .module = key->generic,
                .origin = VFIO_VARIANT_CANDIDATE_GENERIC,
                .priority = UINT32_MAX,
                .wildcards = UINT16_MAX,
        };
        if (!bus)
                return true;
        alias_count(bus->catch_all, &ret->wildcards, &ret->literals);
        return alias_match(bus->catch_all, key);
}
