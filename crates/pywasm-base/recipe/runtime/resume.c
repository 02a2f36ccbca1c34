/* The start and the end of an artifact behind its snapshot.
 *
 * In:  the memory that `pywasm_settle` left, and the process's arguments, environment, streams and folders.
 * Out: as main.c: the app has run as `python` would have run it.
 *
 * The interpreter stands ready. Renewed is what belongs to the process: folders, streams, environment, arguments,
 * the state of `random` and its like. All else is as the imports left it, the seed of str hashes too.
 *
 * At the end there is no interpreter to take down, since the whole memory goes; but what a program can see of
 * that is done: exit functions, destructors of what the program made, flushed files. */
#include "clock.h"
#include "main.h"
#include "mount.h"
#include "resume.h"

#include <Python.h>
#include "pycore_gc.h"
#include "pycore_import.h"
#include "pycore_moduleobject.h"
#include "pycore_pylifecycle.h"
#include "pycore_pystate.h"

#include <stdlib.h>
#include <string.h>
#include <wasi/libc-environ.h>
#include <wasi/libc.h>

extern void __wasm_call_dtors(void);
extern void __wasilibc_reset_preopens(void);

/* From the Python half, see _pywasm_snapshot.py. */
static PyObject *environment;  /* posix.environ, a dict of bytes, or None */
static PyObject *renew_stream; /* called with 0, 1 or 2 */
static PyObject *renewals;     /* a tuple of callables */
static PyObject *foreign;      /* names of modules that are not the app's: they need no destruction */
static PyObject *idle_exits;   /* a tuple of (list, callable, argument): see skip_idle_exits */
static PyObject *thread_exits; /* threading's own exit functions, or None */

/* How many of them there were at the snapshot. */
static Py_ssize_t thread_exit_count;

int pywasm_prepare_resume(PyObject *own) {
  PyObject *ready;
  if (!PyArg_ParseTuple(own, "OOOOOOO", &environment, &renew_stream, &renewals, &foreign, &idle_exits, &thread_exits, &ready))
    return -1;
  Py_INCREF(own); /* and so all that is in it */
  if (thread_exits != Py_None) thread_exit_count = PyList_GET_SIZE(thread_exits);
  return PyObject_IsTrue(ready) ? pywasm_prepare_main() : 0;
}

/* ---- what belongs to the process ---- */

static int call_with(PyObject *function, PyObject *argument) {
  PyObject *result = argument == NULL ? PyObject_CallNoArgs(function) : PyObject_CallOneArg(function, argument);
  Py_XDECREF(result);
  return result == NULL ? -1 : 0;
}

/* The snapshot's streams are neither terminals nor seekable. Where one is, it is set up anew. */
static int renew_streams(void) {
  for (int fd = 0; fd < 3; fd++) {
    __wasi_fdstat_t state;
    __wasi_filesize_t at;
    __wasi_errno_t error = __wasi_fd_fdstat_get((__wasi_fd_t)fd, &state);
    bool same = error == 0 && state.fs_filetype != __WASI_FILETYPE_CHARACTER_DEVICE &&
                __wasi_fd_seek((__wasi_fd_t)fd, 0, __WASI_WHENCE_CUR, &at) != 0;
    if (same) continue;
    PyObject *number = PyLong_FromLong(fd);
    int result = number == NULL ? -1 : call_with(renew_stream, number);
    Py_XDECREF(number);
    if (result < 0) return -1;
  }
  return 0;
}

/* What the app has put into os.environ while it was imported stays, and libc hears of it. */
static int keep_own_variables(void) {
  PyObject *name, *value;
  for (Py_ssize_t at = 0; PyDict_Next(environment, &at, &name, &value);)
    if (setenv(PyBytes_AS_STRING(name), PyBytes_AS_STRING(value), 1) != 0) {
      PyErr_NoMemory();
      return -1;
    }
  return 0;
}

extern char **environ;

static int renew_environment(void) {
  __wasilibc_maybe_reinitialize_environ_eagerly();
  if (environment == Py_None) return 0;
  if (PyDict_GET_SIZE(environment) > 0 && keep_own_variables() < 0) return -1;
  for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
    const char *equals = strchr(*variable, '=');
    if (equals == NULL) continue;
    PyObject *name = PyBytes_FromStringAndSize(*variable, equals - *variable);
    PyObject *value = name == NULL ? NULL : PyBytes_FromString(equals + 1);
    int result = value == NULL || PyDict_SetDefault(environment, name, value) == NULL ? -1 : 0;
    Py_XDECREF(name);
    Py_XDECREF(value);
    if (result < 0) return -1;
  }
  return 0;
}

static int run_renewals(void) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(renewals); i++)
    if (call_with(PyTuple_GET_ITEM(renewals, i), NULL) < 0) return -1;
  return 0;
}

/* ---- the end ---- */

static void ignore(const char *while_doing) {
  if (PyErr_Occurred()) PyErr_FormatUnraisable("Exception ignored %s", while_doing);
}

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

/* Where values of the program hide that must go first, as in CPython's own order. */
static void let_go_of_sys(void) {
  static const char *const values[] = {"last_exc", "last_type", "last_value", "last_traceback"};
  static const char *const streams[][2] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
  for (size_t i = 0; i < Py_ARRAY_LENGTH(values); i++)
    if (PySys_GetObject(values[i]) != NULL) PySys_SetObject(values[i], Py_None);
  for (size_t i = 0; i < Py_ARRAY_LENGTH(streams); i++) {
    PyObject *original = PySys_GetObject(streams[i][1]);
    if (original != NULL) PySys_SetObject(streams[i][0], original);
  }
}

