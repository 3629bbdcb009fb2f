/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: names of modules and drivers. */
#include <string.h>

#include "name.h"
#include "unit.h"

static const struct {
        const char *why, *name;
        bool valid;
} name_rows[] = {
        {"a module", "mlx5_vfio_pci", true},
        {"a driver", "vfio-pci", true},
        {"all kinds of characters", "aZ09_-.+", true},
        {"one character", "a", true},
        {"none", "", false},
        {"hidden, or a way up", ".a", false},
        {"the directory above", "..", false},
        {"a slash", "a/b", false},
        {"a blank", "a b", false},
        {"a newline", "a\n", false},
        {"a quote", "a\"", false},
        {"a glob", "a*", false},
        {"a byte beyond ASCII", "\xc3\xa4", false},
        {"a comma", "a,b", false},
        {"an at sign", "a@", false},
        {"as long as can be", "1234567890123456789012345678901234567890123456789012345", true},
        {"one character more", "12345678901234567890123456789012345678901234567890123456", false},
};

START_TEST(name_has_characters) {
        const __typeof__(*name_rows) *row = &name_rows[_i];

        assert_row(name_is_valid(row->name, strlen(row->name)) == row->valid, row);
}
END_TEST

START_TEST(name_keeps_to_length) {
        ck_assert(name_is_valid("a b", 1));
        ck_assert(!name_is_valid("a", 0));
        ck_assert(!name_is_valid("a\0b", 3));
}
END_TEST

static const struct {
        const char *why, *a, *b;
        bool same;
} same_rows[] = {
        {"alike", "vfio_pci", "vfio_pci", true},
        {"'-' and '_'", "vfio-pci", "vfio_pci", true},
        {"mixed", "a-b_c", "a_b-c", true},
        {"the first longer", "vfio_pci2", "vfio_pci", false},
        {"the second longer", "vfio_pci", "vfio_pci2", false},
        {"another character", "vfio_pci", "vfio_cdx", false},
        {"'-' is nothing else", "a-b", "a.b", false},
        {"nothing", "", "", true},
        {"nothing and '_'", "", "_", false},
};

START_TEST(name_of_same_module) {
        const __typeof__(*same_rows) *row = &same_rows[_i];

        assert_row(name_is_same_module(row->a, row->b) == row->same, row);
        assert_row(name_is_same_module(row->b, row->a) == row->same, row);
}
END_TEST

static const struct {
        const char *why, *module, *driver;
} driver_rows[] = {
        {"the generic one of PCI", "vfio_pci", "vfio-pci"},
        {"Intel's graphics", "xe_vfio_pci", "xe-vfio-pci"},
        {"the generic one of CDX", "vfio_cdx", "vfio-cdx"},
        {"a variant that is called as its module", "mlx5_vfio_pci", NULL},
        {"the driver is no module", "vfio-pci", NULL},
        {"longer", "vfio_pci_core", NULL},
        {"nothing", "", NULL},
};

START_TEST(name_of_known_driver) {
        const __typeof__(*driver_rows) *row = &driver_rows[_i];
        const char *driver = name_known_driver(row->module);

        assert_row(row->driver ? driver && strcmp(driver, row->driver) == 0 : !driver, row);
}
END_TEST

START_TEST(name_as_depmod_writes_it) {
        char name[NAME_SIZE], longer[NAME_SIZE + 2];

        name_normalise("mlx5-vfio_pci", name);
        ck_assert_str_eq(name, "mlx5_vfio_pci");
        memset(longer, '-', sizeof(longer));
        longer[sizeof(longer) - 1] = '\0';
        name_normalise(longer, name);
        ck_assert_uint_eq(strspn(name, "_"), NAME_SIZE - 1);
        ck_assert_uint_eq(strlen(name), NAME_SIZE - 1);
}
END_TEST

static void add_name(TCase *tcase) {
        tcase_add_loop_test(tcase, name_has_characters, 0, N_ROWS(name_rows));
        tcase_add_test(tcase, name_keeps_to_length);
        tcase_add_test(tcase, name_as_depmod_writes_it);
        tcase_add_loop_test(tcase, name_of_same_module, 0, N_ROWS(same_rows));
        tcase_add_loop_test(tcase, name_of_known_driver, 0, N_ROWS(driver_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"name", add_name},
                {},
        };

        return unit_run("name", cases);
}
