/* Preloaded into a process: lets one call that touches a file under a folder fail, stop half-way, or end the process.
   The process says so itself, through calls_watch(); until then nothing is changed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, FAIL, FULL, KILL, HALF }; /* HALF writes half of the bytes, then kills */
static char folder[PATH_MAX];
static int at, code, how, to = -1, calls;

void calls_watch(const char *where, int number, int error, int kind, int log) {
    snprintf(folder, sizeof folder, "%s", where);
    at = number, code = error, how = kind, to = log, calls = 0;
}

static void tell(int number, const char *call, const char *path) {
    char line[PATH_MAX + 64];
    int size = snprintf(line, sizeof line, "%d %s %s\n", number, call, path);
    syscall(SYS_write, to, line, (size_t)size);
}

/* Whether the call is to fail; it may not come back. `writes` are those that a full disk refuses. */
static int fails(const char *call, const char *path, int writes, int removes) {
    if (to < 0 || strncmp(path, folder, strlen(folder))) return 0;
    int number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    tell(number, call, path);
    if (how == KILL && number == at) kill(getpid(), SIGKILL);
    int mine = how == FULL ? number >= at && writes : how == FAIL && number == at && !removes;
    if (mine) errno = code;
    return mine;
}

static const char *absolute(int base, const char *path, char *room) {
    char place[64];
    if (to < 0 || path[0] == '/') return path;
    snprintf(place, sizeof place, base == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", base);
    ssize_t size = readlink(place, room, PATH_MAX - 1);
    snprintf(room + (size < 0 ? 0 : size), PATH_MAX - (size < 0 ? 0 : size), "/%s", path);
    return room;
}

static const char *of(int file, char *room) {
    char place[64];
    if (to < 0) return "";
    snprintf(place, sizeof place, "/proc/self/fd/%d", file);
    ssize_t size = readlink(place, room, PATH_MAX - 1);
    room[size < 0 ? 0 : size] = 0;
    return room;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                                            \
    int name(const char *path, int flags, ...) {                                                              \
        char room[PATH_MAX * 2];                                                                              \
        va_list more;                                                                                         \
        va_start(more, flags);                                                                                \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                               \
        va_end(more);                                                                                         \
        if (fails("open", absolute(AT_FDCWD, path, room), flags & O_CREAT, 0)) return -1;                     \
        return REAL(name)(path, flags, mode);                                                                 \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                          \
    int name(int base, const char *path, int flags, ...) {                                                    \
        char room[PATH_MAX * 2];                                                                              \
        va_list more;                                                                                         \
        va_start(more, flags);                                                                                \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                               \
        va_end(more);                                                                                         \
        if (fails("open", absolute(base, path, room), flags & O_CREAT, 0)) return -1;                         \
        return REAL(name)(base, path, flags, mode);                                                           \
    }
OPENAT(openat)
OPENAT(openat64)

static int half(int number) { return to >= 0 && how == HALF && number == at; }

#define WRITE(name, PARAMETERS, ARGUMENTS, HALVED)                                                            \
    ssize_t name PARAMETERS {                                                                                 \
        char room[PATH_MAX];                                                                                  \
        if (fails("write", of(file, room), 1, 0)) return -1;                                                  \
        if (half(calls) && !strncmp(of(file, room), folder, strlen(folder))) {                                \
            REAL(name) HALVED;                                                                                \
            kill(getpid(), SIGKILL);                                                                          \
        }                                                                                                     \
        return REAL(name) ARGUMENTS;                                                                          \
    }
WRITE(write, (int file, const void *data, size_t size), (file, data, size), (file, data, size / 2))
WRITE(pwrite, (int file, const void *data, size_t size, off_t place), (file, data, size, place), (file, data, size / 2, place))
WRITE(pwrite64, (int file, const void *data, size_t size, off64_t place), (file, data, size, place), (file, data, size / 2, place))
WRITE(writev, (int file, const struct iovec *data, int size), (file, data, size), (file, data, size / 2))

#define ON_FILE(name, call, PARAMETERS, ARGUMENTS, writes)                                                    \
    int name PARAMETERS {                                                                                     \
        char room[PATH_MAX];                                                                                  \
        return fails(call, of(file, room), writes, 0) ? -1 : REAL(name) ARGUMENTS;                            \
    }
ON_FILE(fsync, "fsync", (int file), (file), 1)
ON_FILE(fdatasync, "fsync", (int file), (file), 1)
ON_FILE(ftruncate, "truncate", (int file, off_t size), (file, size), 1)
ON_FILE(ftruncate64, "truncate", (int file, off64_t size), (file, size), 1)

#define ON_PATH(name, call, PARAMETERS, ARGUMENTS, base, path, writes, removes)                               \
    int name PARAMETERS {                                                                                     \
        char room[PATH_MAX * 2];                                                                              \
        return fails(call, absolute(base, path, room), writes, removes) ? -1 : REAL(name) ARGUMENTS;          \
    }
ON_PATH(rename, "rename", (const char *old, const char *new), (old, new), AT_FDCWD, new, 0, 0)
ON_PATH(renameat, "rename", (int a, const char *old, int b, const char *new), (a, old, b, new), b, new, 0, 0)
ON_PATH(link, "link", (const char *old, const char *new), (old, new), AT_FDCWD, new, 1, 0)
ON_PATH(linkat, "link", (int a, const char *old, int b, const char *new, int flags), (a, old, b, new, flags), b, new, 1, 0)
ON_PATH(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode), AT_FDCWD, path, 1, 0)
ON_PATH(chmod, "chmod", (const char *path, mode_t mode), (path, mode), AT_FDCWD, path, 0, 0)
ON_PATH(unlink, "unlink", (const char *path), (path), AT_FDCWD, path, 0, 1)
ON_PATH(unlinkat, "unlink", (int base, const char *path, int flags), (base, path, flags), base, path, 0, 1)
