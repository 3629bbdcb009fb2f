/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host itself has: an IOMMU, a module index, udev's files. */
#include <errno.h>

#include "cmdline.h"
#include "database.h"
#include "hwdb_files.h"
#include "index.h"
#include "iommu.h"
#include "module.h"
#include "objects.h"
#include "platform.h"
#include "rules.h"
#include "vfio-variant-check.h"

int vfio_variant_has_iommu(void) {
        return iommu_is_on();
}

int vfio_variant_iommu_is_xens(void) {
        return iommu_is_kept_by_xen();
}

int vfio_variant_allows_no_iommu(void) {
        return iommu_may_be_missing();
}

void vfio_variant_find_platform(struct vfio_variant_platform *ret) {
        struct platform platform;

        platform_read(&platform);
        *ret = (struct vfio_variant_platform){
                .is_guest = platform.is_guest,
                .has_table = platform.has_table,
        };
        show_text(ret->processor, sizeof(ret->processor), platform.processor);
        show_text(ret->vendor, sizeof(ret->vendor), platform.vendor);
}

int vfio_variant_find_iommu_off(const char *processor, char *ret, size_t size) {
        char word[CMDLINE_WORD_SIZE];
        struct cmdline cmdline;
        int r = cmdline_read(&cmdline);

        if (r < 0)
                return r;
        if (!cmdline_switches_iommu_off(&cmdline, processor, word))
                return 0;
        show_text(ret, size, word);
        return 1;
}

int vfio_variant_find_index(char ret[VFIO_VARIANT_INDEX_SIZE]) {
        char path[INDEX_DIRECTORY_SIZE];
        int r = index_find_directory(path);

        show_text(ret, VFIO_VARIANT_INDEX_SIZE, path);
        return r;
}

int vfio_variant_check_index(struct vfio_variant *context, const char **ret) {
        int r = context_open_source(context);

        if (r < 0)
                return r;
        r = answer_source_check(context->source, ret);
        return r == -ENOENT ? -ENODATA : r;
}

enum vfio_variant_rules vfio_variant_find_rules(const char *name,
                                                char ret[VFIO_VARIANT_PATH_SIZE]) {
        char path[VFIO_VARIANT_PATH_SIZE];
        enum rules_state state = rules_find(name, path, sizeof(path));

        if (state != RULES_MISSING)
                show_text(ret, VFIO_VARIANT_PATH_SIZE, path);
        switch (state) {
        case RULES_SHIPPED:
                return VFIO_VARIANT_RULES_SHIPPED;
        case RULES_OWN:
                return VFIO_VARIANT_RULES_OWN;
        case RULES_OFF:
                return VFIO_VARIANT_RULES_OFF;
        case RULES_MISSING:
        default:
                return VFIO_VARIANT_RULES_MISSING;
        }
}

int vfio_variant_check_hwdb(char ret[VFIO_VARIANT_PATH_SIZE]) {
        char path[VFIO_VARIANT_PATH_SIZE];
        int age = hwdb_compare_age(path, sizeof(path));

        if (age == HWDB_OLD || age == HWDB_FRESH)
                show_text(ret, VFIO_VARIANT_PATH_SIZE, path);
        switch (age) {
        case HWDB_MISSING:
                return VFIO_VARIANT_HWDB_MISSING;
        case HWDB_OLD:
                return VFIO_VARIANT_HWDB_OLD;
        case HWDB_FRESH:
                return VFIO_VARIANT_HWDB_FRESH;
        default:
                return age;
        }
}

enum vfio_variant_database vfio_variant_check_database(void) {
        switch (database_look()) {
        case DATABASE_IDLE:
                return VFIO_VARIANT_DATABASE_IDLE;
        case DATABASE_LIVE:
                return VFIO_VARIANT_DATABASE_LIVE;
        case DATABASE_MISSING:
        default:
                return VFIO_VARIANT_DATABASE_MISSING;
        }
}

int vfio_variant_module_is_loaded(const char *module) {
        return module_is_loaded(module);
}
