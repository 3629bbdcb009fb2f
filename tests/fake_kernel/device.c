/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices: their directory with all that the bus shows of them. */
#include "device.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "node.h"

#define MODE_READ_WRITE 0644

/* PCI_HEADER_TYPE of pci_regs.h; a configuration space without extensions */
#define CONFIG_SIZE   256
#define CONFIG_VENDOR 0x00
#define CONFIG_DEVICE 0x02
#define CONFIG_CLASS  0x09
#define CONFIG_HEADER 0x0e

struct device *device_find(struct kernel *kernel, const char *name) {
        for (struct device *device = kernel->devices; device; device = device->next)
                if (strcmp(device->name, name) == 0)
                        return device;
        return NULL;
}

struct device *device_find_on_bus(struct kernel *kernel, const struct bus *bus, const char *value) {
        size_t length = strlen(value);
        char *name;
        struct device *device;

        if (length > 0 && value[length - 1] == '\n')
                length--;
        name = memory_format("%.*s", (int)length, value);
        device = device_find(kernel, name);
        free(name);
        return device && device->bus == bus ? device : NULL;
}

/* The hexadecimal number after the characters KEY of "pci:v00008086d000010D3..."; 0 where none is.
 */
static unsigned long modalias_number(const char *modalias, const char *key, size_t digits) {
        const char *found = strchr(modalias, ':');
        char text[9] = "";

        found = found ? strstr(found, key) : NULL;
        if (found)
                memcpy(text, found + strlen(key), strnlen(found + strlen(key), digits));
        return strtoul(text, NULL, 16);
}

static unsigned long modalias_class(const char *modalias) {
        return modalias_number(modalias, "bc", 2) << 16 | modalias_number(modalias, "sc", 2) << 8 |
               modalias_number(modalias, "i", 2);
}

static void add_number(struct node *directory, const char *name, int digits, unsigned long value) {
        char *text = memory_format("0x%0*lx", digits, value);

        (void)node_add_file(directory, name, text);
        free(text);
}

static void put_bytes(uint8_t *to, unsigned long value, int n) {
        for (int i = 0; i < n; i++)
                to[i] = (uint8_t)(value >> 8 * i);
}

/* What drivers/pci/pci-sysfs.c shows, as far as anybody asks. */
static void add_pci_attributes(const struct device *device, const struct words *words) {
        unsigned long vendor = modalias_number(device->modalias, "v", 8);
        unsigned long model = modalias_number(device->modalias, "d", 8);
        unsigned long class = modalias_class(device->modalias);
        long header = words_number(words_value(words, "header"));
        const char *boot_vga = words_value(words, "boot_vga");
        uint8_t config[CONFIG_SIZE] = {0};

        add_number(device->directory, "vendor", 4, vendor);
        add_number(device->directory, "device", 4, model);
        add_number(device->directory, "class", 6, class);
        put_bytes(config + CONFIG_VENDOR, vendor, 2);
        put_bytes(config + CONFIG_DEVICE, model, 2);
        put_bytes(config + CONFIG_CLASS, class, 3);
        config[CONFIG_HEADER] = header > 0 ? (uint8_t)header : 0;
        (void)node_add_bytes(device->directory, "config", config, sizeof(config));
        if (boot_vga)
                (void)node_add_file(device->directory, "boot_vga", boot_vga);
}

/* iommu_group_add_device() of drivers/iommu/iommu.c */
static void add_to_group(struct kernel *kernel, struct device *device) {
        char *path = memory_format("kernel/iommu_groups/%s", device->group);
        struct node *group = node_make_path(kernel->root, path);

        free(path);
        if (!node_find(group, "type"))
                (void)node_add_file(group, "type", "DMA");
        (void)node_add_link(node_make_path(group, "devices"), device->name, device->directory);
        (void)node_add_link(device->directory, "iommu_group", group);
}

void device_show_uevent(struct device *device) {
        char *text = memory_format("%s%s%sMODALIAS=%s", device->driver ? "DRIVER=" : "",
                                   device->driver ? device->driver->name : "",
                                   device->driver ? "\n" : "", device->modalias);

        node_set_text(node_find(device->directory, "uevent"), text);
        free(text);
}

static void fill_directory(struct kernel *kernel, struct device *device,
                           const struct words *words) {
        struct device *physfn = NULL;
        const char *name = words_value(words, "physfn");

        (void)node_add_file(device->directory, "modalias", device->modalias);
        device->override_file = node_add_store(device->directory, "driver_override",
                                               MODE_READ_WRITE, store_driver_override, device);
        node_set_text(device->override_file, device->override ? device->override : "(null)");
        (void)node_add_store(device->directory, "uevent", MODE_READ_WRITE, store_uevent, device);
        device_show_uevent(device);
        (void)node_add_link(device->directory, "subsystem", device->bus->devices->parent);
        (void)node_add_link(device->bus->devices, device->name, device->directory);
        if (strcmp(device->bus->name, "pci") == 0)
                add_pci_attributes(device, words);
        if (device->group)
                add_to_group(kernel, device);
        if (name)
                physfn = device_find(kernel, name);
        if (physfn)
                (void)node_add_link(device->directory, "physfn", physfn->directory);
}

static void append(struct kernel *kernel, struct device *device) {
        struct device **last = &kernel->devices;

        while (*last)
                last = &(*last)->next;
        *last = device;
}

static char *text_or_null(const char *text) {
        return text && *text ? memory_text(text) : NULL;
}

int device_add(struct kernel *kernel, const struct words *words) {
        const char *modalias = words_value(words, "modalias"), *at = words_value(words, "at");
        struct bus *bus = words->n > 2 ? bus_find(kernel, words->word[1]) : NULL;
        struct device *device;
        struct node *parent;

        if (!bus || !modalias || device_find(kernel, words->word[2]))
                return -EINVAL;
        device = memory_new(sizeof(*device));
        *device = (struct device){
                .bus = bus,
                .name = memory_text(words->word[2]),
                .serial = ++kernel->n_devices,
                .modalias = memory_text(modalias),
                .group = text_or_null(words_value(words, "group")),
                .override = text_or_null(words_value(words, "override")),
                .words = *words,
        };
        parent = node_make_path(node_find(kernel->root, "devices"), at ? at : "pci0000:00");
        device->directory = node_add_directory(parent, device->name);
        append(kernel, device);
        fill_directory(kernel, device, words);
        if (!words_have(words, "unbound"))
                device_attach(kernel, device);
        return 0;
}

/* bus_remove_device(), device_del(): the directory's links go before the driver does. */
void device_remove(struct kernel *kernel, struct device *device) {
        struct device **place = &kernel->devices;
        char *path;

        node_remove(node_find(device->bus->devices, device->name));
        device_detach(kernel, device);
        if (device->group) {
                path = memory_format("kernel/iommu_groups/%s/devices/%s", device->group,
                                     device->name);
                node_remove(node_find_path(kernel->root, path));
                free(path);
        }
        node_remove(device->directory);
        while (*place != device)
                place = &(*place)->next;
        *place = device->next;
}
