/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The condition of a device: what keeps it from being bound, or would take it away. */
#include <errno.h>
#include <fnmatch.h>

#include "load.h"
#include "objects.h"
#include "pci.h"
#include "place.h"
#include "show.h"
#include "text.h"
#include "vfio-variant-check.h"

/* Tells what LOOK finds. */
static int find(struct vfio_variant_device *device,
                int (*look)(const struct handle *handle, struct finding *ret),
                const char **ret_clause, int *ret_yields_to_force) {
        struct finding finding;
        int r = handle_find(&device->handle); /* of what is gone nothing is known any more */

        if (r >= 0)
                r = device_answer(device, look(&device->handle, &finding));
        if (r < 0)
                return r == -ESTALE ? -ENODEV : r;
        (void)text_put(device->objection, sizeof(device->objection), finding.text);
        *ret_clause = device->objection;
        *ret_yields_to_force = guard_yields_to_force(finding.guard);
        return r;
}

int vfio_variant_device_find_objection(struct vfio_variant_device *device, const char **ret_clause,
                                       int *ret_yields_to_force) {
        return find(device, guards_look, ret_clause, ret_yields_to_force);
}

int vfio_variant_device_find_use(struct vfio_variant_device *device, const char **ret_clause,
                                 int *ret_yields_to_force) {
        return find(device, guards_look_for_use, ret_clause, ret_yields_to_force);
}

int vfio_variant_device_find_block_use(struct vfio_variant_device *device,
                                       const char **ret_clause) {
        int yields;

        return find(device, guards_look_for_block_use, ret_clause, &yields);
}

bool device_is_of_bridge_class(const struct vfio_variant_device *device) {
        return fnmatch("pci:*bc06sc??i??", device->handle.modalias, 0) == 0;
}

bool device_is_of_iommu_class(const struct vfio_variant_device *device) {
        return fnmatch("pci:*bc08sc06i??", device->handle.modalias, 0) == 0;
}

int vfio_variant_device_is_bridge(const struct vfio_variant_device *device) {
        return device_is_of_bridge_class(device) || device_header_type(device->handle.fd) > 0;
}

int vfio_variant_device_is_iommu(const struct vfio_variant_device *device) {
        return device_is_of_iommu_class(device);
}

int vfio_variant_device_get_override(struct vfio_variant_device *device, const char **ret) {
        char override[DRIVER_SIZE];
        int r = device_answer(device, device_override(device->handle.fd, override));

        if (r >= 0 && !override[0])
                r = -ENODATA;
        if (r < 0)
                return r;
        show_text(device->override, sizeof(device->override), override);
        *ret = device->override;
        return 0;
}

int vfio_variant_device_each_native_module(const struct vfio_variant_device *device,
                                           int (*on_module)(const char *module, void *userdata),
                                           void *userdata) {
        return load_each_module(device->handle.modalias, NULL, NULL, on_module, userdata);
}

int vfio_variant_device_find_line(const struct vfio_variant_device *device,
                                  enum vfio_variant_line line, const char *driver,
                                  char ret[VFIO_VARIANT_PATH_SIZE]) {
        const char *modalias = device->handle.modalias;
        char module[NAME_SIZE], place[PLACE_SIZE];
        int r;

        if (text_put(module, sizeof(module), driver) == sizeof(module))
                return 0;
        /* The VFIO drivers with a hyphen in their names have an underscore in their modules' */
        for (char *c = module; *c; c++)
                *c = text_underscored(*c);
        r = line == VFIO_VARIANT_LINE_IDS ? place_of_ids(NULL, modalias, module, place)
                                          : place_of_alias_for(NULL, modalias, module, place);
        if (r > 0)
                show_text(ret, VFIO_VARIANT_PATH_SIZE, place);
        return r;
}
