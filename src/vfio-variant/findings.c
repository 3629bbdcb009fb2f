/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `check` found: each with what to do about it. */
#include "findings.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "screen.h"
#include "tell.h"

/* Of the lines behind the first of a finding. */
#define INDENT 4

void findings_done(struct findings *findings) {
        for (size_t i = 0; i < findings->n; i++) {
                free(findings->list[i].device);
                free(findings->list[i].message);
                free(findings->list[i].advice);
        }
        free(findings->list);
}

static char *format_text(const char *format, va_list arguments) {
        char *text = NULL;

        need_memory(vasprintf(&text, format, arguments) >= 0);
        return text;
}

void findings_add(struct findings *findings, enum severity severity, const char *topic,
                  const char *message, ...) {
        struct finding *list =
                reallocarray(findings->list, findings->n + 1, sizeof(struct finding));
        struct finding finding = {.severity = severity, .topic = topic};
        va_list arguments;

        need_memory(list);
        findings->list = list;
        if (findings->device) {
                finding.device = strdup(findings->device);
                need_memory(finding.device);
        }
        va_start(arguments, message);
        finding.message = format_text(message, arguments);
        va_end(arguments);
        list[findings->n++] = finding;
}

void findings_advise(struct findings *findings, const char *advice, ...) {
        va_list arguments;

        va_start(arguments, advice);
        findings->list[findings->n - 1].advice = format_text(advice, arguments);
        va_end(arguments);
}

void findings_order(struct findings *findings) {
        size_t n = 0;

        for (size_t i = 0; i < findings->n; i++) {
                struct finding finding = findings->list[i];

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

static const char *word_of(enum severity severity) {
        switch (severity) {
        case SEVERITY_ERROR:
                return "error";
        case SEVERITY_WARNING:
                return "warning";
        case SEVERITY_NOTE:
        default:
                return "note";
        }
}

static void free_text(char **text) {
        free(*text);
}

/* Do A and B say the same, each of its device? */
static bool is_same(const struct finding *a, const struct finding *b) {
        return a->device && b->device && a->severity == b->severity &&
               strcmp(a->topic, b->topic) == 0 && strcmp(a->message, b->message) == 0 &&
               strcmp(a->advice, b->advice) == 0;
}

/* The devices of which the finding AT and later ones say the same: "0000:3b:00.0, 0000:3b:00.1" */
static char *join_devices(const struct findings *findings, size_t at) {
        const struct finding *finding = &findings->list[at];
        char *all = NULL;
        size_t size;
        FILE *file = open_memstream(&all, &size);

        need_memory(file);
        if (finding->device)
                (void)fputs(finding->device, file);
        for (size_t i = at + 1; i < findings->n; i++)
                if (is_same(finding, &findings->list[i]))
                        (void)fprintf(file, ", %s", findings->list[i].device);
        need_memory(!ferror(file) && fclose(file) == 0);
        return all;
}

/* Was the finding AT said with an earlier one? */
static bool is_said(const struct findings *findings, size_t at) {
        size_t i = 0;

        while (i < at && !is_same(&findings->list[i], &findings->list[at]))
                i++;
        return i < at;
}

static void print_finding(const struct findings *findings, size_t at) {
        const struct finding *finding = &findings->list[at];
        _cleanup_(free_text) char *text = NULL, *devices = join_devices(findings, at);
        char first[sizeof("warning: ")];

        (void)snprintf(first, sizeof(first), "%s: ", word_of(finding->severity));
        need_memory(asprintf(&text, "%s%s%s; %s", devices, *devices ? ": " : "", finding->message,
                             finding->advice) >= 0);
        screen_print_wrapped(first, INDENT, text);
}

/* "2 errors, 1 warning" */
static void print_counts(const struct findings *findings) {
        const char *separator = "";

        for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
                size_t n = findings_count(findings, (enum severity)severity);

                if (n == 0)
                        continue;
                (void)printf("%s%zu %s%s", separator, n, word_of((enum severity)severity),
                             n == 1 ? "" : "s");
                separator = ", ";
        }
}

void findings_print(const struct findings *findings, size_t n_devices) {
        for (size_t i = 0; i < findings->n; i++)
                if (!is_said(findings, i))
                        print_finding(findings, i);
        if (findings->n == 0)
                (void)printf("all is well");
        print_counts(findings);
        if (n_devices == 0)
                (void)printf("; no device is tagged, or on a VFIO driver\n");
        else
                (void)printf("; looked at the host and %zu device%s\n", n_devices,
                             n_devices == 1 ? "" : "s");
}

static json_object *finding_json(const struct finding *finding) {
        json_object *json = json_new_object();

        json_put_string(json, "severity", word_of(finding->severity));
        json_put_string(json, "device", finding->device);
        json_put_string(json, "topic", finding->topic);
        json_put_string(json, "message", finding->message);
        json_put_string(json, "advice", finding->advice);
        return json;
}

void findings_print_json(const struct findings *findings) {
        _cleanup_(json_object_putp) json_object *json = json_new_object();
        json_object *list = json_new_array();

        for (size_t i = 0; i < findings->n; i++)
                json_append(list, finding_json(&findings->list[i]));
        json_put(json, "findings", list);
        json_print(json);
}
