/* Preloaded into a process, makes fsync and fdatasync fail with EIO while the file named by FAIL_SYNC_WHILE exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int fails(void) {
  const char *path = getenv("FAIL_SYNC_WHILE");
  return path != NULL && access(path, F_OK) == 0;
}

int fsync(int fd) {
  static int (*real)(int);
  if (fails()) { errno = EIO; return -1; }
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (fails()) { errno = EIO; return -1; }
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return real(fd);
}
