/* The end of an artifact after its snapshot.
 *
 * In:  the interpreter, when the program is over.
 * Out: all that a program can see of its end has happened, as in Py_FinalizeEx: exit functions, destructors, callbacks
 *      of weak references, flushed files. The interpreter itself is not taken down, since the whole memory goes.
 *
 * Where the end of some object can be seen (freeze.c), all modules end, in CPython's own order. Otherwise it is
 * enough to end those that may hold a file: the app's, and what came after the snapshot. That touches little memory. */
#include "finalize.h"
#include "freeze.h"

#include <Python.h>
#include "pycore_gc.h"
#include "pycore_import.h"
#include "pycore_interp.h"
#include "pycore_moduleobject.h"
#include "pycore_pylifecycle.h"
#include "pycore_pystate.h"
#include "pycore_sysmodule.h"

#include <string.h>

static PyObject *foreign;      /* names of modules that need no end, a set */
static PyObject *idle_exits;   /* a tuple of (list, callable, argument): see skip_idle_exits */
static PyObject *thread_exits; /* threading's own exit functions, or None */

/* How many of them there were at the snapshot. */
static Py_ssize_t thread_exit_count;

int pywasm_prepare_end(PyObject *library, PyObject *packages, PyObject *half, PyObject *exits, PyObject *threads) {
  idle_exits = Py_NewRef(exits);
  thread_exits = Py_NewRef(threads);
  if (threads != Py_None) thread_exit_count = PyList_GET_SIZE(threads);
  /* Nobody sees the end of a package's modules, unless something in them has a destructor. */
  bool has_finalizers = pywasm_has_finalizers();
  foreign = has_finalizers ? Py_NewRef(library) : PyNumber_Or(library, packages);
  if (foreign == NULL) return -1;
  if (!has_finalizers) return pywasm_freeze_modules(foreign, half);
  /* The order in which the collector ends objects depends on all that it looks at. */
  pywasm_thaw();
  return 0;
}

/* ---- exit functions ---- */

static void ignore(const char *while_doing) {
  if (PyErr_Occurred()) PyErr_FormatUnraisable("Exception ignored %s", while_doing);
}

/* WASI has no threads to wait for. What is left are the exit functions that somebody gave to `threading`; the
 * standard library's own, there from the snapshot on, care for threads only. */
static void end_threads(void) {
  bool has_own = thread_exits != Py_None && PyList_GET_SIZE(thread_exits) > thread_exit_count;
  PyObject *name = PyUnicode_FromString("threading");
  PyObject *threading = name == NULL || (thread_exits != Py_None && !has_own) ? NULL : PyImport_GetModule(name);
  PyObject *done = threading == NULL ? Py_None : PyObject_CallMethod(threading, "_shutdown", NULL);
  if (done == NULL) ignore("on threading shutdown");
  if (threading != NULL) Py_XDECREF(done);
  Py_XDECREF(threading);
  Py_XDECREF(name);
  PyErr_Clear();
}

/* An exit function of the standard library's may have nothing to do, which a list's length of at most 1 tells:
 * `logging.shutdown` as long as the only handler is the one of last resort, whose stream is flushed anyway. To find
 * that out it takes a third of a whole start. */
static void skip_idle_exits(void) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(idle_exits); i++) {
    PyObject *list, *unregister, *function;
    if (PyArg_ParseTuple(PyTuple_GET_ITEM(idle_exits, i), "OOO", &list, &unregister, &function) &&
        PyList_GET_SIZE(list) <= 1) {
      PyObject *done = PyObject_CallOneArg(unregister, function);
      Py_XDECREF(done);
    }
  }
  PyErr_Clear();
}

/* ---- files ---- */

static int flush_stream(const char *name) {
  PyObject *stream = PySys_GetObject(name), *closed, *flushed = NULL;
  if (stream == NULL || stream == Py_None) return 0;
  Py_INCREF(stream);
  closed = PyObject_GetAttrString(stream, "closed");
  int is_closed = closed == NULL ? 0 : PyObject_IsTrue(closed);
  PyErr_Clear();
  if (!is_closed) flushed = PyObject_CallMethod(stream, "flush", NULL);
  int result = is_closed || flushed != NULL ? 0 : -1;
  Py_XDECREF(closed);
  Py_XDECREF(flushed);
  Py_DECREF(stream);
  return result;
}

static int flush_streams(void) {
  int result = flush_stream("stdout");
  if (result < 0) ignore("on flushing sys.stdout");
  if (flush_stream("stderr") < 0) {
    PyErr_Clear();
    result = -1;
  }
  return result;
}

static PyObject *file_base(void) {
  PyObject *io = PyImport_ImportModule("_io"), *base = io == NULL ? NULL : PyObject_GetAttrString(io, "_IOBase");
  if (base == NULL) PyErr_Clear();
  Py_XDECREF(io);
  return base;
}

/* Files that something outside of the ended modules holds: objects of the class `base`. The collector knows all that is
 * younger than the snapshot. */
