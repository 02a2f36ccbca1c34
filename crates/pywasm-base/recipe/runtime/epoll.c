/* epoll over descriptors in memory and those of the host.
 *
 * In:  descriptors, and the events that the program waits for. Out: those that are there, as Linux tells them: in the order in
 *      which they came, with hang-ups that nobody named, once where the program wants to hear of each change once.
 *
 * What is in memory changes only while the program runs, so a wait is for the host's descriptors and the clock alone. With
 * neither it would never end: EDEADLK. */
#include "memory.h"
#include "pywasm_epoll.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
  READABLE = EPOLLIN | EPOLLRDNORM,
  WRITABLE = EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND,
  ALWAYS = EPOLLERR | EPOLLHUP,
  WITH_EXCLUSIVE = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLEXCLUSIVE
};
#define MODES (EPOLLET | EPOLLONESHOT | EPOLLWAKEUP | EPOLLEXCLUSIVE)
#define DEEPEST 5

struct interest {
  int fd;
  uint64_t identity; /* of the open file; another one by the same number is not meant */
  struct epoll_event event;
  bool is_asleep;        /* told once, which was wanted */
  uint64_t told, joined; /* when it was last told, and when it took its place */
  uint32_t state;        /* what it was then */
};

/* One that has something to tell. */
struct news {
  struct interest *interest;
  uint64_t since;
};

static int fail(int error) {
  errno = error;
  return -1;
}

/* Host descriptors have no open file here: what distinguishes them is their number. */
static bool identify(int fd, struct open_file **file, uint64_t *identity) {
  __wasi_fd_t host;
  if (!memory_look_up(fd, file, &host)) return false;
  *identity = *file != NULL ? (*file)->inode : UINT64_MAX - (uint64_t)host;
  return *file != NULL || memory_is_open(fd);
}

static uint32_t state_of(struct open_file *file) {
  if (file->is_ready != NULL) return file->is_ready(file) ? READABLE : 0;
  const struct pipe *in = file->in, *out = file->out;
  uint32_t state = 0;
  if (file->readable && file->writable) { /* a socket */
    bool ended = in == NULL || in->writers == 0, shut = out == NULL || out->readers == 0;
    if (file->line == LINE_BELL) return in != NULL && in->length > 0 ? READABLE : 0;
    if (ended || in->length > 0) state |= READABLE;
    if (ended) state |= EPOLLRDHUP;
    if (shut || out->length < out->room) state |= WRITABLE;
    /* On a network, who closes a connection may still be written to. */
    if (ended && (file->line == LINE_NETWORK ? out == NULL : shut)) state |= EPOLLHUP;
    return state;
  }
  if (in == NULL && out == NULL) return WRITABLE | EPOLLHUP; /* a socket that is not connected */
  if (in != NULL && in->length > 0) state |= READABLE;
  if (in != NULL && in->writers == 0) state |= EPOLLHUP;
  if (out != NULL && out->length < out->room) state |= WRITABLE;
  if (out != NULL && out->readers == 0) state |= EPOLLERR;
  return state;
}

/* When something last happened to what the program waits for. */
static uint64_t last_change(const struct open_file *file, uint32_t wanted) {
  uint64_t change = 0;
  if (file->in != NULL && (wanted & (READABLE | EPOLLRDHUP)) != 0) change = file->in->written;
  if (file->out != NULL && (wanted & WRITABLE) != 0 && file->out->taken > change) change = file->out->taken;
  return change;
}

static bool drop(struct open_file *epoll, size_t at) {
  epoll->interests[at] = epoll->interests[--epoll->interest_count];
  return true;
}

static uint32_t state_at_host(int fd) {
  struct pollfd host = {.fd = fd, .events = POLLIN | POLLOUT};
  if (poll(&host, 1, 0) <= 0) return 0;
  uint32_t state = 0;
  if ((host.revents & POLLIN) != 0) state |= READABLE;
  if ((host.revents & POLLOUT) != 0) state |= WRITABLE;
  if ((host.revents & POLLERR) != 0) state |= EPOLLERR;
  if ((host.revents & POLLHUP) != 0) state |= EPOLLHUP;
  return state;
}

