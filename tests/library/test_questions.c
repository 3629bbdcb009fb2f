/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the library: who holds a device, of which type, its nodes, its group. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scene.h"

static struct vfio_variant *context;
static struct vfio_variant_device *device;

static void begin(void) {
        scene_enter();
        context = scene_context();
        device = scene_open(context, DEVICE);
}

static void end(void) {
        ck_assert_ptr_null(vfio_variant_device_unref(device));
        ck_assert_ptr_null(vfio_variant_unref(context));
}

/* --- the type of the driver --- */

static const struct {
        const char *why, *driver, *module, *extra; /* EXTRA: a directory that is there, too */
        enum vfio_variant_type type;
        enum vfio_variant_evidence evidence;
        int ready, reset;
} type_rows[] = {
        {"no driver", NULL, NULL, NULL, VFIO_VARIANT_TYPE_NONE, VFIO_VARIANT_EVIDENCE_KERNEL, 0, 1},
        {"the device shows it, regardless of the name", "nvidia", "nvidia",
         DIRECTORY "/vfio-dev/vfio0", VFIO_VARIANT_TYPE_VFIO, VFIO_VARIANT_EVIDENCE_KERNEL, 1, 0},
        {"the device does not show it, regardless of the name", "odd-vfio", "odd_vfio",
         "/sys/class/vfio-dev", VFIO_VARIANT_TYPE_NATIVE, VFIO_VARIANT_EVIDENCE_KERNEL, 0, 1},
        {"before 6.1: its module has an alias", "quiet", "quiet", NULL, VFIO_VARIANT_TYPE_VFIO,
         VFIO_VARIANT_EVIDENCE_ALIAS, 1, 0},
        {"before 6.1: the generic one has an alias", "vfio-pci", "vfio_pci", NULL,
         VFIO_VARIANT_TYPE_VFIO, VFIO_VARIANT_EVIDENCE_ALIAS, 1, 0},
        {"before 6.1: its module uses the core", "odd", "odd",
         "/sys/module/vfio_pci_core/holders/odd", VFIO_VARIANT_TYPE_VFIO,
         VFIO_VARIANT_EVIDENCE_CORE, 1, 0},
        {"before 6.1: known, built in", "vfio-platform", NULL, NULL, VFIO_VARIANT_TYPE_VFIO,
         VFIO_VARIANT_EVIDENCE_NAME, 1, 0},
        {"before 6.1: a guess", "acme-vfio", "acme", NULL, VFIO_VARIANT_TYPE_VFIO,
         VFIO_VARIANT_EVIDENCE_GUESS, 1, 0},
        {"before 6.1: native, for all one knows", "e1000e", "e1000e", NULL,
         VFIO_VARIANT_TYPE_NATIVE, VFIO_VARIANT_EVIDENCE_GUESS, 0, 1},
        {"a stub", "pci-stub", "pci_stub", "/sys/class/vfio-dev", VFIO_VARIANT_TYPE_STUB,
         VFIO_VARIANT_EVIDENCE_NAME, 1, 1},
        {"Xen's", "pciback", "xen_pciback", NULL, VFIO_VARIANT_TYPE_XEN, VFIO_VARIANT_EVIDENCE_NAME,
         1, 1},
        {"Xen's, by its other name", "xen-pciback", NULL, NULL, VFIO_VARIANT_TYPE_XEN,
         VFIO_VARIANT_EVIDENCE_NAME, 1, 1},
};

START_TEST(type) {
        const __typeof__(*type_rows) *row = &type_rows[_i];

        begin();
        if (row->driver)
                sys_driver(row->driver, row->module);
        if (row->extra)
                sys_directory(row->extra);
        sys_hold(DEVICE, row->driver);
        assert_row(vfio_variant_device_get_type(device) == (int)row->type, row);
        assert_row(vfio_variant_device_get_type_evidence(device) == (int)row->evidence, row);
        assert_row(vfio_variant_device_is_ready(device) == row->ready, row);
        assert_row(vfio_variant_device_must_reset(device) == row->reset, row);
        assert_row(!strcmp(said(vfio_variant_device_get_driver(device)),
                           row->driver ? row->driver : "-ENODATA"),
                   row);
        assert_row(!strcmp(said(vfio_variant_device_get_driver_module(device)),
                           row->module ? row->module : "-ENODATA"),
                   row);
        end();
}
END_TEST

