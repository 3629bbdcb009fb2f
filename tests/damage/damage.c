/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Damages each byte of the index in a directory three ways, cuts each of its files to each length,
 * and asks for answers each time.
 *
 * usage: damage DIRECTORY MODPROBE_DIRECTORY HELPER FIRST STEP NAME...
 *
 * HELPER: the program to be asked; "main": main() of the helper is called in this process;
 * "library": the functions that it calls. Of all cases those with the numbers FIRST, FIRST +
 * STEP... are run. NAME: the modules and drivers that the intact index knows; no other may be
 * answered, ever. DIRECTORY is the caller's to throw away.
 *
 * The cases run in a child process: it is replaced where one kills it, and the count goes on.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "case.h"
#include "text.h"

/* What is asked for: each finds its choice in another way. See small.tree. */
static const char *const devices[] = {
        "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00", /* variant, fallback another one */
        "pci:v00001AF4d00001041sv00001AF4sd00000001bc01sc00i00", /* built in */
        "pci:v00008086d00001520sv00008086sd00000001bc02sc00i00", /* partial class */
        "pci:v00008086d00001521sv00008086sd00000001bc01sc00i00", /* generic */
        "cdx:v000010EEd0000807Fsv000010EEsd00000001c010000",     /* a bus without any alias */
};

enum { N_DEVICES = sizeof(devices) / sizeof(devices[0]) };

/* Kept where a crash can't take it. */
struct count {
        size_t next; /* the case under way, or the next one */
        size_t n_cases, n_same, n_errors, n_others;
        size_t n_crashes, n_hangs, n_faults;
};

struct test {
        struct asked asked;
        struct tree tree;
        struct outcome intact[N_DEVICES];
        char **names;
        size_t step;
        struct count *count;
};

static bool is_known(const struct test *test, const char *name) {
        for (char **known = test->names; *known; known++)
                if (streq(name, *known))
                        return true;
        return !*name;
}

/* What is wrong with OUTCOME, where FILE is damaged so, and INTACT what it was before; or NULL. */
static const char *judge(const struct test *test, const struct damage_case *one,
                         const struct outcome *intact, const struct outcome *outcome) {
        if (outcome->crime)
                return outcome->crime;
        if (!is_known(test, outcome->choice.driver) || !is_known(test, outcome->choice.module) ||
            !is_known(test, outcome->choice.fallback))
                return "a name that is not in the index";
        if (one->damage != CUT || outcome_is_same(intact, outcome))
                return NULL;
        if (outcome->status == 0)
                return "success and no choice";
        if (outcome->status > 0)
                return "another choice, from a cut file";
        return one->file->has_text ? "an error, where the text file could have answered" : NULL;
}

static void tell_fault(const struct damage_case *one, const char *device, const char *what,
                       const struct choice *choice) {
        char told[128];

        case_tell(one, told, sizeof(told));
        (void)printf("FAULT: %s: %s: %s (driver '%s', module '%s', fallback '%s')\n", told, device,
                     what, choice->driver, choice->module, choice->fallback);
}

static void ask_for(struct test *test, const struct damage_case *one, size_t device) {
        const struct outcome *intact = &test->intact[device];
        struct count *count = test->count;
        struct outcome outcome;
        const char *fault;

        ask(&test->asked, devices[device], &outcome);
        if (outcome.status < 0)
                count->n_errors++;
        else if (outcome_is_same(intact, &outcome))
                count->n_same++;
        else
                count->n_others++;
        fault = judge(test, one, intact, &outcome);
        if (!fault)
                return;
        count->n_faults++;
        tell_fault(one, devices[device], fault, &outcome.choice);
}

static void run_case(struct test *test, const struct damage_case *one) {
        size_t other = 1 + (one->offset + one->damage) % (N_DEVICES - 1);

        /* A start of the program takes time: it is asked for the variant, and one other device. */
        for (size_t i = 0; i < N_DEVICES; i++)
                if (test->asked.how != ASK_PROGRAM || i == 0 || i == other)
                        ask_for(test, one, i);
}

static void fail(const char *what) {
        perror(what);
        exit(EXIT_FAILURE);
}

