/* The build-time half of an artifact with a snapshot: what runs before its memory is taken.
 *
 * In:  the image, whose `etc/preinit` names the modules to import; a host that keeps the rest of the world out.
 * Out: a memory in which the interpreter stands ready, and, on the way, what the imports drew from their
 *      surroundings, as messages to the host.
 *
 * `pywasm_snapshot` starts and imports, `pywasm_settle` tidies up; behind the snapshot the artifact starts with
 * `pywasm_resume` (resume.c). The Python half is overlay/_pywasm_snapshot.py. Nothing of this file is left in
 * an artifact: it hangs on exports that only the build calls. */
#include "heap.h"
#include "image.h"
#include "main.h"
#include "mount.h"
#include "resume.h"

#include <Python.h>
#include "pycore_frame.h"
#include "pycore_gc.h"
#include "pycore_pystate.h"
#include "pycore_typeobject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void __wasm_call_ctors(void);

/* ---- messages to the host ---- */

/* The descriptor at which the host listens. No guest opens so many that it could be one of its own. */
enum { NOTICES = 1000 };

static void tell(const char *text, size_t length) {
  const __wasi_ciovec_t line[] = {{(const uint8_t *)text, length}, {(const uint8_t *)"\n", 1}};
  __wasi_size_t written;
  (void)__wasi_fd_write(NOTICES, line, 2, &written);
}

static PyObject *tell_object(PyObject *self, PyObject *text) {
  (void)self;
  Py_ssize_t length;
  const char *bytes = PyUnicode_AsUTF8AndSize(text, &length);
  if (bytes == NULL) return NULL;
  tell(bytes, (size_t)length);
  Py_RETURN_NONE;
}

/* The path of a node, written from the end of `path` to its front. */
static const char *path_of(uint32_t index, char *path, size_t size) {
  char *at = path + size - 1;
  *at = '\0';
  for (const struct image_node *node; index != IMAGE_TOP; index = index == IMAGE_ROOT ? IMAGE_TOP : node->parent) {
    node = image_node(index);
    size_t length;
    const char *name = node == NULL ? NULL : image_name(node, &length);
    if (name == NULL || length + 1 > (size_t)(at - path)) break;
    at -= length;
    memcpy(at, name, length);
    *--at = '/';
  }
  return at;
}

