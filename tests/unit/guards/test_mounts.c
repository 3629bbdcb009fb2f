/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: lines of mountinfo and of /proc/swaps. */
#include <string.h>

#include "mounts.h"
#include "unit.h"

static const struct {
        const char *why, *line;
        const char *number, *where, *type, *source; /* NULL: it is no line of mountinfo */
} mount_rows[] = {
        {"as the kernel writes it", "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n", "254:0", "/",
         "ext4", "/dev/vda"},
        {"without a newline", "27 1 254:0 / / rw - ext4 /dev/vda", "254:0", "/", "ext4",
         "/dev/vda"},
        {"with optional words", "27 1 0:5 / /a rw shared:1 master:2 - btrfs /dev/sdb rw\n", "0:5",
         "/a", "btrfs", "/dev/sdb"},
        {"an escape", "27 1 8:1 / /a\\040b rw - ext4 /dev/sda1 rw\n", "8:1", "/a\\040b", "ext4",
         "/dev/sda1"},
        {"several blanks", "27  1 8:1\t/ /a rw  - ext4 x rw\n", "8:1", "/a", "ext4", "x"},
        {"a mount at -", "27 1 8:1 / - rw - ext4 x rw\n", "8:1", "-", "ext4", "x"},
        {"nothing", "", NULL, NULL, NULL, NULL},
        {"blanks", "   \n", NULL, NULL, NULL, NULL},
        {"no separator", "27 1 8:1 / /a rw shared:1 ext4 x rw\n", NULL, NULL, NULL, NULL},
        {"nothing after the separator", "27 1 8:1 / /a rw -\n", NULL, NULL, NULL, NULL},
        {"no source", "27 1 8:1 / /a rw - ext4\n", NULL, NULL, NULL, NULL},
        {"a separator too early", "27 1 8:1 / /a - ext4 x\n", NULL, NULL, NULL, NULL},
        {"cut short", "27 1 8:1 /", NULL, NULL, NULL, NULL},
};

static bool is_word(const struct mounts_word *word, const char *text) {
        return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

START_TEST(mount_is_read) {
        const __typeof__(*mount_rows) *row = &mount_rows[_i];
        struct mount mount;

        assert_row(mount_parse(row->line, strlen(row->line), &mount) == (row->number != NULL), row);
        if (!row->number)
                return;
        assert_row(is_word(&mount.number, row->number), row);
        assert_row(is_word(&mount.where, row->where), row);
        assert_row(is_word(&mount.type, row->type), row);
        assert_row(is_word(&mount.source, row->source), row);
}
END_TEST

static const struct {
        const char *why, *line, *file; /* NULL: none */
} swap_rows[] = {
        {"a partition", "/dev/dm-1                               partition\t979964\t\t0\t\t-2\n",
         "/dev/dm-1"},
        {"a file", "/swap\\040file file 1 0 -3\n", "/swap\\040file"},
        {"the head", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n", NULL},
        {"nothing", "", NULL},
        {"an empty line", "\n", NULL},
};

START_TEST(swap_is_read) {
        const __typeof__(*swap_rows) *row = &swap_rows[_i];
        struct mounts_word file;

        assert_row(swap_parse(row->line, strlen(row->line), &file) == (row->file != NULL), row);
        assert_row(!row->file || is_word(&file, row->file), row);
}
END_TEST

static void add_mounts(TCase *tcase) {
        tcase_add_loop_test(tcase, mount_is_read, 0, N_ROWS(mount_rows));
        tcase_add_loop_test(tcase, swap_is_read, 0, N_ROWS(swap_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"mounts", add_mounts},
                {},
        };

        return unit_run("mounts", cases);
}
