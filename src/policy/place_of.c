/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the lines that decide about a module or a device. */
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmdline.h"
#include "name.h"
#include "place.h"
#include "text.h"

/* The line to find. */
struct wanted {
        const char *name, *module;
        unsigned vendor, device;
        char *ret;
};

static int copy_place(const struct place *place, const struct wanted *wanted) {
        (void)text_put(wanted->ret, PLACE_SIZE, place->text);
        return 1;
}

static int match_blacklist(const struct place *place, void *userdata) {
        const struct wanted *wanted = userdata;

        return streq(place->command, "blacklist") && streq(place->argument, wanted->module)
                       ? copy_place(place, wanted)
                       : 0;
}

int place_of_blacklist(const char *const *directories, const char *module, char ret[PLACE_SIZE]) {
        struct wanted wanted = {.module = module, .ret = ret};

        return place_each(directories, match_blacklist, &wanted);
}

/* libkmod takes the name as a pattern, and uses the first line that matches. */
static int match_install(const struct place *place, void *userdata) {
        const struct wanted *wanted = userdata;

        return streq(place->command, "install") && *place->rest &&
                               fnmatch(place->argument, wanted->module, 0) == 0
                       ? copy_place(place, wanted)
                       : 0;
}

int place_of_install(const char *const *directories, const char *module, char ret[PLACE_SIZE]) {
        struct wanted wanted = {.module = module, .ret = ret};

        return place_each(directories, match_install, &wanted);
}

/* Is MODULE the first word of REST? `-` and `_` are the same character. */
static bool names_module(const char *rest, const char *module) {
        size_t length = strcspn(rest, "\t ");

        return length == strlen(module) && text_begins_with_name(rest, length, module);
}

static int match_alias(const struct place *place, void *userdata) {
        const struct wanted *wanted = userdata;

        return streq(place->command, "alias") && streq(place->argument, wanted->name) &&
                               names_module(place->rest, wanted->module)
                       ? copy_place(place, wanted)
                       : 0;
}

int place_of_alias(const char *const *directories, const char *alias, const char *module,
                   char ret[PLACE_SIZE]) {
        struct wanted wanted = {.name = alias, .module = module, .ret = ret};

        return place_each(directories, match_alias, &wanted);
}

static int match_alias_for(const struct place *place, void *userdata) {
        const struct wanted *wanted = userdata;

        return streq(place->command, "alias") && fnmatch(place->argument, wanted->name, 0) == 0 &&
                               names_module(place->rest, wanted->module)
                       ? copy_place(place, wanted)
                       : 0;
}

int place_of_alias_for(const char *const *directories, const char *modalias, const char *module,
                       char ret[PLACE_SIZE]) {
        struct wanted wanted = {.name = modalias, .module = module, .ret = ret};

        return place_each(directories, match_alias_for, &wanted);
}

/* Returns the hexadecimal number at *AT, as sscanf(3) reads "%x" in the kernel, and moves *AT past
 * it. */
static unsigned take_hex(const char **at) {
        if ((*at)[0] == '0' && ((*at)[1] == 'x' || (*at)[1] == 'X'))
                *at += 2;
        return text_take_number(at, 16);
}

/*
 * Does IDS, "VENDOR:DEVICE[:...][,...]", contain the device? Source: vfio_pci_fill_ids() in
 * drivers/vfio/pci/vfio_pci.c of the kernel.
 */
static bool has_id(const char *ids, unsigned vendor, unsigned device) {
        while (*ids && !text_is_blank(*ids)) {
                bool is_vendor = take_hex(&ids) == vendor;

                if (*ids == ':') {
                        ids++;
                        if (take_hex(&ids) == device && is_vendor)
                                return true;
                }
                ids += strcspn(ids, ", \t");
                ids += *ids == ',';
        }
        return false;
}

static int match_ids(const struct place *place, void *userdata) {
        const struct wanted *wanted = userdata;
        const char *word = place->rest;

        if (!streq(place->command, "options") || !streq(place->argument, wanted->module))
                return 0;
        for (; *word; word += strspn(word, "\t ")) {
                if (startswith(word, "ids=") &&
                    has_id(word + strlen("ids="), wanted->vendor, wanted->device))
                        return copy_place(place, wanted);
                word += strcspn(word, "\t ");
        }
        return 0;
}

/* do_pci_entry() in scripts/mod/file2alias.c of the kernel: "v%08X" and "d%08X" */
#define ID_DIGITS 8

/* *ret: vendor and device of "pci:v00008086d000010D3sv...". Returns false if MODALIAS has none. */
static bool read_id(const char *modalias, struct wanted *ret) {
        char vendor[ID_DIGITS + 1], device[ID_DIGITS + 1];
        const char *at = vendor;

        if (fnmatch("pci:v????????d????????sv*", modalias, 0) != 0)
                return false;
        modalias += strlen("pci:v");
        (void)snprintf(vendor, sizeof(vendor), "%s", modalias);
        (void)snprintf(device, sizeof(device), "%s", modalias + ID_DIGITS + 1);
        ret->vendor = take_hex(&at);
        at = device;
        ret->device = take_hex(&at);
        return true;
}

/*
 * Does `MODULE.ids=` on the kernel command line contain the device? Returns 1, 0, or a negative
 * errno.
 */
static int match_cmdline(const struct wanted *wanted) {
        struct cmdline cmdline;
        struct cmdline_parameter parameter;
        const char *at = cmdline.text;
        char name[NAME_SIZE + sizeof(".ids")];
        int r = cmdline_read(&cmdline);

        if (r < 0 || !text_join(name, sizeof(name), wanted->module, ".ids"))
                return r;
        while (cmdline_next(&at, &parameter))
                if (cmdline_is(&parameter, name) && parameter.value &&
                    has_id(parameter.value, wanted->vendor, wanted->device)) {
                        (void)snprintf(wanted->ret, PLACE_SIZE, "%s= on the kernel command line",
                                       name);
                        return 1;
                }
        return 0;
}

int place_of_ids(const char *const *directories, const char *modalias, const char *module,
                 char ret[PLACE_SIZE]) {
        struct wanted wanted = {.module = module, .ret = ret};
        int r;

        if (!read_id(modalias, &wanted))
                return 0;
        r = place_each(directories, match_ids, &wanted);
        return r != 0 ? r : match_cmdline(&wanted);
}
