/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who else is in the IOMMU group of a device, and what that means for it. */
#pragma once

#include "vfio-variant-tool.h"

/* Space for any sysname or driver that is shown. */
#define MEMBER_NAME_SIZE 256

struct member {
        char sysname[MEMBER_NAME_SIZE]; /* "": there is none */
        char driver[MEMBER_NAME_SIZE];
};

struct members {
        unsigned n_others;
        struct member
                in_the_way;  /* the first of the others that keeps the group from being viable */
        struct member bound; /* the first of the others that a VFIO driver holds */
};

/* All that is known of them; where something can't be found out it is left out. */
void members_look(struct vfio_variant_device *device, struct members *ret);
