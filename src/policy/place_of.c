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
        enum place_kind kind;
        const char *module, *name;
        unsigned vendor, device;
        char *ret;
};

/* Is MODULE the first word of REST? `-` and `_` are the same character. */
static bool names_module(const char *rest, const char *module) {
        size_t length = strcspn(rest, "\t ");

        return length == strlen(module) && text_begins_with_name(rest, length, module);
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

/* Is there a word `ids=` with the device in OPTIONS? */
static bool have_id(const char *options, const struct wanted *wanted) {
        for (; *options; options += strspn(options, "\t ")) {
                if (startswith(options, "ids=") &&
                    has_id(options + strlen("ids="), wanted->vendor, wanted->device))
                        return true;
                options += strcspn(options, "\t ");
        }
        return false;
}

static bool is_wanted(const struct place *place, const struct wanted *wanted) {
        static const char *const commands[] = {
                [PLACE_BLACKLIST] = "blacklist", [PLACE_INSTALL] = "install",
                [PLACE_ALIAS] = "alias",         [PLACE_ALIAS_FOR] = "alias",
                [PLACE_IDS] = "options",
        };

        if (!streq(place->command, commands[wanted->kind]))
                return false;
        switch (wanted->kind) {
        case PLACE_INSTALL: /* libkmod uses the first line whose pattern matches */
                return *place->rest && fnmatch(place->argument, wanted->module, 0) == 0;
        case PLACE_ALIAS:
                return streq(place->argument, wanted->name) &&
                       names_module(place->rest, wanted->module);
        case PLACE_ALIAS_FOR:
                return fnmatch(place->argument, wanted->name, 0) == 0 &&
                       names_module(place->rest, wanted->module);
        case PLACE_IDS:
                return streq(place->argument, wanted->module) && have_id(place->rest, wanted);
        case PLACE_BLACKLIST:
        default:
                return streq(place->argument, wanted->module);
        }
}

static int match_place(const struct place *place, void *userdata) {
        const struct wanted *wanted = userdata;

        if (!is_wanted(place, wanted))
                return 0;
        (void)text_put(wanted->ret, PLACE_SIZE, place->text);
        return 1;
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
        char text[CMDLINE_SIZE], name[NAME_SIZE + sizeof(".ids")];
        const char *at = text;
        int r = cmdline_read(text, &cmdline);

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

int place_of(const char *const *directories, enum place_kind kind, const char *module,
             const char *name, char ret[PLACE_SIZE]) {
        struct wanted wanted = {.kind = kind, .module = module, .name = name, .ret = ret};
        int r;

        if (kind == PLACE_IDS && !read_id(name, &wanted))
                return 0;
        r = place_each(directories, match_place, &wanted);
        return r == 0 && kind == PLACE_IDS ? match_cmdline(&wanted) : r;
}
