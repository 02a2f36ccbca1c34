/* The local time zone (timezone.c). */
#ifndef PYWASM_TIMEZONE_H
#define PYWASM_TIMEZONE_H

#include <stdbool.h>

/* Reads TZ anew where the process has it, and tells the module `time`. NULL as long as nobody has asked for local time. */
extern void (*pywasm_renew_zone)(void);

/* In a rehearsal: the host hears when somebody asks for local time. */
extern bool pywasm_zone_is_watched;

#endif
