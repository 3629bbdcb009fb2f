/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: whether the host has an IOMMU, and how this kind of machine enables one. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "cmdline.h"
#include "iommu.h"
#include "messages.h"
#include "platform.h"
#include "text.h"

/* What VFIO does with a device of a host without an IOMMU. */
static const char *describe_mode(int mode) {
        switch (mode) {
        case 0:
                return "no VFIO driver can bind to a device, because VFIO's no-IOMMU mode is off";
        case -EOPNOTSUPP:
                return "no VFIO driver can bind to a device, because this kernel has no no-IOMMU "
                       "mode (CONFIG_VFIO_NOIOMMU is not set)";
        default:
                return "no VFIO driver can bind to a device, except in VFIO's no-IOMMU mode";
        }
}

/* How a virtual machine gets one depends on its hypervisor. The vendor is that of DMI; without DMI
 * it is QEMU's as a rule. */
static const char *advise_guest(const struct platform *platform) {
        if (platform->has_table)
                return "the virtual machine has one: add intel_iommu=on to the kernel command line "
                       "and reboot";
        if (streq(platform->vendor, "Microsoft Corporation"))
                return "Hyper-V has no IOMMU for virtual machines: use the device with its native "
                       "driver, or in VFIO's no-IOMMU mode";
        if (startswith(platform->vendor, "VMware"))
                return "enable \"Expose IOMMU to the guest OS\" in the CPU settings of the virtual "
                       "machine";
        if (platform->vendor[0] && !streq(platform->vendor, "QEMU"))
                return "the hypervisor must provide an IOMMU to this virtual machine, if it can";
        if (streq(platform->processor, "Arm"))
                return "add one to the virtual machine: with QEMU `-machine virt,iommu=smmuv3`, "
                       "with libvirt `<iommu model='smmuv3'/>`";
        return "add one to the virtual machine: with QEMU `-device "
               "intel-iommu,intremap=on,caching-mode=on`, with libvirt `<iommu model='intel'/>`; "
               "and boot it with intel_iommu=on";
}

static const char *advise_host(const struct platform *platform) {
        if (streq(platform->processor, "Arm"))
                return "no kernel parameter enables it: the firmware or the device tree has to "
                       "describe an SMMU. A board without an SMMU has no IOMMU";
        if (streq(platform->processor, "IBM/S390"))
                return "the kernel's log (dmesg) may have the reason: on s390 each PCI function "
                       "has one";
        if (streq(platform->processor, "AuthenticAMD"))
                return platform->has_table
                               ? "the firmware describes one, and the kernel uses it without a "
                                 "parameter: `dmesg` may have the reason (AMD-Vi)"
                               : "enable it in the firmware (\"IOMMU\" or \"AMD-Vi\"); it needs no "
                                 "kernel parameter";
        if (streq(platform->processor, "GenuineIntel"))
                return platform->has_table
                               ? "the firmware describes one: add intel_iommu=on to the kernel "
                                 "command line and reboot"
                               : "enable it in the firmware (\"VT-d\"), and add intel_iommu=on to "
                                 "the kernel command line. A processor without VT-d has none";
        return "enable it in the firmware, if that has a setting for it; the kernel's log (dmesg) "
               "may have the reason";
}

/* Returns whether the kernel command line disables the IOMMU, and sets *ret to the parameter. */
static bool is_disabled(const char *processor, char ret[CMDLINE_PARAMETER_SIZE]) {
        char text[CMDLINE_SIZE];
        struct cmdline cmdline;

        return cmdline_read(text, &cmdline) >= 0 &&
               cmdline_disables_iommu(&cmdline, processor, ret);
}

static void add_no_iommu(struct check *check, int mode) {
        char parameter[CMDLINE_PARAMETER_SIZE];
        struct platform platform;
        struct findings *findings = &check->findings;

        platform_read(&platform);
        if (iommu_is_owned_by_xen() > 0) {
                findings_add(findings, SEVERITY_ERROR, "iommu",
                             "assign devices with xen-pciback (`xl pci-assignable-add`), or boot "
                             "without Xen",
                             "Xen uses the IOMMU itself, so that it is not available to VFIO");
        } else if (is_disabled(platform.processor, parameter)) {
                findings_add(findings, SEVERITY_ERROR, "iommu", "remove that parameter and reboot",
                             "the IOMMU is disabled by %s on the kernel command line: %s",
                             parameter, describe_mode(mode));
        } else if (platform.is_guest) {
                findings_add(findings, SEVERITY_ERROR, "iommu", advise_guest(&platform),
                             "this virtual machine has no IOMMU, or it is off: %s",
                             describe_mode(mode));
        } else {
                findings_add(findings, SEVERITY_ERROR, "iommu", advise_host(&platform),
                             "there is no IOMMU, or it is off: %s", describe_mode(mode));
        }
}

static void add_no_iommu_mode(struct check *check) {
        findings_add(&check->findings, SEVERITY_WARNING, "iommu",
                     "`echo N >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode`, and remove "
                     "it from modprobe.d",
                     "%s VFIO's no-IOMMU mode is on (enable_unsafe_noiommu_mode): a guest can "
                     "access all memory by a device without an IOMMU group",
                     check->has_iommu ? "there is an IOMMU, but" : "there is no IOMMU, and");
}

void check_iommu(struct check *check) {
        int r = iommu_is_on(), mode = noiommu_is_enabled();

        check->has_iommu = r > 0;
        if (r == -ENOENT) {
                findings_add(&check->findings, SEVERITY_ERROR, "iommu",
                             "mount it, or run this outside of the container",
                             "/sys is not mounted, so that no device is found");
        } else if (r < 0) {
                findings_add(&check->findings, SEVERITY_WARNING, "iommu", advise_error(r),
                             "cannot determine whether there is an IOMMU: %s", log_errno(r));
        } else if (mode > 0)
                add_no_iommu_mode(check);
        else if (r == 0)
                add_no_iommu(check, mode);
}
