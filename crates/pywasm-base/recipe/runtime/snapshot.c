/* The build-time half of an artifact with a snapshot: what runs before its memory is taken.
 *
 * Takes the image, and a host that keeps the rest of the world out and says how far to go. Gives a memory in which
 * the program has been rehearsed: it has run from its first statement to the step that the host named. On the way the
 * host is told what the program reads of its surroundings.
 *
 * `pywasm_snapshot` starts and rehearses, `pywasm_settle` tidies up; after the snapshot the artifact starts with
 * `pywasm_resume` (resume.c). The Python half is _pywasm_snapshot.py, whose bytecode this file holds. Nothing of
 * this file is left in an artifact: it hangs on exports that only the build calls. */
#include "freeze.h"
#include "heap.h"
#include "image.h"
#include "main.h"
#include "memory.h"
#include "resume.h"
#include "steps.h"
#include "timezone.h"

#include <Python.h>
#include <marshal.h>
#include "opcode_ids.h"
#include "pycore_frame.h"
#include "pycore_gc.h"
#include "pycore_pystate.h"
#include "pycore_typeobject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytecode of _pywasm_snapshot.py, which link.sh writes. */
#include "_pywasm_snapshot.h"

extern void __wasm_call_ctors(void);

/* ---- messages to the host ---- */

static void tell(const char *text, size_t length) {
  const __wasi_ciovec_t line[] = {{(const uint8_t *)text, length}, {(const uint8_t *)"\n", 1}};
  __wasi_size_t written;
  (void)__wasi_fd_write(PYWASM_NOTICES, line, 2, &written);
}

static PyObject *tell_object(PyObject *self, PyObject *text) {
  (void)self;
  Py_ssize_t length;
  const char *bytes = PyUnicode_AsUTF8AndSize(text, &length);
  if (bytes == NULL) return NULL;
  tell(bytes, (size_t)length);
  Py_RETURN_NONE;
}

static void tell_bytes(const char *what, size_t bytes) {
  char line[64];
  int length = snprintf(line, sizeof line, "%s\t%zu", what, bytes);
  if (length > 0) tell(line, (size_t)length);
}

/* Longer names, and those that a line of messages cannot hold, are not compared at the start. */
enum { MOST_NAME = 512 };

static bool is_plain(char byte) { return byte >= ' ' && byte < 0x7f; }

/* A path that the host's folders may have: "missing" where the answer is right as long as none has it, else "file". */
static void tell_path(bool missing, const char *path, size_t length) {
  char line[MOST_NAME + 16];
  missing = missing && length <= MOST_NAME;
  for (size_t i = 0; missing && i < length; i++) missing = is_plain(path[i]);
  size_t used = (size_t)snprintf(line, sizeof line, "%s\t/", missing ? "missing" : "file");
  for (size_t i = 0; i < length && i < MOST_NAME; i++) line[used++] = is_plain(path[i]) ? path[i] : '?';
  tell(line, used);
}

/* Where a folder in memory has the path, nothing of the host may stand in that folder's place. The top folder is there
 * in any case, but another one where the host has mounted one. */
static void watch_path(const char *path, const struct target *target, bool look) {
  size_t first = strcspn(path, "/");
  int error = target == NULL ? 0 : target->in_memory ? target->memory.error : target->place.error;
  bool found = target == NULL || (target->in_memory ? target->memory.node != NULL : target->place.walk == WALK_FOUND);
  bool absent = !found && (error == 0 || error == __WASI_ERRNO_NOENT);
  if (look && (absent || first == 0)) tell_path(true, path, strlen(path));
  else if (pywasm_part_files.follow != NULL && memory_find(memory_top(), path, first) != NULL) tell_path(true, path, first);
  else tell_path(false, path, strlen(path));
}

/* ---- where the program is ---- */

static char scratch[65536];

__attribute__((export_name("pywasm_scratch"))) char *pywasm_scratch(void) { return scratch; }

/* Bytes of `scratch` that say where the program raised an exception that ended it. */
static size_t raised_length;

