/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starts programs and prints what they cost. In C, since a process inherits the resident memory of
 * the one that started it as its own peak (setmax_mm_hiwater_rss() in the kernel's fs/exec.c), and
 * since an interpreter would blur the time.
 *
 *   spawn time RUNS COMMAND... [-- COMMAND...]...   for each run "COMMAND MICROSECONDS FAULTS", of
 *                                                   CPU time, on one processor
 *   spawn memory COMMAND...                         the most KiB that were resident at a time
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_COMMANDS_MAX 16

static _Noreturn void fail(const char *what) {
        (void)fprintf(stderr, "spawn: %s: %s\n", what, strerror(errno));
        exit(EXIT_FAILURE);
}

/* Of what failed without an errno. */
static _Noreturn void fail_plainly(const char *what) {
        (void)fprintf(stderr, "spawn: %s\n", what);
        exit(EXIT_FAILURE);
}

static unsigned read_number(const char *text) {
        unsigned number = 0;

        for (; *text >= '0' && *text <= '9' && number < 1000000; text++)
                number = number * 10 + (unsigned)(*text - '0');
        if (*text || number == 0)
                fail_plainly("that is no number of runs");
        return number;
}

/* --- time and faults --- */

/* Where commands write to. No /dev/null: grep(1) does less for that. */
struct output {
        int read_fd, write_fd;
        posix_spawn_file_actions_t actions;
};

static void output_open(struct output *output) {
        int fds[2];

        if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
                fail("pipe");
        output->read_fd = fds[0];
        output->write_fd = fds[1];
        errno = posix_spawn_file_actions_init(&output->actions);
        if (!errno)
                errno = posix_spawn_file_actions_adddup2(&output->actions, fds[1], STDOUT_FILENO);
        if (errno)
                fail("posix_spawn_file_actions");
}

static void output_drain(const struct output *output) {
        char buffer[4096];

        while (read(output->read_fd, buffer, sizeof(buffer)) > 0)
                ;
}

static long microseconds(const struct rusage *usage) {
        return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000L +
               usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

/* So that no run pays for caches that are another processor's. */
static void stay_on_this_processor(void) {
        cpu_set_t set;
        int cpu = sched_getcpu();

        CPU_ZERO(&set);
        if (cpu < 0)
                fail("sched_getcpu");
        CPU_SET((size_t)cpu, &set);
        if (sched_setaffinity(0, sizeof(set), &set) < 0)
                fail("sched_setaffinity");
}

static void run_once(size_t number, char **command, const struct output *output) {
        extern char **environ;
        struct rusage usage;
        int status;
        pid_t pid;

        if (!command[0])
                fail_plainly("a command is missing");
        errno = posix_spawn(&pid, command[0], &output->actions, NULL, command, environ);
        if (errno)
                fail(command[0]);
        if (wait4(pid, &status, 0, &usage) < 0)
                fail("wait4");
        printf("%zu %ld %ld\n", number, microseconds(&usage), usage.ru_minflt);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                fail_plainly("a command failed");
        output_drain(output);
}

/* Splits WORDS at each "--"; returns how many commands there are. */
static size_t split(char **words, char ***ret) {
        size_t n = 0;

        ret[n++] = words;
        for (; *words; words++)
                if (!strcmp(*words, "--")) {
                        *words = NULL;
                        if (n == N_COMMANDS_MAX)
                                fail_plainly("too many commands");
                        ret[n++] = words + 1;
                }
        return n;
}

/*
 * In turn, so that what else the machine does meets all of them alike; each time another one is the
 * first, so that none always finds the caches as the same one left them.
 */
static void spawn_time(unsigned runs, char **words) {
        char **commands[N_COMMANDS_MAX];
        size_t n = split(words, commands);
        struct output output;

        stay_on_this_processor();
        output_open(&output);
        for (unsigned run = 0; run < runs; run++)
                for (size_t i = 0; i < n; i++) {
                        size_t number = (run + i) % n;

                        run_once(number, commands[number], &output);
                }
}

/* --- memory --- */

/* Exact: the counters of VmHWM and ru_maxrss are kept for each CPU since Linux 6.2. */
static unsigned long resident_kib(pid_t pid) {
        unsigned long kib = 0;
        char path[64], line[256];
        FILE *file;

        (void)snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
        file = fopen(path, "re");
        if (!file)
                fail(path);
        while (fgets(line, sizeof(line), file))
                if (!strncmp(line, "Rss:", 4))
                        kib = strtoul(line + 4, NULL, 10);
        (void)fclose(file);
        return kib;
}

static _Noreturn void become(char **command) {
        int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

        if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
                fail("ptrace");
        execv(command[0], command);
        fail(command[0]);
}

/* Has the stopped PID go on to its next stop, at a system call or a signal. Returns wait's status.
 */
static int go_on(pid_t pid, int signal) {
        int status;

        if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)signal) < 0)
                fail("ptrace");
        if (waitpid(pid, &status, 0) < 0)
                fail("waitpid");
        return status;
}

/* Between two system calls resident memory only grows: what gives it back is a system call. */
static void spawn_memory(char **command) {
        unsigned long peak = 0;
        pid_t pid = fork();
        int status;

        if (pid < 0)
                fail("fork");
        if (pid == 0)
                become(command);
        if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
                fail("ptrace");
        while (WIFSTOPPED(status)) {
                unsigned long kib = resident_kib(pid);

                if (kib > peak)
                        peak = kib;
                status = go_on(pid, WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                fail_plainly("the command failed");
        printf("%lu\n", peak);
}

int main(int argc, char **argv) {
        if (argc >= 4 && !strcmp(argv[1], "time"))
                spawn_time(read_number(argv[2]), argv + 3);
        else if (argc >= 3 && !strcmp(argv[1], "memory"))
                spawn_memory(argv + 2);
        else
                fail_plainly("use: spawn time RUNS COMMAND... [-- COMMAND...]... | "
                             "spawn memory COMMAND...");
        return EXIT_SUCCESS;
}
