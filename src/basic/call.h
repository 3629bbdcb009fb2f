/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls by their number, through the one function syscall(2): each wrapper of libc would
 * cost the dynamic linker some 700 instructions at each start, and ten of them more than a whole
 * look-up.
 *
 * All but pread64 and lseek take the same arguments on any machine; where a long is too short for
 * an offset these two are libc's. So are all where a sanitizer is to watch what they write.
 */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define CALL_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define CALL_IS_SANITIZED 1
#endif
#endif

#if defined(CALL_IS_SANITIZED) || __SIZEOF_LONG__ < 8
#include <dirent.h>
#define call_openat(dir_fd, path, flags)            openat(dir_fd, path, flags)
#define call_close(fd)                              close(fd)
#define call_pread(fd, buffer, size, offset)        pread(fd, buffer, size, (off_t)(offset))
#define call_write(fd, buffer, size)                write(fd, buffer, size)
#define call_size(fd)                               lseek(fd, 0, SEEK_END)
#define call_getdents(fd, buffer, size)             getdents64(fd, buffer, size)
#define call_readlinkat(dir_fd, path, buffer, size) readlinkat(dir_fd, path, buffer, size)
#define call_faccessat(dir_fd, path)                faccessat(dir_fd, path, F_OK, 0)
#define call_uname(uts)                             uname(uts)
#define call_mmap(size)                             mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
#define call_munmap(address, size)                  munmap(address, size)
#else
static inline int call_openat(int dir_fd, const char *path, int flags) {
        return (int)syscall(SYS_openat, dir_fd, path, flags, 0);
}

static inline int call_close(int fd) {
        return (int)syscall(SYS_close, fd);
}

static inline ssize_t call_pread(int fd, void *buffer, size_t size, uint64_t offset) {
        return syscall(SYS_pread64, fd, buffer, size, offset);
}

static inline ssize_t call_write(int fd, const void *buffer, size_t size) {
        return syscall(SYS_write, fd, buffer, size);
}

/* The size of a file. */
static inline off_t call_size(int fd) {
        return syscall(SYS_lseek, fd, (off_t)0, SEEK_END);
}

static inline ssize_t call_getdents(int fd, void *buffer, size_t size) {
        return syscall(SYS_getdents64, fd, buffer, size);
}

static inline ssize_t call_readlinkat(int dir_fd, const char *path, char *buffer, size_t size) {
        return syscall(SYS_readlinkat, dir_fd, path, buffer, size);
}

/* Is PATH there? 0, or -1 and errno. */
static inline int call_faccessat(int dir_fd, const char *path) {
        return (int)syscall(SYS_faccessat, dir_fd, path, F_OK);
}

static inline int call_uname(struct utsname *uts) {
        return (int)syscall(SYS_uname, uts);
}

/* Memory of our own, all zero; MAP_FAILED where it is short. */
static inline void *call_mmap(size_t size) {
        union {
                long number;
                void *address;
        } ret = {syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                         -1, (off_t)0)};

        return ret.address;
}

static inline int call_munmap(void *address, size_t size) {
        return (int)syscall(SYS_munmap, address, size);
}
#endif
