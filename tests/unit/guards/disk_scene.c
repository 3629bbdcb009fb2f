/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disk_scene.h"

#include "sys.h"

void disk_block(const char *above, const char *name, const char *number) {
        const char *directory = sys_path("/sys/devices/%s/%s", above, name);

        sys_file(sys_path("%s/dev", directory), sys_path("%s\n", number));
        sys_directory(sys_path("%s/holders", directory));
        sys_link(sys_path("/sys/class/block/%s", name),
                 sys_path("../../devices/%s/%s", above, name));
}

void disk_partition(const char *above, const char *disk, const char *name, const char *number) {
        disk_block(sys_path("%s/%s", above, disk), name, number);
        sys_file(sys_path("/sys/devices/%s/%s/%s/partition", above, disk, name), "1\n");
}

void disk_upper(const char *lower, const char *upper) {
        sys_link(sys_path("/sys/class/block/%s/holders/%s", lower, upper),
                 sys_path("/sys/devices/virtual/block/%s", upper));
}

void make_disk(void) {
        sys_enter();
        sys_device(DEVICE);
        disk_block(BELOW, "nvme0n1", "259:0");
        disk_partition(BELOW, "nvme0n1", "nvme0n1p1", "259:1");
        disk_partition(BELOW, "nvme0n1", "nvme0n1p2", "259:2");
        sys_directory("/sys/devices/" BELOW "/nvme0n1/nvme0n1foo");
        disk_block("pci0000:00/" DEVICE "0/nvme/nvme1", "nvme0n10", "259:10");
        disk_block("pci0000:00/0000:00:02.0", "sdb", "8:16");
}

void make_holders(void) {
        disk_block("virtual/block", "dm-0", "253:0");
        sys_file("/sys/class/block/dm-0/dm/name", "vg-root\n");
        disk_block("virtual/block", "dm-1", "253:1");
        disk_block("virtual/block", "md127", "9:127");
        disk_partition("virtual/block", "md127", "md127p1", "259:20");
        disk_upper("nvme0n1p2", "dm-0");
        disk_upper("dm-0", "dm-1");
        disk_upper("nvme0n1p1", "md127");
        disk_upper("sdb", "md127");
        disk_upper("dm-1", "lost"); /* just removed */
}

void disk_loop(const char *name, const char *number, const char *backing) {
        disk_block("virtual/block", name, number);
        sys_file(sys_path("/sys/class/block/%s/loop/backing_file", name),
                 sys_path("%s\n", backing));
}

void make_loops(void) {
        disk_loop("loop0", "7:0", "/dev/nvme0n1");
        disk_loop("loop1", "7:1", "/dev/loop0 (deleted)");
        disk_loop("loop2", "7:2", "/dev/nvme0n10");
        disk_loop("loop3", "7:3", "/srv/dev/nvme0n1");
        disk_loop("loop4", "7:4", "/dev/nvme0n1 (undeleted)");
        disk_loop("loop5", "7:5", "/dev/nvme0n1p2");
        disk_block("virtual/block", "loop6", "7:6"); /* not set up */
}
