/* Extension modules that are not CPython's own.
 *
 * In:  `pywasm_extensions`, zero in the base: a build that links extension modules in lets it point to its list of
 *      names and init functions.
 * Out: they are builtin modules, as if they stood in CPython's own table.
 *
 * The variable is no constant and its file is compiled alone, so that nothing takes it for the zero it is here. */
#include "extensions.h"

#include <Python.h>

struct extension {
  const char *name; /* the full dotted name */
  PyObject *(*initialise)(void);
};

struct {
  const struct extension *records;
  uint32_t count;
} pywasm_extensions = {NULL, 0};

int pywasm_register_extensions(void) {
  for (uint32_t i = 0; i < pywasm_extensions.count; i++)
    if (PyImport_AppendInittab(pywasm_extensions.records[i].name, pywasm_extensions.records[i].initialise) < 0) return -1;
  return 0;
}

/* What compiler-rt's division and code compiled with -fstack-protector call. The C library's own draws random bytes
 * before anything runs, in every artifact. No return address lies on this stack, so a fixed value guards as well. */
uintptr_t __stack_chk_guard = 0x00e3a7d5;

_Noreturn void __stack_chk_fail(void);
_Noreturn void __stack_chk_fail(void) { __builtin_trap(); }
