/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks for a choice: the library, main() of the helper in this process, or the helper's program.
 */
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "property_text.h"
#include "text.h"

/* SIGPROF after so many seconds of CPU time, also after an exec(2); 0: never. */
static void limit(int seconds) {
        const struct itimerval timer = {.it_value.tv_sec = seconds};

        (void)setitimer(ITIMER_PROF, &timer, NULL);
}

static void ask_library(const struct asked *asked, const char *modalias, struct outcome *ret) {
        const char *const directories[] = {asked->modprobe_directory, NULL};
        struct choice_source *source;
        int r;

        limit(ASK_SECONDS);
        r = choice_source_open(asked->modules_directory, directories, &source);
        if (r >= 0) {
                r = choice_find(source, modalias, NULL, &ret->choice);
                choice_source_close(source);
        }
        limit(0);
        ret->status = r;
        if (r < 0)
                memset(&ret->choice, 0, sizeof(ret->choice));
}

/* A command line of the helper. */
struct command_line {
        char modules[4096], modprobe[4096];
        char *words[5];
};

enum { N_WORDS = 4 };

static void fill_command_line(struct command_line *line, const struct asked *asked,
                              const char *modalias) {
        (void)snprintf(line->modules, sizeof(line->modules), "--modules-dir=%s",
                       asked->modules_directory);
        (void)snprintf(line->modprobe, sizeof(line->modprobe), "--modprobe-dir=%s",
                       asked->modprobe_directory);
        line->words[0] = (char *)(asked->helper ? asked->helper : "vfio_variant_id");
        line->words[1] = line->modules;
        line->words[2] = line->modprobe;
        line->words[3] = (char *)modalias;
        line->words[N_WORDS] = NULL;
}

/* The child's part; does not return. */
static void run_helper(const struct asked *asked, const char *modalias, int out_fd, int error_fd) {
        struct command_line line;

        fill_command_line(&line, asked, modalias);
        if (dup2(out_fd, STDOUT_FILENO) >= 0 && dup2(error_fd, STDERR_FILENO) >= 0) {
                limit(ASK_SECONDS);
                (void)execv(asked->helper, line.words);
        }
        _exit(127);
}

/* Reads all from FD, as a string. Returns its length. */
static size_t read_text(int fd, char *ret, size_t size) {
        size_t n = 0;

        while (n < size - 1) {
                ssize_t r = read(fd, ret + n, size - 1 - n);

                if (r == 0 || (r < 0 && errno != EINTR))
                        break;
                n += r > 0 ? (size_t)r : 0;
        }
        ret[n] = '\0';
        return n;
}

/* Runs the helper. Returns its wait status; what it wrote is put into OUT and ERROR. */
static int start_helper(const struct asked *asked, const char *modalias, char *out, size_t out_size,
                        char *error, size_t error_size) {
        int out_pipe[2], error_pipe[2], status = 0;
        pid_t pid;

        if (pipe2(out_pipe, O_CLOEXEC) < 0 || pipe2(error_pipe, O_CLOEXEC) < 0)
                return -1;
        pid = fork();
        if (pid == 0)
                run_helper(asked, modalias, out_pipe[1], error_pipe[1]);
        fd_close(out_pipe[1]);
        fd_close(error_pipe[1]);
        (void)read_text(out_pipe[0], out, out_size);
        (void)read_text(error_pipe[0], error, error_size);
        fd_close(out_pipe[0]);
        fd_close(error_pipe[0]);
        while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
        return pid < 0 ? -1 : status;
}

/* Lets FD be TARGET. Returns a duplicate of what TARGET was, or a negative errno. */
static int replace(int target, int fd) {
        int saved = fcntl(target, F_DUPFD_CLOEXEC, 3);

        if (saved < 0 || ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0 || dup2(fd, target) < 0)
                return -errno;
        return saved;
}

/* Restores what replace() saved, and reads what was written meanwhile. */
static void restore(int target, int saved, int fd, char *ret, size_t size) {
        ssize_t n = pread(fd, ret, size - 1, 0);

        ret[n > 0 ? n : 0] = '\0';
        (void)dup2(saved, target);
        fd_close(saved);
}

