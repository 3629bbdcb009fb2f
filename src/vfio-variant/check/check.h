/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: what its parts share. */
#pragma once

#include <stdbool.h>

#include "findings.h"
#include "hwdb_files.h"
#include "image_path.h"
#include "initramfs_image.h"
#include "libvirt_domains.h"
#include "property.h"
#include "vfio-variant.h"

/* How the hwdb is compiled, with hwdb_compile_command(), so that udevd reads it for the very next
 * event. */
#define CHECK_COMPILE "run `%s && udevadm control --reload`"

struct check {
        struct vfio_variant *context;
        struct findings findings;
        size_t n_devices;
        bool is_reading_tag; /* warnings of the library are about the hwdb records of a device */
        /* Of the host; consequences are not reported again for each device */
        bool has_iommu;
        bool has_index;
        bool has_database; /* of udev; a container has none */
        bool has_choices;  /* udev runs the rules, and keeps their properties */
        bool is_disabled;  /* a file of rules is: no tagged device is bound */
        /* Of the device that is being checked: other members block its IOMMU group */
        bool is_group_blocked;
        bool has_tagged; /* a device, of those that were checked */
        /* The image that the kernel boots with, read when it is first needed */
        bool is_image_read;
        bool has_image;        /* it could be read */
        bool is_image_current; /* it has the tags of the system */
        char image_path[IMAGE_PATH_SIZE];
        struct boot_image image;
        /* Of libvirt, read when the first device is checked */
        bool is_libvirt_read;
        struct libvirt libvirt;
};

/* Longer than any value of them. */
#define PROPERTY_SIZE 1024

/* A device and its properties. Strings are "" if there is none. */
struct subject {
        struct vfio_variant_device *device;
        const char *sysname, *syspath;
        int known;                                         /* to the udev database: 1, 0, -errno */
        char database[N_CHOICE_PROPERTIES][PROPERTY_SIZE]; /* as in that */
        char now[N_CHOICE_PROPERTIES][PROPERTY_SIZE];      /* as in the hwdb and the index */
        int looked_up;                                     /* as vfio_variant_device_look_up() */
        bool is_tagged, is_forced;                         /* by the hwdb */
        int type;                                          /* enum vfio_variant_type, or below 0 */
        const char *driver;                                /* the current one */
};

/* Reads the properties of DEVICE. The caller keeps the reference. */
void subject_read(struct check *check, struct vfio_variant_device *device, struct subject *ret);

/* Whether it is tagged, bound to a VFIO driver, or being unbound. */
bool subject_is_for_guest(const struct subject *subject);

/* Whether both are functions of one PCI device: only the part after the dot differs. */
bool is_of_one_card(const char *a, const char *b);

/* Advises, of the finding that was added last, the `bind` that would not be refused at this moment,
 * with PURPOSE (" to ...", or "") after it; or what prevents it. */
void advise_bind(struct check *check, const struct subject *subject, const char *purpose);

/* Advises, of an IOMMU group that functions of the same card keep from being viable, to bind these
 * as well; or what prevents that. */
void advise_group(struct check *check, const struct subject *subject);

/* Adds a finding if the device is being unbound. Then nothing else of it is checked: on Linux
 * 6.1 a read of `uevent` or `driver_override` waits as well. */
bool check_unbinding(struct check *check, const struct subject *subject);

/* Each adds its findings. */
void check_host(struct check *check);
void check_iommu(struct check *check);
void check_choice(struct check *check, const struct subject *subject);
void check_database(struct check *check, const struct subject *subject);
void check_group(struct check *check, const struct subject *subject);
void check_binding(struct check *check, const struct subject *subject);
void check_unbound_nvme(struct check *check, const struct subject *subject);
void check_libvirt(struct check *check, const struct subject *subject);
void check_image(struct check *check, const struct subject *subject);

/* Whether an initramfs image still has a tag that was removed. After all devices. */
void check_untagged_image(struct check *check);
