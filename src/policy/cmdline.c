/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#include "cmdline.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"
#include "text.h"

#define MODULE_BLACKLIST "module_blacklist"

/* param_set_charp() rejects a longer value, and keeps the one before */
#define VALUE_LENGTH_MAX 1024

int cmdline_read(char buffer[CMDLINE_SIZE], struct cmdline *ret) {
        _cleanup_close_ int fd = -1;
        ssize_t n = 0;

        fd = fd_open_file(AT_FDCWD, "/proc/cmdline");
        if (fd >= 0)
                n = fd_read_some(fd, buffer, CMDLINE_SIZE - 1, 0);
        else if (fd != -ENOENT)
                n = fd;
        if (n < 0)
                return (int)n;
        buffer[n] = '\0';
        ret->text = buffer;
        ret->length = (size_t)n;
        /* On most hosts the answer is no, and nothing else is read */
        ret->blacklists = text_find_name(ret->text, ret->length, "blacklist=");
        return 0;
}

/* isspace() of the kernel, whose character set is Latin-1: 0xA0 is a blank. */
static bool is_space(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

/* The length of the parameter at TEXT. Within quotes a space does not end it. */
static size_t parameter_length(const char *text) {
        bool in_quotes = false;
        size_t n = 0;

        for (; text[n] && (in_quotes || !is_space(text[n])); n++)
                if (text[n] == '"')
                        in_quotes = !in_quotes;
        return n;
}

/* Splits the LENGTH bytes at TEXT at their first `=`, except for one at their begin. */
static void split(const char *text, size_t length, struct cmdline_parameter *ret) {
        const char *equals = length > 0 ? memchr(text + 1, '=', length - 1) : NULL;

        *ret = (struct cmdline_parameter){.name = text, .name_length = length};
        if (!equals)
                return;
        ret->name_length = (size_t)(equals - text);
        ret->value = equals + 1;
        ret->value_length = length - ret->name_length - 1;
}

/* Removes the quotes: one at the begin of the parameter or of the value, then one at the end. */
static void unquote(struct cmdline_parameter *parameter, bool quoted) {
        size_t *length = parameter->value ? &parameter->value_length : &parameter->name_length;
        const char *text = parameter->value ? parameter->value : parameter->name;

        if (parameter->value && *length > 0 && *text == '"') {
                parameter->value = ++text;
                (*length)--;
                quoted = true;
        }
        if (quoted && *length > 0 && text[*length - 1] == '"')
                (*length)--;
}

bool cmdline_next(const char **at, struct cmdline_parameter *ret) {
        const char *text = *at;
        bool quoted;

        while (is_space(*text))
                text++;
        *at = text + parameter_length(text);
        if (!*text)
                return false;
        quoted = *text == '"';
        text += quoted;
        split(text, (size_t)(*at - text), ret);
        unquote(ret, quoted);
        return ret->value || !text_is(ret->name, ret->name_length, "--");
}

bool cmdline_is(const struct cmdline_parameter *parameter, const char *name) {
        return strlen(name) == parameter->name_length &&
               text_begins_with_name(parameter->name, parameter->name_length, name);
}

/* *ret: the first of the parts that commas separate in LIST's value, from which it is removed.
 * Returns its length. */
static size_t take_part(struct cmdline_parameter *list, const char **ret) {
        const char *comma = memchr(list->value, ',', list->value_length);
        size_t n = comma ? (size_t)(comma - list->value) : list->value_length;

        *ret = list->value;
        list->value += comma ? n + 1 : n;
        list->value_length -= comma ? n + 1 : n;
        return n;
}

static bool list_has(struct cmdline_parameter list, const char *name) {
        while (list.value_length > 0) {
                const char *part;
                size_t n = take_part(&list, &part);

                if (text_is(part, n, name))
                        return true;
        }
        return false;
}

/* *ret: the last `module_blacklist=`, which counts; zero if there is none. */
static void find_module_blacklist(const struct cmdline *cmdline, struct cmdline_parameter *ret) {
        struct cmdline_parameter parameter;
        const char *at = cmdline->text;

        *ret = (struct cmdline_parameter){};
        while (cmdline->blacklists && cmdline_next(&at, &parameter))
                if (cmdline_is(&parameter, MODULE_BLACKLIST) && parameter.value &&
                    parameter.value_length <= VALUE_LENGTH_MAX)
                        *ret = parameter;
}

bool cmdline_refuses_module(const struct cmdline *cmdline, const char *module) {
        struct cmdline_parameter blacklist;

        find_module_blacklist(cmdline, &blacklist);
        return list_has(blacklist, module);
}

bool cmdline_refuses_any(const struct cmdline *cmdline) {
        struct cmdline_parameter blacklist;

        find_module_blacklist(cmdline, &blacklist);
        return blacklist.value_length > 0;
}

bool cmdline_is_off(const struct cmdline *cmdline) {
        struct cmdline_parameter parameter;
        const char *at = cmdline->text;
        bool is_off = false;

        /* Also after "--", as udev and systemd */
        while (cmdline_next(&at, &parameter) || *at)
                if (cmdline_is(&parameter, "vfio_variant"))
                        is_off = text_is(parameter.value, parameter.value_length, "off");
        return is_off;
}

bool cmdline_disables_rules(void) {
        char text[CMDLINE_SIZE];
        struct cmdline cmdline;

        return cmdline_read(text, &cmdline) >= 0 && cmdline_is_off(&cmdline);
}

bool cmdline_mentions(const struct cmdline *cmdline, const char *name) {
        return cmdline->blacklists &&
               text_find_name(cmdline->text, cmdline->length, "modprobe.blacklist=") &&
               text_find_name(cmdline->text, cmdline->length, name);
}

/*
 * The parameters that disable the IOMMU, with the vendor of the processors that they apply to;
 * NULL: all x86 processors.
 */
static const struct {
        const char *name, *processor;
        bool can_be_undone; /* by "on" after "off" */
} iommu_parameters[] = {
        {"intel_iommu", "GenuineIntel", true},
        {"amd_iommu", "AuthenticAMD", false},
        {"iommu", NULL, false},
};

/*
 * Does the value of PARAMETER, "pt,off", disable the IOMMU? The kernel compares only the begin of
 * each part. Sources: intel_iommu_setup(), parse_amd_iommu_options(), iommu_setup() of
 * arch/x86/kernel/pci-dma.c.
 */
static bool is_off_after(struct cmdline_parameter parameter, bool can_be_undone, bool is_off) {
        while (parameter.value_length > 0) {
                const char *part;

                (void)take_part(&parameter, &part);
                if (startswith(part, "off"))
                        is_off = true;
                else if (can_be_undone && startswith(part, "on"))
                        is_off = false;
        }
        return is_off;
}

/* Do all parameters NAME of the command line together disable the IOMMU? */
static bool is_disabled_by(const struct cmdline *cmdline, const char *name, bool can_be_undone) {
        struct cmdline_parameter parameter;
        const char *at = cmdline->text;
        bool is_off = false;

        while (cmdline_next(&at, &parameter))
                if (cmdline_is(&parameter, name))
                        is_off = is_off_after(parameter, can_be_undone, is_off);
        return is_off;
}

bool cmdline_disables_iommu(const struct cmdline *cmdline, const char *processor,
                            char ret[CMDLINE_PARAMETER_SIZE]) {
        for (size_t i = 0; i < sizeof(iommu_parameters) / sizeof(iommu_parameters[0]); i++) {
                const char *only = iommu_parameters[i].processor;

                if (*processor && only && !streq(processor, only))
                        continue;
                if (is_disabled_by(cmdline, iommu_parameters[i].name,
                                   iommu_parameters[i].can_be_undone))
                        return text_join(ret, CMDLINE_PARAMETER_SIZE, iommu_parameters[i].name,
                                         "=off");
        }
        return false;
}
