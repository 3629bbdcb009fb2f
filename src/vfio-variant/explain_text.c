/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates for a device or modalias, as text. */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "device_properties.h"
#include "excluded_candidates.h"
#include "explain.h"
#include "identity.h"
#include "table.h"
#include "terminal.h"
#include "text.h"

#define EXPLAINED_NAME_SIZE 256
#define TEXT_SIZE           1024

/* What is printed of all candidates. */
struct explained {
        struct table *table;
        struct excluded excluded;
        unsigned n;
        char winner[EXPLAINED_NAME_SIZE], module[EXPLAINED_NAME_SIZE],
                fallback[EXPLAINED_NAME_SIZE]; /* "": none */
};

static const struct table_column columns[] = {
        {"#", .is_number = true},
        {"DRIVER", .is_cut = true},
        {"MODULE", .is_cut = true},
        {"WILDCARDS", .is_number = true},
        {"LITERALS", .is_number = true},
        {"VERDICT"},
        {},
};

static void keep_verdict(struct explained *explained,
                         const struct vfio_variant_candidate *candidate) {
        const char *driver = vfio_variant_candidate_get_driver(candidate);

        switch (vfio_variant_candidate_get_verdict(candidate)) {
        case VFIO_VARIANT_VERDICT_WON:
                (void)text_put(explained->winner, EXPLAINED_NAME_SIZE, driver);
                if (!vfio_variant_candidate_is_built_in(candidate))
                        (void)text_put(explained->module, EXPLAINED_NAME_SIZE,
                                       vfio_variant_candidate_get_module(candidate));
                break;
        case VFIO_VARIANT_VERDICT_FALLBACK:
                (void)text_put(explained->fallback, EXPLAINED_NAME_SIZE, driver);
                break;
        default:
                break;
        }
}

/* A pin and a generic driver have no alias, and so nothing to count. */
static void print_number(char ret[16], int value, bool is_counted) {
        (void)snprintf(ret, 16, is_counted ? "%d" : "", value);
}

static int add_row(const struct vfio_variant_candidate *candidate, void *userdata) {
        struct explained *explained = userdata;
        const char *alias = vfio_variant_candidate_get_alias(candidate);
        char rank[16], wildcards[16], literals[16], note[TEXT_SIZE];
        const char *const cells[] = {
                rank,
                vfio_variant_candidate_get_driver(candidate),
                vfio_variant_candidate_get_module(candidate),
                wildcards,
                literals,
                vfio_variant_verdict_name(vfio_variant_candidate_get_verdict(candidate)),
        };

        print_number(rank, (int)++explained->n, true);
        print_number(wildcards, vfio_variant_candidate_get_wildcards(candidate), alias);
        print_number(literals, vfio_variant_candidate_get_literals(candidate), alias);
        (void)snprintf(note, sizeof(note), "%s%s%s", alias ? alias : "", alias ? ": " : "",
                       candidate_why(candidate));
        table_add(explained->table, cells, NULL, note);
        keep_verdict(explained, candidate);
        excluded_add(&explained->excluded, candidate);
        return 0;
}

/* Whether the udev database still has this choice. */
static void print_database(struct vfio_variant_device *device, const char *winner) {
        const char *driver = vfio_variant_device_get_property(device, PROPERTY_DRIVER);

        if (driver && streq(driver, winner)) {
                terminal_print("", 0, "The udev database has the same choice.");
                return;
        }
        terminal_print("", 0,
                       "The udev database has %s%s. To update it:", driver ? driver : "no choice",
                       driver ? ", and `vfio-variant bind` uses that" : "");
        /* On one line, or it would be another command */
        (void)printf("  udevadm trigger --action=change /sys/bus/%s/devices/%s\n",
                     vfio_variant_device_get_subsystem(device),
                     vfio_variant_device_get_sysname(device));
}

static void print_winner(const struct explained *explained) {
        terminal_print("", 0, "The choice is %s%s%s%s%s.", explained->winner,
                       *explained->module ? ", in module " : ", which is built in",
                       explained->module,
                       *explained->fallback ? "; if its probe fails, " : "; there is no fallback",
                       explained->fallback);
}

static void print_no_winner(const char *modalias, const struct explained *explained) {
        const struct bus *bus = bus_of_modalias(modalias);

        if (explained->n > 0)
                terminal_print("", 0, "None of these is usable: %s.",
                               excluded_advice(&explained->excluded));
        else if (bus)
                terminal_print("", 0,
                               "No alias of the module index matches. Check that the modalias is "
                               "complete, or install a driver (vfio_%s matches each device of this "
                               "bus) and run depmod.",
                               bus->subsystem);
        else
                terminal_print("", 0,
                               "No alias of the module index matches. PCI and CDX devices have a "
                               "generic VFIO driver; others may have none.");
}

static void print_outcome(const struct question *question, const struct explained *explained) {
        const char *what = question->device ? identity_not_for_guests(question->device) : NULL;

        if (what) {
                terminal_print("", 0, "It cannot be assigned to a guest: it is %s.", what);
                return;
        }
        if (!*explained->winner) {
                print_no_winner(question->modalias, explained);
                return;
        }
        print_winner(explained);
        if (question->device)
                print_database(question->device, explained->winner);
}

int explain_print(const struct question *question, bool is_next) {
        _cleanup_(table_freep) struct table *table = table_new(columns, true, true);
        struct explained explained = {.table = table};
        int r = question_each_candidate(question, add_row, &explained);
        const char *pin = r < 0 ? NULL : question_pin(question);

        if (r < 0)
                return r;
        if (is_next)
                (void)puts("");
        if (question->device)
                (void)printf("%s: ", vfio_variant_device_get_sysname(question->device));
        (void)printf("vfio_%s\n", question->modalias);
        if (pin)
                (void)printf("VFIO_VARIANT_PIN=%s\n", pin);
        table_print(table);
        print_outcome(question, &explained);
        return 0;
}
