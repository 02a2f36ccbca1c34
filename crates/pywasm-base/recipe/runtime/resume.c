/* The start of an artifact after its snapshot.
 *
 * In:  the memory that `pywasm_settle` left, and the process's arguments, environment, streams and folders.
 * Out: as main.c: the app has run as `python` would have run it.
 *
 * The interpreter stands ready. Renewed is what belongs to the process: folders, streams, environment, arguments,
 * the state of `random` and its like. All else is as the imports left it, the seed of str hashes too. */
#include "clock.h"
#include "files.h"
#include "finalize.h"
#include "freeze.h"
#include "main.h"
#include "mount.h"
#include "resume.h"
#include "timezone.h"

#include <Python.h>
#include "pycore_gc.h"
#include "pycore_import.h"
#include "pycore_moduleobject.h"
#include "pycore_pylifecycle.h"
#include "pycore_pystate.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wasi/libc-environ.h>
#include <wasi/libc.h>

extern void __wasm_call_dtors(void);
extern void __wasilibc_reset_preopens(void);

/* From the Python half, see _pywasm_snapshot.py. */
static PyObject *environment;  /* posix.environ, a dict of bytes, or None */
static PyObject *removed;      /* a tuple: variables that the program has taken out of it */
static PyObject *renew_stream; /* called with 0, 1 or 2 */
static PyObject *renewals;     /* a tuple of callables */

/* What the snapshot assumes of the process, each with its zero: NAME for a variable that is not in its environment, *END
 * for all that end like this, and NAME=VALUE for one that is there; paths, seen from `/`, that no folder of the host has.
 * And bits of the standard streams that are no terminals. */
static PyObject *assumed, *missing;
static unsigned long no_terminals;

/* What has to be written over the memory where an assumption does not hold: the build fills this in. See restore. */
struct {
  uint32_t address, length;
} pywasm_fallback = {0, 0};

int pywasm_prepare_resume(PyObject *own) {
  PyObject *main, *library, *packages, *exits, *thread_exits, *half;
  if (!PyArg_ParseTuple(own, "OOOOO!O!OOOSSkO!O!O!", &environment, &removed, &renew_stream, &renewals, &PySet_Type, &library,
                        &PySet_Type, &packages, &exits, &thread_exits, &main, &assumed, &missing, &no_terminals, &PyList_Type,
                        &pywasm_arguments, &PyList_Type, &pywasm_original_arguments, &PyTuple_Type, &half))
    return -1;
  PyObject *kept[] = {environment, removed, renew_stream, renewals, assumed, missing, pywasm_arguments,
                      pywasm_original_arguments};
  for (size_t i = 0; i < Py_ARRAY_LENGTH(kept); i++) Py_INCREF(kept[i]);
  if (pywasm_prepare_end(library, packages, half, exits, thread_exits) < 0) return -1;
  pywasm_set_main(main);
  return 0;
}

/* ---- assumptions ---- */

/* Whether a name is the one, or ends like the one after its `*`, be it in small letters or capitals. */
static bool is_meant(const char *name, size_t length, const char *meant, size_t meant_length) {
  if (*meant != '*') return length == meant_length && memcmp(name, meant, length) == 0;
  return length >= --meant_length && strncasecmp(name + length - meant_length, meant + 1, meant_length) == 0;
}

/* Whether the variables of the process are as this one is assumed. */
static bool holds(const char *variable, uint8_t **variables, __wasi_size_t count) {
  size_t length = strcspn(variable, "=");
  for (__wasi_size_t i = 0; i < count; i++) {
    const char *other = (const char *)variables[i];
    size_t own = strcspn(other, "=");
    if (is_meant(other, own, variable, length))
      return variable[length] == '=' && strcmp(other + own, variable + length) == 0;
  }
  return variable[length] != '=';
}

/* Whether the environment is as assumed. Nothing in memory may change before `restore`, so the environment is read
 * into memory that nobody has yet. */
