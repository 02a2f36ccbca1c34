/* Async functions, with the callback ABI of the component model.
 *
 * In:  calls of async exports, and the events that the host has for them; calls of async imports from Python.
 * Out: a call of an export is handed to the loop of the bindings, which runs it as far as it can, and says what the host
 *      shall do. A call of an import becomes an Operation, which the loop waits for. */
#include "component.h"

#include <stdlib.h>

#define HOST(name) __attribute__((import_module("$root"), import_name(name)))

HOST("[waitable-set-new]") extern uint32_t host_waitable_set_new(void);
HOST("[waitable-set-poll]") extern uint32_t host_waitable_set_poll(uint32_t set, uint32_t payload[2]);
HOST("[waitable-set-drop]") extern void host_waitable_set_drop(uint32_t set);
HOST("[waitable-join]") extern void host_waitable_join(uint32_t waitable, uint32_t set);
HOST("[subtask-drop]") extern void host_subtask_drop(uint32_t subtask);
/* Without `[async-lower]`, which hosts do not have yet: it waits until the subtask is over. */
HOST("[subtask-cancel]") extern uint32_t host_subtask_cancel(uint32_t subtask);
__attribute__((import_module("[export]$root"), import_name("[task-cancel]"))) extern void host_task_cancel(void);
HOST("[context-get-0]") extern uint32_t host_context_get(void);
HOST("[context-set-0]") extern void host_context_set(uint32_t value);
HOST("[stream-new-unit]") extern uint64_t host_stream_new(void);
HOST("[async-lower][stream-read-unit]") extern uint32_t host_stream_read(uint32_t stream, void *buffer, size_t count);
HOST("[stream-drop-readable-unit]") extern void host_stream_drop_readable(uint32_t stream);
HOST("[stream-drop-writable-unit]") extern void host_stream_drop_writable(uint32_t stream);

/* The states of a subtask. */
enum { STARTING, STARTED, RETURNED, START_CANCELLED, RETURN_CANCELLED };

/* ---- operations ---- */

static PyTypeObject *operation_type;

struct operation *operation_new(const struct operation_kind *kind, struct call *call, void *area) {
  struct operation *operation = PyObject_New(struct operation, operation_type);
  if (operation == NULL) die(NULL);
  operation->kind = kind;
  operation->call = call;
  operation->area = area;
  operation->waitable = operation->code = 0;
  operation->what = NULL;
  operation->end = NULL;
  operation->count = 0;
  operation->is_taken = false;
  return operation;
}

void waitable_leave(uint32_t waitable) { host_waitable_join(waitable, 0); }

static void operation_dealloc(PyObject *object) {
  struct operation *operation = (struct operation *)object;
  PyTypeObject *type = Py_TYPE(object);
  if (operation->waitable == 0) {
    /* A result that nobody took may own handles. */
    if (!operation->is_taken) {
      PyObject *before = PyErr_GetRaisedException();
      operation->is_taken = true;
      Py_XDECREF(operation->kind->take(operation));
      PyErr_SetRaisedException(before);
    }
    call_free(operation->call);
    free(operation->area);
  }
  /* One that goes on is only let go at the end of the program: the host still writes there. */
  Py_XDECREF(operation->end);
  PyObject_Free(object);
  Py_DECREF(type);
}

static PyObject *operation_waitable(PyObject *self, void *ignored) {
  (void)ignored;
  return PyLong_FromUnsignedLong(((struct operation *)self)->waitable);
}

/* An event came: whether the operation is over. */
static PyObject *operation_resolve(PyObject *self, PyObject *code) {
  struct operation *operation = (struct operation *)self;
  unsigned long value = PyLong_AsUnsignedLong(code);
  if (PyErr_Occurred()) return NULL;
  return PyBool_FromLong(operation->kind->resolve(operation, (uint32_t)value));
}

/* Ends the operation. What it gave until then is its result all the same. */
static PyObject *operation_cancel(PyObject *self, PyObject *ignored) {
  (void)ignored;
  struct operation *operation = (struct operation *)self;
  if (operation->waitable != 0) {
    /* The host refuses what is in a set. */
    waitable_leave(operation->waitable);
    operation->kind->cancel(operation);
  }
  Py_RETURN_NONE;
}

static PyObject *operation_result(PyObject *self, PyObject *ignored) {
  (void)ignored;
  struct operation *operation = (struct operation *)self;
  if (operation->waitable != 0 || operation->is_taken)
    return PyErr_Format(PyExc_RuntimeError, "the operation has no result now");
  operation->is_taken = true;
  return operation->kind->take(operation);
}