/* The child: all cases from count->next on. */
static void run_cases(struct test *test) {
        for (; test->count->next < test->tree.n_cases; test->count->next += test->step) {
                struct damage_case one = case_get(&test->tree, test->count->next);

                if (case_damage(&one) < 0)
                        fail(test->tree.path);
                run_case(test, &one);
                if (case_repair(&one) < 0)
                        fail(test->tree.path);
                test->count->n_cases++;
        }
}

/* The child died by SIGNAL in the case under way. */
static void bury(struct test *test, int signal) {
        struct damage_case one = case_get(&test->tree, test->count->next);
        struct choice none = {};

        if (signal == SIGPROF)
                test->count->n_hangs++;
        else
                test->count->n_crashes++;
        tell_fault(&one, "one of the devices", signal == SIGPROF ? "it hung" : "it crashed", &none);
        asked_show_error(&test->asked);
        if (case_repair(&one) < 0)
                fail(test->tree.path);
        test->count->next += test->step;
        test->count->n_cases++;
}

/* Runs all cases, in as many children as it takes. */
static void run_all(struct test *test) {
        while (test->count->next < test->tree.n_cases) {
                int status;
                pid_t pid;

                (void)fflush(NULL);
                pid = fork();
                if (pid == 0) {
                        run_cases(test);
                        exit(EXIT_SUCCESS);
                }
                if (pid < 0 || waitpid(pid, &status, 0) < 0)
                        fail("fork");
                if (WIFEXITED(status) && WEXITSTATUS(status) != EXIT_SUCCESS) {
                        asked_show_error(&test->asked); /* a sanitizer's report, say */
                        exit(EXIT_FAILURE);
                }
                if (WIFSIGNALED(status))
                        bury(test, WTERMSIG(status));
        }
}

/* The answers of the intact index; there must be one for each device. */
static void ask_intact(struct test *test) {
        for (size_t i = 0; i < N_DEVICES; i++) {
                ask(&test->asked, devices[i], &test->intact[i]);
                if (test->intact[i].status > 0)
                        continue;
                (void)printf("%s: no choice from the intact index (%d): is VFIO blacklisted on the "
                             "kernel command line?\n",
                             devices[i], test->intact[i].status);
                exit(EXIT_FAILURE);
        }
}

static void choose(struct asked *asked, const char *helper) {
        int r;

        asked->how = streq(helper, "library") ? ASK_LIBRARY
                     : streq(helper, "main")  ? ASK_MAIN
                                              : ASK_PROGRAM;
        if (asked->how == ASK_PROGRAM)
                asked->helper = helper;
        r = asked_open(asked);
        if (r < 0) {
                errno = -r;
                fail("memfd_create");
        }
}

static size_t read_number(const char *text) {
        char *end;
        unsigned long number = strtoul(text, &end, 10);

        if (*end || end == text) {
                (void)fprintf(stderr, "damage: %s is no number\n", text);
                exit(2);
        }
        return number;
}

int main(int argc, char **argv) {
        struct test test = {};
        struct count *count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int r;

        if (argc < 7 || count == MAP_FAILED) {
                (void)fprintf(stderr, "usage: damage DIRECTORY MODPROBE_DIRECTORY "
                                      "HELPER|main|library FIRST STEP NAME...\n");
                return 2;
        }
        test.asked = (struct asked){.modules_directory = argv[1], .modprobe_directory = argv[2]};
        choose(&test.asked, argv[3]);
        test.count = count;
        count->next = read_number(argv[4]);
        test.step = read_number(argv[5]);
        test.names = argv + 6;
        r = tree_open(argv[1], &test.tree);
        if (r < 0) {
                errno = -r;
                fail(argv[1]);
        }
        ask_intact(&test);
        run_all(&test);
        tree_close(&test.tree);
        (void)printf("cases %zu same %zu errors %zu others %zu crashes %zu hangs %zu faults %zu\n",
                     count->n_cases, count->n_same, count->n_errors, count->n_others,
                     count->n_crashes, count->n_hangs, count->n_faults);
        return count->n_crashes + count->n_hangs + count->n_faults > 0;
}
