/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the library's opaque objects. */
#pragma once

#include "answer.h"
#include "bind.h"
#include "handle.h"
#include "vfio-variant-tag.h"
#include "vfio-variant-tool.h"
#include "vfio-variant.h"
#include "vfio_node.h"

struct udev;
struct udev_hwdb;

/* In the symbol map, and nothing else is seen outside of the shared library. */
#define _public_ __attribute__((visibility("default")))

#define MESSAGE_SIZE 1024

struct vfio_variant {
        unsigned n_refs;
        struct udev *udev;            /* NULL until it is needed */
        struct udev_hwdb *hwdb;       /* the same; NULL also where there is none */
        struct answer_source *source; /* the same */
        vfio_variant_log_fn on_log;
        void *log_userdata;
        bool told_damage; /* of the module index */
};

/* VFIO_VARIANT_*; "": not set. */
struct properties {
        char driver[NAME_SIZE], module[NAME_SIZE], fallback[NAME_SIZE], pin[NAME_SIZE];
        char alias[ALIAS_SIZE];
        char bind[sizeof("force")];
};

struct vfio_variant_device {
        unsigned n_refs;
        struct vfio_variant *context; /* is referred to */
        struct handle handle;
        char physfn[SYSNAME_SIZE]; /* of a virtual function; else "" */
        struct properties properties;
        enum vfio_variant_origin origin; /* of the driver in them */
        bool has_properties;             /* they were read, or set */
        /* For those who ask */
        char *strings[VFIO_VARIANT_GROUP_CULPRIT + 1];
        char objection[FINDING_SIZE], override[DRIVER_SIZE];
        char shown_sysname[SYSNAME_SIZE], shown_modalias[HANDLE_MODALIAS_SIZE];
};

struct vfio_variant_report {
        struct bind_report report;
        bool had_vfio;
        char asked[NAME_SIZE]; /* the driver, before its module was there to say its name */
};

/* Tells whom the context tells of such things; what is not printable is `?`. */
void context_log_parts(const struct vfio_variant *context, int priority, const char *const *parts);
#define context_log(context, priority, ...)                                                        \
        context_log_parts(context, priority, (const char *[]){__VA_ARGS__, NULL})

/* Once, where a file of the module index that was read is damaged. */
void context_tell_damage(struct vfio_variant *context);

/* Each opens what it is named for unless it is open. Return 0 or a negative errno. */
int context_open_udev(struct vfio_variant *context);
int context_open_hwdb(struct vfio_variant *context);
int context_open_source(struct vfio_variant *context);

/* Takes the properties from UDEV_DEVICE, or with NULL from the database. Returns as
 * vfio_variant_device_read_database(). */
int properties_read(struct vfio_variant_device *device, struct udev_device *udev_device);

/* vfio_variant_device_look_up(), whose outcome is put into *ret. */
int properties_look_up(struct vfio_variant_device *device, const char *pin, struct properties *ret);

/* Takes DEVICE_FD over, which may be a negative errno. */
int device_new(struct vfio_variant *context, int device_fd, struct vfio_variant_device **ret);

/* R, of a question of DEVICE's folder: -ENOENT is made -ENODEV where the device is gone, else
 * -ENODATA. */
int device_answer(const struct vfio_variant_device *device, int r);

/* The enum vfio_variant_type, or a negative errno; *ret, if not NULL: how that is known. */
int device_type(struct vfio_variant_device *device, enum vfio_variant_evidence *ret);

/* By base and sub-class in its modalias: PCI Code and ID Assignment, 1.7 and 1.9. The rules leave
 * bridges out by that. */
bool device_is_of_bridge_class(const struct vfio_variant_device *device);
bool device_is_of_iommu_class(const struct vfio_variant_device *device);

/* VFIO_VARIANT_BREAKS_GROUP, _GROUP_CULPRIT and _GROUP_IS_VIABLE. */
int device_breaks_group(struct vfio_variant_device *device);
int group_culprit(struct vfio_variant_device *device, char ret[SYSNAME_SIZE]);
int group_is_viable(struct vfio_variant_device *device);

/* Makes sure that the pin is among the properties, if there is one: as the database has it, or,
 * where that has no answer, the hwdb. Returns 0, or -ENODEV where the device is gone. */
int properties_need_pin(struct vfio_variant_device *device);

/* Copies TEXT to RET of SIZE bytes, with a `?` for what is not printable ASCII. */
void show_text(char *ret, size_t size, const char *text);

/* Space for a reason: a clause, with up to three names and the place of a line. */
#define REASON_SIZE 768

/* What the reason of a candidate is made of. */
struct reason {
        const struct candidate *candidate;
        enum answer_verdict verdict;
        enum vfio_variant_rule rule;
        const char *banned; /* as struct answer_candidate has them */
        enum policy_ban ban;
        const char *pin_place; /* of the line in the hwdb that pins it; "": not known */
};

/* The reason for a person: "won: ...", "out: ..."; with FILE:LINE or the parameter that it is by.
 */
void reason_write(const struct reason *reason, char ret[REASON_SIZE]);

/* The place in the hwdb files that pins PIN for DEVICE, or "". */
void tags_find_pin(const struct vfio_variant_device *device, const char *pin,
                   char ret[TAG_KEY_SIZE]);