static const struct {
        const char *why, *class, *driver, *extra;
        int unusable;
} nvme_rows[] = {
        {"on nvme", "bc01sc08i02", "nvme", NULL, 0},
        {"on VFIO", "bc01sc08i02", "vfio-pci", DIRECTORY "/vfio-dev/vfio0", 0},
        {"on nothing", "bc01sc08i02", NULL, NULL, 1},
        {"on a stub", "bc01sc08i02", "pci-stub", NULL, 1},
        {"on another", "bc01sc08i02", "uio_pci_generic", NULL, 1},
        {"AHCI on nothing", "bc01sc06i01", NULL, NULL, 0},
};

START_TEST(unusable_nvme) {
        const __typeof__(*nvme_rows) *row = &nvme_rows[_i];

        scene_enter();
        sys_class(DEVICE, row->class);
        context = scene_context();
        device = scene_open(context, DEVICE);
        if (row->driver)
                sys_driver(row->driver, NULL);
        if (row->extra)
                sys_directory(row->extra);
        sys_hold(DEVICE, row->driver);
        assert_row(vfio_variant_device_is_unusable_nvme(device) == row->unusable, row);
        end();
}
END_TEST

/* --- what no guest can have --- */

static const struct {
        const char *why, *modalias;
        int is_bridge, is_iommu;
} kind_rows[] = {
        {"a network card", MODALIAS, 0, 0},
        {"a bridge", "pci:v00008086d00000D57sv00000000sd00000000bc06sc00i00", 1, 0},
        {"an IOMMU", "pci:v00001022d00001451sv00000000sd00000000bc08sc06i00", 0, 1},
        {"a device on another bus", "cdx:v000010EEd00008084sv*", 0, 0},
};

START_TEST(kind) {
        const __typeof__(*kind_rows) *row = &kind_rows[_i];

        begin();
        sys_file(DIRECTORY "/modalias", sys_path("%s\n", row->modalias));
        (void)vfio_variant_device_unref(device);
        device = scene_open(context, DEVICE);
        assert_row(vfio_variant_device_is_bridge(device) == row->is_bridge, row);
        assert_row(vfio_variant_device_is_iommu(device) == row->is_iommu, row);
        assert_row(!strcmp(said(vfio_variant_device_get_vendor(device)), "-ENODATA"), row);
        assert_row(!strcmp(said(vfio_variant_device_get_model(device)), "-ENODATA"), row);
        end();
}
END_TEST

/* --- nodes --- */

static const struct {
        const char *why, *group, *group_name, *vfio_dev, *cdev; /* VFIO_DEV: with its dev, or not */
        int has_dev, number, no_iommu;
        const char *node;
} node_rows[] = {
        {"no group", NULL, NULL, NULL, "-ENODATA", 0, -ENODATA, -ENODATA, "-ENODATA"},
        {"a group", "12", NULL, NULL, "-ENODATA", 0, 12, 0, "/dev/vfio/12"},
        {"a group that VFIO made", "3", "vfio-noiommu\n", NULL, "-ENODATA", 0, 3, 1,
         "/dev/vfio/noiommu-3"},
        {"a group with another name", "3", "a name of more characters than that has\n", NULL,
         "-ENODATA", 0, 3, 0, "/dev/vfio/3"},
        {"no cdev of this kernel", "12", NULL, "vfio7", "-ENODATA", 0, 12, 0, "/dev/vfio/12"},
        {"a cdev", "12", NULL, "vfio7", "/dev/vfio/devices/vfio7", 1, 12, 0, "/dev/vfio/12"},
};

START_TEST(nodes) {
        const __typeof__(*node_rows) *row = &node_rows[_i];

        begin();
        if (row->group)
                sys_group(DEVICE, row->group);
        if (row->group_name)
                sys_file(sys_path("/sys/kernel/iommu_groups/%s/name", row->group), row->group_name);
        if (row->vfio_dev)
                sys_directory(sys_path(DIRECTORY "/vfio-dev/%s", row->vfio_dev));
        if (row->has_dev)
                sys_file(sys_path(DIRECTORY "/vfio-dev/%s/dev", row->vfio_dev), "511:7\n");
        assert_row(!strcmp(said(vfio_variant_device_get_group_node(device)), row->node), row);
        assert_row(!strcmp(said(vfio_variant_device_get_cdev_node(device)), row->cdev), row);
        assert_row(vfio_variant_device_get_iommu_group(device) == row->number, row);
        assert_row(vfio_variant_device_has_no_iommu(device) == row->no_iommu, row);
        assert_row(vfio_variant_device_get_cdev_number(device) == (row->has_dev ? 7 : -ENODATA),
                   row);
        end();
}
END_TEST

/* --- the group --- */

