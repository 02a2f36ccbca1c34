/* Start and exit of an artifact.
 *
 * In:  the image (image.h) with its `etc/entry`, the process's arguments.
 * Out: the app has run as `python` would have run it; the exit code is CPython's.
 *
 * `_start` comes here through libc. `initialise` does all that does not depend on the process's arguments or
 * environment, so that a snapshot can be taken after it (snapshot.c, resume.c); `run` does the rest.
 *
 * Nothing here names the command line, the REPL or getpath: those hang on `pywasm_python` alone (python.c),
 * and leave with it when the base is shaken. */
#include "extensions.h"
#include "files.h"
#include "image.h"
#include "main.h"
#include "mount.h"

#include <Python.h>
#include "pycore_interp.h"
#include "pycore_pylifecycle.h"
#include "pycore_pymem.h"
#include "pycore_pystate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int (*pywasm_program)(int, char **) = pywasm_run_app;
int (*pywasm_finish)(void) = NULL;
PyObject *pywasm_helper;

int main(int argc, char **argv) { return pywasm_program(argc, argv); }

/* ---- configuration ---- */

/* Where the interpreter finds itself. Everything is given, so getpath has nothing to compute. */
static PyStatus configure_paths(PyConfig *config) {
  const wchar_t *const prefix = L"/pywasm";
  wchar_t **const prefixes[] = {&config->prefix, &config->base_prefix, &config->exec_prefix, &config->base_exec_prefix};
  wchar_t **const programs[] = {&config->executable, &config->base_executable};
  PyStatus status = PyStatus_Ok();
  for (size_t i = 0; i < 4 && !PyStatus_Exception(status); i++) status = PyConfig_SetString(config, prefixes[i], prefix);
  for (size_t i = 0; i < 2 && !PyStatus_Exception(status); i++) status = PyConfig_SetString(config, programs[i], L"");
  if (!PyStatus_Exception(status)) status = PyConfig_SetString(config, &config->platlibdir, L"lib");
  if (!PyStatus_Exception(status)) status = PyConfig_SetString(config, &config->stdlib_dir, L"/pywasm/lib/python3.13");

  const wchar_t *const search[] = {L"/pywasm/lib/python3.13", L"/pywasm/lib/python3.13/site-packages"};
  config->module_search_paths_set = 1;
  size_t count = image_follow(IMAGE_ROOT, "lib/python3.13/site-packages/").walk == WALK_FOUND ? 2 : 1;
  for (size_t i = 0; i < count && !PyStatus_Exception(status); i++)
    status = PyWideStringList_Append(&config->module_search_paths, search[i]);
  return status;
}

/* As the `python` command has it, with these differences:
 * - No PYTHON* variable is read. An artifact is a finished program, and what runs it must not change how; a
 *   snapshot, taken at build time, could not heed them anyway. The app sees them in os.environ as ever.
 * - No interpreter options: all of argv is the app's.
 * - UTF-8 mode is on, since WASI has no locales.
 * - `site` is not run (etc/entry may name _pywasm_site, for its builtins), and no bytecode is written. */
static PyStatus configure(PyConfig *config) {
  PyPreConfig preconfig;
  PyPreConfig_InitPythonConfig(&preconfig);
  preconfig.parse_argv = 0;
  preconfig.use_environment = 0;
  preconfig.coerce_c_locale = 0;
  preconfig.utf8_mode = 1;
  PyStatus status = Py_PreInitialize(&preconfig);
  if (PyStatus_Exception(status)) return status;

  config->parse_argv = 0;
  config->use_environment = 0;
  config->site_import = 0;
  config->user_site_directory = 0;
  config->write_bytecode = 0;
  config->pathconfig_warnings = 0;
  return configure_paths(config);
}

/* getpath computes the paths of an installed interpreter. An artifact has them (configure_paths); the plain
 * command line needs them computed, so python.c puts the real function here. */
PyStatus (*pywasm_compute_paths)(PyConfig *, int) = NULL;

PyStatus __wrap__PyConfig_InitPathConfig(PyConfig *config, int compute);
PyStatus __wrap__PyConfig_InitPathConfig(PyConfig *config, int compute) {
  return pywasm_compute_paths == NULL ? PyStatus_Ok() : pywasm_compute_paths(config, compute);
}

/* ---- initialise ---- */

PyObject *pywasm_entry(const char *key) {
  PyObject *entries = PyObject_GetAttrString(pywasm_helper, "entry");
  PyObject *value = entries == NULL ? NULL : PyMapping_GetItemString(entries, key);
  Py_XDECREF(entries);
  return value;
}

