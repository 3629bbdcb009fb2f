/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/tags: the hwdb files, how old they are, and those of tags. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "hwdb_files.h"
#include "sys.h"
#include "tag_change.h"
#include "tag_source.h"
#include "unit.h"

/* None of the host's. A directory that isn't there is made, which only a root that can be written
 * needs. */
static void enter(void) {
        sys_enter();
        sys_cover("/etc");
        sys_cover("/run");
        sys_cover("/usr/lib/udev");
        if (access("/usr/local/lib/udev", F_OK) == 0)
                sys_cover("/usr/local/lib/udev");
}

/* --- hwdb_files.h --- */

/* Makes the file PATH, written SECONDS after another. */
static void file_of(const char *path, time_t seconds) {
        const struct timespec times[2] = {{.tv_sec = 1000 + seconds}, {.tv_sec = 1000 + seconds}};

        sys_file(path, "");
        ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static const struct {
        const char *why;
        struct {
                const char *path;
                time_t seconds;
        } files[4]; /* end in NULL */
        enum hwdb_age age;
        const char *path;
} age_rows[] = {
        {"nothing at all", {}, HWDB_MISSING, "untouched"},
        {"nothing compiled", {{"/etc/udev/hwdb.d/a.hwdb", 1}}, HWDB_MISSING, "untouched"},
        {"no files", {{"/etc/udev/hwdb.bin", 1}}, HWDB_FRESH, "/etc/udev/hwdb.bin"},
        {"older files",
         {{"/etc/udev/hwdb.bin", 2},
          {"/etc/udev/hwdb.d/a.hwdb", 1},
          {"/usr/lib/udev/hwdb.d/b.hwdb", 2}},
         HWDB_FRESH,
         "/etc/udev/hwdb.bin"},
        {"a younger file",
         {{"/etc/udev/hwdb.bin", 2}, {"/usr/lib/udev/hwdb.d/b.hwdb", 3}},
         HWDB_OLD,
         "/usr/lib/udev/hwdb.d/b.hwdb"},
        {"the youngest is named",
         {{"/etc/udev/hwdb.bin", 2},
          {"/etc/udev/hwdb.d/a.hwdb", 4},
          {"/run/udev/hwdb.d/b.hwdb", 3}},
         HWDB_OLD,
         "/etc/udev/hwdb.d/a.hwdb"},
        {"a younger file that is hidden",
         {{"/etc/udev/hwdb.bin", 2},
          {"/etc/udev/hwdb.d/a.hwdb", 1},
          {"/usr/lib/udev/hwdb.d/a.hwdb", 3}},
         HWDB_FRESH,
         "/etc/udev/hwdb.bin"},
        {"a younger file of another kind",
         {{"/etc/udev/hwdb.bin", 2}, {"/etc/udev/hwdb.d/a.hwdb~", 3}, {"/etc/udev/hwdb.d/a", 3}},
         HWDB_FRESH,
         "/etc/udev/hwdb.bin"},
        {"compiled for a package",
         {{"/usr/lib/udev/hwdb.bin", 2}, {"/etc/udev/hwdb.d/a.hwdb", 1}},
         HWDB_FRESH,
         "/usr/lib/udev/hwdb.bin"},
        {"an old one hides the package's",
         {{"/usr/lib/udev/hwdb.bin", 9},
          {"/etc/udev/hwdb.bin", 2},
          {"/usr/lib/udev/hwdb.d/a.hwdb", 8}},
         HWDB_OLD,
         "/usr/lib/udev/hwdb.d/a.hwdb"},
};

START_TEST(ages_are_compared) {
        const __typeof__(*age_rows) *row = &age_rows[_i];
        char path[64] = "untouched";

        enter();
        for (size_t i = 0; i < 4 && row->files[i].path; i++)
                file_of(row->files[i].path, row->files[i].seconds);
        assert_row(hwdb_compare_age(path, sizeof(path)) == (int)row->age, row);
        ck_assert_str_eq(path, row->path);
}
END_TEST

static const struct {
        const char *why;
        struct {
                const char *path;
                time_t seconds;
        } files[2]; /* end in NULL */
        bool is_of_usr;
        struct hwdb_hidden hidden; /* in_effect is NULL: none */
} compiled_rows[] = {
        {"nothing compiled", {}, false, {}},
        {"Fedora", {{"/etc/udev/hwdb.bin", 1}}, false, {}},
        {"Debian, Arch Linux", {{"/usr/lib/udev/hwdb.bin", 1}}, true, {}},
        {"hidden, and older",
         {{"/etc/udev/hwdb.bin", 2}, {"/usr/lib/udev/hwdb.bin", 1}},
         false,
         {"/etc/udev/hwdb.bin", "/usr/lib/udev/hwdb.bin", .is_newer = false}},
        {"hidden, and newer",
         {{"/etc/udev/hwdb.bin", 1}, {"/usr/lib/udev/hwdb.bin", 2}},
         false,
         {"/etc/udev/hwdb.bin", "/usr/lib/udev/hwdb.bin", .is_newer = true}},
        {"another one of /etc",
         {{"/etc/systemd/hwdb/hwdb.bin", 1}, {"/usr/lib/udev/hwdb.bin", 2}},
         false,
         {"/etc/systemd/hwdb/hwdb.bin", "/usr/lib/udev/hwdb.bin", .is_newer = true}},
        {"both of /etc", {{"/etc/systemd/hwdb/hwdb.bin", 1}, {"/etc/udev/hwdb.bin", 2}}, false, {}},
};

START_TEST(compiled_ones_are_told_apart) {
        const __typeof__(*compiled_rows) *row = &compiled_rows[_i / 2];
        bool is_read_only = _i % 2;
        struct hwdb_hidden hidden = {};

        enter();
        for (size_t i = 0; i < 2 && row->files[i].path; i++)
                file_of(row->files[i].path, row->files[i].seconds);
        if (is_read_only)
                ck_assert_int_eq(mount(NULL, "/usr/lib/udev", NULL, MS_REMOUNT | MS_RDONLY, NULL),
                                 0);
        assert_row(hwdb_is_of_usr() == (row->is_of_usr && !is_read_only), row);
        assert_row(hwdb_find_hidden(&hidden) == (row->hidden.in_effect != NULL), row);
        if (!row->hidden.in_effect)
                return;
        ck_assert_str_eq(hidden.in_effect, row->hidden.in_effect);
        ck_assert_str_eq(hidden.hidden, row->hidden.hidden);
        assert_row(hidden.is_newer == row->hidden.is_newer, row);
        assert_row(hidden.is_read_only == is_read_only, row);
}
END_TEST

/* --- tag_file.h, tag_change.h --- */

#define KEY  "vfio-variant:pci:v1*"
#define NAME "61-vfio-variant-pci:v1%2A.hwdb"

/* What was done to files, in order: "sync NAME;", "rename NAME;" or "unlink NAME;". */
static char done[1024];

static void note(const char *what, const char *name) {
        size_t n = strlen(done);

        (void)snprintf(done + n, sizeof(done) - n, "%s %s;", what, name);
}

/* All calls of this program come here. */
int fsync(int fd) {
        char path[256] = "";

        ck_assert_int_gt(readlink(sys_path("/proc/self/fd/%d", fd), path, sizeof(path) - 1), 0);
        note("sync", strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
        return (int)syscall(SYS_fsync, fd);
}

int renameat(int old_fd, const char *old, int new_fd, const char *new) {
        note("rename", new);
        return (int)syscall(SYS_renameat2, old_fd, old, new_fd, new, 0);
}

int unlinkat(int fd, const char *name, int flags) {
        note("unlink", name);
        return (int)syscall(SYS_unlinkat, fd, name, flags);
}

static void no_wait(void) {
        ck_abort_msg("it is not locked");
}

static struct tag tag_of(const char *key, bool force, const char *pin) {
        struct tag tag = {.force = force};

        (void)snprintf(tag.key, sizeof(tag.key), "%s", key);
        (void)snprintf(tag.pin, sizeof(tag.pin), "%s", pin);
        return tag;
}

/* After a power failure a file has the old text or the new one, and is never empty; and what the
 * directory says is on the disk before the hwdb is compiled. */
START_TEST(file_is_on_the_disk_before_its_name) {
        const struct tag tag = tag_of(KEY, false, "");
        struct tag_change change;
        struct tag old;

        enter();
        ck_assert_int_eq(tag_change_begin(false, no_wait, &change), 0);
        done[0] = '\0';
        ck_assert_int_eq(tag_change_set(&change, &tag, &old), 1);
        ck_assert_str_eq(done, "sync ." NAME ".new;rename " NAME ";");
        ck_assert_str_eq(old.key, "");
        (void)tag_change_commit(&change); /* there may be no compiler */
        ck_assert_msg(strstr(done, ";rename " NAME ";sync hwdb.d;"), "%s", done);
        tag_change_end(&change);
}
END_TEST

/* Writes TAG, as a change that is committed. */
static void write_tag(const struct tag *tag) {
        int fd = tag_directory_open(no_wait);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(tag_file_write(fd, tag), 0);
        ck_assert_int_eq(close(fd), 0);
}

/* As tag_file_read(), outside of any change. */
static int tag_find(const char *key, struct tag *ret) {
        int fd = fd_open_directory(AT_FDCWD, TAG_DIRECTORY), r;

        ck_assert_int_ge(fd, 0);
        r = tag_file_read(fd, key, ret);
        ck_assert_int_eq(close(fd), 0);
        return r;
}

static void ignore_removed(const struct tag *tag, void *userdata) {
        (void)tag;
        ++*(int *)userdata;
}

/* A change that is not committed leaves everything as it was. */
START_TEST(change_is_undone) {
        const struct tag was = tag_of(KEY, true, "vfio-pci"), now = tag_of(KEY, false, "");
        const struct tag other = tag_of("vfio-variant:pci:v2*", false, "");
        const struct tag third = tag_of("vfio-variant:pci:v3*", false, "a");
        struct tag_change change;
        struct tag old, found;
        int n = 0;

        enter();
        write_tag(&was);
        write_tag(&third);
        ck_assert_int_eq(tag_change_begin(false, no_wait, &change), 0);
        ck_assert_int_eq(tag_change_set(&change, &now, &old), 1);
        ck_assert(strcmp(old.key, KEY) == 0 && tag_is_same(&old, &was));
        ck_assert_int_eq(tag_change_set(&change, &other, &old), 1);
        ck_assert_int_eq(tag_change_remove(&change, third.key, true, ignore_removed, &n), 1);
        ck_assert_int_eq(tag_find(KEY, &found), 1);
        ck_assert(tag_is_same(&found, &now));
        ck_assert_int_eq(tag_find(other.key, &found), 1);
        ck_assert_int_eq(tag_find(third.key, &found), 0);
        tag_change_end(&change);
        ck_assert_int_eq(tag_find(KEY, &found), 1);
        ck_assert(tag_is_same(&found, &was));
        ck_assert_int_eq(tag_find(other.key, &found), 0);
        ck_assert_int_eq(tag_find(third.key, &found), 1);
        ck_assert(tag_is_same(&found, &third) && n == 1);
}
END_TEST

/* It finds what a change would find, and writes nothing; also without a directory. */
START_TEST(dry_run_writes_nothing) {
        const struct tag was = tag_of(KEY, true, "vfio-pci"), now = tag_of(KEY, false, "");
        struct tag_change change;
        struct tag old, found;
        int n = 0;

        enter();
        ck_assert_int_eq(tag_change_begin(true, no_wait, &change), 0);
        ck_assert_int_eq(tag_change_set(&change, &now, &old), 1);
        ck_assert_int_eq(tag_change_remove(&change, KEY, true, ignore_removed, &n), 0);
        tag_change_end(&change);
        ck_assert_int_ne(access(TAG_DIRECTORY, F_OK), 0);

        write_tag(&was);
        done[0] = '\0';
        ck_assert_int_eq(tag_change_begin(true, no_wait, &change), 0);
        ck_assert_int_eq(tag_change_set(&change, &now, &old), 1);
        ck_assert(tag_is_same(&old, &was));
        ck_assert_int_eq(tag_change_remove(&change, KEY, true, ignore_removed, &n), 1);
        ck_assert_int_eq(tag_change_commit(&change), 0);
        tag_change_end(&change);
        ck_assert_str_eq(done, "");
        ck_assert_int_eq(tag_find(KEY, &found), 1);
        ck_assert(tag_is_same(&found, &was) && n == 1);
}
END_TEST

START_TEST(tag_is_there_already) {
        const struct tag tag = tag_of(KEY, true, "vfio-pci");
        struct tag_change change;
        struct tag old;

        enter();
        write_tag(&tag);
        ck_assert_int_eq(tag_change_begin(false, no_wait, &change), 0);
        done[0] = '\0';
        ck_assert_int_eq(tag_change_set(&change, &tag, &old), 0);
        ck_assert_str_eq(done, "");
        tag_change_end(&change);
}
END_TEST

static const struct {
        const char *why, *key, *pin;
} invalid_rows[] = {
        {"no key of ours", "usb:*", ""},
        {"nothing", "", ""},
        {"a newline", KEY "\nX", ""},
        {"a blank", KEY " X", ""},
        {"a comment", KEY "#", ""},
        {"no ASCII", KEY "\xc3\xa9", ""},
        {"a pin with a newline", KEY, "a\nb"},
        {"a path as a pin", KEY, "../x"},
        {"a control character", KEY "\x1b", ""},
        {"a pin with a blank", KEY, "a b"},
};

START_TEST(invalid_tags_are_refused) {
        const __typeof__(*invalid_rows) *row = &invalid_rows[_i];
        const struct tag tag = tag_of(row->key, false, row->pin);
        struct tag_change change;
        struct tag old;

        enter();
        ck_assert_int_eq(tag_change_begin(false, no_wait, &change), 0);
        assert_row(tag_change_set(&change, &tag, &old) == -EINVAL, row);
        tag_change_end(&change);
}
END_TEST

/* Ends at the second. */
static int stop_at_second(const char *key, void *userdata) {
        (void)key;
        return ++*(int *)userdata == 2 ? 77 : 0;
}

START_TEST(files_are_found_by_prefix) {
        static const char *const keys[] = {"vfio-variant:device:0000:3b:00.1:pci:v1*",
                                           "vfio-variant:device:0000:3b:00.1:pci:v2*",
                                           "vfio-variant:device:0000:3b:00.10:pci:v1*",
                                           "vfio-variant:vfs-of:0000:3b:00.1:*"};
        int n = 0, fd;

        enter();
        for (int i = 0; i < N_ROWS(keys); i++) {
                const struct tag tag = tag_of(keys[i], false, "");

                write_tag(&tag);
        }
        fd = tag_directory_open(no_wait);
        for (int i = 0; i < 2; i++) { /* a directory can be read again */
                n = -10;
                ck_assert_int_eq(
                        tag_file_each(fd, "vfio-variant:device:0000:3b:00.1:", stop_at_second, &n),
                        0);
                ck_assert_int_eq(n, -8);
        }
        n = 0;
        ck_assert_int_eq(tag_file_each(fd, "vfio-variant:", stop_at_second, &n), 77);
        ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* --- tag_source.h --- */

static int note_source(const struct tag_source *source, void *userdata) {
        char *noted = userdata;
        size_t n = strlen(noted);

        (void)snprintf(noted + n, 512 - n, "%s/%s:%u=%.*s;", source->directory, source->name,
                       source->line, source->value ? (int)source->value->length : 0,
                       source->value ? source->value->bytes : "");
        return 0;
}

static void files_of_an_administrator(void) {
        sys_file("/etc/udev/hwdb.d/70-a.hwdb", "usb:*\n X=1\n\nusb:1*\n"
                                               "vfio-variant:device:0000:3b:00.1:*\n"
                                               " VFIO_VARIANT_BIND=1\n VFIO_VARIANT_PIN=a\n");
        sys_file("/run/udev/hwdb.d/70-b.hwdb", "vfio-variant:pci:*\n VFIO_VARIANT_BIND=0\n\n"
                                               "vfio-variant:*:pci:*\n ID_X=1\n");
        sys_file("/usr/lib/udev/hwdb.d/70-a.hwdb", "vfio-variant:pci:*\n VFIO_VARIANT_BIND=1\n");
        sys_file("/etc/udev/hwdb.d/80-empty.hwdb", "");
}

START_TEST(sources_are_found) {
        struct tag_lookups lookups;
        char noted[512] = "";

        enter();
        files_of_an_administrator();
        ck_assert_int_eq(tag_lookups_of("0000:3b:00.1", "pci:v1", "", &lookups), 0);
        ck_assert_int_eq(tag_source_each(&lookups, PROPERTY_BIND, note_source, noted), 0);
        ck_assert_str_eq(noted, "/etc/udev/hwdb.d/70-a.hwdb:5=1;");
        noted[0] = '\0';
        ck_assert_int_eq(tag_source_each(&lookups, PROPERTY_PIN, note_source, noted), 0);
        ck_assert_str_eq(noted, "/etc/udev/hwdb.d/70-a.hwdb:5=a;");
        ck_assert_int_eq(tag_lookups_of("0000:3b:00.2", "pci:v1", "", &lookups), 0);
        noted[0] = '\0';
        ck_assert_int_eq(tag_source_each(&lookups, PROPERTY_BIND, note_source, noted), 0);
        ck_assert_str_eq(noted, "");
}
END_TEST

START_TEST(keys_are_found) {
        char noted[512] = "";

        enter();
        files_of_an_administrator();
        ck_assert_int_eq(tag_source_each_key(note_source, noted), 0);
        ck_assert_str_eq(noted, "/etc/udev/hwdb.d/70-a.hwdb:5=;/run/udev/hwdb.d/70-b.hwdb:1=;"
                                "/run/udev/hwdb.d/70-b.hwdb:4=;");
}
END_TEST

static void add_files(TCase *tcase) {
        tcase_add_loop_test(tcase, ages_are_compared, 0, N_ROWS(age_rows));
        tcase_add_loop_test(tcase, compiled_ones_are_told_apart, 0, 2 * N_ROWS(compiled_rows));
        tcase_add_test(tcase, sources_are_found);
        tcase_add_test(tcase, keys_are_found);
}

static void add_changes(TCase *tcase) {
        tcase_add_test(tcase, file_is_on_the_disk_before_its_name);
        tcase_add_test(tcase, change_is_undone);
        tcase_add_test(tcase, dry_run_writes_nothing);
        tcase_add_test(tcase, tag_is_there_already);
        tcase_add_loop_test(tcase, invalid_tags_are_refused, 0, N_ROWS(invalid_rows));
        tcase_add_test(tcase, files_are_found_by_prefix);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"files", add_files},
                {"changes", add_changes},
                {},
        };

        return unit_run("tags-files", cases);
}