static const struct {
        const char *why, *drivers[3]; /* of 01.0, 01.1, 01.2 */
        const char *blocking;         /* NULL: none */
} group_rows[] = {
        {"no driver", {NULL, NULL, NULL}, NULL},
        {"all on VFIO", {"vfio-pci", "vfio-pci", "vfio-pci"}, NULL},
        {"a bridge and a stub do no harm", {"vfio-pci", "pcieport", "pci-stub"}, NULL},
        {"itself", {"e1000e", NULL, NULL}, DEVICE},
        {"another", {"vfio-pci", NULL, "snd_hda_intel"}, "0000:00:01.2"},
        {"the first of two", {"vfio-pci", "xhci_hcd", "snd_hda_intel"}, "0000:00:01.1"},
        {"Xen's is none of VFIO", {"vfio-pci", NULL, "xen-pciback"}, "0000:00:01.2"},
};

#define LIST_SIZE 64

static int list_member(struct vfio_variant_device *member, void *userdata) {
        char *list = userdata;

        (void)snprintf(list + strlen(list), LIST_SIZE - strlen(list), "%s%s",
                       said(vfio_variant_device_get_sysname(member)) + strlen("0000:00:"),
                       vfio_variant_device_is_blocking(member) == 1 ? "! " : " ");
        return 0;
}

START_TEST(group_members) {
        const __typeof__(*group_rows) *row = &group_rows[_i];
        char list[LIST_SIZE] = "", expected[LIST_SIZE] = "";

        begin();
        sys_directory("/sys/class/vfio-dev");
        for (int i = 2; i >= 0; i--) { /* not in their order */
                static const char *const sysnames[] = {DEVICE, "0000:00:01.1", "0000:00:01.2"};
                const char *sysname = sysnames[i], *driver = row->drivers[i];

                if (i > 0)
                        scene_device(sysname);
                sys_group(sysname, "12");
                if (!driver)
                        continue;
                sys_driver(driver, NULL);
                sys_hold(sysname, driver);
                if (strcmp(driver, "vfio-pci") == 0)
                        sys_directory(sys_path(SYS_ROOT "%s/vfio-dev/vfio%d", sysname, i));
        }
        (void)vfio_variant_device_unref(device);
        device = scene_open(context, DEVICE); /* the group was not there when it was opened */
        assert_row(vfio_variant_device_is_group_viable(device) == !row->blocking, row);
        assert_row(!strcmp(said(vfio_variant_device_get_blocking_member(device)),
                           row->blocking ? row->blocking : "-ENODATA"),
                   row);
        assert_row(vfio_variant_device_each_member(device, list_member, list) == 0, row);
        for (int i = 0; i < 3; i++) {
                const char *driver = row->drivers[i];
                int breaks = driver && strcmp(driver, "vfio-pci") != 0 &&
                             strcmp(driver, "pcieport") != 0 && strcmp(driver, "pci-stub") != 0;

                (void)snprintf(expected + strlen(expected), LIST_SIZE - strlen(expected),
                               "01.%d%s ", i, breaks ? "!" : "");
        }
        assert_row(!strcmp(list, expected), row);
        end();
}
END_TEST

static int stop(struct vfio_variant_device *member, void *userdata) {
        (void)member;
        (*(int *)userdata)++;
        return 7;
}

START_TEST(walks_end_where_they_are_told) {
        int n = 0;

        begin();
        ck_assert_int_eq(vfio_variant_device_each_member(device, stop, &n), -ENODATA);
        ck_assert_int_eq(vfio_variant_device_is_group_viable(device), -ENODATA);
        sys_group(DEVICE, "12");
        scene_device("0000:00:02.0");
        sys_group("0000:00:02.0", "12");
        ck_assert_int_eq(vfio_variant_device_each_member(device, stop, &n), 7);
        ck_assert_int_eq(n, 1);
        ck_assert_int_eq(vfio_variant_each_device(context, stop, &n), 7);
        ck_assert_int_eq(n, 2);
        end();
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_loop_test(tcase, type, 0, N_ROWS(type_rows));
        tcase_add_loop_test(tcase, unusable_nvme, 0, N_ROWS(nvme_rows));
        tcase_add_loop_test(tcase, kind, 0, N_ROWS(kind_rows));
        tcase_add_loop_test(tcase, nodes, 0, N_ROWS(node_rows));
        tcase_add_loop_test(tcase, group_members, 0, N_ROWS(group_rows));
        tcase_add_test(tcase, walks_end_where_they_are_told);
}

int main(void) {
        static const struct unit_case cases[] = {{"questions", add_cases}, {}};

        return unit_run("library-questions", cases);
}
