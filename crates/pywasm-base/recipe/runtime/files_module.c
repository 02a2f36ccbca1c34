/* The builtin module `_pywasm_files`: what `os` and `socket` do with descriptors and permissions that libc has no call for.
 *
 * In:  descriptors and paths, as overlay/_pywasm_os.py and _pywasm_socket.py hand them on.
 * Out: the same as the functions of that name on Linux; errors as OSError. */
#include "errors.h"
#include "memory.h"

#include <Python.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wasi/libc-find-relpath.h>

/* `error`: in WASI's numbers, as all that memory.h answers with. */
static PyObject *fail(int error, PyObject *name) {
  errno = pywasm_linux_error(error);
  return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, name);
}

static PyObject *number_or_error(int error, int number) {
  return error != 0 ? fail(error, NULL) : PyLong_FromLong(number);
}

static PyObject *duplicate(PyObject *self, PyObject *argument) {
  (void)self;
  __wasi_fd_t copy = -1;
  int fd = PyLong_AsInt(argument);
  if (fd == -1 && PyErr_Occurred()) return NULL;
  int error = memory_duplicate(fd, &copy);
  return number_or_error(error, copy);
}

static PyObject *duplicate_to(PyObject *self, PyObject *arguments) {
  (void)self;
  int fd, to;
  if (!PyArg_ParseTuple(arguments, "ii:dup2", &fd, &to)) return NULL;
  return number_or_error(memory_duplicate_to(fd, to), to);
}

static PyObject *pair_or_error(int error, const __wasi_fd_t ends[2]) {
  return error != 0 ? fail(error, NULL) : Py_BuildValue("(ii)", ends[0], ends[1]);
}

static PyObject *make_pipe(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  __wasi_fd_t ends[2];
  int error = memory_pipe(ends, 0);
  return pair_or_error(error, ends);
}

static PyObject *make_sockets(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  __wasi_fd_t ends[2];
  int error = memory_socketpair(ends);
  return pair_or_error(error, ends);
}

static PyObject *make_socket(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  __wasi_fd_t fd = -1;
  int error = memory_socket(&fd);
  return number_or_error(error, fd);
}

/* connect(fd, line): the other end. */
static PyObject *connect_socket(PyObject *self, PyObject *arguments) {
  (void)self;
  int fd, line;
  if (!PyArg_ParseTuple(arguments, "ii:connect", &fd, &line)) return NULL;
  __wasi_fd_t other = -1;
  int error = memory_connect(fd, (enum line)line, &other);
  return number_or_error(error, other);
}

/* What a path or a descriptor leads to. */
static int find(PyObject *path, int folder, bool last, struct target *target) {
  if (PyLong_Check(path)) {
    int fd = PyLong_AsInt(path);
    if (fd == -1 && PyErr_Occurred()) return -1;
    *target = (struct target){.at_host = true};
    struct memory_node *node = memory_node_of(fd);
    if (node != NULL) *target = (struct target){.in_memory = true, .memory = {.node = node}};
    else if (descriptor_of(fd) != NULL) *target = (struct target){.place = {.walk = WALK_FOUND}};
    return 0;
  }
  PyObject *bytes = NULL;
  if (!PyUnicode_FSConverter(path, &bytes)) return -1;
  const char *prefix, *text = PyBytes_AS_STRING(bytes);
  static char *rest;
  static size_t size;
  if (folder >= 0 && *text != '/') {
    /* What stays in a place points into the path. */
    free(rest);
    rest = strdup(text);
    size = 0;
    Py_DECREF(bytes);
    if (rest == NULL) {
      PyErr_NoMemory();
      return -1;
    }
    size = strlen(rest) + 1;
    *target = locate(folder, rest, last);
    return 0;
  }
  int fd = __wasilibc_find_relpath_alloc(PyBytes_AS_STRING(bytes), &prefix, &rest, &size, 1);
  Py_DECREF(bytes);
  if (fd < 0) {
    PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
    return -1;
  }
  *target = locate(fd, rest, last);
  return 0;
}

static int why_not(const struct target *target) {
  if (target->in_memory) {
    if (target->memory.error != 0) return target->memory.error;
    return target->memory.node == NULL ? __WASI_ERRNO_NOENT : target->memory.node->writable ? 0 : __WASI_ERRNO_ROFS;
  }
  if (target->place.walk == WALK_FOUND) return __WASI_ERRNO_ROFS;
  return target->place.walk == WALK_MISSING ? __WASI_ERRNO_NOENT : target->place.error;
}

