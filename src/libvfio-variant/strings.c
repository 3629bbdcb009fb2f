/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a device says of itself in words. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "cleanup.h"
#include "objects.h"
#include "text.h"

/* Long enough for any of them. */
#define STRING_SIZE PATH_MAX

static int put(char ret[STRING_SIZE], const char *text) {
        if (!*text)
                return -ENODATA;
        return text_put(ret, STRING_SIZE, text) < STRING_SIZE ? 0 : -EMSGSIZE;
}

/* What the device's folder said when it was opened. */
static int say_identity(const struct vfio_variant_device *device, enum vfio_variant_string what,
                        char ret[STRING_SIZE]) {
        switch (what) {
        case VFIO_VARIANT_SYSNAME:
                return put(ret, device->handle.sysname);
        case VFIO_VARIANT_SYSPATH:
                return put(ret, device->handle.syspath);
        case VFIO_VARIANT_SUBSYSTEM:
                return put(ret, device->handle.bus);
        case VFIO_VARIANT_MODALIAS:
                return put(ret, device->handle.modalias);
        default:
                return put(ret, device->physfn);
        }
}

static int say_answer(struct vfio_variant_device *device, enum vfio_variant_string what,
                      char ret[STRING_SIZE]) {
        int r = vfio_variant_device_find_answer(device);

        if (r < 0)
                return r;
        switch (what) {
        case VFIO_VARIANT_ANSWER:
                return put(ret, device->properties.driver);
        case VFIO_VARIANT_ANSWER_MODULE:
                return put(ret, device->properties.module);
        case VFIO_VARIANT_ANSWER_ALIAS:
                return put(ret, device->properties.alias);
        default:
                return put(ret, device->properties.fallback);
        }
}

/* What its folder says now. */
static int say_now(const struct vfio_variant_device *device, enum vfio_variant_string what,
                   char ret[STRING_SIZE]) {
        int fd = device->handle.fd, r;

        switch (what) {
        case VFIO_VARIANT_HOLDER:
                r = device_driver(fd, ret);
                break;
        case VFIO_VARIANT_HOLDER_MODULE:
                r = device_driver_module(fd, ret);
                break;
        case VFIO_VARIANT_GROUP_NODE:
                r = device_group_node(fd, ret);
                break;
        default:
                r = device_cdev(fd, ret);
        }
        return device_answer(device, r);
}

static int say(struct vfio_variant_device *device, enum vfio_variant_string what,
               char ret[STRING_SIZE]) {
        switch (what) {
        case VFIO_VARIANT_SYSNAME:
        case VFIO_VARIANT_SYSPATH:
        case VFIO_VARIANT_SUBSYSTEM:
        case VFIO_VARIANT_MODALIAS:
        case VFIO_VARIANT_PHYSFN:
                return say_identity(device, what, ret);
        case VFIO_VARIANT_ANSWER:
        case VFIO_VARIANT_ANSWER_MODULE:
        case VFIO_VARIANT_ANSWER_ALIAS:
        case VFIO_VARIANT_ANSWER_FALLBACK:
                return say_answer(device, what, ret);
        case VFIO_VARIANT_HOLDER:
        case VFIO_VARIANT_HOLDER_MODULE:
        case VFIO_VARIANT_GROUP_NODE:
        case VFIO_VARIANT_CDEV_NODE:
                return say_now(device, what, ret);
        case VFIO_VARIANT_GROUP_CULPRIT:
                return group_culprit(device, ret);
        default:
                return -EINVAL;
        }
}

_public_ int vfio_variant_device_get_string(struct vfio_variant_device *device,
                                            enum vfio_variant_string what, const char **ret) {
        _uninitialized_ char text[STRING_SIZE];
        int r = say(device, what, text);

        if (r < 0)
                return r;
        show_text(text, sizeof(text), text);
        /* What was returned before is still in use, maybe */
        if (!device->strings[what] || !streq(device->strings[what], text)) {
                char *copy = strdup(text);

                if (!copy)
                        return -ENOMEM;
                free(device->strings[what]);
                device->strings[what] = copy;
        }
        *ret = device->strings[what];
        return 0;
}