/* Finds what is there to tell; how much. `news`: room for all, or NULL. Interests in files that are closed leave. */
static size_t look(struct open_file *epoll, struct news *news) {
  size_t found = 0;
  for (size_t i = 0; i < epoll->interest_count; i++) {
    struct interest *interest = &epoll->interests[i];
    struct open_file *file;
    uint64_t identity;
    if (!identify(interest->fd, &file, &identity) || identity != interest->identity) {
      drop(epoll, i--);
      continue;
    }
    if (interest->is_asleep) continue;
    uint32_t wanted = (interest->event.events & ~MODES) | ALWAYS;
    uint32_t state = (file != NULL ? state_of(file) : state_at_host(interest->fd)) & wanted;
    bool is_new = (interest->event.events & EPOLLET) == 0 || (state & ~interest->state) != 0 ||
                  (file != NULL && last_change(file, wanted) > interest->told);
    interest->state &= state;
    if (state == 0 || !is_new) continue;
    if (news != NULL) {
      uint64_t since = interest->joined;
      if (file != NULL && file->in != NULL && (state & READABLE) != 0 && file->in->since > since) since = file->in->since;
      /* Sorted in: there are few, and nearly all come in order. */
      size_t place = found;
      for (; place > 0 && news[place - 1].since > since; place--) news[place] = news[place - 1];
      news[place] = (struct news){interest, since};
      interest->state = state;
    }
    found++;
  }
  return found;
}

static bool is_ready(struct open_file *epoll) {
  static int depth;
  if (depth == DEEPEST) return false;
  depth++;
  bool found = look(epoll, NULL) > 0;
  depth--;
  return found;
}

int epoll_create1(int flags) {
  __wasi_fd_t fd;
  if ((flags & ~EPOLL_CLOEXEC) != 0) return fail(EINVAL);
  int error = memory_put_new((struct open_file){.is_ready = is_ready}, &fd);
  return error != 0 ? fail(error) : fd;
}

/* Whether a set waits for another one, itself or through sets that it waits for; or is too deep. */
static bool leads_to(const struct open_file *from, const struct open_file *to, int depth) {
  if (from == to || depth == DEEPEST) return true;
  for (size_t i = 0; i < from->interest_count; i++) {
    struct open_file *file;
    uint64_t identity;
    if (identify(from->interests[i].fd, &file, &identity) && file != NULL && file->is_ready != NULL &&
        leads_to(file, to, depth + 1))
      return true;
  }
  return false;
}

static bool find_epoll(int fd, struct open_file **epoll, int *error) {
  uint64_t identity;
  *error = !identify(fd, epoll, &identity) ? EBADF : *epoll == NULL || (*epoll)->is_ready != is_ready ? EINVAL : 0;
  return *error == 0;
}

static struct interest *add(struct open_file *epoll) {
  if (epoll->interest_count == epoll->interest_room) {
    size_t room = epoll->interest_room == 0 ? 8 : epoll->interest_room * 2;
    struct interest *grown = realloc(epoll->interests, room * sizeof *grown);
    if (grown == NULL) return NULL;
    epoll->interests = grown;
    epoll->interest_room = room;
  }
  return &epoll->interests[epoll->interest_count++];
}

