/* The limits of recursion in C code (recursion.c). The larger values are CPython's own for WASI: they need 8 MiB of stack. */
#ifndef PYWASM_RECURSION_H
#define PYWASM_RECURSION_H

enum { C_RECURSION_LIMIT_OF_LARGE_STACK = 5000, PARSER_LIMIT_OF_LARGE_STACK = 4000 };

extern int pywasm_c_recursion_limit;
extern int pywasm_parser_limit;

#endif