static void tell_descriptor(__wasi_fd_t fd, uint32_t node, bool opened) {
  char line[600], path[512];
  int length = opened ? snprintf(line, sizeof line, "open\t%d\t%s", (int)fd, path_of(node, path, sizeof path))
                      : snprintf(line, sizeof line, "close\t%d", (int)fd);
  if (length > 0) tell(line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

static void tell_bytes(const char *what, size_t bytes) {
  char line[64];
  int length = snprintf(line, sizeof line, "%s\t%zu", what, bytes);
  if (length > 0) tell(line, (size_t)length);
}

/* ---- where the program is ---- */

static char scratch[65536];

__attribute__((export_name("pywasm_scratch"))) char *pywasm_scratch(void) { return scratch; }

/* The Python stack, innermost frame first, one line `file<TAB>line<TAB>function` a frame. The host calls this while
 * the program is inside of a WASI call, so nothing here may call back. */
__attribute__((export_name("pywasm_where"))) size_t pywasm_where(char *buffer, size_t size) {
  size_t used = 0;
  /* Around many calls of the system the thread has let go of the interpreter: it is not the current one. */
  PyInterpreterState *interpreter = PyInterpreterState_Main();
  PyThreadState *thread = interpreter == NULL ? NULL : PyInterpreterState_ThreadHead(interpreter);
  struct _PyInterpreterFrame *frame = thread == NULL ? NULL : thread->current_frame;
  for (; frame != NULL; frame = frame->previous) {
    if (frame->owner == FRAME_OWNED_BY_CSTACK || _PyFrame_IsIncomplete(frame)) continue;
    PyCodeObject *code = _PyFrame_GetCode(frame);
    const char *file = PyUnicode_AsUTF8(code->co_filename), *name = PyUnicode_AsUTF8(code->co_qualname);
    if (file == NULL || name == NULL) {
      PyErr_Clear();
      continue;
    }
    int length = snprintf(buffer + used, size - used, "%s\t%d\t%s\n", file, PyUnstable_InterpreterFrame_GetLine(frame), name);
    if (length < 0 || (size_t)length >= size - used) break;
    used += (size_t)length;
  }
  return used;
}

/* ---- the image's files ---- */

/* The snapshot has the code of what it has imported; the file stays, for the importer to find, but empty. */
static PyObject *forget(PyObject *self, PyObject *path) {
  (void)self;
  const char *text = PyUnicode_AsUTF8(path);
  if (text == NULL) return NULL;
  struct image_place place = image_follow(IMAGE_TOP, text);
  const struct image_node *node = place.walk == WALK_FOUND ? image_node(place.node) : NULL;
  const uint8_t *bytes = node == NULL ? NULL : image_bytes(node);
  if (bytes != NULL) {
    memset((uint8_t *)(uintptr_t)bytes, 0, node->count);
    ((struct image_node *)(uintptr_t)node)->count = 0;
  }
  Py_RETURN_NONE;
}

/* ---- before the snapshot ---- */

static PyMethodDef methods[] = {{"tell", tell_object, METH_O, NULL}, {"forget", forget, METH_O, NULL}};

/* The module _pywasm_snapshot. */
static PyObject *builder;

static int import_modules(void) {
  builder = PyImport_ImportModule("_pywasm_snapshot");
  if (builder == NULL) return -1;
  for (size_t i = 0; i < Py_ARRAY_LENGTH(methods); i++) {
    PyObject *function = PyCFunction_New(&methods[i], NULL);
    int result = function == NULL ? -1 : PyObject_SetAttrString(builder, methods[i].ml_name, function);
    Py_XDECREF(function);
    if (result < 0) return -1;
  }
  PyObject *done = PyObject_CallMethod(builder, "begin", NULL);
  if (done == NULL) return -1;
  Py_DECREF(done);
  pywasm_watch_descriptors = tell_descriptor;
  done = PyObject_CallMethod(builder, "preload", NULL);
  pywasm_watch_descriptors = NULL;
  if (done == NULL) return -1;
  Py_DECREF(done);
  return 0;
}

/* The traceback, from the module that was being imported on. A SystemExit too is no more than an error here. */
static void print_error(void) {
  PyObject *error = PyErr_GetRaisedException();
  PyTracebackObject *trace = (PyTracebackObject *)PyException_GetTraceback(error);
  PyObject *next = trace == NULL || trace->tb_next == NULL ? Py_None : (PyObject *)trace->tb_next;
  PyException_SetTraceback(error, next);
  Py_XDECREF(trace);
  PyErr_DisplayException(error);
  Py_DECREF(error);
}

__attribute__((export_name("pywasm_snapshot"))) int pywasm_snapshot(void) {
  __wasm_call_ctors();
  int failed = pywasm_mount_app();
  if (failed == 0) failed = pywasm_initialise();
  if (failed != 0) return failed;
  if (import_modules() == 0) return 0;
  print_error();
  return 1;
}

/* ---- tidying up ---- */

/* Stale values of frames that have returned. */
static void clear_frames(void) {
  PyThreadState *thread = _PyThreadState_GET();
  if (thread->datastack_top != NULL)
    memset(thread->datastack_top, 0, (size_t)((char *)thread->datastack_limit - (char *)thread->datastack_top));
}

__asm__(".globaltype __stack_pointer, i32\n");

/* The same on C's stack, which is the first thing in memory and grows down to address 0. */
static void clear_stack(void) {
  char *top;
  __asm__ volatile("global.get __stack_pointer\n\tlocal.set %0" : "=r"(top));
  char *volatile bottom = (char *)16;
  memset(bottom, 0, (size_t)(top - bottom));
}

/* Whether the end of this object runs Python code: a `__del__` written in Python, or a generator that waits. */
static bool ends_in_python(PyObject *object) {
  if (PyGen_CheckExact(object) || PyCoro_CheckExact(object) || PyAsyncGen_CheckExact(object))
    return FRAME_STATE_SUSPENDED(((PyGenObject *)object)->gi_frame_state);
  if (!PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE)) return false;
  PyObject *end = _PyType_Lookup(Py_TYPE(object), &_Py_ID(__del__));
  return end != NULL && PyFunction_Check(end);
}

/* The same for all that the collector knows. A collection has brought that into the oldest generation. */
static bool any_ends_in_python(void) {
  PyGC_Head *head = &_PyInterpreterState_GET()->gc.generations[NUM_GENERATIONS - 1].head;
  for (PyGC_Head *at = _PyGCHead_NEXT(head); at != head; at = _PyGCHead_NEXT(at))
    if (ends_in_python(_Py_FROM_GC(at))) return true;
  return false;
}

__attribute__((export_name("pywasm_settle"))) int pywasm_settle(void) {
  PyObject *own = PyObject_CallMethod(builder, "finish", NULL);
  if (own == NULL || pywasm_prepare_resume(own) < 0) {
    PyErr_Print();
    return 1;
  }
  Py_DECREF(own);
  /* What of it goes on living are closures, which use none of its names. */
  PyDict_Clear(PyModule_GetDict(builder));
  Py_CLEAR(builder);
  PyGC_Collect();
  PyGC_Collect();
  /* The collector never looks at the snapshot again: it would touch, and so copy, every page of it. Where it has to
   * run Python code at the end of an object, it must look. */
  if (!any_ends_in_python()) _PyGC_Freeze(_PyInterpreterState_GET());
  memset(scratch, 0, sizeof scratch);
  clear_frames();
  struct heap_use use = heap_clear_free();
  tell_bytes("heap", use.total);
  tell_bytes("live", use.live);
  clear_stack();
  return 0;
}
