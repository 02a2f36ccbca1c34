/* Streams and futures.
 *
 * In:  reads and writes from Python, and readable ends that cross the border.
 * Out: operations, which the loop of the bindings waits for, and objects of classes that the bindings derive from `End`.
 *      An end drops its handle when it ends or is closed. The writer of a future cannot be dropped before it has written;
 *      the bindings see to that. */
#include "component.h"

#include <stdlib.h>

/* What a read or write ended with; the number of elements stands above these bits. */
enum { COMPLETED, DROPPED, CANCELLED };

/* The canonical ABI has no room for more. */
#define MOST_ELEMENTS ((1u << 28) - 1)

struct end {
  PyObject_HEAD
  uint32_t type, handle;
  unsigned char kind; /* WIT_TYPE_STREAM or WIT_TYPE_FUTURE */
  bool is_writer;
  bool is_there;   /* neither dropped nor given away */
  bool is_busy;    /* a read or write goes on */
  bool is_closing; /* and is to be dropped after it */
  bool is_written; /* the writer of a future */
};

static PyTypeObject *end_type;
/* The classes of readers that come over the border: of bytes, of other streams, of futures. */
static PyObject *byte_reader, *stream_reader, *future_reader;

static wit_type_t payload_of(unsigned kind, size_t type) {
  return without_alias(kind == WIT_TYPE_STREAM ? world->streams[type].ty : world->futures[type].ty);
}

static bool is_byte(wit_type_t type) { return type == WIT_TYPE_U8 || type == WIT_TYPE_S8; }

static PyObject *end_new(PyObject *class, unsigned kind, size_t type, uint32_t handle, bool is_writer) {
  if (class == NULL || !PyType_Check(class) || !PyType_IsSubtype((PyTypeObject *)class, end_type))
    return PyErr_Format(PyExc_TypeError, "an end needs a class");
  struct end *end = (struct end *)((PyTypeObject *)class)->tp_alloc((PyTypeObject *)class, 0);
  if (end == NULL) return NULL;
  end->type = (uint32_t)type;
  end->handle = handle;
  end->kind = (unsigned char)kind;
  end->is_writer = is_writer;
  end->is_there = true;
  return (PyObject *)end;
}

static void end_drop(struct end *end) {
  if (!end->is_there) return;
  if (end->is_busy) {
    end->is_closing = true;
    return;
  }
  end->is_there = false;
  if (end->kind == WIT_TYPE_STREAM) {
    const wit_stream_t *stream = &world->streams[end->type];
    (end->is_writer ? stream->drop_writable : stream->drop_readable)(end->handle);
  } else if (!end->is_writer) {
    world->futures[end->type].drop_readable(end->handle);
  } else if (end->is_written) {
    world->futures[end->type].drop_writable(end->handle);
  }
}

static void end_dealloc(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  end_drop((struct end *)object);
  type->tp_free(object);
  Py_DECREF(type);
}

static int end_traverse(PyObject *object, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(object));
  return 0;
}

/* ---- over the border ---- */

EXPORTED void wit_dylib_push_stream(void *cx, size_t type, uint32_t handle) {
  push(cx, end_new(is_byte(payload_of(WIT_TYPE_STREAM, type)) ? byte_reader : stream_reader, WIT_TYPE_STREAM, type, handle, false));
}

EXPORTED void wit_dylib_push_future(void *cx, size_t type, uint32_t handle) {
  push(cx, end_new(future_reader, WIT_TYPE_FUTURE, type, handle, false));
}

bool is_readable_end(unsigned kind, size_t type, PyObject *object) {
  if (!PyObject_TypeCheck(object, end_type)) return false;
  struct end *end = (struct end *)object;
  return end->kind == kind && !end->is_writer && end->is_there && !end->is_busy &&
         is_same_type(payload_of(kind, end->type), payload_of(kind, type));
}

