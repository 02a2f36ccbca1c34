/* The builtin module `_pywasm_signals`: signals that the program sends to itself, for overlay/_pywasm_signal.py.
 *
 * wasi-libc's raise() runs handlers, but knows no masks, and ends the process with a trap. Here a blocked signal waits,
 * and an end by a signal is the exit code that a shell would show. An artifact without the module keeps libc's. */
#include <Python.h>

#include "timer.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>
#include <wasi/api.h>

/* What raise() does besides; NULL until the module is there. */
static int (*hook)(int);

int __real_raise(int);
int __wrap_raise(int number) { return hook == NULL ? __real_raise(number) : hook(number); }

static uint64_t blocked, pending;

static uint64_t bit(int number) { return (uint64_t)1 << (number - 1); }

static bool can_wait(int number) { return number != SIGKILL && number != SIGSTOP; }

static bool is_default(int number) {
  if (!can_wait(number) || number >= 32) return true;
  void (*handler)(int) = signal(number, SIG_IGN);
  if (handler == SIG_ERR) return true;
  (void)signal(number, handler);
  return handler == SIG_DFL;
}

static int send(int number) {
  if ((blocked & bit(number)) != 0 && can_wait(number)) {
    pending |= bit(number);
    return 0;
  }
  if (!is_default(number)) return __real_raise(number);
  switch (number) {
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
      return 0;
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
      errno = ENOSYS; /* Nobody could let it go on. */
      return -1;
    default:
      __wasi_proc_exit(128 + (__wasi_exitcode_t)number);
  }
}

/* ---- the timer: nothing interrupts a program, so it looks at the clock itself, between its instructions and while it
 * waits (poll.c) ---- */

static unsigned long fired;
static __wasi_timestamp_t due, interval; /* due: 0 where no timer is set */

static __wasi_timestamp_t now(void) {
  __wasi_timestamp_t time = 0;
  (void)__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time);
  return time;
}

static __wasi_timestamp_t left(void) {
  if (due == 0) return UINT64_MAX;
  __wasi_timestamp_t time = now();
  return due > time ? due - time : 0;
}

static bool fire(void) {
  if (left() > 0) return false;
  due = interval > 0 ? now() + interval : 0;
  fired++;
  (void)send(SIGALRM);
  return true;
}

static const struct pywasm_timer timer = {left, fire};
const struct pywasm_timer *pywasm_timer = NULL;

/* Runs between the program's instructions as long as a timer is set; every hundredth time it reads the clock. */
static int watch(void *none) {
  static int count;
  (void)none;
  if (due != 0 && ++count % 100 == 0) (void)fire();
  if (due != 0) (void)Py_AddPendingCall(watch, NULL);
  return 0;
}

/* set_timer(nanoseconds, interval): what was left of the one before, and its interval. */
static PyObject *set_timer(PyObject *self, PyObject *arguments) {
  (void)self;
  unsigned long long first, again;
  if (!PyArg_ParseTuple(arguments, "KK:setitimer", &first, &again)) return NULL;
  PyObject *old = Py_BuildValue("(KK)", due == 0 ? 0 : left(), interval);
  bool is_watched = due != 0;
  due = first > 0 ? now() + first : 0;
  interval = again;
  pywasm_timer = &timer;
  if (due != 0 && !is_watched) (void)Py_AddPendingCall(watch, NULL);
  return old;
}

static PyObject *get_timer(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return Py_BuildValue("(KK)", due == 0 ? 0 : left(), interval);
}

/* How often the timer has sent its signal. */
static PyObject *count(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return PyLong_FromUnsignedLong(fired);
}

static PyObject *kill_process(PyObject *self, PyObject *arguments) {
  (void)self;
  int process, number, own = (int)getpid();
  if (!PyArg_ParseTuple(arguments, "ii:kill", &process, &number)) return NULL;
  if (PySys_Audit("os.kill", "ii", process, number) < 0) return NULL;
  errno = 0;
  if (process != 0 && process != own && process != -own) errno = ESRCH;
  else if (number < 0 || number > 64) errno = EINVAL;
  else if (number > 0) (void)send(number);
  if (errno != 0) return PyErr_SetFromErrno(PyExc_OSError);
  if (PyErr_CheckSignals() < 0) return NULL;
  Py_RETURN_NONE;
}

static PyObject *block(PyObject *self, PyObject *mask) {
  (void)self;
  uint64_t new = PyLong_AsUnsignedLongLong(mask);
  if (PyErr_Occurred()) return NULL;
  blocked = new & ~bit(SIGKILL) & ~bit(SIGSTOP);
  for (int number = 1; number <= 64; number++) {
    if ((pending & ~blocked & bit(number)) == 0) continue;
    pending &= ~bit(number);
    if (send(number) != 0) return PyErr_SetFromErrno(PyExc_OSError);
  }
  if (PyErr_CheckSignals() < 0) return NULL;
  Py_RETURN_NONE;
}

static PyObject *list_blocked(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return PyLong_FromUnsignedLongLong(blocked);
}

static PyObject *list_pending(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return PyLong_FromUnsignedLongLong(pending);
}

/* A pending signal is taken, and runs nothing. */
static PyObject *take(PyObject *self, PyObject *number) {
  (void)self;
  int taken = PyLong_AsInt(number);
  if (taken == -1 && PyErr_Occurred()) return NULL;
  pending &= ~bit(taken);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"kill", kill_process, METH_VARARGS, "kill($module, pid, signal, /)\n--\n\n"},
                                {"block", block, METH_O, NULL},
                                {"blocked", list_blocked, METH_NOARGS, NULL},
                                {"pending", list_pending, METH_NOARGS, NULL},
                                {"take", take, METH_O, NULL},
                                {"count", count, METH_NOARGS, NULL},
                                {"set_timer", set_timer, METH_VARARGS, NULL},
                                {"get_timer", get_timer, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};

static int start(PyObject *self) {
  (void)self;
  hook = send;
  return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, start},
                                   {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
                                   {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_pywasm_signals", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit__pywasm_signals(void) { return PyModuleDef_Init(&module); }
