/* What the heap of a snapshot is made of.
 *
 * In:  the interpreter, after its memory was copied: what happens here is in no artifact.
 * Out: each object that the collector knows or something leads to: where it lies, what it is, which module it is a part
 *      of, and what it refers to. The host makes of it whose bytes are whose (crates/pywasm-size/src/heap.rs).
 *
 * Blocks are as large as their allocator made them, so what objects take is told without knowing what is in them. */
#include "heap.h"
#include "object_map.h"
#include "owner.h"

#include <Python.h>
#include "pycore_code.h"
#include "pycore_dict.h"
#include "pycore_gc.h"
#include "pycore_global_objects.h"
#include "pycore_interp.h"
#include "pycore_object.h"
#include "pycore_obmalloc.h"
#include "pycore_pystate.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* What malloc has before a block: the word with its size. */
enum { NO_MODULE = 0, MALLOC_HEADER = 4 };

/* What the host reads: see docs/internals/snapshot-protocol.md. */
static struct {
  uint32_t *objects;
  uint32_t words;
  char *names;
  uint32_t length, modules, kinds;
} report;

/* ---- what is written ---- */

static uint32_t room, name_room;
static bool failed;

static void put(uint32_t word) {
  if (report.words == room && !failed) {
    room = room == 0 ? 65536 : room * 2;
    uint32_t *larger = realloc(report.objects, room * sizeof *larger);
    failed = larger == NULL;
    if (!failed) report.objects = larger;
  }
  if (!failed) report.objects[report.words++] = word;
}

static void put_name(const char *name) {
  size_t length = strlen(name) + 1;
  if (report.length + length > name_room && !failed) {
    name_room = 2 * (name_room + (uint32_t)length);
    char *larger = realloc(report.names, name_room);
    failed = larger == NULL;
    if (!failed) report.names = larger;
  }
  if (failed) return;
  memcpy(report.names + report.length, name, length);
  report.length += (uint32_t)length;
}

/* ---- blocks of the heap ---- */

/* The pool that a block lies in, or NULL where malloc made it. */
static struct pool_header *pool_of(uintptr_t address) {
  struct _obmalloc_mgmt *all = &_PyInterpreterState_GET()->obmalloc->mgmt;
  for (uint i = 0; i < all->maxarenas; i++)
    if (all->arenas[i].address != 0 && address - all->arenas[i].address < ARENA_SIZE)
      return (struct pool_header *)(address & ~(uintptr_t)POOL_SIZE_MASK);
  return NULL;
}

/* Writes the place and the size of the block that begins here: zeros where it is not in the heap. */
static void put_block(const void *start) {
  uintptr_t address = (uintptr_t)start;
  struct pool_header *pool = start == NULL || !heap_has(address) ? NULL : pool_of(address);
  if (pool != NULL) {
    put((uint32_t)address);
    put(INDEX2SIZE(pool->szidx));
  } else if (start != NULL && heap_has(address)) {
    put((uint32_t)address - MALLOC_HEADER);
    put((uint32_t)malloc_usable_size((void *)start) + MALLOC_HEADER);
  } else {
    put(0);
    put(0);
  }
}

