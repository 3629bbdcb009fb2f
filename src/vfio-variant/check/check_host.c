/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the host itself. */
#include <errno.h>
#include <unistd.h>

#include "check.h"
#include "choose_driver.h"
#include "cmdline.h"
#include "context.h"
#include "database.h"
#include "hwdb_files.h"
#include "messages.h"
#include "rules.h"
#include "tag_source.h"

/* Space for the path of a file of rules or of the hwdb. */
#define PATH_SIZE 512

static void add_no_index(struct check *check) {
        const char *directory = vfio_variant_get_module_directory(check->context);
        bool is_there = access(directory, F_OK) == 0;

        findings_add(&check->findings, SEVERITY_ERROR, "index", advise_without_index(is_there),
                     "cannot look up drivers: %s %s", directory,
                     is_there ? "has no module index" : "does not exist");
}

/* As index_check(). */
static int read_index(struct vfio_variant *context, const char **ret) {
        int r = context_open_source(context);

        return r < 0 ? r : index_check(choice_source_index(context->source), ret);
}

static void check_index(struct check *check) {
        const char *file;
        int r = read_index(check->context, &file);

        check->has_index = r == 0;
        if (r == -ENOENT)
                add_no_index(check);
        if (r == 0 || r == -ENOENT)
                return;
        if (r > 0)
                findings_add(
                        &check->findings, SEVERITY_ERROR, "index", "run depmod",
                        "%s of the running kernel is damaged, so that drivers may not be found",
                        file);
        else
                findings_add(&check->findings, SEVERITY_ERROR, "index", advise_error(r),
                             "cannot read the module index of the running kernel: %s",
                             log_errno(r));
}

/* Checks a file of rules. WITHOUT: what does not work without it. Returns whether udev reads it. */
static bool check_file_of_rules(struct check *check, const char *name, const char *without) {
        char path[PATH_SIZE] = "";
        enum rules_state state = rules_find(name, path, sizeof(path));

        copy_printable(path, sizeof(path), path);
        if (state == RULES_OWN)
                findings_add(&check->findings, SEVERITY_NOTE, "rules",
                             "remove it if it is not intended",
                             "%s replaces the rules of this package", path);
        else if (state == RULES_OFF)
                findings_add(&check->findings, SEVERITY_NOTE, "rules",
                             "remove it if it is not intended",
                             "%s disables these rules, so that %s", path, without);
        else if (state == RULES_MISSING)
                findings_add(&check->findings, SEVERITY_ERROR, "rules",
                             "reinstall vfio-variant, and run `udevadm control --reload`",
                             "%s is not installed, so that %s", name, without);
        return state == RULES_SHIPPED || state == RULES_OWN;
}

/* Returns whether the rules look up a choice for added devices. */
static bool check_rules(struct check *check) {
        bool choice = check_file_of_rules(check, "60-vfio-variant.rules",
                                          "the udev database has no choices");

        check->is_disabled = !check_file_of_rules(check, "70-vfio-variant-bind.rules",
                                                  "no tagged device is bound automatically") ||
                             !choice;
        if (!cmdline_disables_rules()) /* the commands work nevertheless */
                return choice;
        findings_add(&check->findings, SEVERITY_WARNING, "rules",
                     "remove the parameter if it is not intended, and reboot",
                     "vfio_variant=off on the kernel command line disables these rules, so that no "
                     "tagged device is reserved or bound automatically");
        return false;
}

static void check_hwdb(struct check *check) {
        char path[PATH_SIZE] = "";
        int r = hwdb_compare_age(path, sizeof(path));

        copy_printable(path, sizeof(path), path);
        if (r == HWDB_MISSING)
                findings_add(&check->findings, SEVERITY_WARNING, "hwdb", NULL,
                             "the hardware database is not compiled, so that no tag is in effect");
        else if (r == HWDB_OLD)
                findings_add(&check->findings, SEVERITY_WARNING, "hwdb", NULL,
                             "%s was written after the hardware database was compiled, so that it "
                             "may not be in effect yet",
                             path);
        else
                return;
        findings_advise(&check->findings, CHECK_COMPILE, hwdb_compile_command());
}

/* `systemd-hwdb update` creates the one in /etc, also if packages update the one in /usr. */
static void check_hidden_hwdb(struct check *check) {
        struct hwdb_hidden found;

        if (hwdb_find_hidden(&found) == 0 || (found.is_read_only && !found.is_newer))
                return;
        findings_add(&check->findings, found.is_newer ? SEVERITY_WARNING : SEVERITY_NOTE, "hwdb",
                     NULL, "%s hides %s%s", found.in_effect, found.hidden,
                     found.is_newer ? ", which was compiled later, so that records which packages "
                                      "installed may not be in effect"
                                    : ", which package installations update, so that their "
                                      "records will not be in effect");
        if (found.is_read_only)
                findings_advise(&check->findings, CHECK_COMPILE, hwdb_compile_command());
        else
                findings_advise(&check->findings,
                                "run `systemd-hwdb --usr update && rm %s && udevadm control "
                                "--reload`",
                                found.in_effect);
}

/* A match key of the form before 0.1. */
static int check_key(const struct tag_source *source, void *userdata) {
        char match[TAG_KEY_SIZE], key[TAG_KEY_SIZE];
        struct check *check = userdata;

        if (!tag_key_is_old(source->match, key))
                return 0;
        copy_printable(match, sizeof(match), source->match);
        copy_printable(key, sizeof(key), key);
        findings_add(&check->findings, SEVERITY_WARNING, "hwdb", NULL,
                     "%s/%s:%u: the match key %s has an old form, which is not looked up",
                     source->directory, source->name, source->line, match);
        findings_advise(&check->findings, "write %s instead, and " CHECK_COMPILE, key,
                        hwdb_compile_command());
        return 0;
}

/* Returns whether there is a database. */
static bool check_udev(struct check *check) {
        switch (database_look()) {
        case DATABASE_LIVE:
                return true;
        case DATABASE_IDLE:
                findings_add(&check->findings, SEVERITY_WARNING, "database",
                             "`systemctl start systemd-udevd`",
                             "udevd does not run, so that added devices are not bound");
                return true;
        case DATABASE_MISSING:
        default:
                findings_add(&check->findings, SEVERITY_NOTE, "database",
                             "run it on the host to check udev",
                             "there is no udev database (/run/udev), as in a container: choices "
                             "are looked up instead, and the rules were not checked");
                return false;
        }
}

void check_host(struct check *check) {
        check->has_database = check_udev(check);
        check_iommu(check);
        check_index(check);
        check->has_choices = check->has_database && check_rules(check);
        check_hwdb(check);
        check_hidden_hwdb(check);
        (void)tag_source_each_key(check_key, check);
        if (geteuid() == 0)
                return;
        findings_add(&check->findings, SEVERITY_NOTE, "in-use", "run it as root to check this",
                     "this is not run as root, so that a VMM of another user that has a device "
                     "open is not found");
}
