/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the generic module as a candidate. */
#include <string.h>

#include "alias.h"
#include "generic.h"
#include "unit.h"

static const struct {
        const char *why, *modalias, *module;
        bool matches;
        const char *like; /* it weighs as this alias; NULL: after all others */
} rows[] = {
        {"pci", "pci:v000015B3d0000101Esv0sd0bc02sc00i00", "vfio_pci", true,
         "vfio_pci:v*d*sv*sd*bc*sc*i*"},
        {"cdx", "cdx:v10EEd6085sv10EEsd0001c018000", "vfio_cdx", true, "vfio_cdx:v*d*sv*sd*c*"},
        {"pci without all fields", "pci:v000015B3d0000101E", "vfio_pci", false,
         "vfio_pci:v*d*sv*sd*bc*sc*i*"},
        {"cdx without all fields", "cdx:v10EEd6085", "vfio_cdx", false, "vfio_cdx:v*d*sv*sd*c*"},
        {"a bus whose catch-all is not known", "foo:x", "vfio_foo", true, NULL},
        {"the name of such a bus begins as pci", "pc:x", "vfio_pc", true, NULL},
        {"and goes on after it", "pcie:x", "vfio_pcie", true, NULL},
        {"with a hyphen", "fsl-mc:x", "vfio_fsl_mc", true, NULL},
};

START_TEST(generic_is_a_candidate) {
        const __typeof__(*rows) *row = &rows[_i];
        uint16_t wildcards = UINT16_MAX, literals = 0;
        struct candidate candidate;
        struct modalias key;

        memset(&candidate, '#', sizeof(candidate));
        ck_assert_int_eq(modalias_parse(row->modalias, &key), 0);
        assert_row(generic_candidate(&key, &candidate) == row->matches, row);
        if (row->like)
                alias_count(row->like, &wildcards, &literals);
        ck_assert_str_eq(candidate.module, row->module);
        ck_assert_ptr_null(candidate.alias);
        ck_assert_int_eq(candidate.origin, VFIO_VARIANT_CANDIDATE_GENERIC);
        ck_assert(!candidate.built_in);
        ck_assert_uint_eq(candidate.wildcards, wildcards);
        ck_assert_uint_eq(candidate.literals, literals);
}
END_TEST

static void add_generic(TCase *tcase) {
        tcase_add_loop_test(tcase, generic_is_a_candidate, 0, N_ROWS(rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"generic", add_generic},
                {},
        };

        return unit_run("generic", cases);
}
