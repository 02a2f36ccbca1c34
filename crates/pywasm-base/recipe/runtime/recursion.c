/* How deep the interpreter's C code may recurse before it raises RecursionError.
 *
 * In: nothing. Out: two limits that edits.json puts in the place of CPython's constants for WASI, and the way to raise them.
 *
 * Those constants are made for runtimes that are told to use 8 MiB of stack. An artifact must live with what a runtime gives
 * without being told: wasmtime 512 KiB. There a Python function that C code calls again takes some 1.3 KiB of it and counts two
 * or three levels; code that fails is caught here with a third of the stack to spare, and gets its RecursionError instead
 * of a trap that no Python code can catch. Python functions that call each other directly do not use this stack.
 *
 * C has a second stack, in the module's memory, for the variables that something points to. The linker gives it 1 MiB, twice
 * of what these limits can use.
 */
#include "recursion.h"

#include <stdlib.h>

int pywasm_c_recursion_limit = 500;
int pywasm_parser_limit = 2000;

enum { LARGE_STACK = 16 << 20 };

__asm__(".globaltype __stack_pointer, i32\n");

/* Nothing here points to a variable of its own, so this function has no frame to take down when it returns. */
void pywasm_use_large_stack(void) {
  char *block = malloc(LARGE_STACK);
  if (block == NULL) return;
  __asm__ volatile("local.get %0\n\tglobal.set __stack_pointer" : : "r"(block + LARGE_STACK) : "memory");
  pywasm_c_recursion_limit = 5000; /* CPython's own for WASI */
  pywasm_parser_limit = 6000; /* and for Linux */
}
