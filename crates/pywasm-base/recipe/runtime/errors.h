/* Numbers of errors (errno.c). */
#ifndef PYWASM_ERRORS_H
#define PYWASM_ERRORS_H

/* Linux's number for one of WASI's. */
int pywasm_linux_error(int number);

#endif