static uint32_t pop_end(struct call *call) {
  PyObject *object = pop(call);
  struct end *end = (struct end *)object;
  /* The same end may stand twice in a value. */
  if (!end->is_there || end->is_busy) die("a stream or future was given away twice");
  end->is_there = false;
  give(call, (struct given){.object = object, .is_there = &end->is_there});
  return end->handle;
}

EXPORTED uint32_t wit_dylib_pop_stream(void *cx, size_t type) {
  (void)type;
  return pop_end(cx);
}

EXPORTED uint32_t wit_dylib_pop_future(void *cx, size_t type) {
  (void)type;
  return pop_end(cx);
}

/* ---- reads and writes ---- */

static bool transfer_resolve(struct operation *operation, uint32_t code) {
  struct end *end = (struct end *)operation->end;
  operation->code = code;
  if (operation->waitable != 0) waitable_leave(operation->waitable);
  operation->waitable = 0;
  end->is_busy = false;
  if (end->is_writer && end->kind == WIT_TYPE_FUTURE && (code & 15) != CANCELLED) end->is_written = true;
  if (end->is_closing) end_drop(end);
  return true;
}

static void transfer_cancel(struct operation *operation) {
  const struct end *end = (struct end *)operation->end;
  uint32_t code;
  if (end->kind == WIT_TYPE_STREAM) {
    const wit_stream_t *stream = &world->streams[end->type];
    code = (end->is_writer ? stream->cancel_write : stream->cancel_read)(end->handle);
  } else {
    const wit_future_t *future = &world->futures[end->type];
    code = (end->is_writer ? future->cancel_write : future->cancel_read)(end->handle);
  }
  transfer_resolve(operation, code);
}

/* How many elements went over. A future's code has no number. */
static size_t transferred(const struct operation *operation) {
  const struct end *end = (struct end *)operation->end;
  size_t count = end->kind == WIT_TYPE_STREAM ? operation->code >> 4 : (operation->code & 15) == COMPLETED;
  return count < operation->count ? count : operation->count;
}

/* (code, values) of a read. */
static PyObject *read_take(struct operation *operation) {
  const struct end *end = (struct end *)operation->end;
  size_t count = transferred(operation);
  wit_type_t payload = payload_of(end->kind, end->type);
  PyObject *values;
  if (end->kind == WIT_TYPE_STREAM && is_byte(payload)) {
    values = PyBytes_FromStringAndSize(operation->area, (Py_ssize_t)count);
  } else {
    const wit_stream_t *stream = &world->streams[end->type];
    const wit_future_t *future = &world->futures[end->type];
    size_t size = end->kind == WIT_TYPE_STREAM ? stream->abi_payload_size : future->abi_payload_size;
    wit_lift_fn_t lift = end->kind == WIT_TYPE_STREAM ? stream->lift : future->lift;
    values = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; values != NULL && i < count; i++) {
      if (is_empty(payload)) push(operation->call, Py_NewRef(Py_None));
      else lift(operation->call, (char *)operation->area + i * size);
      PyList_SET_ITEM(values, (Py_ssize_t)i, pop(operation->call));
    }
  }
  return Py_BuildValue("kN", (unsigned long)(operation->code & 15), values);
}

/* (code, count) of a write. Handles that the other side did not take are ours again. */
static PyObject *write_take(struct operation *operation) {
  size_t count = transferred(operation);
  take_back(operation->call, count);
  return Py_BuildValue("kn", (unsigned long)(operation->code & 15), (Py_ssize_t)count);
}

static const struct operation_kind read_kind = {transfer_resolve, read_take, transfer_cancel};
static const struct operation_kind write_kind = {transfer_resolve, write_take, transfer_cancel};

static struct end *usable(PyObject *self, bool is_writer) {
  struct end *end = (struct end *)self;
  if (end->is_writer != is_writer) PyErr_Format(PyExc_TypeError, "this end is for the other direction");
  else if (!end->is_there || end->is_closing) PyErr_Format(PyExc_ValueError, "this %s was closed or given away", Py_TYPE(self)->tp_name);
  else if (end->is_busy) PyErr_Format(PyExc_RuntimeError, "this %s is busy: it does one thing at a time", Py_TYPE(self)->tp_name);
  else return end;
  return NULL;
}