/* The app's modules and all that came after the snapshot, as a list of names in the order of their import. */
static PyObject *destroyable(PyObject *modules) {
  PyObject *names = PyList_New(0), *name, *module;
  for (Py_ssize_t at = 0; names != NULL && PyDict_Next(modules, &at, &name, &module);)
    if (PySet_Contains(foreign, name) == 0 && PyList_Append(names, name) < 0) Py_CLEAR(names);
  return names;
}

/* Takes these modules out of sys.modules. Whoever holds a module keeps it; its names are cleared then, the youngest
 * module first. */
static void destroy_modules(void) {
  /* As CPython does: a collection brings holders in front of what they hold, a text file in front of its buffer, and
   * the next one ends them in this order. */
  PyGC_Collect();
  PyObject *modules = PyImport_GetModuleDict(), *names = destroyable(modules), *alive = PyList_New(0);
  for (Py_ssize_t i = 0; names != NULL && alive != NULL && i < PyList_GET_SIZE(names); i++) {
    PyObject *name = PyList_GET_ITEM(names, i), *module = PyDict_GetItemWithError(modules, name);
    PyObject *reference = module != NULL && PyModule_Check(module) ? PyWeakref_NewRef(module, NULL) : NULL;
    if (reference != NULL) PyList_Append(alive, reference);
    Py_XDECREF(reference);
    PyErr_Clear();
    PyDict_SetItem(modules, name, Py_None);
  }
  PyErr_Clear();
  Py_XDECREF(names);
  PyGC_Collect();
  bool cleared = false;
  for (Py_ssize_t i = alive == NULL ? 0 : PyList_GET_SIZE(alive); i-- > 0;) {
    PyObject *module;
    if (PyWeakref_GetRef(PyList_GET_ITEM(alive, i), &module) == 1) {
      _PyModule_Clear(module);
      Py_DECREF(module);
      cleared = true;
    }
  }
  Py_XDECREF(alive);
  if (cleared) PyGC_Collect();
}

/* Files that something outside of the app's modules holds. The collector knows all that is younger than the snapshot. */
static void flush_files(void) {
  PyObject *io = PyImport_ImportModule("_io"), *base = io == NULL ? NULL : PyObject_GetAttrString(io, "_IOBase");
  struct _gc_runtime_state *collector = &_PyInterpreterState_GET()->gc;
  PyObject *files = base == NULL ? NULL : PyList_New(0);
  for (int generation = 0; files != NULL && generation < NUM_GENERATIONS; generation++) {
    PyGC_Head *head = &collector->generations[generation].head;
    for (PyGC_Head *at = _PyGCHead_NEXT(head); at != head; at = _PyGCHead_NEXT(at)) {
      PyObject *object = _Py_FROM_GC(at);
      if (PyObject_TypeCheck(object, (PyTypeObject *)base)) PyList_Append(files, object);
    }
  }
  for (Py_ssize_t i = 0; files != NULL && i < PyList_GET_SIZE(files); i++) {
    PyObject *flushed = PyObject_CallMethod(PyList_GET_ITEM(files, i), "flush", NULL);
    if (flushed == NULL) PyErr_Clear(); /* closed, or not ours to mend */
    Py_XDECREF(flushed);
  }
  Py_XDECREF(files);
  Py_XDECREF(base);
  Py_XDECREF(io);
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
        PyList_GET_SIZE(list) <= 1)
      (void)call_with(unregister, function);
  }
  PyErr_Clear();
}

static int finish(void) {
  end_threads();
  skip_idle_exits();
  _PyAtExit_Call(_PyInterpreterState_GET());
  int result = flush_streams();
  let_go_of_sys();
  destroy_modules();
  flush_files();
  return flush_streams() < 0 ? -1 : result;
}

/* ---- the start ---- */

/* The process's arguments as libc would hand them to `main`. They are never freed. */
static int read_arguments(int *count, char ***arguments) {
  __wasi_size_t number, bytes;
  if (__wasi_args_sizes_get(&number, &bytes) != 0) return -1;
  char **pointers = calloc((size_t)number + 1, sizeof *pointers), *text = malloc(bytes + 1);
  if (pointers == NULL || text == NULL || __wasi_args_get((uint8_t **)pointers, (uint8_t *)text) != 0) return -1;
  *count = (int)number;
  *arguments = pointers;
  return 0;
}

static int start(void) {
  int count;
  char **arguments;
  pywasm_restart_clock();
  __wasilibc_reset_preopens();
  if (!mount_image() || read_arguments(&count, &arguments) < 0) {
    fputs("pywasm: out of memory at start\n", stderr);
    return 1;
  }
  pywasm_finish = finish;
  if (renew_streams() < 0 || renew_environment() < 0 || run_renewals() < 0) {
    PyErr_Print();
    return 1;
  }
  return pywasm_run(count, arguments);
}

__attribute__((export_name("pywasm_resume"))) void pywasm_resume(void) {
  int code = start();
  __wasm_call_dtors();
  if (code != 0) __wasi_proc_exit((__wasi_exitcode_t)code);
}