static bool environment_holds(void) {
  if (assumed == NULL || PyBytes_GET_SIZE(assumed) == 0) return true;
  __wasi_size_t count, bytes;
  if (__wasi_environ_sizes_get(&count, &bytes) != 0) return false;
  uint8_t **variables = NULL;
  if (count > 0) {
    size_t needed = (size_t)count * sizeof(uint8_t *) + bytes, pages = (needed + 65535) >> 16;
    size_t page = __builtin_wasm_memory_grow(0, pages);
    if (page == (size_t)-1) return false;
    variables = (uint8_t **)(page << 16);
    if (__wasi_environ_get(variables, (uint8_t *)(variables + count)) != 0) return false;
  }
  const char *at = PyBytes_AS_STRING(assumed), *end = at + PyBytes_GET_SIZE(assumed);
  for (; at < end; at += strlen(at) + 1)
    if (!holds(at, variables, count)) return false;
  return true;
}

/* As libc reads the name of a preopened folder. */
static const char *strip(const char *path) {
  while (true) {
    if (path[0] == '/') path++;
    else if (path[0] == '.' && path[1] == '/') path += 2;
    else if (path[0] == '.' && path[1] == '\0') path++;
    else return path;
  }
}

/* Whether a path lies in the folder, or is it. */
static bool covers(const char *folder, size_t length, const char *path) {
  return strncmp(folder, path, length) == 0 && (length == 0 || path[length] == '/' || path[length] == '\0');
}

__wasi_errno_t REAL(path_filestat_get)(__wasi_fd_t, __wasi_lookupflags_t, const char *, __wasi_filestat_t *);

/* Whether no preopened folder has the path. libc's own list of them is not there yet, and nothing in memory may change.
 * As there, the folder with the longest name counts, and of several the last. */
static bool is_missing(const char *path) {
  char name[1024];
  size_t longest = 0;
  __wasi_fd_t in = -1;
  __wasi_prestat_t folder;
  __wasi_errno_t error;
  for (__wasi_fd_t fd = 3; (error = __wasi_fd_prestat_get(fd, &folder)) == 0; fd++) {
    size_t length = folder.u.dir.pr_name_len;
    if (length >= sizeof name || __wasi_fd_prestat_dir_name(fd, (uint8_t *)name, length) != 0) return false;
    name[length] = '\0';
    const char *own = strip(name);
    length = strlen(own);
    while (length > 0 && own[length - 1] == '/') length--;
    if (*path != '\0' && covers(path, strlen(path), own)) return false;
    if (!covers(own, length, path) || length < longest) continue;
    in = fd;
    longest = length;
  }
  if (error != __WASI_ERRNO_BADF) return false;
  if (in < 0 || *path == '\0') return in < 0;
  __wasi_filestat_t found;
  return REAL(path_filestat_get)(in, 0, path + longest + strspn(path + longest, "/"), &found) == __WASI_ERRNO_NOENT;
}

static bool files_are_missing(void) {
  if (missing == NULL) return true;
  const char *at = PyBytes_AS_STRING(missing), *end = at + PyBytes_GET_SIZE(missing);
  for (; at < end; at += strlen(at) + 1)
    if (!is_missing(at)) return false;
  return true;
}

static bool is_terminal(__wasi_fd_t fd) {
  __wasi_fdstat_t state;
  return __wasi_fd_fdstat_get(fd, &state) == 0 && state.fs_filetype == __WASI_FILETYPE_CHARACTER_DEVICE &&
         (state.fs_rights_base & (__WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_FD_TELL)) == 0;
}

static bool assumptions_hold(void) {
  for (__wasi_fd_t fd = 0; fd < 3; fd++)
    if ((no_terminals >> fd & 1) != 0 && is_terminal(fd)) return false;
  return environment_holds() && files_are_missing();
}

/* Puts the memory back to what it was before the first assumption: for each place that has changed since then, its
 * address, its length and its bytes. */
static void restore(void) {
  const uint8_t *at = (const uint8_t *)(uintptr_t)pywasm_fallback.address, *end = at + pywasm_fallback.length;
  while (at < end) {
    uint32_t place[2];
    memcpy(place, at, sizeof place);
    memcpy((void *)(uintptr_t)place[0], at + sizeof place, place[1]);
    at += sizeof place + place[1];
  }
}

/* ---- what belongs to the process ---- */

static int call_with(PyObject *function, PyObject *argument) {
  PyObject *result = argument == NULL ? PyObject_CallNoArgs(function) : PyObject_CallOneArg(function, argument);
  Py_XDECREF(result);
  return result == NULL ? -1 : 0;
}

