/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binds devices, those of one IOMMU group in one transaction. */
#pragma once

#include "bind_report.h"
#include "device_set.h"

/* Binds the devices of SET, which is empty then, and reports the results. Returns the exit status.
 */
int bind_set(struct device_set *set, const struct bind_options *options);