int pywasm_entry_is(const char *key, const char *expected) {
  PyObject *value = pywasm_entry(key);
  int result = value == NULL ? -1 : PyUnicode_CompareWithASCIIString(value, expected) == 0;
  Py_XDECREF(value);
  return result;
}

/* The app's folder comes first, as a script's does under `python`: only once the interpreter has what it needs to
 * start, so that an app may have a module by the name of one of those. */
static int add_app_folder(void) {
  PyObject *path = PySys_GetObject("path");
  PyObject *folder = PyUnicode_FromString("/pywasm/app");
  int result = path == NULL || folder == NULL ? -1 : PyList_Insert(path, 0, folder);
  Py_XDECREF(folder);
  int function = result < 0 ? -1 : pywasm_entry_is("kind", "function");
  if (function != 0) return function < 0 ? -1 : 0;
  /* For messages: what lies there may hide another module of its name. A console script lies elsewhere. */
  PyConfig *config = (PyConfig *)_PyInterpreterState_GetConfig(_PyInterpreterState_GET());
  config->sys_path_0 = _PyMem_RawWcsdup(L"/pywasm/app");
  return config->sys_path_0 == NULL ? -1 : 0;
}

int pywasm_initialise(void) {
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  PyStatus status = configure(&config);
  if (!PyStatus_Exception(status) && pywasm_register_extensions() < 0) status = PyStatus_NoMemory();
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) Py_ExitStatusException(status);
  pywasm_helper = PyImport_ImportModule("_pywasm");
  if (pywasm_helper != NULL && add_app_folder() == 0) return 0;
  PyErr_Print();
  return 1;
}

/* ---- run ---- */

PyObject *pywasm_arguments, *pywasm_original_arguments;

static int set_list(PyObject **snapshot, const char *name, PyObject *list) {
  if (*snapshot != NULL) {
    int result = PyList_SetSlice(*snapshot, 0, PY_SSIZE_T_MAX, list);
    Py_CLEAR(*snapshot);
    return result;
  }
  PyObject *copy = PyList_GetSlice(list, 0, PyList_GET_SIZE(list));
  int result = copy == NULL ? -1 : PySys_SetObject(name, copy);
  Py_XDECREF(copy);
  return result;
}

/* sys.argv and sys.orig_argv, with the entry's name for the program in the place of argv[0]. After a snapshot the lists
 * stay the same: a module may hold them, and the program may have put others into `sys`. Nothing here holds them
 * afterwards. */
static int set_arguments(int argc, char **argv) {
  int result = -1;
  PyObject *list = PyList_New(argc > 0 ? argc : 1), *program = list == NULL ? NULL : pywasm_entry("program");
  if (program == NULL) goto done;
  PyList_SET_ITEM(list, 0, program);
  for (int i = 1; i < argc; i++) {
    PyObject *argument = PyUnicode_DecodeFSDefault(argv[i]);
    if (argument == NULL) goto done;
    PyList_SET_ITEM(list, i, argument);
  }
  result = set_list(&pywasm_arguments, "argv", list);
  if (result == 0) result = set_list(&pywasm_original_arguments, "orig_argv", list);
done:
  Py_XDECREF(list);
  return result;
}

/* A traceback begins with the app's first frame: the helper's own frames before it are taken off. */
static void hide_helper(void) {
  PyObject *exception = PyErr_GetRaisedException();
  PyObject *file = PyObject_GetAttrString(pywasm_helper, "FILE");
  PyObject *link = PyException_GetTraceback(exception);
  while (link != NULL && link != Py_None && file != NULL) {
    PyObject *frame = PyObject_GetAttrString(link, "tb_frame");
    PyCodeObject *code = frame == NULL ? NULL : PyFrame_GetCode((PyFrameObject *)frame);
    bool own = code != NULL && PyUnicode_Compare(code->co_filename, file) == 0;
    Py_XDECREF(frame);
    Py_XDECREF(code);
    if (!own) break;
    Py_SETREF(link, PyObject_GetAttrString(link, "tb_next"));
  }
  PyErr_Clear();
  if (link != NULL) PyException_SetTraceback(exception, link);
  Py_XDECREF(link);
  Py_XDECREF(file);
  PyErr_SetRaisedException(exception);
}

/* What a snapshot has of `__main__`: its code, or True where it has run to its end. */
static PyObject *main_code;

void pywasm_set_main(PyObject *code) { main_code = code == Py_None ? NULL : Py_NewRef(code); }

static PyObject *take_main(void) {
  PyObject *code = main_code;
  main_code = NULL;
  return code != NULL ? code : PyObject_CallMethod(pywasm_helper, "prepare_main", NULL);
}

