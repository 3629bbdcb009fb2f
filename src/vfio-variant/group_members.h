/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other members of a device's IOMMU group, and what they mean for it. */
#pragma once

#include "vfio-variant.h"

/* Space for any sysname or driver. */
#define MEMBER_NAME_SIZE 256

struct member {
        char sysname[MEMBER_NAME_SIZE]; /* "": there is none */
        char driver[MEMBER_NAME_SIZE];
};

struct members {
        unsigned n_others;
        struct member blocking; /* the first of the others that keeps the group from being viable */
        struct member bound;    /* the first of the others that is bound to a VFIO driver */
};

/* Reads them. What cannot be determined is omitted. */
void members_read(struct vfio_variant_device *device, struct members *ret);
