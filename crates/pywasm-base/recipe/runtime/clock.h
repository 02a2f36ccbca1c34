/* CPU time (clock.c). */
#ifndef PYWASM_CLOCK_H
#define PYWASM_CLOCK_H

/* The process starts now. */
void pywasm_restart_clock(void);

#endif
