/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the table of properties. */
#include <string.h>

#include "property.h"
#include "unit.h"

static const struct {
        const char *why, *value;
        enum property property;
        bool is_valid;
} rows[] = {
        {"a driver", "mlx5_vfio_pci", PROPERTY_DRIVER, true},
        {"a path as a driver", "../vfio-pci", PROPERTY_DRIVER, false},
        {"a module", "vfio_pci", PROPERTY_MODULE, true},
        {"a blank in a module", "vfio pci", PROPERTY_MODULE, false},
        {"a fallback", "vfio-pci", PROPERTY_FALLBACK, true},
        {"a slash in a fallback", "vfio/pci", PROPERTY_FALLBACK, false},
        {"a pin", "vfio-pci", PROPERTY_PIN, true},
        {"a pattern as a pin", "*", PROPERTY_PIN, false},
        {"an alias", "vfio_pci:v*d*sv*sd*bc*sc*i*", PROPERTY_ALIAS, true},
        {"a newline in an alias", "vfio_pci:\n", PROPERTY_ALIAS, false},
        {"bind", "1", PROPERTY_BIND, true},
        {"never bind", "0", PROPERTY_BIND, true},
        {"bind in spite of some guards", "force", PROPERTY_BIND, true},
        {"another word", "yes", PROPERTY_BIND, false},
        {"another number", "2", PROPERTY_BIND, false},
};

START_TEST(property_has_valid_values) {
        const __typeof__(*rows) *row = &rows[_i];

        assert_row(property_rows[row->property].is_valid(row->value) == row->is_valid, row);
}
END_TEST

START_TEST(property_has_a_row) {
        for (enum property i = 0; i < N_PROPERTIES; i++) {
                ck_assert_ptr_nonnull(property_name(i));
                ck_assert_int_eq(strncmp(property_name(i), "VFIO_VARIANT_", 13), 0);
                ck_assert((property_rows[i].is_valid != NULL) == (i < N_CHOICE_PROPERTIES));
                for (enum property k = 0; k < i; k++)
                        ck_assert_str_ne(property_name(i), property_name(k));
        }
}
END_TEST

START_TEST(property_tags) {
        ck_assert(property_is_tag("1"));
        ck_assert(property_is_tag("force"));
        ck_assert(!property_is_tag("0"));
        ck_assert(!property_is_tag(""));
        ck_assert(!property_is_tag(NULL));
}
END_TEST

static void add_property(TCase *tcase) {
        tcase_add_loop_test(tcase, property_has_valid_values, 0, N_ROWS(rows));
        tcase_add_test(tcase, property_has_a_row);
        tcase_add_test(tcase, property_tags);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"property", add_property},
                {},
        };

        return unit_run("property", cases);
}
