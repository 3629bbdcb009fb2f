/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: commands of `install` lines, compared with what a shell does. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "install_command.h"
#include "unit.h"

/* `LOAD` stands for what loads a module. */
static const struct {
        const char *command;
        bool loads_nothing;
} rows[] = {
        {"/bin/false", true},
        {"/bin/true", true},
        {"/usr/bin/false", true},
        {"/usr/bin/true", true},
        {"false", true},
        {"true", true},
        {":", true},
        {"exit", true},
        {"exit 1", true},
        {"/bin/true disabled by policy", true},
        {"/bin/false # CIS 1.1.1", true},
        {"/bin/true # LOAD; LOAD", true},
        {"/bin/true $CMDLINE_OPTS", true},
        {"/bin/true >/dev/null", true},
        {"/bin/true >/dev/null 2>&1", true},
        {"/bin/true>/dev/null", true},
        {"/bin/false;", true},
        {"/bin/true && /bin/false", true},
        {"/bin/false || true", true},
        {"/bin/echo disabled", true},
        {"echo disabled >&2; exit 1", true},
        {"", true},
        {"LOAD", false},
        {"LOAD # /bin/false", false},
        {"/bin/false || LOAD", false},
        {"/bin/true; LOAD", false},
        {"/bin/true && LOAD", false},
        {"/bin/true & LOAD", false},
        {"/bin/echo LOAD | sh", false},
        {"/bin/true `LOAD`", false},
        {"/bin/true $(LOAD)", false},
        {"/bin/true#; LOAD", false},
        {"{ LOAD; }", false},
        {"(LOAD)", false},
        {"! LOAD", false},
        {"if true; then LOAD; fi", false},
        {"/usr/local/bin/false-positive", false},
        {"/bin/falsey", false},
        {"modprobe --ignore-install x; /bin/true", false},
        {"/bin/true\nLOAD", false},
};

static void run_shell(const char *script) {
        pid_t pid = fork();

        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
                (void)execl("/bin/sh", "sh", "-c", script, NULL);
                _exit(127);
        }
        ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* If command_loads_nothing() is true, /bin/sh does not run LOAD. */
START_TEST(command_is_understood) {
        const __typeof__(*rows) *row = &rows[_i];
        struct temp_directory directory = temp_directory_new();
        char script[4096];

        ck_assert_msg(command_loads_nothing(row->command) == row->loads_nothing, "%s",
                      row->command);
        (void)snprintf(script, sizeof(script), "cd %s; LOAD() { : >loaded; }; CMDLINE_OPTS=; %s",
                       directory.path, row->command);
        run_shell(script);
        ck_assert_msg(!row->loads_nothing || faccessat(directory.fd, "loaded", F_OK, 0) < 0, "%s",
                      row->command);
        (void)unlinkat(directory.fd, "loaded", 0);
}
END_TEST

static void add_command(TCase *tcase) {
        tcase_add_loop_test(tcase, command_is_understood, 0, N_ROWS(rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"command", add_command},
                {},
        };

        return unit_run("install-command", cases);
}
