/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a program in a small root: launch ROOT FD N PROGRAM [ARGUMENT...].
 *
 * FD is a socket: who has its other end gets a descriptor by which it answers the program's calls
 * of finit_module(2), see seccomp_unotify(2). So modules are loaded into a kernel that is none, and
 * the program needs no option for that. Its sleeps end at once. FD 0: all calls go to the real
 * kernel.
 *
 * N: the program, and each process that it started, is killed at the Nth kill point of all; 0: it
 * is not. A kill point is the beginning of the first system call, and of each that follows one
 * which may have changed a file or a device. The exit status is that of the program, or 128 and the
 * signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIGNAL_STATUS 128
/* The program starts a few at most. */
#define MAX_TRACED 16

static int fail(const char *what) {
        (void)fprintf(stderr, "launch: %s: %s\n", what, strerrordesc_np(errno));
        return 125;
}

/* The number that TEXT is; -1 for none. */
static int number(const char *text) {
        int n = 0;

        for (; *text; text++) {
                if (*text < '0' || *text > '9' || n > 100000000)
                        return -1;
                n = n * 10 + *text - '0';
        }
        return n;
}

/*
 * The reader of the returned descriptor answers finit_module(2). A sleep succeeds at once: the fake
 * kernel counts requests, not milliseconds.
 */
static int install_filter(void) {
        struct sock_filter code[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_finit_module, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_nanosleep, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {.len = sizeof(code) / sizeof(*code), .filter = code};

        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -1;
        return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                            &program);
}

static int send_descriptor(int socket, int fd) {
        char byte = 0, control[CMSG_SPACE(sizeof(fd))] = {0};
        struct iovec text = {.iov_base = &byte, .iov_len = 1};
        struct msghdr message = {
                .msg_iov = &text,
                .msg_iovlen = 1,
                .msg_control = control,
                .msg_controllen = sizeof(control),
        };
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);

        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(fd));
        memcpy(CMSG_DATA(header), &fd, sizeof(fd));
        return sendmsg(socket, &message, 0) < 0 ? -1 : 0;
}

/* Becomes the program. Returns only where that can't be. */
static int become(const char *root, int socket, char **command) {
        int listener;

        if (chroot(root) < 0 || chdir("/") < 0)
                return fail(root);
        if (socket > 0) {
                listener = install_filter();
                if (listener < 0 || send_descriptor(socket, listener) < 0)
                        return fail("seccomp");
                (void)close(listener);
                (void)close(socket);
        }
        (void)execv(command[0], command);
        return fail(command[0]);
}

static int status_of(int status) {
        return WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The system calls that leave files and devices as they are, besides openat(2) for reading. */
static const unsigned long long reading[] = {
        SYS_brk,
        SYS_clock_gettime,
        SYS_clock_nanosleep,
        SYS_close,
        SYS_faccessat2,
        SYS_fcntl,
        SYS_fstat,
        SYS_fstatfs,
        SYS_futex,
        SYS_getdents64,
        SYS_geteuid,
        SYS_getpid,
        SYS_getrandom,
        SYS_lseek,
        SYS_mmap,
        SYS_mprotect,
        SYS_munmap,
        SYS_newfstatat,
        SYS_poll,
        SYS_pread64,
        SYS_prlimit64,
        SYS_read,
        SYS_readlinkat,
        SYS_rseq,
        SYS_rt_sigaction,
        SYS_rt_sigprocmask,
        SYS_set_tid_address,
        SYS_set_robust_list,
        SYS_statfs,
        SYS_statx,
        SYS_uname,
        SYS_wait4,
};

static bool only_reads(const struct __ptrace_syscall_info *call) {
        if (call->entry.nr == SYS_openat)
                return (call->entry.args[2] & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY;
        for (size_t i = 0; i < sizeof(reading) / sizeof(*reading); i++)
                if (call->entry.nr == reading[i])
                        return true;
        return false;
}

/*
 * Does a system call begin at which nothing else is left than at the one before? Then a kill there
 * has been tried. CHANGED is whether a call since the last kill point may have changed anything.
 */
static bool is_kill_point(pid_t child, bool *changed) {
        struct __ptrace_syscall_info call;
        bool was_changed = *changed;

        if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(call), &call) < 0 ||
            call.op != PTRACE_SYSCALL_INFO_ENTRY)
                return false;
        *changed = !only_reads(&call);
        return was_changed;
}

/* The program, and the processes that it starts. */
struct traced {
        pid_t pids[MAX_TRACED];
        int n;
};

static void kill_all(struct traced *traced, pid_t pid) {
        for (int i = 0; i < traced->n; i++)
                (void)kill(traced->pids[i], SIGKILL);
        (void)kill(pid, SIGKILL);
}

static void note(struct traced *traced, pid_t pid) {
        for (int i = 0; i < traced->n; i++)
                if (traced->pids[i] == pid)
                        return;
        if (traced->n < MAX_TRACED)
                traced->pids[traced->n++] = pid;
}

/* Steps the child, and what it starts, from one system call to the next, and kills all at the Nth
 * kill point. */
static int kill_at(pid_t child, int n) {
        struct traced traced = {{child}, 1};
        int points = 0, result = -1, status;
        bool changed = true;
        pid_t pid;

        while ((pid = waitpid(-1, &status, __WALL)) > 0) {
                int deliver = 0;

                if (!WIFSTOPPED(status)) {
                        if (pid == child)
                                result = status_of(status);
                        continue;
                }
                note(&traced, pid);
                if (WSTOPSIG(status) == (SIGTRAP | 0x80) && is_kill_point(pid, &changed) &&
                    ++points == n)
                        kill_all(&traced, pid);
                /* SIGTRAP: also of execve(2) and fork(2); SIGSTOP: a new process */
                if ((WSTOPSIG(status) & ~0x80) != SIGTRAP && WSTOPSIG(status) != SIGSTOP)
                        deliver = WSTOPSIG(status);
                (void)ptrace(PTRACE_SYSCALL, pid, NULL, (long)deliver);
        }
        return result < 0 ? fail("waitpid") : result;
}

static int run_traced(const char *root, int socket, int n, char **command) {
        pid_t child = fork();
        int status;

        if (child < 0)
                return fail("fork");
        if (child == 0) {
                if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
                        _exit(fail("ptrace"));
                _exit(become(root, socket, command));
        }
        if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
                return fail("the program did not start");
        if (ptrace(PTRACE_SETOPTIONS, child, NULL,
                   PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
                           PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE) < 0 ||
            ptrace(PTRACE_SYSCALL, child, NULL, NULL) < 0)
                return fail("ptrace");
        return kill_at(child, n);
}

int main(int argc, char **argv) {
        int socket = argc > 4 ? number(argv[2]) : -1, n = argc > 4 ? number(argv[3]) : -1;

        if (socket < 0 || n < 0) {
                (void)fprintf(stderr, "Usage: launch ROOT FD N PROGRAM [ARGUMENT...]\n");
                return 125;
        }
        return n > 0 ? run_traced(argv[1], socket, n, argv + 4) : become(argv[1], socket, argv + 4);
}