/* Writes the blocks that belong to an object, beside its own. Returns how many. */
static uint32_t put_parts(PyObject *object) {
  const void *parts[4] = {NULL};
  if (PyDict_Check(object)) {
    PyDictObject *dict = (PyDictObject *)object;
    /* Keys that several dicts share belong to their class. */
    if (dict->ma_keys->dk_kind != DICT_KEYS_SPLIT) parts[0] = dict->ma_keys;
    if (dict->ma_values != NULL && !dict->ma_values->embedded) parts[1] = dict->ma_values;
  } else if (PyList_Check(object)) {
    parts[0] = ((PyListObject *)object)->ob_item;
  } else if (PyAnySet_Check(object)) {
    PySetObject *set = (PySetObject *)object;
    if (set->table != set->smalltable) parts[0] = set->table;
  } else if (PyUnicode_Check(object)) {
    PyCompactUnicodeObject *text = (PyCompactUnicodeObject *)object;
    if (!PyUnicode_IS_COMPACT_ASCII(object) && text->utf8 != PyUnicode_DATA(object)) parts[0] = text->utf8;
    if (!PyUnicode_IS_COMPACT(object)) parts[1] = ((PyUnicodeObject *)object)->data.any;
  } else if (PyByteArray_Check(object)) {
    parts[0] = ((PyByteArrayObject *)object)->ob_bytes;
  } else if (PyCode_Check(object)) {
    parts[0] = ((PyCodeObject *)object)->_co_cached;
  } else if (PyType_Check(object) && PyType_HasFeature((PyTypeObject *)object, Py_TPFLAGS_HEAPTYPE)) {
    PyHeapTypeObject *class = (PyHeapTypeObject *)object;
    parts[0] = class->ht_cached_keys;
    parts[1] = class->_ht_tpname;
    parts[2] = class->ht_type.tp_doc;
  }
  uint32_t count = 0;
  for (size_t i = 0; i < Py_ARRAY_LENGTH(parts); i++) {
    if (parts[i] == NULL) continue;
    put_block(parts[i]);
    count++;
  }
  return count;
}

/* ---- objects ---- */

static struct object_map numbers; /* of objects: their place in `pending` */
static struct object_map homes;   /* of modules and their dicts: the module's number, from 1 */
static struct object_map kinds;   /* of types */
static PyObject *files;           /* from the names of files to numbers of modules */
static PyObject **pending;
static size_t count, pending_room;

static int meet(PyObject *object, void *nothing) {
  (void)nothing;
  int added = failed ? 0 : object_map_add(&numbers, object, (uint32_t)count);
  failed |= added < 0;
  if (added <= 0) return 0;
  if (count == pending_room) {
    pending_room = pending_room == 0 ? 65536 : pending_room * 2;
    PyObject **larger = realloc(pending, pending_room * sizeof *larger);
    failed = larger == NULL;
    if (failed) return 0;
    pending = larger;
  }
  pending[count++] = object;
  return 0;
}

static int refer(PyObject *object, void *nothing) {
  put((uint32_t)(uintptr_t)object);
  return meet(object, nothing);
}

static void refer_to(PyObject *object) {
  if (object != NULL) refer(object, NULL);
}

/* What an object refers to. Code is unknown to the collector, which also skips what cannot be a part of a cycle. */
static void put_references(PyObject *object) {
  if (PyCode_Check(object)) {
    PyCodeObject *code = (PyCodeObject *)object;
    PyObject *const parts[] = {code->co_consts,         code->co_names, code->co_exceptiontable, code->co_localsplusnames,
                               code->co_localspluskinds, code->co_filename, code->co_name,        code->co_qualname,
                               code->co_linetable};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(parts); i++) refer_to(parts[i]);
    if (code->_co_cached != NULL) {
      refer_to(code->_co_cached->_co_code);
      refer_to(code->_co_cached->_co_varnames);
      refer_to(code->_co_cached->_co_cellvars);
      refer_to(code->_co_cached->_co_freevars);
    }
    return;
  }
  if (!PyObject_IS_GC(object)) return;
  traverseproc traverse = Py_TYPE(object)->tp_traverse;
  if (traverse != NULL) traverse(object, refer, NULL);
  if (PyType_Check(object)) {
    PyHeapTypeObject *class = (PyHeapTypeObject *)object;
    refer_to(class->ht_name);
    refer_to(class->ht_qualname);
    refer_to(class->ht_slots);
  }
}

/* The number of the module whose part an object is, by what it says itself. */
static uint32_t home_of(PyObject *object) {
  if (PyModule_Check(object) || PyDict_Check(object)) return object_map_get(&homes, object, NO_MODULE);
  if (PyFunction_Check(object)) return object_map_get(&homes, PyFunction_GET_GLOBALS(object), NO_MODULE);
  if (PyCode_Check(object)) {
    PyObject *number = PyDict_GetItemWithError(files, ((PyCodeObject *)object)->co_filename);
    return number == NULL ? NO_MODULE : (uint32_t)PyLong_AsUnsignedLong(number);
  }
  if (!PyType_Check(object) || !PyType_HasFeature((PyTypeObject *)object, Py_TPFLAGS_HEAPTYPE)) return NO_MODULE;
  PyObject *module = module_of_class((PyTypeObject *)object);
  return module == NULL ? NO_MODULE : object_map_get(&homes, module, NO_MODULE);
}