/* `script` and `module`: the helper makes `__main__` ready and hands over its code. It is evaluated from here,
 * so that the app's code is the outermost frame, as under `python`. */
static PyObject *run_main(void) {
  PyObject *module = PyImport_AddModuleRef("__main__");
  PyObject *code = module == NULL ? NULL : take_main();
  PyObject *result = NULL;
  if (code == Py_True) {
    result = Py_NewRef(Py_None);
  } else if (code != NULL) {
    PyObject *globals = PyModule_GetDict(module);
    result = PyEval_EvalCode(code, globals, globals);
  } else if (PyErr_Occurred()) {
    hide_helper();
  }
  Py_XDECREF(code);
  Py_XDECREF(module);
  return result;
}

/* The object at the end of a dotted attribute path. Takes over the reference to `from`. */
static PyObject *resolve(PyObject *from, const char *path) {
  while (from != NULL && *path != '\0') {
    size_t length = strcspn(path, ".");
    PyObject *name = PyUnicode_FromStringAndSize(path, (Py_ssize_t)length);
    PyObject *next = name == NULL ? NULL : PyObject_GetAttr(from, name);
    Py_XDECREF(name);
    Py_SETREF(from, next);
    path += length;
    path += *path == '.';
  }
  return from;
}

/* `from module import function`, where `dotted` begins with the function's name. */
static PyObject *import_from(PyObject *module, const char *dotted) {
  PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
  PyObject *names = Py_BuildValue("(s#)", dotted, (Py_ssize_t)strcspn(dotted, "."));
  PyObject *result = names == NULL ? NULL : PyImport_ImportModuleLevelObject(module, globals, NULL, names, 0);
  Py_XDECREF(names);
  return result;
}

/* `function`: what a console script does, `sys.exit(function())`. */
static PyObject *run_function(void) {
  PyObject *name = pywasm_entry("module"), *path = pywasm_entry("function"), *result = NULL;
  const char *dotted = path == NULL ? NULL : PyUnicode_AsUTF8(path);
  if (name != NULL && dotted != NULL) {
    PyObject *function = resolve(import_from(name, dotted), dotted);
    result = function == NULL ? NULL : PyObject_CallNoArgs(function);
    Py_XDECREF(function);
  }
  Py_XDECREF(name);
  Py_XDECREF(path);
  if (result != NULL) PyErr_SetObject(PyExc_SystemExit, result);
  Py_CLEAR(result);
  return NULL;
}

static PyObject *run_entry(int argc, char **argv) {
  if (set_arguments(argc, argv) < 0) return NULL;
  int function = pywasm_entry_is("kind", "function");
  if (function < 0) return NULL;
  return function ? run_function() : run_main();
}

/* What an uncaught exception leaves behind, then the end of the interpreter. */
int pywasm_run(int argc, char **argv) {
  int code = 0;
  PyObject *result = run_entry(argc, argv);
  if (result == NULL && !_Py_HandleSystemExit(&code)) {
    /* 128 + SIGINT, as a shell shows it. */
    code = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? 130 : 1;
    PyErr_Print();
  }
  Py_XDECREF(result);
  /* 120: the output could not be flushed. A KeyboardInterrupt outweighs that. */
  if (pywasm_finish() < 0 && code != 130) code = 120;
  return code;
}

/* How CPython leaves from below: sys.exit() in a place where nothing can catch it. */
void __wrap_Py_Exit(int code) { exit(pywasm_finish() < 0 ? 120 : code); }

/* ---- the app ---- */

int pywasm_mount_app(void) {
  switch (image_check()) {
    case IMAGE_GOOD:
      break;
    case IMAGE_ABSENT:
      fputs("pywasm: this module is a base without an app in it: `pywasm build` makes one that runs\n", stderr);
      return 1;
    case IMAGE_DAMAGED:
      fputs("pywasm: the file system in this module is damaged: build it again\n", stderr);
      return 1;
  }
  if (!mount_image()) {
    fputs("pywasm: out of memory at start\n", stderr);
    return 1;
  }
  return 0;
}

static int finish(void) {
  Py_CLEAR(pywasm_helper);
  return Py_FinalizeEx();
}

int pywasm_run_app(int argc, char **argv) {
  pywasm_finish = finish;
  int failed = pywasm_mount_app();
  if (failed == 0 && pywasm_part_files.mount != NULL && !pywasm_part_files.mount()) failed = 1;
  if (failed == 0) failed = pywasm_initialise();
  return failed ? failed : pywasm_run(argc, argv);
}
