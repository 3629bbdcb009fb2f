/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the table of buses. */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "generic.h"
#include "modalias.h"
#include "unit.h"

START_TEST(bus_row_is_consistent) {
        char prefix[64], catch_all[64];

        for (const struct bus *bus = buses; bus->subsystem; bus++) {
                struct modalias key;

                (void)snprintf(prefix, sizeof(prefix), "%s:", bus->subsystem);
                ck_assert_str_eq(bus->prefix, prefix);
                (void)snprintf(catch_all, sizeof(catch_all), MODALIAS_PREFIX "%s:v*",
                               bus->subsystem);
                ck_assert_int_eq(strncmp(bus->catch_all, catch_all, strlen(catch_all)), 0);
                ck_assert_int_eq(modalias_parse(bus->prefix, &key), 0);
                ck_assert_str_eq(modalias_bus(&key), bus->subsystem);
                ck_assert_ptr_eq(bus_find(bus->subsystem), bus);
                ck_assert_ptr_eq(bus_of_modalias(bus->prefix), bus);
        }
}
END_TEST

static const struct {
        const char *why, *modalias, *id;
} rows[] = {
        {"a PCI device", "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00",
         "pci:v000015B3d0000101E"},
        {"a CDX device", "cdx:v10EEd8084sv10EEsd0001c0", "cdx:v10EEd8084"},
        {"no subsystem vendor", "pci:v000015B3d0000101E", ""},
        {"no vendor", "pci:sv000015B3", ""},
        {"another bus", "usb:v1D6Bp0002d0612dc09sv", ""},
        {"no bus", "v000015B3d0000101Esv", ""},
        {"nothing", "", ""},
};

START_TEST(bus_id_ends_before_subsystem) {
        const __typeof__(*rows) *row = &rows[_i];
        size_t length = bus_id_length(row->modalias);

        assert_row(length == strlen(row->id), row);
        assert_row(strncmp(row->modalias, row->id, length) == 0, row);
}
END_TEST

START_TEST(bus_without_row_is_not_found) {
        ck_assert_ptr_null(bus_find("usb"));
        ck_assert_ptr_null(bus_find(""));
        ck_assert_ptr_null(bus_of_modalias("usb:v1D6B"));
        ck_assert_ptr_null(bus_of_modalias("pci"));
}
END_TEST

static void add_bus(TCase *tcase) {
        tcase_add_test(tcase, bus_row_is_consistent);
        tcase_add_loop_test(tcase, bus_id_ends_before_subsystem, 0, N_ROWS(rows));
        tcase_add_test(tcase, bus_without_row_is_not_found);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"bus", add_bus},
                {},
        };

        return unit_run("bus", cases);
}