static PyObject *begin(const struct operation_kind *kind, struct end *end, struct call *call, void *area, const void *bytes, size_t count) {
  struct operation *operation = operation_new(kind, call, area);
  operation->end = Py_NewRef((PyObject *)end);
  operation->count = count;
  end->is_busy = true;
  uint32_t code;
  if (end->kind == WIT_TYPE_STREAM) {
    const wit_stream_t *stream = &world->streams[end->type];
    code = end->is_writer ? stream->write(end->handle, bytes, count) : stream->read(end->handle, area, count);
  } else {
    const wit_future_t *future = &world->futures[end->type];
    code = end->is_writer ? future->write(end->handle, bytes) : future->read(end->handle, area);
  }
  if (code == BLOCKED) operation->waitable = end->handle;
  else transfer_resolve(operation, code);
  return (PyObject *)operation;
}

/* Room for so many elements. */
static void *make_area(const struct end *end, size_t count) {
  size_t size = end->kind == WIT_TYPE_STREAM ? world->streams[end->type].abi_payload_size : world->futures[end->type].abi_payload_size;
  if (size != 0 && count > (SIZE_MAX - 1) / size) return NULL;
  return malloc(count * size + 1);
}

static PyObject *end_read(PyObject *self, PyObject *number) {
  struct end *end = usable(self, false);
  if (end == NULL) return NULL;
  Py_ssize_t count = PyNumber_AsSsize_t(number, PyExc_OverflowError);
  if (count == -1 && PyErr_Occurred()) return NULL;
  if (count < 1) return PyErr_Format(PyExc_ValueError, "a read is of one element or more, not %zd", count);
  if ((size_t)count > MOST_ELEMENTS) count = MOST_ELEMENTS;
  void *area = make_area(end, (size_t)count);
  if (area == NULL) return PyErr_NoMemory();
  return begin(&read_kind, end, call_new(UINT32_MAX, true), area, NULL, (size_t)count);
}

static PyObject *write_bytes(struct end *end, PyObject *object) {
  PyObject *bytes = PyBytes_CheckExact(object) ? Py_NewRef(object) : PyBytes_FromObject(object);
  if (bytes == NULL) return NULL;
  size_t count = (size_t)PyBytes_GET_SIZE(bytes);
  struct call *call = call_new(UINT32_MAX, true);
  keep_until_end(call, bytes);
  return begin(&write_kind, end, call, NULL, PyBytes_AS_STRING(bytes), count > MOST_ELEMENTS ? MOST_ELEMENTS : count);
}

static PyObject *end_write(PyObject *self, PyObject *values) {
  struct end *end = usable(self, true);
  if (end == NULL) return NULL;
  wit_type_t payload = payload_of(end->kind, end->type);
  if (end->kind == WIT_TYPE_STREAM && is_byte(payload)) return write_bytes(end, values);
  if (!PyList_Check(values)) return PyErr_Format(PyExc_TypeError, "a list is written, not %s", Py_TYPE(values)->tp_name);
  size_t count = (size_t)PyList_GET_SIZE(values);
  if (count > MOST_ELEMENTS) count = MOST_ELEMENTS;
  const wit_stream_t *stream = &world->streams[end->type];
  const wit_future_t *future = &world->futures[end->type];
  size_t size = end->kind == WIT_TYPE_STREAM ? stream->abi_payload_size : future->abi_payload_size;
  wit_lower_fn_t lower = end->kind == WIT_TYPE_STREAM ? stream->lower : future->lower;
  for (size_t i = 0; !is_empty(payload) && i < count; i++)
    if (!check_value(payload, PyList_GET_ITEM(values, (Py_ssize_t)i), "the value")) return NULL;
  void *area = make_area(end, count);
  if (area == NULL) return PyErr_NoMemory();
  struct call *call = call_new(UINT32_MAX, true);
  for (size_t i = 0; !is_empty(payload) && i < count; i++) {
    call->element = i;
    push(call, Py_NewRef(PyList_GET_ITEM(values, (Py_ssize_t)i)));
    lower(call, (char *)area + i * size);
  }
  return begin(&write_kind, end, call, area, area, count);
}

