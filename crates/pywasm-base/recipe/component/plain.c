/* What stands in the place of task.c and stream.c in worlds without async functions, streams and futures.
 *
 * The module that wit-dylib writes names these functions in any world. Only a world that pywasm gave the wrong glue would
 * call them. */
#include "component.h"

static _Noreturn void refuse(void) { die("the world is async, and this glue is not"); }

/* The header of wit-dylib has neither of these two. */
EXPORTED uint32_t wit_dylib_export_async_call(void *cx, size_t which);
uint32_t wit_dylib_export_async_call(void *cx, size_t which) {
  (void)cx, (void)which;
  refuse();
}

EXPORTED uint32_t wit_dylib_export_async_callback(uint32_t event, uint32_t waitable, uint32_t code, size_t which);
uint32_t wit_dylib_export_async_callback(uint32_t event, uint32_t waitable, uint32_t code, size_t which) {
  (void)event, (void)waitable, (void)code, (void)which;
  refuse();
}

EXPORTED void wit_dylib_push_future(void *cx, size_t type, uint32_t handle) {
  (void)cx, (void)type, (void)handle;
  refuse();
}

EXPORTED void wit_dylib_push_stream(void *cx, size_t type, uint32_t handle) {
  (void)cx, (void)type, (void)handle;
  refuse();
}

EXPORTED uint32_t wit_dylib_pop_future(void *cx, size_t type) {
  (void)cx, (void)type;
  refuse();
}

EXPORTED uint32_t wit_dylib_pop_stream(void *cx, size_t type) {
  (void)cx, (void)type;
  refuse();
}

bool is_readable_end(unsigned kind, size_t type, PyObject *object) {
  (void)kind, (void)type, (void)object;
  return false;
}

int add_async(PyObject *module) {
  (void)module;
  return 0;
}

int add_ends(PyObject *module) {
  (void)module;
  return 0;
}
