/* poll_oneoff, where descriptors that are not the host's may be among the subscriptions: those files.h knows.
 *
 * A sleep until some time becomes a sleep for some time, because Node's WASI takes the one for the other and would
 * never wake up. */
#include "files.h"
#include "timer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/select.h>

__wasi_errno_t REAL(poll_oneoff)(const __wasi_subscription_t *, __wasi_event_t *, __wasi_size_t, __wasi_size_t *);

static bool is_clock(const __wasi_subscription_t *in) { return in->u.tag == __WASI_EVENTTYPE_CLOCK; }

static bool concerns_us(const __wasi_subscription_t *in) {
  return !is_clock(in) && is_virtual(in->u.u.fd_read.file_descriptor);
}

/* clock_nanosleep, which time.sleep() calls: one subscription, to a clock. Node counts in milliseconds and
 * wakes up early, hence the loop. */
static __wasi_errno_t sleep_until(__wasi_subscription_t until, __wasi_event_t *out, __wasi_size_t *done) {
  __wasi_subscription_clock_t *clock = &until.u.u.clock;
  const __wasi_timestamp_t end = clock->timeout;
  clock->flags = 0;
  while (true) {
    __wasi_timestamp_t now;
    __wasi_errno_t error = __wasi_clock_time_get(clock->id, clock->precision, &now);
    if (error != 0) return error;
    clock->timeout = end > now ? end - now : 0;
    error = REAL(poll_oneoff)(&until, out, 1, done);
    if (error != 0 || clock->timeout == 0) return error;
  }
}

static __wasi_errno_t wait(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count,
                           __wasi_size_t *done) {
  if (count == 1 && is_clock(in) && in->u.u.clock.flags == __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME)
    return sleep_until(*in, out, done);
  for (__wasi_size_t i = 0; i < count; i++)
    if (concerns_us(&in[i])) return WITH_FILES(poll, EBADF, in, out, count, done);
  return REAL(poll_oneoff)(in, out, count, done);
}

/* The same with the timer among the clocks. EINTR: its signal was sent. */
static __wasi_errno_t wait_for_timer(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count,
                                     __wasi_size_t *done) {
  enum { OWN = 0x7077 };
  __wasi_subscription_t *all = malloc((count + 1) * sizeof *all);
  __wasi_event_t *events = malloc((count + 1) * sizeof *events);
  __wasi_errno_t error = all == NULL || events == NULL ? ENOMEM : 0;
  *done = 0;
  while (error == 0 && *done == 0) {
    if (pywasm_timer->fire()) {
      error = EINTR;
      break;
    }
    for (__wasi_size_t i = 0; i < count; i++) {
      all[i] = in[i];
      __wasi_subscription_clock_t *clock = &all[i].u.u.clock;
      if (!is_clock(&in[i]) || clock->flags == 0) continue;
      __wasi_timestamp_t time = 0;
      (void)__wasi_clock_time_get(clock->id, 1, &time);
      clock->timeout = clock->timeout > time ? clock->timeout - time : 0;
      clock->flags = 0;
    }
    __wasi_timestamp_t left = pywasm_timer->left();
    all[count] = (__wasi_subscription_t){.userdata = OWN,
                                         .u.tag = __WASI_EVENTTYPE_CLOCK,
                                         .u.u.clock = {.id = __WASI_CLOCKID_MONOTONIC, .timeout = left}};
    __wasi_size_t got = 0;
    error = wait(all, events, count + (left != UINT64_MAX), &got);
    for (__wasi_size_t i = 0; error == 0 && i < got; i++)
      if (events[i].userdata != OWN || events[i].type != __WASI_EVENTTYPE_CLOCK) out[(*done)++] = events[i];
  }
  free(all);
  free(events);
  return error;
}

__wasi_errno_t WRAP(poll_oneoff)(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count,
                                 __wasi_size_t *done) {
  bool is_set = pywasm_timer != NULL && pywasm_timer->left() != UINT64_MAX;
  return is_set ? wait_for_timer(in, out, count, done) : wait(in, out, count, done);
}

bool pywasm_wait_for_signal(void) {
  if (pywasm_timer == NULL || pywasm_timer->left() == UINT64_MAX) return false;
  while (!pywasm_timer->fire()) {
    __wasi_subscription_t clock = {.u.tag = __WASI_EVENTTYPE_CLOCK,
                                   .u.u.clock = {.id = __WASI_CLOCKID_MONOTONIC, .timeout = pywasm_timer->left()}};
    __wasi_event_t event;
    __wasi_size_t done;
    (void)REAL(poll_oneoff)(&clock, &event, 1, &done);
  }
  return true;
}

static bool is_open(const fd_set *set) {
  __wasi_fdstat_t status;
  for (size_t i = 0; set != NULL && i < set->__nfds; i++)
    if (__wasi_fd_fdstat_get(set->__fds[i], &status) == EBADF) return false;
  return true;
}

/* libc takes a closed descriptor for one that is ready. */
int __real_pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
int __wrap_pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
int __wrap_pselect(int count, fd_set *readable, fd_set *writable, fd_set *failed, const struct timespec *timeout,
                   const sigset_t *mask) {
  if (is_open(readable) && is_open(writable) && is_open(failed))
    return __real_pselect(count, readable, writable, failed, timeout, mask);
  errno = EBADF;
  return -1;
}