static PyObject *end_close(PyObject *self, PyObject *ignored) {
  (void)ignored;
  end_drop((struct end *)self);
  Py_RETURN_NONE;
}

static PyObject *end_is_open(PyObject *self, void *ignored) {
  (void)ignored;
  const struct end *end = (struct end *)self;
  return PyBool_FromLong(end->is_there && !end->is_closing && !end->is_busy && !end->is_written);
}

static PyGetSetDef end_attributes[] = {
  {"_is_open", end_is_open, NULL, NULL, NULL},
  {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef end_methods[] = {
  {"_read", end_read, METH_O, NULL},
  {"_write", end_write, METH_O, NULL},
  {"_close", end_close, METH_NOARGS, NULL},
  {NULL, NULL, 0, NULL},
};

static PyType_Slot end_slots[] = {
  {Py_tp_dealloc, end_dealloc},
  {Py_tp_traverse, end_traverse},
  {Py_tp_getset, end_attributes},
  {Py_tp_methods, end_methods},
  {0, NULL},
};

static PyType_Spec end_spec = {
  .name = "_pywasm_wit.End",
  .basicsize = sizeof(struct end),
  .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  .slots = end_slots,
};

/* ---- the module ---- */

/* Makes both ends: (writer, reader). */
static PyObject *both_ends(unsigned kind, size_t type, uint64_t handles, PyObject *writer, PyObject *reader) {
  PyObject *write = end_new(writer, kind, type, (uint32_t)(handles >> 32), true);
  PyObject *read = write == NULL ? NULL : end_new(reader, kind, type, (uint32_t)handles, false);
  if (read == NULL) Py_CLEAR(write);
  return write == NULL ? NULL : Py_BuildValue("NN", write, read);
}

/* new_stream(type, class of the writer, class of the reader) */
static PyObject *new_stream(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self;
  size_t type = count == 3 ? PyLong_AsSize_t(given[0]) : SIZE_MAX;
  if (world == NULL || type >= world->num_streams) return PyErr_Format(PyExc_IndexError, "the world has no such stream");
  return both_ends(WIT_TYPE_STREAM, type, world->streams[type].new(), given[1], given[2]);
}

/* new_future(type, class of the writer, class of the reader) */
static PyObject *new_future(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self;
  size_t type = count == 3 ? PyLong_AsSize_t(given[0]) : SIZE_MAX;
  if (world == NULL || type >= world->num_futures) return PyErr_Format(PyExc_IndexError, "the world has no such future");
  return both_ends(WIT_TYPE_FUTURE, type, world->futures[type].new(), given[1], given[2]);
}

/* bind_readers(of bytes, of other streams, of futures): the classes of readers that come over the border. */
static PyObject *bind_readers(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self;
  if (count != 3) return PyErr_Format(PyExc_TypeError, "bind_readers takes 3 arguments");
  Py_XSETREF(byte_reader, Py_NewRef(given[0]));
  Py_XSETREF(stream_reader, Py_NewRef(given[1]));
  Py_XSETREF(future_reader, Py_NewRef(given[2]));
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
  {"new_stream", (PyCFunction)(void (*)(void))new_stream, METH_FASTCALL, NULL},
  {"new_future", (PyCFunction)(void (*)(void))new_future, METH_FASTCALL, NULL},
  {"bind_readers", (PyCFunction)(void (*)(void))bind_readers, METH_FASTCALL, NULL},
  {NULL, NULL, 0, NULL},
};

int add_ends(PyObject *module) {
  end_type = (PyTypeObject *)PyType_FromSpec(&end_spec);
  if (end_type == NULL || PyModule_AddFunctions(module, methods) < 0) return -1;
  return PyModule_AddObjectRef(module, "End", (PyObject *)end_type);
}
