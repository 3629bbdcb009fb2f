/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings of `check`, each with a remedy. */
#include "findings.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "messages.h"
#include "terminal.h"

/* Of all lines of a finding but the first. */
#define INDENT 4

void findings_done(struct findings *findings) {
        for (size_t i = 0; i < findings->n; i++) {
                free(findings->list[i].device);
                free(findings->list[i].message);
                free(findings->list[i].advice);
                free(findings->list[i].advice_all);
        }
        free(findings->list);
}

/* TEXT: may be NULL. */
static char *copy(const char *text) {
        char *copied = text ? strdup(text) : NULL;

        check_memory(copied || !text);
        return copied;
}

static char *format_text(const char *format, va_list arguments) {
        char *text = NULL;

        check_memory(vasprintf(&text, format, arguments) >= 0);
        return text;
}

void findings_add(struct findings *findings, enum severity severity, const char *topic,
                  const char *advice, const char *message, ...) {
        struct check_finding finding = {
                .severity = severity,
                .topic = topic,
                .device = copy(findings->device),
                .advice = copy(advice),
        };
        va_list arguments;

        va_start(arguments, message);
        finding.message = format_text(message, arguments);
        va_end(arguments);
        array_append(findings->list, findings->n, finding);
}

void findings_advise(struct findings *findings, const char *advice, ...) {
        va_list arguments;

        va_start(arguments, advice);
        findings->list[findings->n - 1].advice = format_text(advice, arguments);
        va_end(arguments);
}

void findings_advise_all(struct findings *findings, const char *advice, ...) {
        va_list arguments;

        va_start(arguments, advice);
        findings->list[findings->n - 1].advice_all = format_text(advice, arguments);
        va_end(arguments);
}

void findings_order(struct findings *findings) {
        size_t n = 0;

        for (size_t i = 0; i < findings->n; i++) {
                struct check_finding finding = findings->list[i];

                if (finding.device)
                        continue;
                memmove(findings->list + n + 1, findings->list + n, (i - n) * sizeof(finding));
                findings->list[n++] = finding;
        }
}

size_t findings_count(const struct findings *findings, enum severity severity) {
        size_t n = 0;

        for (size_t i = 0; i < findings->n; i++)
                n += findings->list[i].severity == severity;
        return n;
}

static const char *const severity_names[] = {
        [SEVERITY_NOTE] = "note",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
};

/* NULL differs from everything. */
static bool is_equal(const char *a, const char *b) {
        return a && b && strcmp(a, b) == 0;
}

/* Whether two devices have the same finding. */
static bool is_same(const struct check_finding *a, const struct check_finding *b) {
        return a->device && b->device && a->severity == b->severity &&
               strcmp(a->topic, b->topic) == 0 && strcmp(a->message, b->message) == 0 &&
               (strcmp(a->advice, b->advice) == 0 || is_equal(a->advice_all, b->advice_all));
}

/* The devices with the same finding. */
struct devices {
        size_t n;
        const char *first, *last; /* by sysname */
        bool is_advice_same;      /* not only the advice for all */
};

static struct devices count_devices(const struct findings *findings, size_t at) {
        const struct check_finding *finding = &findings->list[at];
        struct devices devices = {1, finding->device, finding->device, true};

        for (size_t i = at + 1; i < findings->n; i++) {
                const struct check_finding *other = &findings->list[i];

                if (!is_same(finding, other))
                        continue;
                devices.n++;
                if (strcmp(other->device, devices.first) < 0)
                        devices.first = other->device;
                if (strcmp(other->device, devices.last) > 0)
                        devices.last = other->device;
                if (strcmp(finding->advice, other->advice) != 0)
                        devices.is_advice_same = false;
        }
        return devices;
}

/* The devices with the same finding as AT, with SEPARATOR between them. */
static char *join_devices(const struct findings *findings, size_t at, const char *separator) {
        const struct check_finding *finding = &findings->list[at];
        char *all = NULL;
        size_t size;
        FILE *file = open_memstream(&all, &size);

        check_memory(file);
        if (finding->device)
                (void)fputs(finding->device, file);
        for (size_t i = at + 1; i < findings->n; i++)
                if (is_same(finding, &findings->list[i]))
                        (void)fprintf(file, "%s%s", separator, findings->list[i].device);
        check_memory(!ferror(file) && fclose(file) == 0);
        return all;
}

