/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: uname(2) names the kernel release that UNAME_RELEASE in the environment says, so that
 * a test prints the same whatever kernel it runs on. By the wrapper and by syscall(2).
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

typedef long (*syscall_fn)(long number, ...);

static syscall_fn real_syscall(void) {
        return (syscall_fn)dlsym(RTLD_NEXT, "syscall");
}

int uname(struct utsname *uts) {
        const char *release = getenv("UNAME_RELEASE");
        long r = real_syscall()(SYS_uname, uts);

        if (r == 0 && release)
                (void)snprintf(uts->release, sizeof(uts->release), "%s", release);
        return (int)r;
}

/* No system call has more arguments than six. */
long syscall(long number, ...) {
        long words[6];
        va_list arguments;

        va_start(arguments, number);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                words[i] = va_arg(arguments, long);
        va_end(arguments);
        if (number == SYS_uname)
                return uname((struct utsname *)words[0]);
        return real_syscall()(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
