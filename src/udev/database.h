/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev database: the properties of a device. */
#pragma once

#include <stddef.h>

struct udev; /* of libudev */
struct udev_device;

/* Returns 0 and a handle to be closed with database_close(), or a negative errno. */
int database_open(struct udev **ret);
void database_close(struct udev *udev);

/* A property that is asked for. */
struct database_property {
        const char *key;
        char *ret; /* "" where the device has none, or where the value is longer */
        size_t size;
};

/* The syspath of UDEV_DEVICE, which belongs to it; NULL where it has none any more. */
const char *database_syspath(struct udev_device *udev_device);

/* Reads the properties that UDEV_DEVICE has by itself, of an event or of the database. */
void database_read_device(struct udev_device *udev_device, const struct database_property *wanted);

/*
 * Reads of the device at SYSPATH the properties WANTED, which end in a NULL key, all of
 * them as they are at one time. Returns 1; 0 where the database doesn't know the device, all RET
 * are "" then; -ENODEV where there is no such device; or another negative errno.
 */
int database_read(struct udev *udev, const char *syspath, const struct database_property *wanted);

enum database_state {
        DATABASE_MISSING, /* no udev has run here: a container */
        DATABASE_IDLE,    /* no udevd runs that would write to it */
        DATABASE_LIVE,
};

/* Is there a database, and does udevd run? */
enum database_state database_look(void);
