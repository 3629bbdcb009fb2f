/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk with devices that are built on it. */
#pragma once

#define DEVICE "0000:00:01.0"
/* Its controller, below /sys/devices. */
#define BELOW "pci0000:00/" DEVICE "/nvme/nvme0"

/* Makes the block device NAME with that number in the directory ABOVE, a path below /sys/devices.
 */
void disk_block(const char *above, const char *name, const char *number);

/* Makes a partition of DISK, which is in the directory ABOVE. */
void disk_partition(const char *above, const char *disk, const char *name, const char *number);

/* UPPER is built on LOWER. */
void disk_upper(const char *lower, const char *upper);

/* Makes a loop device on the file BACKING. */
void disk_loop(const char *name, const char *number, const char *backing);

/*
 * Enters a /sys with DEVICE and its disk nvme0n1 with p1, p2; and with a disk of another device,
 * whose name begins as this one's, and one whose own does.
 */
void make_disk(void);

/* dm-0 on p2, dm-1 on dm-0; md127 on p1 and sdb. */
void make_holders(void);

/* On the disk, on a partition, on the first one, and on others. */
void make_loops(void);
