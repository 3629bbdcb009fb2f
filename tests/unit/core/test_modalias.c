/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the modalias of a device. */
#include <errno.h>
#include <string.h>

#include "modalias.h"
#include "unit.h"

static const struct {
        const char *why, *text, *key, *generic, *bus;
} modalias_rows[] = {
        {"a PCI function", "pci:v000015B3d0000101Esv*", "vfio_pci:v000015B3d0000101Esv*",
         "vfio_pci", "pci"},
        {"a CDX device", "cdx:v10EEd6085", "vfio_cdx:v10EEd6085", "vfio_cdx", "cdx"},
        {"a unknown bus", "foo9:x", "vfio_foo9:x", "vfio_foo9", "foo9"},
        {"nothing after the bus", "pci:", "vfio_pci:", "vfio_pci", "pci"},
        {"depmod writes '-' as '_'", "pci:a-b", "vfio_pci:a_b", "vfio_pci", "pci"},
        {"in the bus's name as well", "fsl-mc:v1", "vfio_fsl_mc:v1", "vfio_fsl_mc", "fsl_mc"},
        {"a bus with '_'", "fsl_mc:v1", "vfio_fsl_mc:v1", "vfio_fsl_mc", "fsl_mc"},
        {"a second colon", "of:N:T", "vfio_of:N:T", "vfio_of", "of"},
        {"the first and the last character that are seen", "pci:!~", "vfio_pci:!~", "vfio_pci",
         "pci"},
        {"what means something in a glob", "pci:*?[a]\\", "vfio_pci:*?[a]\\", "vfio_pci", "pci"},
};

START_TEST(modalias_is_read) {
        const __typeof__(*modalias_rows) *row = &modalias_rows[_i];
        struct modalias key;

        memset(&key, '#', sizeof(key));
        assert_row(modalias_parse(row->text, &key) == 0, row);
        assert_row(strcmp(key.key, row->key) == 0, row);
        assert_row(key.length == strlen(row->key), row);
        assert_row(strcmp(key.generic, row->generic) == 0, row);
        assert_row(strcmp(modalias_bus(&key), row->bus) == 0, row);
}
END_TEST

static const struct {
        const char *why, *text;
} no_modalias_rows[] = {
        {"nothing", ""},
        {"no bus", ":v1"},
        {"no colon", "pci"},
        {"an address", "0000:3b:00.0"},
        {"a bus that begins with a digit", "9p:x"},
        {"a blank", "pci:v1 d2"},
        {"a space after it", "pci:v1 "},
        {"a newline after it", "pci:v1\n"},
        {"a tab", "pci:\tv1"},
        {"a character beyond ASCII", "pci:\xc3\xa4"},
        {"DEL", "pci:\x7f"},
        {"a control character", "pci:\x01"},
        {"a path", "/sys/devices:x"},
        {"a bus with a dot", "p.i:x"},
        {"a bus with a wildcard", "*:x"},
        {"a bus with a blank", "p i:x"},
};

START_TEST(modalias_is_refused) {
        const __typeof__(*no_modalias_rows) *row = &no_modalias_rows[_i];
        struct modalias key;

        memset(&key, '#', sizeof(key));
        assert_row(modalias_parse(row->text, &key) == -EINVAL, row);
        assert_row(is_untouched(&key, sizeof(key)), row);
}
END_TEST

static const struct {
        const char *why;
        size_t bus, rest; /* characters before and after the colon */
        int r;
} length_rows[] = {
        {"as long as can be", 3, 502, 0},
        {"one character more", 3, 503, -ENAMETOOLONG},
        {"far more", 3, 5000, -ENAMETOOLONG},
        {"a bus whose module has the longest name", 50, 1, 0},
        {"one character more: that module can't be", 51, 1, -EINVAL},
};

START_TEST(modalias_has_bounds) {
        const __typeof__(*length_rows) *row = &length_rows[_i];
        char text[8192];
        struct modalias key;

        memset(&key, '#', sizeof(key));
        (void)repeated(text, 'x', row->bus + 1 + row->rest);
        text[row->bus] = ':';
        assert_row(modalias_parse(text, &key) == row->r, row);
        if (row->r < 0) {
                assert_row(is_untouched(&key, sizeof(key)), row);
                return;
        }
        assert_row(strlen(key.key) == strlen("vfio_") + row->bus + 1 + row->rest, row);
        assert_row(strlen(key.generic) == strlen("vfio_") + row->bus, row);
}
END_TEST

static void add_modalias(TCase *tcase) {
        tcase_add_loop_test(tcase, modalias_is_read, 0, N_ROWS(modalias_rows));
        tcase_add_loop_test(tcase, modalias_is_refused, 0, N_ROWS(no_modalias_rows));
        tcase_add_loop_test(tcase, modalias_has_bounds, 0, N_ROWS(length_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"modalias", add_modalias},
                {},
        };

        return unit_run("modalias", cases);
}
