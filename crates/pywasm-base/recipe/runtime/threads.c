//! Threads where there is one: what runs at once in place of a thread, and what waits for another one.
//!
//! In: locks that nobody else can release; functions that are to run as if in a thread of their own. Out: a wait with a timeout
//! ends after its time, a wait without one is an error; a function runs at once, in a thread state with its own identity,
//! `threading.local`, context and exceptions. The module _pywasm_threads gives this to Python:
//!   new() -> worker                  a thread state that lives on
//!   ident(worker) -> int             its threading.get_ident()
//!   run(worker, function) -> result  calls the function in it
//! From the import of _pywasm_eager on, a started thread runs to its end within start().
#include <Python.h>

#include "internal/pycore_lock.h"
#include "internal/pycore_parking_lot.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_pythread.h"
#include "internal/pycore_time.h"

#include <errno.h>
#include <time.h>

static const char deadlock[] =
    "deadlock: this waits for another thread, and none runs that could end the wait (WASI has no threads)";

static void sleep_for(PyTime_t nanoseconds) {
    struct timespec rest = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    while (nanosleep(&rest, &rest) && errno == EINTR) {}
}

PyLockStatus __wrap_PyThread_acquire_lock_timed_with_retries(PyThread_type_lock lock, PY_TIMEOUT_T nanoseconds) {
    PyLockStatus status = PyThread_acquire_lock_timed(lock, 0, 0);
    if (status != PY_LOCK_FAILURE || nanoseconds == 0) return status;
    if (nanoseconds > 0) {
        sleep_for(nanoseconds);
        return PY_LOCK_FAILURE;
    }
    PyErr_SetString(PyExc_RuntimeError, deadlock);
    return PY_LOCK_INTR;
}

// queue.SimpleQueue parks its thread and, when that was interrupted, asks whether a signal handler raised.
static int parked_for_ever;

int __real__PyParkingLot_Park(const void *, const void *, size_t, PyTime_t, void *, int);
int __wrap__PyParkingLot_Park(
    const void *address, const void *expected, size_t size, PyTime_t nanoseconds, void *argument, int detach) {
    if (nanoseconds >= 0) {
        sleep_for(nanoseconds);
        return Py_PARK_TIMEOUT;
    }
    if (!detach) return __real__PyParkingLot_Park(address, expected, size, nanoseconds, argument, detach);
    parked_for_ever = 1;
    return Py_PARK_INTR;
}

int __real_Py_MakePendingCalls(void);
int __wrap_Py_MakePendingCalls(void) {
    if (!parked_for_ever) return __real_Py_MakePendingCalls();
    parked_for_ever = 0;
    PyErr_SetString(PyExc_RuntimeError, deadlock);
    return -1;
}

// --- Identities -----------------------------------------------------------------------------------

/// What pthread_self() answers; edits.json has the reader.
unsigned long pywasm_thread = 1;
static unsigned long last_thread = 1;

// --- A thread that is started ---------------------------------------------------------------------

typedef struct {
    void (*function)(void *);
    void *argument;
    unsigned long ident;
} Started;

static Started started;
static int (*prepare_start)(Started *);
static void (*run_started)(Started *);

int __real_PyThread_start_joinable_thread(void (*)(void *), void *, PyThread_ident_t *, PyThread_handle_t *);
int __wrap_PyThread_start_joinable_thread(
    void (*function)(void *), void *argument, PyThread_ident_t *ident, PyThread_handle_t *handle) {
    if (!prepare_start) return __real_PyThread_start_joinable_thread(function, argument, ident, handle);
    started = (Started){function, argument, 0};
    int failed = prepare_start(&started);
    *ident = started.ident;
    *handle = 0;
    return failed;
}

// The last that _thread does for a thread that it started: it tells it to go.
void __real__PyEvent_Notify(PyEvent *);
void __wrap__PyEvent_Notify(PyEvent *event) {
    __real__PyEvent_Notify(event);
    if (!started.function) return;
    Started now = started;
    started.function = NULL;
    run_started(&now);
}

