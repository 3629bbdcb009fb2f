/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fake kernel: buses, modules, drivers and devices, and the rules by which they find together.
 *
 * The rules are those of Linux 6.12: drivers/base/{bus,dd,driver}.c, drivers/pci/pci-driver.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "words.h"

struct node;
struct order;

struct bus {
        char *name;
        struct node *devices, *drivers; /* the directories */
        struct bus *next;
};

struct module {
        char *name;
        bool builtin;
        struct node *directory; /* NULL: it is not loaded */
        struct module *next;
};

/* What a device's directory says once the driver is bound to it. */
enum vfio {
        VFIO_NO,
        VFIO_OLD,  /* before Linux 6.1: nothing */
        VFIO_DEV,  /* vfio-dev/vfioN */
        VFIO_CDEV, /* vfio-dev/vfioN/dev as well */
};

struct driver {
        struct bus *bus;
        struct module *module; /* NULL: built in, and no module's name is known */
        char *name;
        char **ids; /* globs of modaliases; a VFIO driver's are for an override only */
        int n_ids;
        enum vfio vfio;
        int refusal; /* what its probe returns instead of taking a device; 0: it takes it */
        struct node *directory; /* NULL: its module is not loaded */
        struct driver *next;
};

/* What a native driver makes below the device's directory while it is bound to it: a disk, an
 * interface.
 */
struct child {
        char *class, *path; /* "block", "nvme/nvme0/nvme0n1" */
        struct words words; /* "dev=259:0", "holders/dm-0" */
        struct child *next;
};

struct device {
        struct bus *bus;
        char *name;
        unsigned serial; /* tells it from others that had, or will have, its name */
        char *modalias, *group;
        char *override; /* NULL: none */
        struct driver *driver;
        struct node *directory, *override_file, *vfio_dev;
        struct child *children;
        struct words words; /* of its description */
        struct device *next;
};

struct kernel {
        struct node *root;
        struct bus *buses;
        struct module *modules;
        struct driver *drivers;
        struct device *devices;
        struct order *orders;
        unsigned n_devices, n_vfio;
        unsigned long n_requests, n_steps; /* of the latter: no writes */
        const struct device *touched;      /* by the write that is being done */
        FILE *log;
};

/* --- bus.c: which driver is bound to which device --- */

/* The driver that would take the device by its ids or override: driver_match_device(). */
bool driver_matches(const struct driver *driver, const struct device *device);

/* Has the driver probe the device, which no driver holds. Returns 0 or its refusal. */
int driver_probe(struct kernel *kernel, struct driver *driver, struct device *device);

/* Offers the device to each driver of its bus, until one takes it: device_attach(). */
void device_attach(struct kernel *kernel, struct device *device);

/* Takes the device from its driver, if it has one. */
void device_detach(struct kernel *kernel, struct device *device);

/* The attributes: owner is the driver, the driver, the driver, the bus, the device. */
int store_bind(struct kernel *kernel, void *owner, const char *value);
int store_unbind(struct kernel *kernel, void *owner, const char *value);
int store_new_id(struct kernel *kernel, void *owner, const char *value);
int store_drivers_probe(struct kernel *kernel, void *owner, const char *value);
int store_driver_override(struct kernel *kernel, void *owner, const char *value);

/* Any device's uevent file: the action that is asked for must be one. */
int store_uevent(struct kernel *kernel, void *owner, const char *value);

/* --- things.c: what comes and goes --- */

struct bus *bus_find(struct kernel *kernel, const char *name);
struct bus *bus_add(struct kernel *kernel, const char *name);
struct module *module_find(struct kernel *kernel, const char *name);
struct driver *driver_find(struct kernel *kernel, const char *name);
struct device *device_find(struct kernel *kernel, const char *name);

/* The same of one bus, as the kernel looks for what is written to an attribute: sysfs_streq(). */
struct device *device_find_on_bus(struct kernel *kernel, const struct bus *bus, const char *value);

/* Loads a module: its drivers come and take what waits for them. Returns 0 or a negative errno. */
int module_load(struct kernel *kernel, struct module *module);

/* The driver comes: its directory, and devices that it takes. */
void driver_register(struct kernel *kernel, struct driver *driver);

/* What a device's driver makes below it, and takes away with it. */
void device_add_children(struct kernel *kernel, struct device *device);
void device_remove_children(struct kernel *kernel, struct device *device);
void device_add_vfio_dev(struct kernel *kernel, struct device *device, enum vfio vfio);
void device_remove_vfio_dev(struct kernel *kernel, struct device *device);

/* The device is pulled out. */
void device_remove(struct kernel *kernel, struct device *device);

/* Forgets all, orders too; a program that has something open finds it removed. */
void kernel_reset(struct kernel *kernel);

/* --- world.c --- */

/*
 * Does one line of a description, or one command. Returns 0, or a negative errno where it is none:
 * *ret_answer, to be freed, is then what is wrong with it; else what it has to say, or NULL.
 */
int world_line(struct kernel *kernel, const char *line, char **ret_answer);
