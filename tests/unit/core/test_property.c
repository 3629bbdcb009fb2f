/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the table of properties. */
#include <string.h>

#include "property.h"
#include "unit.h"

static const struct {
        const char *why;
        enum property property;
        const char *value;
        bool is_valid;
} rows[] = {
        {"a driver", PROPERTY_DRIVER, "mlx5_vfio_pci", true},
        {"a path as a driver", PROPERTY_DRIVER, "../vfio-pci", false},
        {"a module", PROPERTY_MODULE, "vfio_pci", true},
        {"a blank in a module", PROPERTY_MODULE, "vfio pci", false},
        {"a fallback", PROPERTY_FALLBACK, "vfio-pci", true},
        {"a slash in a fallback", PROPERTY_FALLBACK, "vfio/pci", false},
        {"a pin", PROPERTY_PIN, "vfio-pci", true},
        {"a pattern as a pin", PROPERTY_PIN, "*", false},
        {"an alias", PROPERTY_ALIAS, "vfio_pci:v*d*sv*sd*bc*sc*i*", true},
        {"a newline in an alias", PROPERTY_ALIAS, "vfio_pci:\n", false},
        {"bind", PROPERTY_BIND, "1", true},
        {"never bind", PROPERTY_BIND, "0", true},
        {"bind in spite of some guards", PROPERTY_BIND, "force", true},
        {"another word", PROPERTY_BIND, "yes", false},
        {"another number", PROPERTY_BIND, "2", false},
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
