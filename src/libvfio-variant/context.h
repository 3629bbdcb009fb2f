/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The context: what is opened once and serves all devices. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "choice.h"
#include "device_handle.h"
#include "index.h"
#include "public.h"

struct udev;
struct udev_hwdb;

#define MESSAGE_SIZE 1024

/* No name in pci.ids is as long. A longer name is truncated, and a longer value is ignored. */
#define NAME_LENGTH      255
#define NAMES_VALUE_SIZE 512

/* The names in the hwdb of the devices with MODALIAS. */
struct hwdb_names {
        char modalias[HANDLE_MODALIAS_SIZE];
        char vendor[NAMES_VALUE_SIZE], model[NAMES_VALUE_SIZE];
};

struct vfio_variant {
        unsigned n_refs;
        struct udev *udev;       /* NULL until it is used */
        struct udev_hwdb *hwdb;  /* NULL until it is used, and if there is none */
        struct hwdb_names names; /* of the device that was looked up last */
        struct choice_source *source;
        struct snapshot *snapshot; /* of the host; NULL: the guards read it for each device */
        vfio_variant_log_fn on_log;
        void *log_userdata;
        bool is_damage_logged; /* of the module index */
        char module_directory[INDEX_DIRECTORY_SIZE];
};

/* Each opens what it is named after unless it is open. Return 0 or a negative errno. */
int context_open_udev(struct vfio_variant *context);
int context_open_hwdb(struct vfio_variant *context);
int context_open_source(struct vfio_variant *context);

/* To be called after the hwdb was compiled. */
void context_close_hwdb(struct vfio_variant *context);

void context_drop_snapshot(struct vfio_variant *context);

/* Calls the function of vfio_variant_set_log() with the parts, as copy_printable() writes them. */
void context_log_parts(const struct vfio_variant *context, int priority, const char *const *parts);
#define context_log(context, priority, ...)                                                        \
        context_log_parts(context, priority, (const char *[]){__VA_ARGS__, NULL})

/* Logs once if a file of the module index that was read is damaged. */
void context_log_damage(struct vfio_variant *context);

/* Copies TEXT to RET of SIZE bytes; `?` replaces what is not printable ASCII. */
void copy_printable(char *ret, size_t size, const char *text);
