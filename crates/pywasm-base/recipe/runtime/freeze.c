/* Tells the collector which objects of a snapshot live as long as the process.
 *
 * Takes the heap before the program begins, and after its rehearsal. Leaves objects in the collector's permanent
 * generation: a collection would touch, and so copy, every page of them, and every program collects at its end.
 *
 * Frozen are the interpreter and what belongs to modules that are not the program's. What the program has made is not:
 * it can die, and the program can see that by a weak reference or a `__del__`. */
#include "freeze.h"
#include "object_map.h"
#include "owner.h"

#include "pycore_frame.h"
#include "pycore_gc.h"
#include "pycore_interp.h"
#include "pycore_pystate.h"
#include "pycore_typeobject.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char LIBRARY[] = "/pywasm/lib/", PACKAGES[] = "/pywasm/lib/python3.13/site-packages/";

/* ---- the collector's lists ---- */

static void move_to(PyObject *object, PyGC_Head *list) {
  PyGC_Head *node = _Py_AS_GC(object), *previous = _PyGCHead_PREV(node), *next = _PyGCHead_NEXT(node);
  _PyGCHead_SET_NEXT(previous, next);
  _PyGCHead_SET_PREV(next, previous);
  PyGC_Head *last = (PyGC_Head *)list->_gc_prev;
  _PyGCHead_SET_PREV(node, last);
  _PyGCHead_SET_NEXT(last, node);
  list->_gc_prev = (uintptr_t)node;
  _PyGCHead_SET_NEXT(node, list);
}

static bool is_tracked(PyObject *object) { return PyObject_IS_GC(object) && _PyObject_GC_IS_TRACKED(object); }

void pywasm_freeze_start(void) {
  PyInterpreterState *interpreter = _PyInterpreterState_GET();
  PyGC_Collect();
  PyGC_Collect();
  _PyGC_Freeze(interpreter);
  PyObject *main = PyImport_AddModule("__main__");
  if (main == NULL) {
    PyErr_Clear();
    return;
  }
  PyGC_Head *oldest = &interpreter->gc.generations[NUM_GENERATIONS - 1].head;
  if (is_tracked(main)) move_to(main, oldest);
  if (is_tracked(PyModule_GetDict(main))) move_to(PyModule_GetDict(main), oldest);
}

/* ---- what belongs to modules ---- */

struct walk {
  struct object_map seen; /* never to be entered, or entered */
  struct object_map own;  /* modules of the program and their dicts */
  PyObject **pending;     /* seen, and not entered yet */
  size_t count, room;
  bool failed;
};

/* Whether a class, or the module of a function, is the program's own. */
static bool is_own(struct walk *walk, PyObject *object) {
  if (PyFunction_Check(object)) return object_map_has(&walk->own, PyFunction_GET_GLOBALS(object));
  PyTypeObject *type = PyType_Check(object) ? (PyTypeObject *)object : Py_TYPE(object);
  if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) return false;
  PyObject *module = module_of_class(type);
  return module != NULL && object_map_has(&walk->own, module);
}

static int visit(PyObject *object, void *argument) {
  struct walk *walk = argument;
  if (walk->failed || !PyObject_IS_GC(object)) return 0;
  if (object_map_has(&walk->own, object) || object_map_has(&walk->seen, object) || is_own(walk, object)) return 0;
  if (walk->count == walk->room) {
    size_t room = walk->room == 0 ? 1024 : walk->room * 2;
    PyObject **larger = realloc(walk->pending, room * sizeof *larger);
    if (larger == NULL) {
      walk->failed = true;
      return 0;
    }
    walk->pending = larger;
    walk->room = room;
  }
  walk->failed = object_map_add(&walk->seen, object, 0) < 0;
  walk->pending[walk->count++] = object;
  return 0;
}

/* Sorts sys.modules into where to start and what not to enter. */
static int start_walk(struct walk *walk, PyObject *names, PyObject *half) {
  PyObject *modules = PyImport_GetModuleDict(), *name, *module;
  for (Py_ssize_t at = 0; PyDict_Next(modules, &at, &name, &module);) {
    if (!PyModule_Check(module) || PySet_Contains(names, name) != 0) continue;
    if (object_map_add(&walk->own, module, 0) < 0 || object_map_add(&walk->own, PyModule_GetDict(module), 0) < 0) return -1;
  }
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(half); i++) {
    module = PyTuple_GET_ITEM(half, i);
    if (object_map_add(&walk->own, module, 0) < 0 || object_map_add(&walk->own, PyModule_GetDict(module), 0) < 0) return -1;
  }
  if (object_map_add(&walk->own, modules, 0) < 0) return -1;
  for (Py_ssize_t at = 0; PyDict_Next(modules, &at, &name, &module);)
    if (PySet_Contains(names, name) == 1) visit(module, walk);
  return 0;
}

void pywasm_thaw(void) {
  PyInterpreterState *interpreter = _PyInterpreterState_GET();
  PyGC_Head *permanent = &interpreter->gc.permanent_generation.head;
  /* The oldest first, as they would stand without a snapshot. */
  for (int generation = NUM_GENERATIONS; generation-- > 0;) {
    PyGC_Head *head = &interpreter->gc.generations[generation].head;
    while (_PyGCHead_NEXT(head) != head) move_to(_Py_FROM_GC(_PyGCHead_NEXT(head)), permanent);
    interpreter->gc.generations[generation].count = 0;
  }
  _PyGC_Unfreeze(interpreter);
}