/* `__import__` when the program began. As long as it is the same, a module that is half imported can be imported again
 * at the start, and nobody notices. */
static PyObject *import_function;

static PyObject *current_import(void) { return PyDict_GetItemString(PyInterpreterState_Main()->builtins, "__import__"); }

/* One line of where: the file, the line, the function; and for the body of a module its name, the step that it has
 * come to, and as bits whether it is in an import statement, and whether `__import__` is as ever. Returns its length,
 * or 0 where there is no room. */
static size_t write_place(char *out, size_t room, PyCodeObject *code, int unit, PyObject *globals, bool is_body) {
  const char *file = PyUnicode_AsUTF8(code->co_filename), *function = PyUnicode_AsUTF8(code->co_qualname);
  PyObject *name = is_body ? PyDict_GetItemWithError(globals, &_Py_ID(__name__)) : NULL;
  const char *module = name != NULL && PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : "";
  if (file == NULL || function == NULL || module == NULL) return 0;
  int line = PyCode_Addr2Line(code, unit * (int)sizeof(_Py_CODEUNIT));
  int step = *module == '\0' ? -1 : pywasm_find_step(code, unit);
  /* An audit hook would hear the import of a module that is half imported twice. */
  bool is_heard = PyInterpreterState_Main()->audit_hooks != NULL;
  bool is_import = *module != '\0' && !is_heard && pywasm_is_import(code, step, unit);
  int importing = is_import + 2 * (*module != '\0' && current_import() == import_function);
  int length = snprintf(out, room, "%s\t%d\t%s\t%s\t%d\t%d\n", file, line, function, module, step, importing);
  return length < 0 || (size_t)length >= room ? 0 : (size_t)length;
}

static bool is_body(PyCodeObject *code, PyObject *globals, PyObject *locals) {
  return (code->co_flags & (CO_OPTIMIZED | CO_NEWLOCALS)) == 0 && globals == locals &&
         PyUnicode_CompareWithASCIIString(code->co_name, "<module>") == 0;
}

/* The Python stack, innermost frame first. The host calls this while the program is inside of a WASI call, so nothing
 * here may call back. */
__attribute__((export_name("pywasm_where"))) size_t pywasm_where(char *buffer, size_t size) {
  if (raised_length > 0) return raised_length;
  PyInterpreterState *interpreter = PyInterpreterState_Main();
  PyThreadState *thread = interpreter == NULL ? NULL : PyInterpreterState_ThreadHead(interpreter);
  if (thread == NULL) return 0;
  /* Around many calls of the system the thread has let go of the interpreter. */
  bool detached = PyThreadState_GetUnchecked() == NULL;
  if (detached) PyEval_RestoreThread(thread);
  PyObject *exception = PyErr_GetRaisedException();
  size_t used = 0;
  for (struct _PyInterpreterFrame *frame = thread->current_frame; frame != NULL; frame = frame->previous) {
    if (frame->owner == FRAME_OWNED_BY_CSTACK || _PyFrame_IsIncomplete(frame)) continue;
    PyCodeObject *code = _PyFrame_GetCode(frame);
    used += write_place(buffer + used, size - used, code, _PyInterpreterFrame_LASTI(frame), frame->f_globals,
                        is_body(code, frame->f_globals, frame->f_locals));
  }
  PyErr_SetRaisedException(exception);
  if (detached) PyEval_SaveThread();
  return used;
}