/* ADVICE with DEVICE, or NULL, for each FINDING_DEVICE. */
static char *fill_in(const char *advice, const char *device) {
        char *all = NULL;
        size_t size;
        FILE *file = open_memstream(&all, &size);

        check_memory(file);
        for (; *advice; advice++)
                if (*advice == FINDING_DEVICE[0])
                        (void)fputs(device ? device : "DEVICE", file);
                else
                        (void)fputc(*advice, file);
        check_memory(!ferror(file) && fclose(file) == 0);
        return all;
}

/* Whether the finding AT was printed with an earlier one. */
static bool is_printed(const struct findings *findings, size_t at) {
        size_t i = 0;

        while (i < at && !is_same(&findings->list[i], &findings->list[at]))
                i++;
        return i < at;
}

/* Of more devices only the number and the first and last are printed. */
#define NAMES_MAX 3

static char *name_devices(const struct findings *findings, size_t at,
                          const struct devices *devices) {
        char *text = NULL;

        if (devices->n <= NAMES_MAX)
                return join_devices(findings, at, ", ");
        check_memory(asprintf(&text, "%zu devices (%s to %s)", devices->n, devices->first,
                              devices->last) >= 0);
        return text;
}

static char *advise(const struct findings *findings, size_t at, const struct devices *devices) {
        const struct check_finding *finding = &findings->list[at];
        _cleanup_free_ char *names = NULL;

        if (finding->advice_all && (devices->n > NAMES_MAX || !devices->is_advice_same))
                return fill_in(finding->advice_all, NULL);
        if (devices->n <= NAMES_MAX)
                names = join_devices(findings, at, " ");
        return fill_in(finding->advice, names);
}

static void print_finding(const struct findings *findings, size_t at) {
        const struct check_finding *finding = &findings->list[at];
        struct devices devices = count_devices(findings, at);
        _cleanup_free_ char *text = NULL, *names = name_devices(findings, at, &devices),
                            *advice = advise(findings, at, &devices);
        char first[sizeof("warning: ")];

        (void)snprintf(first, sizeof(first), "%s: ", severity_names[finding->severity]);
        check_memory(asprintf(&text, "%s%s%s; %s", names, *names ? ": " : "", finding->message,
                              advice) >= 0);
        terminal_print_wrapped(first, INDENT, text);
}

/* "2 errors, 1 warning" */
static void print_counts(const struct findings *findings) {
        const char *separator = "";

        for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
                size_t n = findings_count(findings, (enum severity)severity);

                if (n == 0)
                        continue;
                (void)printf("%s%zu %s%s", separator, n, severity_names[severity],
                             n == 1 ? "" : "s");
                separator = ", ";
        }
}

void findings_print(const struct findings *findings) {
        for (size_t i = 0; i < findings->n; i++)
                if (!is_printed(findings, i))
                        print_finding(findings, i);
        if (findings->n == 0)
                (void)printf("no problems found");
        print_counts(findings);
}

static json_object *finding_json(const struct check_finding *finding) {
        json_object *json = json_new_object();
        _cleanup_free_ char *advice = fill_in(finding->advice, finding->device);

        json_put_string(json, "severity", severity_names[finding->severity]);
        json_put_string(json, "device", finding->device);
        json_put_string(json, "topic", finding->topic);
        json_put_string(json, "message", finding->message);
        json_put_string(json, "advice", advice);
        return json;
}

void findings_print_json(const struct findings *findings, enum json_format format) {
        _cleanup_(json_object_putp) json_object *json = json_new_object();
        json_object *list = json_new_array();

        for (size_t i = 0; i < findings->n; i++)
                json_append(list, finding_json(&findings->list[i]));
        json_put(json, "findings", list);
        json_print(json, format);
}
