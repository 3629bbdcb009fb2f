/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the only keyboard of a machine with a console. */
#include "check_guard.h"
#include "guard_scene.h"
#include "guards.h"
#include "unit.h"

/* As a keyboard, a mouse and a power button have them. */
#define KEYBOARD "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n"
#define MOUSE    "1f0000 0 0 0 0\n"
#define BUTTON   "10000000000000 0\n"

static void input(const char *above, const char *name, const char *keys) {
        sys_file(sys_path("/sys/devices/%s/%s/capabilities/key", above, name), keys);
        sys_link(sys_path("/sys/class/input/%s", name),
                 sys_path("../../devices/%s/%s", above, name));
}

#define BELOW     "pci0000:00/" DEVICE "/usb1/1-1/1-1:1.0/0003:0627:0001.0001/input"
#define ELSEWHERE "platform/i8042/serio0/input"

static const struct {
        const char *why, *consoles; /* CONSOLES: NULL: the kernel has none */
        const char *own, *other;    /* keys; NULL: there is no such input device */
        bool is_found;
} input_rows[] = {
        {"the only keyboard", "tty0\n", KEYBOARD, NULL, true},
        {"the only keyboard, serial console as well", "ttyS0 tty1\n", KEYBOARD, BUTTON, true},
        {"a serial console only", "ttyS0\n", KEYBOARD, NULL, false},
        {"no console", NULL, KEYBOARD, NULL, false},
        {"another keyboard", "tty0\n", KEYBOARD, KEYBOARD, false},
        {"a mouse", "tty0\n", MOUSE, NULL, false},
        {"no input device", "tty0\n", NULL, KEYBOARD, false},
        {"of a kernel of 32 bits", "tty0\n", "7 fffffffe\n", NULL, true},
        {"of odd keys", "tty0\n", "fffe\n", NULL, false},
};

START_TEST(input_is_found) {
        const __typeof__(*input_rows) *row = &input_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        scene_enter();
        sys_directory("/sys/class/input");
        if (row->consoles)
                sys_file("/sys/class/tty/console/active", row->consoles);
        if (row->own)
                input(BELOW, "input5", row->own);
        if (row->other)
                input(ELSEWHERE, "input0", row->other);
        sys_link("/sys/class/input/event5", "../../devices/" BELOW "/input5/event5");
        handle = sys_open(DEVICE);
        assert_row(check_guard(guard_input, &handle, &finding) == row->is_found, row);
        ck_assert_str_eq(finding.text,
                         row->is_found
                                 ? "the only keyboard of this machine is connected to it (input5)"
                                 : "");
        sys_cover("/proc");
        assert_row(guards_check_bind(&handle, NULL, 0, &finding) == row->is_found, row);
        assert_row(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding) == 0, row);
        assert_row(guards_check_boot_use(&handle, NULL, &finding) == row->is_found, row);
        assert_row(finding.guard == (row->is_found ? GUARD_INPUT : GUARD_NONE), row);
        handle_close(&handle);
}
END_TEST

static void add_input(TCase *tcase) {
        tcase_add_loop_test(tcase, input_is_found, 0, N_ROWS(input_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"input", add_input},
                {},
        };

        return unit_run("guard-input", cases);
}