static int take_ident(Started *thread) {
    thread->ident = ++last_thread;
    return 0;
}

/// A thread's C code runs on the stack of who started it, so it may recurse no deeper than what is left there.
static void share_stack(PyThreadState *of, PyThreadState *with) { with->c_recursion_remaining = of->c_recursion_remaining; }

static void run_at_once(Started *thread) {
    PyThreadState *caller = PyThreadState_Get(), *state = caller->interp->threads.head;
    if (state != caller) share_stack(caller, state);
    unsigned long before = pywasm_thread;
    PyEval_SaveThread();
    pywasm_thread = thread->ident;
    thread->function(thread->argument);
    pywasm_thread = before;
    PyEval_RestoreThread(caller);
}

// --- The module -----------------------------------------------------------------------------------

typedef struct {
    PyThreadState *state;
    unsigned long ident;
} Worker;

static const char worker_name[] = "_pywasm_threads.worker";

static void end_worker(PyObject *capsule) {
    Worker *worker = PyCapsule_GetPointer(capsule, worker_name);
    // The end of the interpreter takes its thread states by itself.
    if (!Py_IsFinalizing() && worker->state != PyThreadState_Get()) {
        PyThreadState_Clear(worker->state);
        PyThreadState_Delete(worker->state);
    }
    PyMem_Free(worker);
}

static PyObject *new_worker(PyObject *module, PyObject *none) {
    (void)module, (void)none;
    Worker *worker = PyMem_Malloc(sizeof *worker);
    if (!worker) return PyErr_NoMemory();
    unsigned long before = pywasm_thread;
    worker->ident = pywasm_thread = ++last_thread;
    worker->state = PyThreadState_New(PyInterpreterState_Get());
    pywasm_thread = before;
    if (!worker->state) {
        PyMem_Free(worker);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(worker, worker_name, end_worker);
    if (!capsule) PyMem_Free(worker);
    return capsule;
}

static PyObject *ident_of(PyObject *module, PyObject *capsule) {
    (void)module;
    Worker *worker = PyCapsule_GetPointer(capsule, worker_name);
    return worker ? PyLong_FromUnsignedLong(worker->ident) : NULL;
}

static PyObject *run(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    (void)module;
    Worker *worker = count == 2 ? PyCapsule_GetPointer(arguments[0], worker_name) : NULL;
    if (!worker) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "run() takes a worker and a function");
        return NULL;
    }
    PyObject *capsule = Py_NewRef(arguments[0]), *function = Py_NewRef(arguments[1]);
    PyThreadState *caller = PyThreadState_Get();
    unsigned long before = pywasm_thread;
    share_stack(caller, worker->state);
    pywasm_thread = worker->ident;
    PyThreadState_Swap(worker->state);
    PyObject *result = PyObject_CallNoArgs(function), *error = result ? NULL : PyErr_GetRaisedException();
    PyThreadState_Swap(caller);
    pywasm_thread = before;
    if (error) PyErr_SetRaisedException(error);
    Py_DECREF(function);
    Py_DECREF(capsule);
    return result;
}

static PyMethodDef methods[] = {
    {"new", new_worker, METH_NOARGS, NULL},
    {"ident", ident_of, METH_O, NULL},
    {"run", (PyCFunction)(void (*)(void))run, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "_pywasm_threads", .m_methods = methods};

PyMODINIT_FUNC PyInit__pywasm_threads(void) { return PyModule_Create(&definition); }

static struct PyModuleDef eager = {PyModuleDef_HEAD_INIT, .m_name = "_pywasm_eager"};

PyMODINIT_FUNC PyInit__pywasm_eager(void) {
    prepare_start = take_ident;
    run_started = run_at_once;
    return PyModule_Create(&eager);
}
