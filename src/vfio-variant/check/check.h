/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: what its parts share. */
#pragma once

#include <stdbool.h>

#include "findings.h"
#include "initramfs_image.h"
#include "vfio-variant.h"

/* How the hwdb is compiled, so that udevd reads it for the very next event. */
#define CHECK_COMPILE "run `systemd-hwdb update && udevadm control --reload`"

struct check {
        struct vfio_variant *context;
        struct findings findings;
        size_t n_devices;
        bool is_reading_tag; /* of a device: what the library tells now is of its hwdb records */
        /* Of the host; what follows from it is not said again of each device */
        bool has_iommu;
        bool has_index;
        bool has_database; /* of udev; a container has none */
        bool has_choices;  /* udev runs our rules, and keeps what they say */
        /* Of the device that is looked at: others in its IOMMU group are in the way */
        bool is_group_blocked;
        /* The image that the kernel boots with, read when it is first needed */
        bool is_image_read;
        bool has_image; /* it could be read */
        char image_path[BOOT_PATH_SIZE];
        struct boot_image image;
};

/* The properties that are compared. */
enum property {
        PROPERTY_DRIVER,
        PROPERTY_MODULE,
        PROPERTY_ALIAS,
        PROPERTY_FALLBACK,
        PROPERTY_BIND,
        PROPERTY_PIN,
        N_PROPERTIES,
};

/* Longer than any value of them. */
#define PROPERTY_SIZE 1024

/* A device, and what is known of it. Strings are "" where there is none. */
struct subject {
        struct vfio_variant_device *device;
        const char *sysname, *syspath;
        int known;                                  /* to the udev database: 1, 0, -errno */
        char database[N_PROPERTIES][PROPERTY_SIZE]; /* what that says */
        char now[N_PROPERTIES][PROPERTY_SIZE];      /* what the hwdb and the index say */
        int looked_up;                              /* as vfio_variant_device_look_up() */
        bool is_tagged, is_forced;                  /* by the hwdb */
        int type;                                   /* enum vfio_variant_type, or below 0 */
        const char *holder;
};

/* "VFIO_VARIANT_DRIVER". Static. */
const char *property_name(enum property property);

/* Finds out what is known of DEVICE, which stays the caller's. */
void subject_read(struct check *check, struct vfio_variant_device *device, struct subject *ret);

/* Is it one that a guest has, or is to have? */
bool subject_is_for_guest(const struct subject *subject);

/* Are both functions of one PCI device: the same but for what follows the dot? */
bool is_of_one_card(const char *a, const char *b);

/* Advises, of the finding that was added last, the `bind` that would not be refused at this moment,
 * with PURPOSE (" to ...", or "") after it; or what has to end before. */
void advise_bind(struct check *check, const struct subject *subject, const char *purpose);

/* Advises, of an IOMMU group that functions of the same card keep from being viable, to bind these
 * as well; or what prevents that. */
void advise_group(struct check *check, const struct subject *subject);

/* Each adds what it finds. */
void check_host(struct check *check);
void check_iommu(struct check *check);
void check_choice(struct check *check, const struct subject *subject);
void check_database(struct check *check, const struct subject *subject);
void check_group(struct check *check, const struct subject *subject);
void check_binding(struct check *check, const struct subject *subject);
void check_stray(struct check *check, const struct subject *subject);
void check_image(struct check *check, const struct subject *subject);
