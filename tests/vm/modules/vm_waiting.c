// SPDX-License-Identifier: GPL-2.0-only
/*
 * A native driver for QEMU's edu device that has a node, and whose remove function waits until the
 * last user has closed it, as that of a sound card does. No alias: it is loaded by name only.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(closed);
static atomic_t n_users = ATOMIC_INIT(0);

static int waiting_open(struct inode *inode, struct file *file) {
        atomic_inc(&n_users);
        return 0;
}

static int waiting_release(struct inode *inode, struct file *file) {
        if (atomic_dec_and_test(&n_users))
                wake_up(&closed);
        return 0;
}

static const struct file_operations waiting_operations = {
        .owner = THIS_MODULE,
        .open = waiting_open,
        .release = waiting_release,
};

static struct miscdevice node = {
        .minor = MISC_DYNAMIC_MINOR,
        .name = "vm_waiting",
        .fops = &waiting_operations,
};

static int waiting_probe(struct pci_dev *pdev, const struct pci_device_id *id) {
        node.parent = &pdev->dev;
        return misc_register(&node);
}

static void waiting_remove(struct pci_dev *pdev) {
        misc_deregister(&node);
        wait_event(closed, atomic_read(&n_users) == 0);
}

static const struct pci_device_id waiting_ids[] = {{PCI_DEVICE(0x1234, 0x11e8)}, {}};

static struct pci_driver waiting_driver = {
        .name = "vm_waiting",
        .id_table = waiting_ids,
        .probe = waiting_probe,
        .remove = waiting_remove,
};
module_pci_driver(waiting_driver);

MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("Driver of the tests of vfio-variant that waits for its users");