/* The snapshot's streams are neither terminals nor seekable. Where one is, it is set up anew. */
static int renew_streams(void) {
  for (int fd = 0; fd < 3; fd++) {
    __wasi_fdstat_t state;
    __wasi_filesize_t at;
    __wasi_errno_t error = __wasi_fd_fdstat_get((__wasi_fd_t)fd, &state);
    bool same = error == 0 && state.fs_filetype != __WASI_FILETYPE_CHARACTER_DEVICE &&
                __wasi_fd_seek((__wasi_fd_t)fd, 0, __WASI_WHENCE_CUR, &at) != 0;
    if (same) continue;
    PyObject *number = PyLong_FromLong(fd);
    int result = number == NULL ? -1 : call_with(renew_stream, number);
    Py_XDECREF(number);
    if (result < 0) return -1;
  }
  return 0;
}

/* What the program has put into os.environ in the rehearsal stays, what it has taken out is gone, and libc hears of
 * both. */
static int keep_own_variables(void) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(removed); i++) unsetenv(PyBytes_AS_STRING(PyTuple_GET_ITEM(removed, i)));
  PyObject *name, *value;
  for (Py_ssize_t at = 0; PyDict_Next(environment, &at, &name, &value);)
    if (setenv(PyBytes_AS_STRING(name), PyBytes_AS_STRING(value), 1) != 0) {
      PyErr_NoMemory();
      return -1;
    }
  return 0;
}

extern char **environ;

/* The process's variables come first, in their order, as they would if the program had started with them. */
static int renew_environment(void) {
  __wasilibc_maybe_reinitialize_environ_eagerly();
  if (environment == Py_None) return 0;
  if (keep_own_variables() < 0) return -1;
  PyObject *own = PyDict_GET_SIZE(environment) > 0 ? PyDict_Copy(environment) : NULL;
  if (own != NULL) PyDict_Clear(environment);
  int result = PyErr_Occurred() ? -1 : 0;
  for (char **variable = environ; result == 0 && variable != NULL && *variable != NULL; variable++) {
    const char *equals = strchr(*variable, '=');
    if (equals == NULL) continue;
    PyObject *name = PyBytes_FromStringAndSize(*variable, equals - *variable);
    PyObject *value = name == NULL ? NULL : PyBytes_FromString(equals + 1);
    /* libc puts the program's own variables at the end; those of the process keep their places. */
    result = value == NULL || PyDict_SetDefault(environment, name, value) == NULL ? -1 : 0;
    Py_XDECREF(name);
    Py_XDECREF(value);
  }
  if (result == 0 && own != NULL) result = PyDict_Update(environment, own);
  Py_XDECREF(own);
  return result;
}

static int run_renewals(void) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(renewals); i++)
    if (call_with(PyTuple_GET_ITEM(renewals, i), NULL) < 0) return -1;
  Py_CLEAR(renewals);
  return 0;
}

/* ---- the start ---- */

/* The process's arguments as libc would hand them to `main`. They are never freed. */
static int read_arguments(int *count, char ***arguments) {
  __wasi_size_t number, bytes;
  if (__wasi_args_sizes_get(&number, &bytes) != 0) return -1;
  char **pointers = calloc((size_t)number + 1, sizeof *pointers), *text = malloc(bytes + 1);
  if (pointers == NULL || text == NULL || __wasi_args_get((uint8_t **)pointers, (uint8_t *)text) != 0) return -1;
  *count = (int)number;
  *arguments = pointers;
  return 0;
}

static int start(void) {
  int count;
  char **arguments;
  if (pywasm_fallback.length > 0 && !assumptions_hold()) restore();
  pywasm_restart_clock();
  __wasilibc_reset_preopens();
  if (!mount_image() || read_arguments(&count, &arguments) < 0) {
    fputs("pywasm: out of memory at start\n", stderr);
    return 1;
  }
  if (pywasm_part_files.mount != NULL && !pywasm_part_files.mount()) return 1;
  pywasm_finish = pywasm_finalize;
  if (renew_streams() < 0 || renew_environment() < 0 || run_renewals() < 0) {
    PyErr_Print();
    return 1;
  }
  if (pywasm_renew_zone != NULL) pywasm_renew_zone();
  return pywasm_run(count, arguments);
}

__attribute__((export_name("pywasm_resume"))) void pywasm_resume(void) {
  int code = start();
  __wasm_call_dtors();
  if (code != 0) __wasi_proc_exit((__wasi_exitcode_t)code);
}