static void flush_files(PyTypeObject *base) {
  struct _gc_runtime_state *collector = &_PyInterpreterState_GET()->gc;
  PyObject *files = PyList_New(0);
  for (int generation = 0; files != NULL && generation < NUM_GENERATIONS; generation++) {
    PyGC_Head *head = &collector->generations[generation].head;
    for (PyGC_Head *at = _PyGCHead_NEXT(head); at != head; at = _PyGCHead_NEXT(at)) {
      PyObject *object = _Py_FROM_GC(at);
      if (PyObject_TypeCheck(object, base)) PyList_Append(files, object);
    }
  }
  for (Py_ssize_t i = 0; files != NULL && i < PyList_GET_SIZE(files); i++) {
    PyObject *flushed = PyObject_CallMethod(PyList_GET_ITEM(files, i), "flush", NULL);
    if (flushed == NULL) PyErr_Clear(); /* closed, or not ours to mend */
    Py_XDECREF(flushed);
  }
  Py_XDECREF(files);
}

/* ---- modules ---- */

/* Where values of the program hide that must go before the modules: but for errors, only where their end can be seen,
 * since the importer's own take time to free. */
static void let_go_of_sys(bool all) {
  static const char *const values[] = {"path",       "argv",           "ps1",                 "ps2",      "last_exc", "last_type",
                                       "last_value", "last_traceback", "__interactivehook__", "meta_path"};
  static const char *const streams[][2] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
  PyInterpreterState *interpreter = _PyInterpreterState_GET();
  if (all) _PyImport_FiniExternal(interpreter);
  if (all && PyDict_SetItemString(interpreter->builtins, "_", Py_None) < 0) PyErr_Clear();
  for (size_t i = 0; i < Py_ARRAY_LENGTH(values); i++) {
    bool is_error = strncmp(values[i], "last_", 5) == 0 && PySys_GetObject(values[i]) != NULL;
    if ((all || is_error) && PySys_SetObject(values[i], Py_None) < 0) PyErr_Clear();
  }
  for (size_t i = 0; i < Py_ARRAY_LENGTH(streams); i++) {
    PyObject *original = PySys_GetObject(streams[i][1]);
    if (PySys_SetObject(streams[i][0], original == NULL ? Py_None : original) < 0) PyErr_Clear();
  }
}

/* Takes modules out of sys.modules. Returns weak references to them, in the order of their import. */
static PyObject *remove_modules(PyObject *modules, bool all) {
  PyObject *references = PyList_New(0), *name, *module;
  for (Py_ssize_t at = 0; references != NULL && PyDict_Next(modules, &at, &name, &module);) {
    if (!PyModule_Check(module) || (!all && PySet_Contains(foreign, name) != 0)) continue;
    PyObject *reference = PyWeakref_NewRef(module, NULL), *key = Py_NewRef(name);
    if (reference == NULL || PyList_Append(references, reference) < 0) PyErr_Clear();
    Py_XDECREF(reference);
    /* It keeps its place, so the loop may go on. */
    if (PyDict_SetItem(modules, key, Py_None) < 0) PyErr_Clear();
    Py_DECREF(key);
  }
  PyErr_Clear();
  return references;
}

/* The program's own values leave `builtins`. */
static void restore_builtins(PyInterpreterState *interpreter) {
  PyObject *before = PyDict_Copy(interpreter->builtins);
  PyDict_Clear(interpreter->builtins);
  if (PyDict_Update(interpreter->builtins, interpreter->builtins_copy) < 0) PyErr_Clear();
  Py_XDECREF(before);
}

/* Whoever holds a module keeps it; its names are cleared then, the youngest module first. */
static void clear_modules(PyInterpreterState *interpreter, PyObject *references) {
  for (Py_ssize_t i = references == NULL ? 0 : PyList_GET_SIZE(references); i-- > 0;) {
    PyObject *module;
    if (PyWeakref_GetRef(PyList_GET_ITEM(references, i), &module) != 1) continue;
    PyObject *names = PyModule_GetDict(module);
    if (names != interpreter->builtins && names != interpreter->sysdict) _PyModule_Clear(module);
    Py_DECREF(module);
  }
}

/* The steps of finalize_modules in pylifecycle.c, with its collections. */
static void end_modules(bool all) {
  PyThreadState *thread = _PyThreadState_GET();
  PyInterpreterState *interpreter = thread->interp;
  PyGC_Collect();
  let_go_of_sys(all);
  PyObject *modules = PyImport_GetModuleDict(), *references = remove_modules(modules, all);
  if (all) {
    PyDict_Clear(modules);
    restore_builtins(interpreter);
  }
  _PyGC_CollectNoFail(thread);
  clear_modules(interpreter, references);
  Py_XDECREF(references);
  if (all) {
    _PyModule_ClearDict(interpreter->sysdict);
    _PyModule_ClearDict(interpreter->builtins);
    _PyImport_ClearModulesByIndex(interpreter);
    _PyGC_CollectNoFail(thread);
  }
}

int pywasm_finalize(void) {
  PyThreadState *thread = _PyThreadState_GET();
  thread->interp->finalizing = 1;
  end_threads();
  skip_idle_exits();
  _PyAtExit_Call(thread->interp);
  _PyInterpreterState_SetFinalizing(thread->interp, thread);
  _PyRuntimeState_SetFinalizing(thread->interp->runtime, thread);
  int result = flush_streams();
  bool all = pywasm_has_finalizers();
  if (all) pywasm_thaw();
  Py_CLEAR(idle_exits);
  Py_CLEAR(thread_exits);
  PyObject *base = file_base();
  end_modules(all);
  if (base != NULL) flush_files((PyTypeObject *)base);
  /* What was printed since. CPython has no sys.stdout any more whose errors would count. */
  (void)flush_stream("stdout");
  PyErr_Clear();
  (void)flush_stream("stderr");
  PyErr_Clear();
  return result;
}
