/* CPU time of the process: WASI has none, so libc tells the time since its start.
 *
 * In:  libc's `__clock`, counted from its constructor, which may have run at build time, before a snapshot.
 * Out: the same, counted from `pywasm_restart_clock`; and the clocks by Linux's numbers, for the module `time`. */
#define _POSIX_C_SOURCE 200809L
#include "clock.h"
#include "errors.h"

#include <errno.h>
#include <time.h>

clock_t __real___clock(void);

static clock_t start;

void pywasm_restart_clock(void) { start = __real___clock(); }

clock_t __wrap___clock(void) { return __real___clock() - start; }

/* The clocks that Linux calls coarse, raw or boottime are WASI's two. NULL: CPU time, or no clock. */
static clockid_t clock_of(int number) {
  switch (number) {
    case 0:
    case 5:
      return CLOCK_REALTIME;
    case 1:
    case 4:
    case 6:
    case 7:
      return CLOCK_MONOTONIC;
    default:
      return NULL;
  }
}

static int is_cpu_time(int number) {
  if (number == 2 || number == 3) return 1;
  errno = EINVAL;
  return 0;
}

int pywasm_clock_gettime(int number, struct timespec *now) {
  if (clock_of(number) != NULL) return clock_gettime(clock_of(number), now);
  if (!is_cpu_time(number)) return -1;
  clock_t used = clock();
  now->tv_sec = used / CLOCKS_PER_SEC;
  now->tv_nsec = (long)(used % CLOCKS_PER_SEC * (1000000000 / CLOCKS_PER_SEC));
  return 0;
}

int pywasm_clock_getres(int number, struct timespec *resolution) {
  if (clock_of(number) != NULL) return clock_getres(clock_of(number), resolution);
  if (!is_cpu_time(number)) return -1;
  *resolution = (struct timespec){.tv_sec = 0, .tv_nsec = 1000000000 / CLOCKS_PER_SEC};
  return 0;
}

/* Returns the number of an error, as libc's function does, but Linux's. */
int pywasm_clock_nanosleep(int number, int flags, const struct timespec *time, struct timespec *rest) {
  int error = clock_of(number) == NULL ? EINVAL : clock_nanosleep(clock_of(number), flags, time, rest);
  /* libc has one error for all that can go wrong. Only a signal does here: that of a timer. */
  if (error == ENOTSUP) error = EINTR;
  return pywasm_linux_error(error);
}

/* Nobody sets the host's clocks. */
int pywasm_clock_settime(int number) {
  errno = number == 0 ? EPERM : EINVAL;
  return -1;
}