static PyGetSetDef operation_attributes[] = {
  {"waitable", operation_waitable, NULL, NULL, NULL},
  {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef operation_methods[] = {
  {"resolve", operation_resolve, METH_O, NULL},
  {"cancel", operation_cancel, METH_NOARGS, NULL},
  {"result", operation_result, METH_NOARGS, NULL},
  {NULL, NULL, 0, NULL},
};

static PyType_Slot operation_slots[] = {
  {Py_tp_dealloc, operation_dealloc},
  {Py_tp_getset, operation_attributes},
  {Py_tp_methods, operation_methods},
  {0, NULL},
};

static PyType_Spec operation_spec = {
  .name = "_pywasm_wit.Operation",
  .basicsize = sizeof(struct operation),
  .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  .slots = operation_slots,
};

/* ---- imports ---- */

static bool import_resolve(struct operation *operation, uint32_t state) {
  if (state < RETURNED) return false;
  operation->code = state;
  if (operation->waitable != 0) {
    waitable_leave(operation->waitable);
    host_subtask_drop(operation->waitable);
    operation->waitable = 0;
  }
  return true;
}

static PyObject *import_take(struct operation *operation) {
  struct call *call = operation->call;
  const wit_import_func_t *function = operation->what;
  if (operation->code == RETURNED) {
    function->async_lift_impl(call, operation->area);
    PyObject *result = take_result(call);
    end_borrows(call);
    return result;
  }
  /* The arguments are ours again where the call had not begun. */
  if (operation->code == START_CANCELLED) take_back(call, 0);
  return PyErr_Format(PyExc_RuntimeError, "the call of %s was cancelled", function->name);
}

static void import_cancel(struct operation *operation) {
  import_resolve(operation, host_subtask_cancel(operation->waitable));
}

static const struct operation_kind import_kind = {import_resolve, import_take, import_cancel};

/* `AsyncImport(index)(*arguments)` is an operation. */
static PyObject *start_import(PyObject *index, PyObject *const *arguments, Py_ssize_t count) {
  const wit_import_func_t *function = &world->import_funcs[PyLong_AsSsize_t(index)];
  void *area = calloc(1, function->async_abi_area_size + 1);
  if (area == NULL) return PyErr_NoMemory();
  struct call *call = prepare_import(function, arguments, count);
  if (call == NULL) {
    free(area);
    return NULL;
  }
  struct operation *operation = operation_new(&import_kind, call, area);
  operation->what = function;
  uint32_t status = function->async_impl(call, area);
  operation->waitable = status >> 4;
  import_resolve(operation, status & 15);
  return (PyObject *)operation;
}

static PyMethodDef import_definition = {"import", (PyCFunction)(void (*)(void))start_import, METH_FASTCALL, NULL};

static PyObject *make_import(PyObject *self, PyObject *index) {
  (void)self;
  Py_ssize_t which = PyLong_AsSsize_t(index);
  if (which == -1 && PyErr_Occurred()) return NULL;
  if (world == NULL || which < 0 || (size_t)which >= world->num_import_funcs || world->import_funcs[which].async_impl == NULL)
    return PyErr_Format(PyExc_IndexError, "the world has no imported async function %zd", which);
  return PyCFunction_New(&import_definition, index);
}

/* ---- exports ---- */

static PyObject *start, *resume;

static uint32_t next_step(PyObject *code, size_t which) {
  unsigned long value = code == NULL ? 0 : PyLong_AsUnsignedLong(code);
  if (PyErr_Occurred()) die_in("%s raised an exception that its type in the world has no place for", which);
  Py_DECREF(code);
  flush_streams();
  return (uint32_t)value;
}

EXPORTED uint32_t wit_dylib_export_async_call(void *cx, size_t which);
uint32_t wit_dylib_export_async_call(void *cx, size_t which) {
  struct call *call = cx;
  if (bindings.exports == NULL || start == NULL) die_in("%s was called before the program was ready", which);
  PyObject *arguments = PyTuple_New((Py_ssize_t)call->count);
  if (arguments == NULL) die(NULL);
  for (Py_ssize_t i = (Py_ssize_t)call->count; i-- > 0;) PyTuple_SET_ITEM(arguments, i, pop(call));
  PyObject *function = PyTuple_GET_ITEM(bindings.exports, (Py_ssize_t)which);
  PyObject *code = PyObject_CallFunction(start, "nkOO", (Py_ssize_t)which, (unsigned long)(uintptr_t)call, function, arguments);
  Py_DECREF(arguments);
  return next_step(code, which);
}

EXPORTED uint32_t wit_dylib_export_async_callback(uint32_t event, uint32_t waitable, uint32_t code, size_t which);
uint32_t wit_dylib_export_async_callback(uint32_t event, uint32_t waitable, uint32_t code, size_t which) {
  PyObject *next = PyObject_CallFunction(resume, "kkkk", (unsigned long)host_context_get(), (unsigned long)event,
                                         (unsigned long)waitable, (unsigned long)code);
  return next_step(next, which);
}

/* task_return(which, call, value, is_err): the export's result. An exception is set where it is not of its type. */
static PyObject *task_return(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self, (void)count;
  size_t which = PyLong_AsSize_t(given[0]);
  struct call *call = (struct call *)(uintptr_t)PyLong_AsUnsignedLong(given[1]);
  PyObject *value = given[2];
  const wit_export_func_t *function = &world->export_funcs[which];
  wit_type_t type = without_alias(function->result);
  call->is_err = given[3] == Py_True;
  if (call->result != SIZE_MAX) {
    const wit_result_t *both = &world->results[call->result];
    type = without_alias(call->is_err ? both->err : both->ok);
  }
  if (is_empty(type) && !call->is_err) value = Py_None;
  if (!is_empty(type) && !check_value(type, value, call->is_err ? "the value of Err" : "the result")) return NULL;
  end_borrows(call);
  if (!is_empty(function->result)) push(call, Py_NewRef(value));
  function->task_return(call);
  call_free(call);
  Py_RETURN_NONE;
}

/* task_has_error(call): whether the export's result has an error. */
static PyObject *task_has_error(PyObject *self, PyObject *call) {
  (void)self;
  return PyBool_FromLong(((struct call *)(uintptr_t)PyLong_AsUnsignedLong(call))->result != SIZE_MAX);
}

/* task_cancel(call): the export has no result, since its caller cancelled it. */
static PyObject *task_cancel(PyObject *self, PyObject *number) {
  (void)self;
  struct call *call = (struct call *)(uintptr_t)PyLong_AsUnsignedLong(number);
  call_free(call);
  host_task_cancel();
  Py_RETURN_NONE;
}

/* fail(which): ends the program with the exception that is being handled, or its traceback already printed. */
static PyObject *fail(PyObject *self, PyObject *which) {
  (void)self;
  die_in("%s raised an exception that its type in the world has no place for", PyLong_AsSize_t(which));
}

static PyObject *context_set(PyObject *self, PyObject *value) {
  (void)self;
  host_context_set((uint32_t)PyLong_AsUnsignedLong(value));
  Py_RETURN_NONE;
}

/* ---- waiting ---- */

static PyObject *set_new(PyObject *self, PyObject *ignored) {
  (void)self, (void)ignored;
  return PyLong_FromUnsignedLong(host_waitable_set_new());
}

static PyObject *set_drop(PyObject *self, PyObject *set) {
  (void)self;
  host_waitable_set_drop((uint32_t)PyLong_AsUnsignedLong(set));
  Py_RETURN_NONE;
}

/* set_poll(set): an event that is there already, as (kind, waitable, code); its kind is 0 where there is none. */
static PyObject *set_poll(PyObject *self, PyObject *set) {
  (void)self;
  uint32_t payload[2] = {0, 0};
  uint32_t event = host_waitable_set_poll((uint32_t)PyLong_AsUnsignedLong(set), payload);
  return Py_BuildValue("kkk", (unsigned long)event, (unsigned long)payload[0], (unsigned long)payload[1]);
}

static PyObject *join(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self, (void)count;
  host_waitable_join((uint32_t)PyLong_AsUnsignedLong(given[0]), (uint32_t)PyLong_AsUnsignedLong(given[1]));
  Py_RETURN_NONE;
}

/* wake(set): lets the task that waits on the set go on. A stream whose writer is gone is an event for its reader; that
 * is returned, for `forget` when the event has come. */
static PyObject *wake(PyObject *self, PyObject *set) {
  (void)self;
  uint64_t both = host_stream_new();
  uint32_t reader = (uint32_t)both;
  host_stream_read(reader, NULL, 1);
  host_waitable_join(reader, (uint32_t)PyLong_AsUnsignedLong(set));
  host_stream_drop_writable((uint32_t)(both >> 32));
  return PyLong_FromUnsignedLong(reader);
}

static PyObject *forget(PyObject *self, PyObject *waitable) {
  (void)self;
  uint32_t reader = (uint32_t)PyLong_AsUnsignedLong(waitable);
  waitable_leave(reader);
  host_stream_drop_readable(reader);
  Py_RETURN_NONE;
}

/* ---- the module ---- */

/* bind_loop(start, resume): what runs the calls of async exports. */
static PyObject *bind_loop(PyObject *self, PyObject *const *given, Py_ssize_t count) {
  (void)self;
  if (count != 2) return PyErr_Format(PyExc_TypeError, "bind_loop takes 2 arguments");
  Py_XSETREF(start, Py_NewRef(given[0]));
  Py_XSETREF(resume, Py_NewRef(given[1]));
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
  {"AsyncImport", make_import, METH_O, NULL},
  {"bind_loop", (PyCFunction)(void (*)(void))bind_loop, METH_FASTCALL, NULL},
  {"task_return", (PyCFunction)(void (*)(void))task_return, METH_FASTCALL, NULL},
  {"task_has_error", task_has_error, METH_O, NULL},
  {"task_cancel", task_cancel, METH_O, NULL},
  {"fail", fail, METH_O, NULL},
  {"context_set", context_set, METH_O, NULL},
  {"set_new", set_new, METH_NOARGS, NULL},
  {"set_drop", set_drop, METH_O, NULL},
  {"set_poll", set_poll, METH_O, NULL},
  {"join", (PyCFunction)(void (*)(void))join, METH_FASTCALL, NULL},
  {"wake", wake, METH_O, NULL},
  {"forget", forget, METH_O, NULL},
  {NULL, NULL, 0, NULL},
};

int add_async(PyObject *module) {
  operation_type = (PyTypeObject *)PyType_FromSpec(&operation_spec);
  return operation_type == NULL ? -1 : PyModule_AddFunctions(module, methods);
}
