/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the library's opaque objects. */
#pragma once

#include "answer.h"
#include "bind.h"
#include "handle.h"
#include "vfio-variant.h"
#include "vfio_node.h"

struct udev;
struct udev_hwdb;

#define SUBJECT_SIZE 512

struct vfio_variant {
        unsigned n_refs;
        struct udev *udev;            /* NULL until it is needed */
        struct udev_hwdb *hwdb;       /* the same; NULL also where there is none */
        struct answer_source *source; /* the same */
        void (*on_wait)(const char *what, void *userdata);
        void *wait_userdata;
        char subject[SUBJECT_SIZE];
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
        /* Copies for those who ask */
        char shown_sysname[SYSNAME_SIZE], shown_modalias[HANDLE_MODALIAS_SIZE];
        char driver[DRIVER_SIZE];
        char group_node[NODE_SIZE], cdev[NODE_SIZE];
};

struct vfio_variant_report {
        struct bind_report report;
        bool had_vfio;
        char asked[NAME_SIZE]; /* the driver, before its module was there to say its name */
};

/* What the next failure is at; what is too long is cut, and what is not printable is `?`. */
void context_set_subject(struct vfio_variant *context, const char *const *parts);
#define context_subject(context, ...)                                                              \
        context_set_subject(context, (const char *[]){__VA_ARGS__, NULL})

/* Each opens what it is named for unless it is open. Return 0 or a negative errno. */
int context_open_udev(struct vfio_variant *context);
int context_open_hwdb(struct vfio_variant *context);
int context_open_source(struct vfio_variant *context);

/* The compiled hwdb is another now. */
void context_close_hwdb(struct vfio_variant *context);

/* Copies TEXT to RET of SIZE bytes, with a `?` for what is not printable ASCII. */
void show_text(char *ret, size_t size, const char *text);
