/* How deep the interpreter's C code may recurse before it raises RecursionError.
 *
 * In: nothing. Out: two limits that edits.json puts in the place of CPython's constants for WASI.
 *
 * Those constants are made for runtimes that are told to use 8 MiB of stack. An artifact must live with what a runtime gives
 * without being told: wasmtime 512 KiB. There a Python function that C code calls again takes some 1.3 KiB of it and counts two
 * or three levels; code that fails is caught here with a third of the stack to spare, and gets its RecursionError instead
 * of a trap that no Python code can catch. Python functions that call each other directly do not use this stack.
 *
 * The build's own command line (python.c) runs with a larger stack and raises the limits: it meets code as it comes.
 */
#include "recursion.h"

int pywasm_c_recursion_limit = 500;
int pywasm_parser_limit = 2500;