/* The file in memory whose owner or permissions are to change: its node, NULL with an exception, or NULL without one where
 * the host has the file, for which WASI has no call. */
static struct memory_node *to_change(PyObject *path, int folder, int follow) {
  struct target target;
  if (find(path, folder, follow != 0, &target) < 0 || target.at_host) return NULL;
  int error = why_not(&target);
  if (error != 0) {
    fail(error, PyLong_Check(path) ? NULL : path);
    return NULL;
  }
  target.memory.node->changed = memory_now();
  return target.memory.node;
}

/* set_mode(path, mode, follow, folder): False where the host has the file. */
static PyObject *set_mode(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *path;
  int mode, follow, folder;
  if (!PyArg_ParseTuple(arguments, "Oipi:chmod", &path, &mode, &follow, &folder)) return NULL;
  struct memory_node *node = to_change(path, folder, follow);
  if (node == NULL) return PyErr_Occurred() ? NULL : Py_NewRef(Py_False);
  node->access.mode = (uint16_t)(mode & 07777);
  Py_RETURN_TRUE;
}

/* set_owner(path, user, group, follow, folder): False where the host has the file. -1: as it is. */
static PyObject *set_owner(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *path;
  long long user, group;
  int follow, folder;
  if (!PyArg_ParseTuple(arguments, "OLLpi:chown", &path, &user, &group, &follow, &folder)) return NULL;
  struct memory_node *node = to_change(path, folder, follow);
  if (node == NULL) return PyErr_Occurred() ? NULL : Py_NewRef(Py_False);
  if ((uint32_t)user != UINT32_MAX) node->access.user = (uint32_t)user;
  if ((uint32_t)group != UINT32_MAX) node->access.group = (uint32_t)group;
  Py_RETURN_TRUE;
}

/* space(path): how many bytes the files in memory take and may take; None where the host has the path, 0 in the image. */
static PyObject *space(PyObject *self, PyObject *path) {
  (void)self;
  struct target target;
  if (find(path, -1, true, &target) < 0) return NULL;
  if (target.at_host) Py_RETURN_NONE;
  int error = why_not(&target);
  if (error == __WASI_ERRNO_ROFS) return Py_BuildValue("(ii)", 0, 0);
  if (error != 0) return fail(error, path);
  uint64_t used, limit;
  memory_usage(&used, &limit);
  return Py_BuildValue("(KK)", used, limit);
}

/* mark_socket(fd): the file in memory is the path of a socket. */
static PyObject *mark_socket(PyObject *self, PyObject *argument) {
  (void)self;
  int fd = PyLong_AsInt(argument);
  if (fd == -1 && PyErr_Occurred()) return NULL;
  struct memory_node *node = memory_node_of(fd);
  if (node != NULL) node->kind = __WASI_FILETYPE_SOCKET_STREAM;
  Py_RETURN_NONE;
}

static PyObject *set_umask(PyObject *self, PyObject *argument) {
  (void)self;
  int mask = PyLong_AsInt(argument);
  if (mask == -1 && PyErr_Occurred()) return NULL;
  return PyLong_FromLong(memory_umask(mask));
}

/* Keeps an object until the process ends, whatever happens to modules. */
static PyObject *hold(PyObject *self, PyObject *object) {
  (void)self;
  static PyObject *held;
  if (held == NULL) held = PyList_New(0);
  if (held == NULL || PyList_Append(held, object) < 0) return NULL;
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"dup", duplicate, METH_O, NULL},
                                {"dup2", duplicate_to, METH_VARARGS, NULL},
                                {"pipe", make_pipe, METH_NOARGS, NULL},
                                {"socketpair", make_sockets, METH_NOARGS, NULL},
                                {"socket", make_socket, METH_NOARGS, NULL},
                                {"connect", connect_socket, METH_VARARGS, NULL},
                                {"set_mode", set_mode, METH_VARARGS, NULL},
                                {"set_owner", set_owner, METH_VARARGS, NULL},
                                {"space", space, METH_O, NULL},
                                {"mark_socket", mark_socket, METH_O, NULL},
                                {"umask", set_umask, METH_O, NULL},
                                {"hold", hold, METH_O, NULL},
                                {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {{Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_pywasm_files", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit__pywasm_files(void) { return PyModuleDef_Init(&module); }
