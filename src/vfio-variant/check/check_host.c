/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the host itself. */
#include <errno.h>
#include <unistd.h>

#include "check.h"
#include "choose_driver.h"
#include "context.h"
#include "database.h"
#include "device_keys.h"
#include "hwdb_files.h"
#include "messages.h"
#include "rules.h"

/* Space for the path of a file of rules or of the hwdb. */
#define PATH_SIZE 512

static void add_no_index(struct check *check) {
        const char *directory = vfio_variant_get_module_directory(check->context);
        bool is_there = access(directory, F_OK) == 0;

        findings_add(&check->findings, SEVERITY_ERROR, "index", "cannot look up drivers: %s %s",
                     directory, is_there ? "has no module index" : "does not exist");
        findings_advise(&check->findings, "%s", advise_without_index(is_there));
}

/* As choice_source_check(). */
static int read_index(struct vfio_variant *context, const char **ret) {
        int r = context_open_source(context);

        return r < 0 ? r : choice_source_check(context->source, ret);
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
                        &check->findings, SEVERITY_ERROR, "index",
                        "%s of the running kernel is damaged, so that drivers may not be found",
                        file);
        else
                findings_add(&check->findings, SEVERITY_ERROR, "index",
                             "the module index of the running kernel can't be read: %s",
                             log_errno(r));
        findings_advise(&check->findings, "%s", r > 0 ? "run depmod" : advise_error(r));
}

/* What becomes of a file of rules, and what is missing without it. Returns whether it is read. */
static bool check_file_of_rules(struct check *check, const char *name, const char *without) {
        char path[PATH_SIZE] = "";
        enum rules_state state = rules_find(name, path, sizeof(path));

        copy_printable(path, sizeof(path), path);
        switch (state) {
        case RULES_SHIPPED:
                return true;
        case RULES_OWN:
                findings_add(&check->findings, SEVERITY_NOTE, "rules",
                             "%s is read, and not what is shipped", path);
                findings_advise(&check->findings, "remove it, if that is not meant");
                return true;
        case RULES_OFF:
                findings_add(&check->findings, SEVERITY_NOTE, "rules",
                             "%s switches these rules off, so that %s", path, without);
                findings_advise(&check->findings, "remove it, if that is not meant");
                return false;
        case RULES_MISSING:
        default:
                findings_add(&check->findings, SEVERITY_ERROR, "rules",
                             "%s is not installed, so that %s", name, without);
                findings_advise(&check->findings,
                                "install vfio-variant anew, and run `udevadm control --reload`");
                return false;
        }
}

/* Do the rules choice for what appears? */
static bool check_rules(struct check *check) {
        bool choice = check_file_of_rules(check, "60-vfio-variant.rules",
                                          "no choice gets into the udev database");

        (void)check_file_of_rules(check, "70-vfio-variant-bind.rules",
                                  "no tagged device is bound by itself");
        return choice;
}

static void check_hwdb(struct check *check) {
        char path[PATH_SIZE] = "";
        int r = hwdb_compare_age(path, sizeof(path));

        copy_printable(path, sizeof(path), path);
        if (r == HWDB_MISSING)
                findings_add(&check->findings, SEVERITY_WARNING, "hwdb",
                             "the hardware database was never compiled, so that no tag counts");
        else if (r == HWDB_OLD)
                findings_add(
                        &check->findings, SEVERITY_WARNING, "hwdb",
                        "%s was written after the hardware database was compiled, so that what "
                        "it says may not count yet",
                        path);
        else
                return;
        findings_advise(&check->findings, "%s", CHECK_COMPILE);
}

static void add_old_key(const char *place, const char *old, const char *key, void *userdata) {
        struct check *check = userdata;

        findings_add(&check->findings, SEVERITY_WARNING, "hwdb",
                     "%s: the match key %s has an old form, so that it is not looked up", place,
                     old);
        findings_advise(&check->findings, "write %s instead, and " CHECK_COMPILE, key);
}

/* Returns whether there is a database. */
static bool check_udev(struct check *check) {
        switch (database_look()) {
        case DATABASE_LIVE:
                return true;
        case DATABASE_IDLE:
                findings_add(&check->findings, SEVERITY_WARNING, "database",
                             "udevd does not run, so that nothing is done for devices that appear");
                findings_advise(&check->findings, "`systemctl start systemd-udevd`");
                return true;
        case DATABASE_MISSING:
        default:
                findings_add(
                        &check->findings, SEVERITY_NOTE, "database",
                        "there is no udev database here (/run/udev), as in a container: answers "
                        "are looked up instead, and the rules were not looked at");
                findings_advise(&check->findings, "run it on the host, to see what udev does");
                return false;
        }
}

void check_host(struct check *check) {
        check->has_database = check_udev(check);
        check_iommu(check);
        check_index(check);
        check->has_choices = check->has_database && check_rules(check);
        check_hwdb(check);
        (void)vfio_variant_each_old_key(add_old_key, check);
        if (geteuid() == 0)
                return;
        findings_add(&check->findings, SEVERITY_NOTE, "in-use",
                     "this is not run as root, so that a VMM of somebody else that has a device "
                     "open is not seen");
        findings_advise(&check->findings, "run it as root to see that");
}
