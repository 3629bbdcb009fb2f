/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libvirt of this host: its version, and the PCI devices that its domains assign. */
#include "libvirt_domains.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "messages.h"
#include "text.h"

/*
 * libvirt 11.3 is libvirt.so.0.11003.0 (meson.build of libvirt: lib_version). No program of libvirt
 * is started, because `check` may run while none works.
 */
#define LIBRARY         "libvirt.so.0."
#define LIBRARY_PATTERN "{/usr/lib,/usr/lib64,/usr/lib/*-linux-*}/" LIBRARY "[1-9]*.*"

/* Where libvirt keeps the definitions of the domains of its QEMU driver, with one element a line.
 */
#define DOMAINS_DIRECTORY "/etc/libvirt/qemu"
#define DOMAIN_SUFFIX     ".xml"

static unsigned version_of(const char *path) {
        path = strstr(path, LIBRARY) + sizeof(LIBRARY) - 1;
        return text_take_number(&path, 10);
}

static unsigned read_version(void) {
        glob_t found;
        unsigned version = 0;

        if (glob(LIBRARY_PATTERN, GLOB_BRACE, NULL, &found) == 0) {
                version = version_of(found.gl_pathv[0]);
                globfree(&found);
        }
        return version;
}

/* The file of a domain that is being read. */
struct domain {
        struct libvirt *libvirt;
        struct hostdev device;
        bool is_device, is_source; /* the line is within that element */
};

/* *ret: the value of an attribute of the element in LINE. libvirt writes single quotes. */
static bool read_attribute(const char *line, const char *name, char *ret, size_t size) {
        const char *value = strstr(line, name);
        size_t n;

        if (!value)
                return false;
        value += strlen(name);
        n = strcspn(value, "'");
        return value[n] && snprintf(ret, size, "%.*s", (int)n, value) < (int)size;
}

/* The digits of one part of an address, as they stand in the sysname. */
static bool read_digits(const char *line, const char *name, size_t n_min, char ret[8]) {
        return read_attribute(line, name, ret, 8) && strlen(ret) >= n_min &&
               !ret[strspn(ret, "0123456789abcdef")];
}

static bool read_address(const char *line, char ret[HOSTDEV_SYSNAME_SIZE]) {
        char domain[8], bus[8], slot[8], function[8];

        return read_digits(line, " domain='0x", 4, domain) &&
               read_digits(line, " bus='0x", 2, bus) && read_digits(line, " slot='0x", 2, slot) &&
               read_digits(line, " function='0x", 1, function) &&
               snprintf(ret, HOSTDEV_SYSNAME_SIZE, "%s:%s:%s.%s", domain, bus, slot, function) <
                       HOSTDEV_SYSNAME_SIZE;
}

/* A <hostdev> element, or the <interface> of a virtual function. */
static bool is_pci_device(const char *line) {
        return (startswith(line, "<hostdev ") && strstr(line, " type='pci'")) ||
               startswith(line, "<interface type='hostdev'");
}

static void read_line(struct domain *domain, const char *line) {
        struct libvirt *libvirt = domain->libvirt;
        struct hostdev *device = &domain->device;

        if (is_pci_device(line)) {
                domain->is_device = true;
                domain->is_source = false;
                device->is_managed = strstr(line, " managed='yes'");
                device->model[0] = device->sysname[0] = '\0';
        } else if (!domain->is_device)
                return;
        else if (startswith(line, "<source>"))
                domain->is_source = true;
        else if (startswith(line, "</source>"))
                domain->is_source = false;
        else if (startswith(line, "<address ") && domain->is_source)
                (void)read_address(line, device->sysname);
        else if (startswith(line, "<driver "))
                (void)read_attribute(line, " model='", device->model, sizeof(device->model));
        else if (startswith(line, "</hostdev>") || startswith(line, "</interface>")) {
                domain->is_device = false;
                if (device->sysname[0])
                        array_append(libvirt->hostdevs, libvirt->n_hostdevs, *device);
        }
}

static int read_lines(struct domain *domain, FILE *file) {
        _cleanup_free_ char *line = NULL;
        size_t size = 0;

        while (getline(&line, &size, file) >= 0)
                read_line(domain, line + strspn(line, " "));
        return ferror(file) ? -EIO : 0;
}

static int read_domain(int dir_fd, const char *name, void *userdata) {
        struct domain domain = {.libvirt = userdata};
        FILE *file;
        int fd, r;

        if (!text_has_suffix(name, DOMAIN_SUFFIX))
                return 0;
        fd = fd_open_file(dir_fd, name);
        if (fd < 0)
                return fd;
        file = fdopen(fd, "re");
        if (!file) {
                r = -errno;
                fd_close(fd);
                return r;
        }
        (void)snprintf(domain.device.domain, sizeof(domain.device.domain), "%.*s",
                       (int)(strlen(name) - strlen(DOMAIN_SUFFIX)), name);
        r = read_lines(&domain, file);
        (void)fclose(file);
        return r;
}

int libvirt_read(struct libvirt *ret) {
        int r = directory_read_at(AT_FDCWD, DOMAINS_DIRECTORY, read_domain, ret);

        ret->version = read_version();
        return r == -ENOENT ? 0 : r;
}

void libvirt_done(struct libvirt *libvirt) {
        free(libvirt->hostdevs);
}
