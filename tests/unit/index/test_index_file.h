/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An index that the tests of a source and of the whole index share, and the text beside it. */
#pragma once

#include "bin.h"

/* "vfio_p:a" names m, and all of p n; then a chain that only "p:z" walks into is broken. */
extern const struct bin_node root;

#define TEXT "alias vfio_p:* text\nalias vfio_p:z z\n"
