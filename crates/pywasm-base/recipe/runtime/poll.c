/* poll_oneoff, where descriptors of the image may be among the subscriptions. See mount.h.
 *
 * A regular file is always ready, so such a call does not wait: the image's events are answered here, and
 * the host is asked once what else is ready by now. A sleep until some time becomes a sleep for some time,
 * because Node's WASI takes the one for the other and would never wake up. */
#include "mount.h"

#include <errno.h>
#include <stdlib.h>

__wasi_errno_t REAL(poll_oneoff)(const __wasi_subscription_t *, __wasi_event_t *, __wasi_size_t, __wasi_size_t *);

static bool is_clock(const __wasi_subscription_t *in) { return in->u.tag == __WASI_EVENTTYPE_CLOCK; }

static bool concerns_image(const __wasi_subscription_t *in) {
  return !is_clock(in) && is_virtual(in->u.u.fd_read.file_descriptor);
}

static __wasi_event_t answer(const __wasi_subscription_t *in) {
  struct descriptor *d = descriptor_of(in->u.u.fd_read.file_descriptor);
  __wasi_event_t event = {.userdata = in->userdata, .type = in->u.tag};
  if (d == NULL || in->u.tag == __WASI_EVENTTYPE_FD_WRITE) {
    event.error = EBADF;
    return event;
  }
  __wasi_filestat_t file;
  describe_node(d->node, &file);
  if (file.size > d->offset) event.fd_readwrite.nbytes = file.size - d->offset;
  return event;
}

/* Asks the host about its own descriptors without waiting; returns how many events it wrote to `out`. */
static __wasi_size_t ask_host(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count) {
  __wasi_subscription_t *asked = malloc((count + 1) * sizeof *asked);
  __wasi_event_t *events = malloc((count + 1) * sizeof *events);
  __wasi_size_t n = 0, got = 0, kept = 0;
  if (asked != NULL && events != NULL) {
    for (__wasi_size_t i = 0; i < count; i++)
      if (!is_clock(&in[i]) && !concerns_image(&in[i])) asked[n++] = in[i];
    if (n > 0) {
      asked[n++] = (__wasi_subscription_t){.u.tag = __WASI_EVENTTYPE_CLOCK, .u.u.clock.id = __WASI_CLOCKID_MONOTONIC};
      if (REAL(poll_oneoff)(asked, events, n, &got) != 0) got = 0;
    }
    for (__wasi_size_t i = 0; i < got; i++)
      if (events[i].type != __WASI_EVENTTYPE_CLOCK) out[kept++] = events[i];
  }
  free(asked);
  free(events);
  return kept;
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

__wasi_errno_t WRAP(poll_oneoff)(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count,
                                 __wasi_size_t *done) {
  if (count == 1 && is_clock(in) && in->u.u.clock.flags == __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME)
    return sleep_until(*in, out, done);
  __wasi_size_t ours = 0;
  for (__wasi_size_t i = 0; i < count; i++)
    if (concerns_image(&in[i])) out[ours++] = answer(&in[i]);
  if (ours == 0) return REAL(poll_oneoff)(in, out, count, done);
  *done = ours + ask_host(in, out + ours, count);
  return 0;
}
