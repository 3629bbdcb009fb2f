/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libvirt of this host: its version, and the PCI devices that its domains assign. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* "0000:3b:00.0". The domain of a device below VMD has five digits and more. */
#define HOSTDEV_SYSNAME_SIZE 32

/* Space for the name of a domain or of a driver. A longer name is cut. */
#define HOSTDEV_NAME_SIZE 64

/* A device of a domain. */
struct hostdev {
        char sysname[HOSTDEV_SYSNAME_SIZE];
        char domain[HOSTDEV_NAME_SIZE];
        char model[HOSTDEV_NAME_SIZE]; /* <driver model='NAME'/>, "" if there is none */
        bool is_managed;
};

/* Zero-initialised: no libvirt, no device. */
struct libvirt {
        unsigned version; /* 11003 for 11.3, 0: libvirt is not installed */
        struct hostdev *hostdevs;
        size_t n_hostdevs;
};

/*
 * Reads the version, and the domains that are defined. Returns 0, also without libvirt, or a
 * negative errno if not all domains can be read; *ret is valid then, too. The caller releases it
 * with libvirt_done().
 */
int libvirt_read(struct libvirt *ret);
void libvirt_done(struct libvirt *libvirt);
