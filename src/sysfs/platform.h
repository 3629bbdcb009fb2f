/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of the machine that decide where its IOMMU comes from. */
#pragma once

#include <stdbool.h>

/* The size of a vendor's name; a longer one is truncated. */
#define PLATFORM_NAME_SIZE 64

struct platform {
        /* "GenuineIntel", "AuthenticAMD", "IBM/S390"; "Arm" for all Arm vendors; "" if unknown */
        char processor[PLATFORM_NAME_SIZE];
        /* Of the system, from its firmware (DMI): "QEMU", "Dell Inc."; "" if unknown */
        char vendor[PLATFORM_NAME_SIZE];
        bool is_guest;  /* it is a virtual machine */
        bool has_table; /* an ACPI table of its firmware describes an Intel or AMD IOMMU */
};

/* Reads /proc and /sys. What cannot be read is unknown. */
void platform_read(struct platform *ret);