int pywasm_freeze_modules(PyObject *names, PyObject *half) {
  struct walk walk = {.failed = false};
  walk.failed = start_walk(&walk, names, half) < 0;
  PyGC_Head *permanent = &_PyInterpreterState_GET()->gc.permanent_generation.head;
  while (walk.count > 0 && !walk.failed) {
    PyObject *object = walk.pending[--walk.count];
    traverseproc traverse = Py_TYPE(object)->tp_traverse;
    if (traverse != NULL) traverse(object, visit, &walk);
    if (_PyObject_GC_IS_TRACKED(object)) move_to(object, permanent);
  }
  free(walk.pending);
  object_map_free(&walk.seen);
  object_map_free(&walk.own);
  if (walk.failed) PyErr_NoMemory();
  return walk.failed || PyErr_Occurred() ? -1 : 0;
}

/* ---- finalizers ---- */

static bool starts_with(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

/* Some modules have the names of frozen ones in their code. */
static bool is_library_path(const char *path) {
  return starts_with(path, "<frozen ") || (starts_with(path, LIBRARY) && !starts_with(path, PACKAGES));
}

static bool is_library(PyTypeObject *type) {
  PyObject *module = module_of_class(type);
  if (module == NULL || !PyModule_Check(module)) return false;
  PyObject *file = PyDict_GetItemWithError(PyModule_GetDict(module), &_Py_ID(__file__));
  const char *path = file == NULL || !PyUnicode_Check(file) ? "" : PyUnicode_AsUTF8(file);
  if (path == NULL || *path == '\0') return path != NULL;
  return is_library_path(path);
}

/* A generator that waits goes on when it ends. */
static bool waits(PyObject *object) {
  if (!PyGen_CheckExact(object) && !PyCoro_CheckExact(object) && !PyAsyncGen_CheckExact(object)) return false;
  if (!FRAME_STATE_SUSPENDED(((PyGenObject *)object)->gi_frame_state)) return false;
  PyCodeObject *code = PyGen_GetCode((PyGenObject *)object);
  const char *path = PyUnicode_AsUTF8(code->co_filename);
  Py_DECREF(code);
  return path != NULL && !is_library_path(path);
}

/* A weak reference calls a function when its object ends. The program sees its own functions, and what prints. */
static bool calls_back(PyObject *object) {
  PyObject *callback = PyWeakref_Check(object) ? ((PyWeakReference *)object)->wr_callback : NULL;
  if (callback != NULL && PyMethod_Check(callback)) callback = PyMethod_GET_FUNCTION(callback);
  if (callback == NULL) return false;
  if (PyCFunction_Check(callback)) {
    PyObject *module = PyCFunction_GET_SELF(callback);
    return module != NULL && PyModule_Check(module) && PyModule_GetDict(module) == _PyInterpreterState_GET()->builtins;
  }
  if (!PyFunction_Check(callback)) return false;
  const char *path = PyUnicode_AsUTF8(((PyCodeObject *)PyFunction_GET_CODE(callback))->co_filename);
  return path != NULL && !is_library_path(path) && !starts_with(path, PACKAGES);
}

static bool is_a(PyTypeObject *type, const char *name) {
  for (; type != NULL; type = type->tp_base)
    if (strcmp(type->tp_name, name) == 0) return true;
  return false;
}

/* What a FileIO begins with; its type is _io's own. */
struct file {
  PyObject_HEAD
  int descriptor;
};

/* An object that does something at its end, whoever wrote its class: it warns that nobody awaited or closed it, tells of
 * an error that nobody looked at, writes the rest of an archive. Streams are everywhere; most do no more than flush. */
static bool ends_visibly(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  if (type->tp_finalize == NULL || PyGen_CheckExact(object) || PyAsyncGen_CheckExact(object)) return false;
  if (PyCoro_CheckExact(object)) return ((PyCoroObject *)object)->cr_frame_state == FRAME_CREATED;
  if (!is_a(type, "_io._IOBase")) return true;
  if (is_a(type, "_io.FileIO") && ((struct file *)object)->descriptor > 2) return true;
  PyObject *close = _PyType_Lookup(type, &_Py_ID(close));
  return close != NULL && PyFunction_Check(close);
}

/* Of the program's classes and the packages' one with a destructor is enough: its objects may be unknown to the
 * collector. */
static bool has_destructor(PyObject *object) {
  if (!PyType_Check(object) || !PyType_HasFeature((PyTypeObject *)object, Py_TPFLAGS_HEAPTYPE)) return false;
  PyObject *end = _PyType_Lookup((PyTypeObject *)object, &_Py_ID(__del__));
  return end != NULL && !Py_IS_TYPE(end, &PyWrapperDescr_Type) && !is_library((PyTypeObject *)object);
}

static bool is_seen_to_end(PyObject *object) {
  return waits(object) || calls_back(object) || ends_visibly(object) || has_destructor(object);
}

bool pywasm_has_finalizers(void) {
  struct _gc_runtime_state *collector = &_PyInterpreterState_GET()->gc;
  for (int generation = 0; generation < NUM_GENERATIONS; generation++) {
    PyGC_Head *head = &collector->generations[generation].head;
    for (PyGC_Head *at = _PyGCHead_NEXT(head); at != head; at = _PyGCHead_NEXT(at))
      if (is_seen_to_end(_Py_FROM_GC(at))) return true;
  }
  return false;
}