/* The same for an exception that leaves the program, whose frames are gone: from its traceback. */
static void write_raised(PyObject *exception) {
  PyTracebackObject *link = (PyTracebackObject *)PyException_GetTraceback(exception);
  for (; link != NULL && (PyObject *)link != Py_None; link = link->tb_next) {
    struct _PyInterpreterFrame *frame = link->tb_frame->f_frame;
    PyCodeObject *code = _PyFrame_GetCode(frame);
    char line[1024];
    size_t length = write_place(line, sizeof line, code, link->tb_lasti / (int)sizeof(_Py_CODEUNIT), frame->f_globals,
                                is_body(code, frame->f_globals, frame->f_locals));
    if (length == 0 || length > sizeof scratch - raised_length) break;
    memmove(scratch + length, scratch, raised_length);
    memcpy(scratch, line, length);
    raised_length += length;
  }
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

/* An exception that leaves this code finds no handler in it. Of the codes that get here each is a copy of our own. */
static PyObject *open_way(PyObject *self, PyObject *code) {
  (void)self;
  PyObject *nothing = PyBytes_FromStringAndSize(NULL, 0);
  if (nothing == NULL) return NULL;
  Py_SETREF(((PyCodeObject *)code)->co_exceptiontable, nothing);
  Py_RETURN_NONE;
}

/* Makes an object of a class that adds nothing to `list` a list. */
static PyObject *make_list(PyObject *self, PyObject *object) {
  (void)self;
  PyTypeObject *type = Py_TYPE(object);
  if (type == &PyList_Type || type->tp_base != &PyList_Type || type->tp_basicsize != PyList_Type.tp_basicsize)
    return PyErr_Format(PyExc_TypeError, "not a plain list");
  Py_SET_TYPE(object, &PyList_Type);
  Py_DECREF(type);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"tell", tell_object, METH_O, NULL},
                                {"make_list", make_list, METH_O, NULL},
                                {"forget", forget, METH_O, NULL},
                                {"open_way", open_way, METH_O, NULL}};

/* The module _pywasm_snapshot. */
static PyObject *builder;

static PyObject *load_builder(void) {
  PyObject *code = PyMarshal_ReadObjectFromString((const char *)_Py_M___pywasm_snapshot, sizeof _Py_M___pywasm_snapshot);
  if (code == NULL) return NULL;
  PyObject *module = PyImport_ExecCodeModule("_pywasm_snapshot", code);
  Py_DECREF(code);
  /* No artifact holds it: zeros of the memory are not stored. */
  memset(_Py_M___pywasm_snapshot, 0, sizeof _Py_M___pywasm_snapshot);
  /* The program does not see it. */
  if (module != NULL && PyDict_DelItemString(PyImport_GetModuleDict(), "_pywasm_snapshot") < 0) Py_CLEAR(module);
  return module;
}

/* Calls a function of the builder; -1 with an exception set. */
static int call_builder(const char *name) {
  PyObject *done = PyObject_CallMethod(builder, name, NULL);
  Py_XDECREF(done);
  return done == NULL ? -1 : 0;
}

static int set_up_builder(void) {
  builder = load_builder();
  if (builder == NULL) return -1;
  for (size_t i = 0; i < Py_ARRAY_LENGTH(methods); i++) {
    PyObject *function = PyCFunction_New(&methods[i], NULL);
    int result = function == NULL ? -1 : PyObject_SetAttrString(builder, methods[i].ml_name, function);
    Py_XDECREF(function);
    if (result < 0) return -1;
  }
  PyObject *opcodes = Py_BuildValue("(iiiii)", RESUME, NOP, EXTENDED_ARG, JUMP_FORWARD, RETURN_CONST);
  int result = opcodes == NULL ? -1 : PyObject_SetAttrString(builder, "OPCODES", opcodes);
  Py_XDECREF(opcodes);
  return result;
}

/* What the host wants: see docs/internals/snapshot-protocol.md. */
static PyObject *read_plan(void) {
  const __wasi_iovec_t room = {(uint8_t *)scratch, sizeof scratch};
  __wasi_size_t length;
  if (__wasi_fd_read(PYWASM_NOTICES, &room, 1, &length) != 0) return PyErr_Format(PyExc_RuntimeError, "the host has no plan");
  PyObject *plan = PyUnicode_DecodeUTF8(scratch, (Py_ssize_t)length, NULL);
  memset(scratch, 0, length);
  return plan;
}

