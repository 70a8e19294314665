/* A library to preload: counts the calls that change files, writes them down, and lets one of them end badly.
 *
 * Counting begins with the first call that names a path with "/.ssot" in it.
 *   FAULTS_LOG=FILE   every counted call is appended: NAME PATH [PATH]
 *   FAULTS_AT=N       the N-th call (from 1) ends badly
 *   FAULTS_HOW=kill   the process is killed before the call; `tear`: half of a write is done first
 *   FAULTS_HOW=ERRNO  the call fails with this number
 *   FAULTS_FULL=1     the disk is full from the N-th call on: whatever needs space fails, all else works
 *   FAULTS_FULL=2     the N-th call fails too, whatever it is
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int counting, count;

static void note(const char *name, const char *path, const char *other) {
  static int file = -1;
  const char *log = getenv("FAULTS_LOG");
  char line[3 * PATH_MAX];
  if (!log)
    return;
  if (file < 0)
    file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  int length = snprintf(line, sizeof line, "%s\t%s%s%s\n", name, path, other ? "\t" : "", other ? other : "");
  if (syscall(SYS_write, file, line, (size_t)length) != length)
    abort();
}

/* What to do instead of the call: 0 nothing, 1 fail with errno, 2 tear. */
static int comes(const char *name, const char *path, const char *other, int needs_space) {
  const char *how = getenv("FAULTS_HOW"), *at = getenv("FAULTS_AT");
  counting |= strstr(path, "/.ssot") != NULL;
  if (!counting)
    return 0;
  note(name, path, other);
  ++count;
  if (!at || !how)
    return 0;
  const char *full = getenv("FAULTS_FULL");
  int hit = count == atoi(at), out_of_space = full && count >= atoi(at) && needs_space;
  if (!out_of_space && (!hit || (full && atoi(full) == 1)))
    return 0;
  if (strcmp(how, "tear") == 0 && strcmp(name, "write") == 0)
    return 2;
  if (strcmp(how, "kill") == 0 || strcmp(how, "tear") == 0)
    syscall(SYS_kill, getpid(), SIGKILL);
  errno = atoi(how);
  return 1;
}

static const char *path_of(int descriptor, char *buffer) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, buffer, PATH_MAX - 1);
  buffer[length < 0 ? 0 : length] = 0;
  return buffer;
}

/* Whether a file that is open can be changed by way of the descriptor, or is a folder whose names are to be flushed. */
static int matters(int descriptor) {
  struct stat status;
  int flags = fcntl(descriptor, F_GETFL);
  return descriptor > 2 && flags >= 0 && fstat(descriptor, &status) == 0 &&
         (S_ISDIR(status.st_mode) || (S_ISREG(status.st_mode) && (flags & O_ACCMODE) != O_RDONLY));
}

#define OPEN(name)                                                                                                     \
  int name(const char *path, int flags, ...) {                                                                         \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                                                          \
    va_end(rest);                                                                                                      \
    int changes = (flags & (O_CREAT | O_TRUNC | O_DIRECTORY)) || (flags & O_ACCMODE) != O_RDONLY;                      \
    if (changes && comes("open", path, NULL, (flags & O_CREAT) != 0))                                                  \
      return -1;                                                                                                       \
    return REAL(name)(path, flags, mode);                                                                              \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int descriptor, const void *bytes, size_t size) {
  char path[PATH_MAX];
  if (matters(descriptor)) {
    int what = comes("write", path_of(descriptor, path), NULL, 1);
    if (what == 2) {
      syscall(SYS_write, descriptor, bytes, size / 2);
      syscall(SYS_kill, getpid(), SIGKILL);
    }
    if (what)
      return -1;
  }
  return REAL(write)(descriptor, bytes, size);
}

#define ON_DESCRIPTOR(result, name, parameters, arguments, needs_space)                                                \
  result name parameters {                                                                                             \
    char path[PATH_MAX];                                                                                               \
    if (matters(descriptor) && comes(#name, path_of(descriptor, path), NULL, needs_space))                             \
      return -1;                                                                                                       \
    return REAL(name) arguments;                                                                                       \
  }
ON_DESCRIPTOR(int, fsync, (int descriptor), (descriptor), 0)
ON_DESCRIPTOR(int, fdatasync, (int descriptor), (descriptor), 0)
ON_DESCRIPTOR(int, fchmod, (int descriptor, mode_t mode), (descriptor, mode), 0)
ON_DESCRIPTOR(int, fchown, (int descriptor, uid_t owner, gid_t group), (descriptor, owner, group), 0)
ON_DESCRIPTOR(int, ftruncate, (int descriptor, off_t size), (descriptor, size), 1)
ON_DESCRIPTOR(int, flock, (int descriptor, int operation), (descriptor, operation), 0)

int close(int descriptor) {
  char path[PATH_MAX];
  int fails = matters(descriptor) && comes("close", path_of(descriptor, path), NULL, 0);
  int problem = errno;
  int result = REAL(close)(descriptor); /* a close that fails has closed */
  if (!fails)
    return result;
  errno = problem;
  return -1;
}

#define ON_PATH(name, parameters, arguments, needs_space)                                                              \
  int name parameters {                                                                                                \
    if (comes(#name, path, NULL, needs_space))                                                                         \
      return -1;                                                                                                       \
    return REAL(name) arguments;                                                                                       \
  }
ON_PATH(unlink, (const char *path), (path), 0)
ON_PATH(remove, (const char *path), (path), 0)
ON_PATH(rmdir, (const char *path), (path), 0)
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode), 1)
ON_PATH(chmod, (const char *path, mode_t mode), (path, mode), 0)

int rename(const char *from, const char *to) {
  if (comes("rename", from, to, 0))
    return -1;
  return REAL(rename)(from, to);
}
