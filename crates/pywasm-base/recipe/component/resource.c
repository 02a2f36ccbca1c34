/* Handles of resources, and the objects that own them.
 *
 * In:  handles that the other side gave.
 * Out: objects of classes that the generated bindings derive from `Resource`. An object drops its handle when it ends, on
 *      leaving `with`, or never, if the handle was borrowed or has been given away. */
#include "component.h"

PyTypeObject *resource_type;

PyObject *resource_new(size_t type, uint32_t handle, bool is_borrowed) {
  PyTypeObject *class = (PyTypeObject *)PyTuple_GET_ITEM(bindings.resources, (Py_ssize_t)type);
  PyObject *object = class->tp_alloc(class, 0);
  if (object == NULL) return NULL;
  struct resource *resource = (struct resource *)object;
  resource->type = (uint32_t)type;
  resource->handle = handle;
  resource->is_there = true;
  resource->is_borrowed = is_borrowed;
  return object;
}

int64_t resource_handle(size_t type, PyObject *object) {
  PyObject *class = PyTuple_GET_ITEM(bindings.resources, (Py_ssize_t)type);
  if (!PyObject_TypeCheck(object, (PyTypeObject *)class)) {
    PyErr_Format(PyExc_TypeError, "it is %s, and not %s", Py_TYPE(object)->tp_name, ((PyTypeObject *)class)->tp_name);
    return -1;
  }
  struct resource *resource = (struct resource *)object;
  if (!resource->is_there) {
    PyErr_Format(PyExc_ValueError, "this %s was dropped, given away, or borrowed for a call that has ended", Py_TYPE(object)->tp_name);
    return -1;
  }
  return resource->handle;
}

bool resource_drop(struct resource *resource) {
  if (!resource->is_there || resource->is_borrowed) return false;
  resource->is_there = false;
  world->resources[resource->type].drop(resource->handle);
  return true;
}

static void resource_dealloc(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  resource_drop((struct resource *)object);
  type->tp_free(object);
  Py_DECREF(type);
}

static int resource_traverse(PyObject *object, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(object));
  return 0;
}

/* What a constructor returned becomes this object's handle. */
static PyObject *resource_become(PyObject *self, PyObject *other) {
  struct resource *to = (struct resource *)self, *from = (struct resource *)other;
  if (!PyObject_TypeCheck(other, resource_type)) return PyErr_Format(PyExc_TypeError, "not a resource");
  resource_drop(to);
  to->type = from->type;
  to->handle = from->handle;
  to->is_there = from->is_there;
  from->is_there = false;
  Py_RETURN_NONE;
}

static PyObject *resource_enter(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return Py_NewRef(self);
}

static PyObject *resource_exit(PyObject *self, PyObject *const *ignored, Py_ssize_t count) {
  (void)ignored, (void)count;
  resource_drop((struct resource *)self);
  Py_RETURN_NONE;
}

static PyMethodDef resource_methods[] = {
  {"_become", resource_become, METH_O, NULL},
  {"__enter__", resource_enter, METH_NOARGS, NULL},
  {"__exit__", (PyCFunction)(void (*)(void))resource_exit, METH_FASTCALL, NULL},
  {NULL, NULL, 0, NULL},
};

static PyType_Slot resource_slots[] = {
  {Py_tp_dealloc, resource_dealloc},
  {Py_tp_traverse, resource_traverse},
  {Py_tp_methods, resource_methods},
  {0, NULL},
};

static PyType_Spec resource_spec = {
  .name = "_pywasm_wit.Resource",
  .basicsize = sizeof(struct resource),
  .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
  .slots = resource_slots,
};

int add_resource_type(PyObject *module) {
  resource_type = (PyTypeObject *)PyType_FromSpec(&resource_spec);
  return resource_type == NULL ? -1 : PyModule_AddObjectRef(module, "Resource", (PyObject *)resource_type);
}

/* The other side has dropped its handle of an object of ours. */
EXPORTED void wit_dylib_resource_dtor(size_t type, size_t object) {
  (void)type;
  Py_DECREF((PyObject *)object);
  flush_streams();
}