/* What an uncaught exception means: the rehearsal has come to its step, or the program ends with it. */
static int end_rehearsal(void) {
  PyObject *exception = PyErr_GetRaisedException();
  PyObject *stop = PyObject_GetAttrString(builder, "Stop");
  bool stopped = stop != NULL && PyErr_GivenExceptionMatches(exception, stop);
  Py_XDECREF(stop);
  if (!stopped) {
    char line[512];
    PyObject *text = PyObject_Str(exception);
    const char *words = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (words == NULL) PyErr_Clear();
    int length = snprintf(line, sizeof line, "raised\t%s: %s", _PyType_Name(Py_TYPE(exception)), words == NULL ? "" : words);
    Py_XDECREF(text);
    for (char *c = line + strlen("raised\t"); *c != '\0'; c++)
      if (*c == '\n' || *c == '\t') *c = ' ';
    write_raised(exception);
    tell(line, length < (int)sizeof line ? (size_t)length : sizeof line - 1);
    raised_length = 0;
  }
  Py_DECREF(exception);
  return PyErr_Occurred() ? -1 : 0;
}

/* For the entry's function: the import of its module, without the call. */
static PyObject *import_entry(void) {
  PyObject *name = pywasm_entry("module");
  PyObject *module = name == NULL ? NULL : PyImport_Import(name);
  Py_XDECREF(name);
  return module;
}

static PyObject *run_main(void) {
  PyObject *code = PyObject_CallMethod(builder, "load_main", NULL), *main = PyImport_AddModuleRef("__main__");
  PyObject *globals = main == NULL ? NULL : PyModule_GetDict(main);
  PyObject *result = code == NULL || globals == NULL ? NULL : PyEval_EvalCode(code, globals, globals);
  Py_XDECREF(code);
  Py_XDECREF(main);
  return result;
}

/* The program, as pywasm_run has it: without arguments, and no further than the host wants. */
static int rehearse(void) {
  pywasm_zone_is_watched = true;
  pywasm_path_watch = watch_path;
  import_function = current_import();
  if (call_builder("begin") < 0) return -1;
  int is_function = pywasm_entry_is("kind", "function");
  if (is_function < 0) return -1;
  PyObject *result = is_function ? import_entry() : run_main();
  if (result == NULL) return end_rehearsal();
  Py_DECREF(result);
  return call_builder(is_function ? "end_import" : "end");
}

__attribute__((export_name("pywasm_snapshot"))) int pywasm_snapshot(void) {
  __wasm_call_ctors();
  int failed = pywasm_mount_app();
  if (failed == 0) failed = pywasm_initialise();
  if (failed != 0) return failed;
  PyObject *plan = set_up_builder() < 0 ? NULL : read_plan();
  PyObject *runs = plan == NULL ? NULL : PyObject_CallMethod(builder, "read_plan", "O", plan);
  int wanted = runs == NULL ? -1 : PyObject_IsTrue(runs);
  Py_XDECREF(plan);
  Py_XDECREF(runs);
  pywasm_freeze_start();
  if (wanted == 0 || (wanted > 0 && rehearse() == 0)) return 0;
  PyErr_Print();
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

__attribute__((export_name("pywasm_settle"))) int pywasm_settle(void) {
  /* The program's audit hooks hear nothing of this. */
  PyInterpreterState *interpreter = _PyInterpreterState_GET();
  PyObject *hooks = interpreter->audit_hooks;
  interpreter->audit_hooks = NULL;
  PyObject *own = PyObject_CallMethod(builder, "finish", NULL);
  if (own == NULL || pywasm_prepare_resume(own) < 0) {
    PyErr_Print();
    return 1;
  }
  Py_DECREF(own);
  if (call_builder("hide") < 0) {
    PyErr_Print();
    return 1;
  }
  interpreter->audit_hooks = hooks;
  /* What of it goes on living are closures, which use none of its names. */
  PyDict_Clear(PyModule_GetDict(builder));
  Py_CLEAR(builder);
  import_function = NULL;
  pywasm_zone_is_watched = false;
  pywasm_path_watch = NULL;
  memset(scratch, 0, sizeof scratch);
  clear_frames();
  struct heap_use use = heap_clear_free();
  tell_bytes("heap", use.total);
  tell_bytes("live", use.live);
  clear_stack();
  return 0;
}
