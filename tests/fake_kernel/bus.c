/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which driver gets which device, and what is written to decide it.
 *
 * Source: drivers/base/{bus,dd,driver}.c and drivers/pci/pci-driver.c of Linux 6.12.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "memory.h"
#include "node.h"

/* PAGE_SIZE bounds what an attribute shows, newline included: driver_set_override() */
#define OVERRIDE_SIZE 4095

static bool has_id(const struct driver *driver, const struct device *device) {
        for (int i = 0; i < driver->n_ids; i++)
                if (fnmatch(driver->ids[i], device->modalias, 0) == 0)
                        return true;
        return false;
}

/* pci_match_device(): an override decides alone; ids for an override only don't count without. */
bool driver_matches(const struct driver *driver, const struct device *device) {
        if (driver->bus != device->bus || !driver->directory)
                return false;
        if (device->override)
                return strcmp(device->override, driver->name) == 0;
        return driver->vfio == VFIO_NO && has_id(driver, device);
}

/* really_probe(): links first, so that they are there when the driver makes its own. */
int driver_probe(struct kernel *kernel, struct driver *driver, struct device *device) {
        if (driver->refusal)
                return driver->refusal;
        device->driver = driver;
        (void)node_add_link(device->directory, "driver", driver->directory);
        (void)node_add_link(driver->directory, device->name, device->directory);
        if (driver->vfio == VFIO_NO)
                device_add_children(kernel, device);
        else
                device_add_vfio_dev(kernel, device, driver->vfio);
        device_show_uevent(device);
        return 0;
}

void device_attach(struct kernel *kernel, struct device *device) {
        for (struct driver *driver = kernel->drivers; driver && !device->driver;
             driver = driver->next)
                if (driver_matches(driver, device))
                        (void)driver_probe(kernel, driver, device);
}

void device_detach(struct kernel *kernel, struct device *device) {
        struct driver *driver = device->driver;

        if (!driver)
                return;
        device_remove_children(kernel, device);
        device_remove_vfio_dev(kernel, device);
        node_remove(node_find(device->directory, "driver"));
        node_remove(node_find(driver->directory, device->name));
        device->driver = NULL;
        device_show_uevent(device);
}

int store_unbind(struct kernel *kernel, void *owner, const char *value) {
        struct driver *driver = owner;
        struct device *device = device_find_on_bus(kernel, driver->bus, value);

        if (!device || device->driver != driver)
                return -ENODEV;
        kernel->touched = device;
        device_detach(kernel, device);
        return 0;
}

/* bind_store(), and device_driver_attach() for a device that has a driver. */
int store_bind(struct kernel *kernel, void *owner, const char *value) {
        struct driver *driver = owner;
        struct device *device = device_find_on_bus(kernel, driver->bus, value);

        if (!device || !driver_matches(driver, device))
                return -ENODEV;
        if (device->driver)
                return -EBUSY;
        kernel->touched = device;
        return driver_probe(kernel, driver, device);
}

/* Success says nothing of whether any driver took the device. */
int store_drivers_probe(struct kernel *kernel, void *owner, const char *value) {
        struct device *device = device_find_on_bus(kernel, owner, value);

        if (!device)
                return -ENODEV;
        if (device->driver)
                return 0;
        kernel->touched = device;
        device_attach(kernel, device);
        return 0;
}

/* Up to the first newline; nothing before it clears it. */
int store_driver_override(struct kernel *kernel, void *owner, const char *value) {
        struct device *device = owner;
        size_t length = strcspn(value, "\n");

        if (strlen(value) >= OVERRIDE_SIZE)
                return -EINVAL;
        kernel->touched = device;
        free(device->override);
        device->override = length > 0 ? memory_format("%.*s", (int)length, value) : NULL;
        node_set_text(device->override_file, device->override ? device->override : "(null)");
        return 0;
}

/* "8086 10d3": that driver takes each free device of these ids at once: so this must not be
 * written. */
int store_new_id(struct kernel *kernel, void *owner, const char *value) {
        struct driver *driver = owner;
        char *rest, *id;
        unsigned long vendor = strtoul(value, &rest, 16);
        unsigned long model = strtoul(rest, &rest, 16);

        if (!vendor || !model)
                return -EINVAL;
        id = memory_format("pci:v%08lXd%08lX*", vendor, model);
        for (struct device *device = kernel->devices; device; device = device->next)
                if (device->bus == driver->bus && !device->driver && !device->override &&
                    fnmatch(id, device->modalias, 0) == 0) {
                        kernel->touched = device;
                        (void)driver_probe(kernel, driver, device);
                }
        free(id);
        return 0;
}

/* kobject_synth_uevent() takes an action, and after a space what is of no interest here. */
int store_uevent(struct kernel *kernel, void *owner, const char *value) {
        static const char *const actions[] = {"add",    "remove",  "change", "move",
                                              "online", "offline", "bind",   "unbind"};
        size_t length = strcspn(value, " \n");

        kernel->touched = owner;
        for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
                if (strlen(actions[i]) == length && strncmp(value, actions[i], length) == 0)
                        return 0;
        return -EINVAL;
}
