/* Parts of the interpreter's core that an app may do without.
 *
 * In:  calls that wasm-ld's `--wrap` sends here (wraps.txt).
 * Out: the same calls, through one table of functions for each part. To take a part out, the build cuts its
 *      table (the references go, the bytes become zero): the part's code is then unreachable, and a call that
 *      needs it raises an error that says what to add.
 *
 * `pywasm_part_ast`       between syntax trees and Python objects. An app without the builtin module `_ast` has
 *                         no such objects; only compile(..., PyCF_ONLY_AST) could still ask for one.
 * `pywasm_part_compiler`  source text to code: parser and compiler. An app whose modules name none of `eval`,
 *                         `exec` and `compile` runs without, since its bytecode is ready made. */
#include <Python.h>
#include "pycore_ast.h"
#include "pycore_compile.h"
#include "pycore_parser.h"

typedef struct _arena Arena;

/* ---- syntax trees ---- */

extern mod_ty __real_PyAST_obj2mod(PyObject *, Arena *, int);
extern PyObject *__real_PyAST_mod2obj(mod_ty);
extern int __real_PyAST_Check(PyObject *);
extern void __real__PyAST_Fini(PyInterpreterState *);

struct {
  mod_ty (*from_object)(PyObject *, Arena *, int);
  PyObject *(*to_object)(mod_ty);
  int (*check)(PyObject *);
  void (*end)(PyInterpreterState *);
} pywasm_part_ast = {__real_PyAST_obj2mod, __real_PyAST_mod2obj, __real_PyAST_Check, __real__PyAST_Fini};

int __wrap_PyAST_Check(PyObject *object) {
  return pywasm_part_ast.check == NULL ? 0 : pywasm_part_ast.check(object);
}

void __wrap__PyAST_Fini(PyInterpreterState *interpreter) {
  if (pywasm_part_ast.end != NULL) pywasm_part_ast.end(interpreter);
}

/* Only called on what PyAST_Check knows. */
mod_ty __wrap_PyAST_obj2mod(PyObject *object, Arena *arena, int mode) {
  return pywasm_part_ast.from_object == NULL ? NULL : pywasm_part_ast.from_object(object, arena, mode);
}

PyObject *__wrap_PyAST_mod2obj(mod_ty tree) {
  if (pywasm_part_ast.to_object != NULL) return pywasm_part_ast.to_object(tree);
  PyErr_SetString(PyExc_RuntimeError,
                  "syntax trees were left out of this artifact, because `pywasm build` saw nothing that imports ast. "
                  "To add them, set include = [\"ast\"] under [tool.pywasm] in pyproject.toml, "
                  "or build with --include ast");
  return NULL;
}

/* ---- the compiler ---- */

extern mod_ty __real__PyParser_ASTFromString(const char *, PyObject *, int, PyCompilerFlags *, Arena *);
extern mod_ty __real__PyParser_ASTFromFile(FILE *, PyObject *, const char *, int, const char *, const char *,
                                           PyCompilerFlags *, int *, Arena *);
extern mod_ty __real__PyParser_InteractiveASTFromFile(FILE *, PyObject *, const char *, int, const char *, const char *,
                                                      PyCompilerFlags *, int *, PyObject **, Arena *);
extern int __real__PyAST_Validate(mod_ty);
extern int __real__PyCompile_AstOptimize(mod_ty, PyObject *, PyCompilerFlags *, int, Arena *);
extern PyCodeObject *__real__PyAST_Compile(mod_ty, PyObject *, PyCompilerFlags *, int, Arena *);

struct {
  mod_ty (*parse_string)(const char *, PyObject *, int, PyCompilerFlags *, Arena *);
  mod_ty (*parse_file)(FILE *, PyObject *, const char *, int, const char *, const char *, PyCompilerFlags *, int *,
                       Arena *);
  mod_ty (*parse_interactive)(FILE *, PyObject *, const char *, int, const char *, const char *, PyCompilerFlags *,
                              int *, PyObject **, Arena *);
  int (*validate)(mod_ty);
  int (*optimize)(mod_ty, PyObject *, PyCompilerFlags *, int, Arena *);
  PyCodeObject *(*compile)(mod_ty, PyObject *, PyCompilerFlags *, int, Arena *);
} pywasm_part_compiler = {
    __real__PyParser_ASTFromString, __real__PyParser_ASTFromFile,   __real__PyParser_InteractiveASTFromFile,
    __real__PyAST_Validate,         __real__PyCompile_AstOptimize, __real__PyAST_Compile,
};

static void *refuse(void) {
  PyErr_SetString(PyExc_RuntimeError,
                  "the compiler was left out of this artifact, because `pywasm build` saw no eval(), exec() or compile(). "
                  "To add it, set include = [\"ast\"] under [tool.pywasm] in pyproject.toml, "
                  "or build with --include ast");
  return NULL;
}

mod_ty __wrap__PyParser_ASTFromString(const char *text, PyObject *file, int mode, PyCompilerFlags *flags, Arena *arena) {
  if (pywasm_part_compiler.parse_string == NULL) return refuse();
  return pywasm_part_compiler.parse_string(text, file, mode, flags, arena);
}

mod_ty __wrap__PyParser_ASTFromFile(FILE *in, PyObject *file, const char *encoding, int mode, const char *ps1,
                                    const char *ps2, PyCompilerFlags *flags, int *error, Arena *arena) {
  if (pywasm_part_compiler.parse_file == NULL) return refuse();
  return pywasm_part_compiler.parse_file(in, file, encoding, mode, ps1, ps2, flags, error, arena);
}

mod_ty __wrap__PyParser_InteractiveASTFromFile(FILE *in, PyObject *file, const char *encoding, int mode, const char *ps1,
                                               const char *ps2, PyCompilerFlags *flags, int *error, PyObject **source,
                                               Arena *arena) {
  if (pywasm_part_compiler.parse_interactive == NULL) return refuse();
  return pywasm_part_compiler.parse_interactive(in, file, encoding, mode, ps1, ps2, flags, error, source, arena);
}

/* What follows needs a tree, which only the functions above can make. */

int __wrap__PyAST_Validate(mod_ty tree) {
  return pywasm_part_compiler.validate == NULL ? 0 : pywasm_part_compiler.validate(tree);
}

int __wrap__PyCompile_AstOptimize(mod_ty tree, PyObject *file, PyCompilerFlags *flags, int optimize, Arena *arena) {
  return pywasm_part_compiler.optimize == NULL ? -1 : pywasm_part_compiler.optimize(tree, file, flags, optimize, arena);
}

PyCodeObject *__wrap__PyAST_Compile(mod_ty tree, PyObject *file, PyCompilerFlags *flags, int optimize, Arena *arena) {
  if (pywasm_part_compiler.compile == NULL) return refuse();
  return pywasm_part_compiler.compile(tree, file, flags, optimize, arena);
}
