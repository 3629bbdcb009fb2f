/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: uname(2) names the kernel release that UNAME_RELEASE in the environment says, so that
 * a test prints the same with any kernel that it runs on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int uname(struct utsname *uts) {
        const char *release = getenv("UNAME_RELEASE");
        long r = syscall(SYS_uname, uts);

        if (r == 0 && release)
                (void)snprintf(uts->release, sizeof(uts->release), "%s", release);
        return (int)r;
}
