/* The timer of signals.c, which ends a wait in poll.c or memory_descriptors.c. */
#ifndef PYWASM_TIMER_H
#define PYWASM_TIMER_H

#include <stdbool.h>
#include <wasi/api.h>

struct pywasm_timer {
  __wasi_timestamp_t (*left)(void); /* nanoseconds; UINT64_MAX where no timer is set */
  bool (*fire)(void);               /* sends the signal, if it is time */
};

/* NULL until the program sets a timer. */
extern const struct pywasm_timer *pywasm_timer;

/* Sleeps until the timer has sent its signal. false: no timer is set. */
bool pywasm_wait_for_signal(void);

#endif