/* As start_helper(), without a process: the status is what main() returned. */
static int call_main(const struct asked *asked, const char *modalias, char *out, size_t out_size,
                     char *error, size_t error_size) {
        int saved_out = replace(STDOUT_FILENO, asked->output),
            saved_error = replace(STDERR_FILENO, asked->error), status;
        struct command_line line;

        if (saved_out < 0 || saved_error < 0)
                return -1;
        fill_command_line(&line, asked, modalias);
        limit(ASK_SECONDS);
        status = vfio_variant_id_main(N_WORDS, line.words);
        limit(0);
        restore(STDOUT_FILENO, saved_out, asked->output, out, out_size);
        restore(STDERR_FILENO, saved_error, asked->error, error, error_size);
        return W_EXITCODE(status, 0);
}

/* Where the value of "KEY=value" is kept. */
struct property {
        const char *key;
        char *value;
        size_t size;
};

/* Reads one line into that of the N in KNOWN that it is about. Returns whether there is one. */
static bool parse_property(const char *line, const struct property *known, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (startswith(line, known[i].key))
                        return text_join(known[i].value, known[i].size, line + strlen(known[i].key),
                                         "");
        return false;
}

/* Reads the lines of TEXT. Returns whether they are properties all, and whole. */
static bool parse_properties(char *text, struct choice *ret) {
        const struct property known[] = {
                {"VFIO_VARIANT_DRIVER=", ret->driver, sizeof(ret->driver)},
                {"VFIO_VARIANT_MODULE=", ret->module, sizeof(ret->module)},
                {"VFIO_VARIANT_ALIAS=", ret->alias, sizeof(ret->alias)},
                {"VFIO_VARIANT_FALLBACK=", ret->fallback, sizeof(ret->fallback)},
        };
        char *end;

        for (; (end = strchr(text, '\n')); text = end + 1) {
                *end = '\0';
                if (!parse_property(text, known, sizeof(known) / sizeof(known[0])))
                        return false;
        }
        return !*text;
}

/* What the helper did that it must not do for any index; or NULL. */
static const char *find_crime(int status, const char *out, const char *error) {
        if (WIFSIGNALED(status))
                return WTERMSIG(status) == SIGPROF ? "it hung" : "a signal killed it";
        if (strstr(error, "Sanitizer") || strstr(error, "runtime error"))
                return "a sanitizer found something";
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
                return "it has an exit status that it must not have here";
        if (WEXITSTATUS(status) == 1 && (out[0] || !error[0]))
                return "it failed, and with output or without a message";
        if (strlen(out) > PROPERTY_TEXT_SIZE)
                return "it wrote too much";
        return NULL;
}

static void ask_helper(const struct asked *asked, const char *modalias, struct outcome *ret) {
        char out[PROPERTY_TEXT_SIZE * 2], error[4096];
        int status = (asked->how == ASK_MAIN ? call_main : start_helper)(
                asked, modalias, out, sizeof(out), error, sizeof(error));

        ret->crime = find_crime(status, out, error);
        ret->status = -EBADMSG;
        if (ret->crime || WEXITSTATUS(status) > 0)
                return;
        if (!parse_properties(out, &ret->choice))
                ret->crime = "it wrote what is no property";
        ret->status = ret->choice.driver[0] != '\0';
}

void ask(const struct asked *asked, const char *modalias, struct outcome *ret) {
        memset(ret, 0, sizeof(*ret));
        if (asked->how == ASK_LIBRARY)
                ask_library(asked, modalias, ret);
        else
                ask_helper(asked, modalias, ret);
}

int asked_open(struct asked *asked) {
        if (asked->how != ASK_MAIN)
                return 0;
        asked->output = memfd_create("output", MFD_CLOEXEC);
        asked->error = memfd_create("error", MFD_CLOEXEC);
        return asked->output < 0 || asked->error < 0 ? -errno : 0;
}

void asked_show_error(const struct asked *asked) {
        char text[65536];
        ssize_t n = asked->how == ASK_MAIN ? pread(asked->error, text, sizeof(text), 0) : 0;

        if (n > 0)
                (void)fd_write_all(STDERR_FILENO, text, (size_t)n);
}

bool outcome_is_same(const struct outcome *a, const struct outcome *b) {
        if (a->status < 0 || b->status < 0)
                return a->status < 0 && b->status < 0;
        return strcmp(a->choice.driver, b->choice.driver) == 0 &&
               strcmp(a->choice.module, b->choice.module) == 0 &&
               strcmp(a->choice.alias, b->choice.alias) == 0 &&
               strcmp(a->choice.fallback, b->choice.fallback) == 0;
}
