/* `pywasm_python`: a plain `python` command line, as used at build time to compile bytecode.
 *
 * In:  the process's arguments and environment. Out: does not return; the exit code is CPython's.
 *
 * This is the only way to CPython's own command line. Its roots are put into variables here and named
 * nowhere else, so a module that does not export this function keeps none of that code. */
#include "main.h"
#include "recursion.h"

#include <stdlib.h>

extern void __wasm_call_ctors(void);
extern int __main_void(void);
extern PyStatus __real__PyConfig_InitPathConfig(PyConfig *, int);

__attribute__((export_name("pywasm_python"))) void pywasm_python(void) {
  __wasm_call_ctors();
  pywasm_use_large_stack();
  pywasm_program = Py_BytesMain;
  pywasm_finish = Py_FinalizeEx;
  pywasm_compute_paths = __real__PyConfig_InitPathConfig;
  exit(__main_void());
}