int epoll_ctl(int fd, int operation, int target, struct epoll_event *event) {
  struct open_file *epoll, *file;
  uint64_t identity;
  struct stat status;
  int error;
  if (!find_epoll(fd, &epoll, &error) && error == EBADF) return fail(EBADF);
  if (!identify(target, &file, &identity)) return fail(EBADF);
  /* Files and folders are always ready, and nobody may wait for them. */
  if (file != NULL && file->node != NULL) return fail(EPERM);
  if (file == NULL && (fstat(target, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
    return fail(EPERM);
  if (error != 0 || file == epoll) return fail(EINVAL);
  size_t at = 0;
  while (at < epoll->interest_count && epoll->interests[at].fd != target) at++;
  if (at < epoll->interest_count && epoll->interests[at].identity != identity) {
    drop(epoll, at);
    at = epoll->interest_count;
  }
  bool is_there = at < epoll->interest_count;
  if (operation == EPOLL_CTL_DEL) return is_there && drop(epoll, at) ? 0 : fail(ENOENT);
  bool is_exclusive = (event->events & EPOLLEXCLUSIVE) != 0;
  if (is_exclusive && (operation == EPOLL_CTL_MOD || (event->events & ~MODES & ~WITH_EXCLUSIVE) != 0)) return fail(EINVAL);
  if (operation == EPOLL_CTL_ADD && is_there) return fail(EEXIST);
  if (operation == EPOLL_CTL_MOD && !is_there) return fail(ENOENT);
  if (operation == EPOLL_CTL_ADD && file != NULL && file->is_ready != NULL && leads_to(file, epoll, 0)) return fail(ELOOP);
  struct interest *interest = is_there ? &epoll->interests[at] : add(epoll);
  if (interest == NULL) return fail(ENOMEM);
  *interest = (struct interest){.fd = target, .identity = identity, .event = *event, .joined = memory_tick()};
  return 0;
}

/* Tells what is there; 0 if that is nothing. */
static int tell(struct open_file *epoll, struct epoll_event *events, int most) {
  struct news *news = malloc((epoll->interest_count + 1) * sizeof *news);
  if (news == NULL) return fail(ENOMEM);
  size_t found = look(epoll, news), told = found < (size_t)most ? found : (size_t)most;
  for (size_t i = 0; i < found; i++) {
    struct interest *interest = news[i].interest;
    if (i >= told) { /* The next call tells it. */
      interest->state = 0;
      continue;
    }
    events[i] = (struct epoll_event){.events = interest->state, .data = interest->event.data};
    interest->is_asleep = (interest->event.events & EPOLLONESHOT) != 0;
    /* What is still there at the next call stands behind all that comes until then. */
    interest->told = interest->joined = memory_tick();
  }
  free(news);
  return (int)told;
}

static int sleep_for(__wasi_timestamp_t nanoseconds) {
  __wasi_subscription_t clock = {.u.tag = __WASI_EVENTTYPE_CLOCK,
                                 .u.u.clock = {.id = __WASI_CLOCKID_MONOTONIC,
                                               .flags = __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME}};
  __wasi_event_t event;
  __wasi_size_t done;
  __wasi_errno_t error = __wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &clock.u.u.clock.timeout);
  clock.u.u.clock.timeout += nanoseconds;
  if (error == 0) error = __wasi_poll_oneoff(&clock, &event, 1, &done);
  return error == 0 ? 0 : fail(error);
}

/* Waits for descriptors of the host, or for the time. More than 0: some of the descriptors are ready. */
static int wait(struct open_file *epoll, int milliseconds) {
  struct pollfd *hosts = malloc((epoll->interest_count + 1) * sizeof *hosts);
  nfds_t count = 0;
  if (hosts == NULL) return fail(ENOMEM);
  for (size_t i = 0; i < epoll->interest_count; i++) {
    const struct interest *interest = &epoll->interests[i];
    struct open_file *file;
    uint64_t identity;
    if (interest->is_asleep || !identify(interest->fd, &file, &identity) || file != NULL) continue;
    short events = 0;
    if ((interest->event.events & READABLE) != 0) events |= POLLIN;
    if ((interest->event.events & WRITABLE) != 0) events |= POLLOUT;
    if (events != 0) hosts[count++] = (struct pollfd){.fd = interest->fd, .events = events};
  }
  int result = 0;
  if (count > 0) result = poll(hosts, count, milliseconds);
  else if (milliseconds < 0) result = fail(EDEADLK);
  else result = sleep_for((__wasi_timestamp_t)milliseconds * 1000000);
  free(hosts);
  return result;
}

int epoll_wait(int fd, struct epoll_event *events, int most, int milliseconds) {
  struct open_file *epoll;
  int error;
  if (most <= 0) return fail(EINVAL);
  if (!find_epoll(fd, &epoll, &error)) return fail(error);
  int told = tell(epoll, events, most);
  if (told != 0 || milliseconds == 0) return told;
  int result = wait(epoll, milliseconds);
  return result <= 0 ? result : tell(epoll, events, most);
}
