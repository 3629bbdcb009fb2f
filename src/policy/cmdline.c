/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#include "cmdline.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "fd.h"
#include "text.h"

#define MODULE_BLACKLIST "module_blacklist="

int cmdline_read(struct cmdline *ret) {
        _cleanup_close_ int fd = -1;
        ssize_t n = 0;

        fd = fd_open_file(AT_FDCWD, "/proc/cmdline");
        if (fd >= 0)
                n = fd_read_some(fd, ret->text, sizeof(ret->text) - 1, 0);
        else if (fd != -ENOENT)
                n = fd;
        if (n < 0)
                return (int)n;
        ret->text[n] = '\0';
        ret->length = (size_t)n;
        /* On most hosts this is all that is ever looked at */
        ret->blacklists = text_find_name(ret->text, ret->length, "blacklist=");
        return 0;
}

static bool ends_word(char c) {
        return c == '\0' || c == ' ' || c == '\n' || c == '\t' || c == '"';
}

/* Is MODULE one of the names in the comma-separated LIST, which ends with its word? */
static bool list_has(const char *list, const char *module) {
        while (!ends_word(*list)) {
                size_t n = 0;

                while (list[n] != ',' && !ends_word(list[n]))
                        n++;
                if (text_is(list, n, module))
                        return true;
                list += n + (list[n] == ',');
        }
        return false;
}

bool cmdline_refuses_module(const struct cmdline *cmdline, const char *module) {
        bool refused = false;

        if (!cmdline->blacklists)
                return false;
        for (const char *word = cmdline->text; *word; word += *word != '\0') {
                if (text_starts_with(word, MODULE_BLACKLIST)) {
                        const char *list = word + sizeof(MODULE_BLACKLIST) - 1;

                        refused = list_has(list + (*list == '"'), module);
                }
                while (!ends_word(*word))
                        word++;
        }
        return refused;
}

bool cmdline_mentions(const struct cmdline *cmdline, const char *name) {
        return cmdline->blacklists &&
               text_find_name(cmdline->text, cmdline->length, "modprobe.blacklist=") &&
               text_find_name(cmdline->text, cmdline->length, name);
}

/* As the kernel compares the name of a parameter, in which '-' and '_' are equal. NAME ends in '='.
 * Returns its value in WORD, or NULL if that is another parameter. Source: parameqn(). */
static const char *value_of(const char *word, const char *name) {
        for (; *name; name++, word++)
                if (text_underscored(*word) != *name)
                        return NULL;
        return *word == '"' ? word + 1 : word;
}

/* The parameters that disable the IOMMU, each with the vendor of the processors that it is for;
 * NULL: any of x86. */
static const struct {
        const char *name, *processor;
        bool can_be_undone; /* by "on" after "off" */
} iommu_parameters[] = {
        {"intel_iommu=", "GenuineIntel", true},
        {"amd_iommu=", "AuthenticAMD", false},
        {"iommu=", NULL, false},
};

/*
 * Does VALUE, "pt,off", disable the IOMMU? Parts are compared by how they begin. Sources:
 * intel_iommu_setup(), parse_amd_iommu_options(), iommu_setup() of arch/x86/kernel/pci-dma.c.
 */
static bool is_off_after(const char *value, bool can_be_undone, bool is_off) {
        for (;; value++) {
                if (text_starts_with(value, "off"))
                        is_off = true;
                else if (can_be_undone && text_starts_with(value, "on"))
                        is_off = false;
                while (*value != ',' && !ends_word(*value))
                        value++;
                if (*value != ',')
                        return is_off;
        }
}

/* Is the IOMMU disabled by all that the command line says of the parameter NAME? */
static bool is_disabled_by(const char *text, const char *name, bool can_be_undone) {
        bool is_off = false;

        for (const char *word = text; *word; word += *word != '\0') {
                const char *value = value_of(word, name);

                if (text_starts_with(word, "--") && ends_word(word[2]))
                        break; /* init's arguments follow */
                if (value)
                        is_off = is_off_after(value, can_be_undone, is_off);
                while (!ends_word(*word))
                        word++;
        }
        return is_off;
}

bool cmdline_switches_iommu_off(const struct cmdline *cmdline, const char *processor,
                                char ret[CMDLINE_WORD_SIZE]) {
        for (size_t i = 0; i < sizeof(iommu_parameters) / sizeof(iommu_parameters[0]); i++) {
                const char *only = iommu_parameters[i].processor;

                if (*processor && only && !text_equal(processor, only))
                        continue;
                if (is_disabled_by(cmdline->text, iommu_parameters[i].name,
                                   iommu_parameters[i].can_be_undone))
                        return text_join(ret, CMDLINE_WORD_SIZE, iommu_parameters[i].name, "off");
        }
        return false;
}
