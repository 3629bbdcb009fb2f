/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buses, modules and drivers: their directories, and how they come. */
#include <errno.h>
#include <string.h>

#include "kernel.h"
#include "memory.h"
#include "node.h"

#define MODE_WRITE_ONLY 0200
#define MODE_READ_WRITE 0644

struct bus *bus_find(struct kernel *kernel, const char *name) {
        for (struct bus *bus = kernel->buses; bus; bus = bus->next)
                if (strcmp(bus->name, name) == 0)
                        return bus;
        return NULL;
}

struct bus *bus_add(struct kernel *kernel, const char *name) {
        struct node *directory = node_add_directory(node_make_path(kernel->root, "bus"), name);
        struct bus *bus = memory_new(sizeof(*bus));

        *bus = (struct bus){
                .name = memory_text(name),
                .devices = node_add_directory(directory, "devices"),
                .drivers = node_add_directory(directory, "drivers"),
                .next = kernel->buses,
        };
        (void)node_add_store(directory, "drivers_probe", MODE_WRITE_ONLY, store_drivers_probe, bus);
        (void)node_add_file(directory, "drivers_autoprobe", "1");
        kernel->buses = bus;
        return bus;
}

struct module *module_find(struct kernel *kernel, const char *name) {
        for (struct module *module = kernel->modules; module; module = module->next)
                if (strcmp(module->name, name) == 0)
                        return module;
        return NULL;
}

struct driver *driver_find(struct kernel *kernel, const char *name) {
        for (struct driver *driver = kernel->drivers; driver; driver = driver->next)
                if (strcmp(driver->name, name) == 0)
                        return driver;
        return NULL;
}

/* /sys/module/M/drivers/BUS:DRIVER, which module_add_driver() of drivers/base/module.c makes. */
static void link_module(const struct driver *driver) {
        struct node *drivers = node_make_path(driver->module->directory, "drivers");
        char *name = memory_format("%s:%s", driver->bus->name, driver->name);

        (void)node_add_link(driver->directory, "module", driver->module->directory);
        (void)node_add_link(drivers, name, driver->directory);
}

/* bus_add_driver() makes the link to the module after the devices, which cannot be seen here. */
void driver_register(struct kernel *kernel, struct driver *driver) {
        driver->directory = node_add_directory(driver->bus->drivers, driver->name);
        (void)node_add_store(driver->directory, "bind", MODE_WRITE_ONLY, store_bind, driver);
        (void)node_add_store(driver->directory, "unbind", MODE_WRITE_ONLY, store_unbind, driver);
        (void)node_add_store(driver->directory, "new_id", MODE_WRITE_ONLY, store_new_id, driver);
        if (driver->module)
                link_module(driver);
        for (struct device *device = kernel->devices; device; device = device->next)
                if (!device->driver && driver_matches(driver, device))
                        (void)driver_probe(kernel, driver, device);
}

int module_load(struct kernel *kernel, struct module *module) {
        if (module->directory)
                return -EEXIST;
        module->directory =
                node_add_directory(node_make_path(kernel->root, "module"), module->name);
        /* One that is built in has no state: kernel/module/sysfs.c */
        if (!module->builtin) {
                (void)node_add_file(module->directory, "initstate", "live");
                (void)node_add_file(module->directory, "refcnt", "0");
                (void)node_add_file(module->directory, "coresize", "16384");
        }
        (void)node_add_directory(module->directory, "holders");
        for (struct driver *driver = kernel->drivers; driver; driver = driver->next)
                if (driver->module == module)
                        driver_register(kernel, driver);
        return 0;
}

void kernel_reset(struct kernel *kernel) {
        while (kernel->root->children)
                node_remove(kernel->root->children);
        kernel->buses = NULL;
        kernel->modules = NULL;
        kernel->drivers = NULL;
        kernel->devices = NULL;
        kernel->orders = NULL;
        kernel->n_vfio = 0;
        (void)node_make_path(kernel->root, "bus");
        (void)node_make_path(kernel->root, "class");
        (void)node_make_path(kernel->root, "devices");
        (void)node_make_path(kernel->root, "module");
        (void)node_make_path(kernel->root, "kernel/iommu_groups");
}
