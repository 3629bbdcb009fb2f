/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests of src/choice share: the tree that the real depmod indexed, and its devices.
 */
#pragma once

#include "unit.h"

#define ID(vendor, device) "pci:v0000" vendor "d0000" device "sv00000000sd00000000bc02sc00i00"

#define MLX5   ID("15B3", "101E")
#define BUILT  ID("15B3", "0001")
#define LOST   ID("15B3", "0002")
#define VENDOR ID("15B3", "0003")
#define XE     ID("8086", "B080")
#define OTHER  ID("1234", "0001")

/* The directory that tests/trees/module-tree made of unit.tree. */
const char *tree(void);

/* A copy of its indexes, to be damaged. The caller closes its descriptor. */
struct temp_directory copy_of_tree(void);

void add_facts(TCase *tcase);
void add_whole(TCase *tcase);