static uint32_t kind_of(PyObject *object) {
  PyObject *type = (PyObject *)Py_TYPE(object);
  int added = object_map_add(&kinds, type, report.kinds);
  failed |= added < 0;
  if (added > 0) {
    put_name(Py_TYPE(object)->tp_name);
    report.kinds++;
  }
  return object_map_get(&kinds, type, 0);
}

static void put_object(PyObject *object) {
  bool is_static = !heap_has((uintptr_t)object);
  put((uint32_t)(uintptr_t)object);
  put(kind_of(object));
  put(home_of(object));
  put_block(is_static ? NULL : (char *)object - (PyObject_IS_GC(object) ? _PyType_PreHeaderSize(Py_TYPE(object)) : 0));
  uint32_t at = report.words;
  put(0);
  put(0);
  uint32_t parts = put_parts(object), before = report.words;
  put_references(object);
  if (failed) return;
  report.objects[at] = parts;
  report.objects[at + 1] = report.words - before;
}

/* A file of the last module. Takes the reference. */
static void name_file(PyObject *file) {
  PyObject *number = PyLong_FromUnsignedLong(report.modules);
  failed |= file == NULL || number == NULL || PyDict_SetItem(files, file, number) < 0;
  Py_XDECREF(file);
  Py_XDECREF(number);
}

static void name_modules(PyObject *modules) {
  PyObject *name, *module, *compiled = PyUnicode_FromString(".pyc");
  failed |= compiled == NULL;
  for (Py_ssize_t at = 0; PyDict_Next(modules, &at, &name, &module);) {
    const char *text = PyModule_Check(module) && PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    if (text == NULL || object_map_has(&homes, module)) continue;
    put_name(text);
    report.modules++;
    failed |= object_map_add(&homes, module, report.modules) < 0;
    failed |= object_map_add(&homes, PyModule_GetDict(module), report.modules) < 0;
    meet(module, NULL);
    name_file(PyUnicode_FromFormat("<frozen %s>", text));
    PyObject *file = PyDict_GetItemWithError(PyModule_GetDict(module), &_Py_ID(__file__));
    if (file == NULL || !PyUnicode_Check(file)) continue;
    name_file(Py_NewRef(file));
    /* A module without its source still says in its code where that was. */
    if (PyUnicode_Tailmatch(file, compiled, 0, PY_SSIZE_T_MAX, 1) == 1)
      name_file(PyUnicode_Substring(file, 0, PyUnicode_GET_LENGTH(file) - 1));
  }
  PyErr_Clear();
}

/* The address of the report, or 0 where there is not enough memory for it. */
__attribute__((export_name("pywasm_objects"))) void *pywasm_objects(void) {
  PyInterpreterState *interpreter = _PyInterpreterState_GET();
  files = PyDict_New();
  if (files == NULL) return NULL;
  name_modules(PyImport_GetModuleDict());
  meet(_Py_INTERP_CACHED_OBJECT(interpreter, interned_strings), NULL);
  PyGC_Head *heads[NUM_GENERATIONS + 1] = {&interpreter->gc.permanent_generation.head};
  for (int generation = 0; generation < NUM_GENERATIONS; generation++)
    heads[generation + 1] = &interpreter->gc.generations[generation].head;
  for (size_t i = 0; i < Py_ARRAY_LENGTH(heads); i++)
    for (PyGC_Head *at = _PyGCHead_NEXT(heads[i]); at != heads[i]; at = _PyGCHead_NEXT(at)) meet(_Py_FROM_GC(at), NULL);
  /* What is met on the way joins the list. */
  for (size_t i = 0; i < count && !failed; i++) put_object(pending[i]);
  return failed ? NULL : &report;
}
