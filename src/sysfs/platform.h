/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of machine this is, as far as it decides where its IOMMU comes from. */
#pragma once

#include <stdbool.h>

/* Of a vendor's name; a longer one is cut. */
#define PLATFORM_NAME_SIZE 64

struct platform {
        /* "GenuineIntel", "AuthenticAMD", "IBM/S390"; "Arm" for all of these; "": not known */
        char processor[PLATFORM_NAME_SIZE];
        /* Of the system, by its firmware (DMI): "QEMU", "Dell Inc."; "": not known */
        char vendor[PLATFORM_NAME_SIZE];
        bool is_guest;  /* it is a virtual machine */
        bool has_table; /* an ACPI table of its firmware describes an Intel or AMD IOMMU */
};

/* Reads it from /proc and /sys; what cannot be read is not known. */
void platform_read(struct platform *ret);
