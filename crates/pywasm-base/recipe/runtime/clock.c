/* CPU time of the process: WASI has none, so libc tells the time since its start.
 *
 * In:  libc's `__clock`, counted from its constructor, which may have run at build time, before a snapshot.
 * Out: the same, counted from `pywasm_restart_clock`. */
#include "clock.h"

#include <time.h>

clock_t __real___clock(void);

static clock_t start;

void pywasm_restart_clock(void) { start = __real___clock(); }

clock_t __wrap___clock(void) { return __real___clock() - start; }
