/* The limits of recursion in C code (recursion.c). */
#ifndef PYWASM_RECURSION_H
#define PYWASM_RECURSION_H

extern int pywasm_c_recursion_limit;
extern int pywasm_parser_limit;

/* Raises the limits, for a runtime that was told to use 8 MiB of stack. Call it early, from a function that does not return. */
void pywasm_use_large_stack(void);

#endif
