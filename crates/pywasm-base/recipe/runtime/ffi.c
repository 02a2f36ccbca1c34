//! Calls for _ctypes, in the place of libffi. WebAssembly makes no machine code and calls a function only by its exact type.
//!
//! In: a function's address with its arguments. Out: the call, where the address is a callback of Python (its closure is called
//! directly) or one of the functions that ctypes/__init__.py calls: memmove, memset, cast, string_at, wstring_at. They take
//! two or three values of four bytes. Any other address is refused before, with an OSError.
#include "../ctypes/ffi.h"

#include <Python.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TYPE(name, c_type, kind) ffi_type ffi_type_##name = {sizeof(c_type), _Alignof(c_type), FFI_TYPE_##kind, NULL}

ffi_type ffi_type_void = {1, 1, FFI_TYPE_VOID, NULL};
TYPE(uint8, uint8_t, UINT8);
TYPE(sint8, int8_t, SINT8);
TYPE(uint16, uint16_t, UINT16);
TYPE(sint16, int16_t, SINT16);
TYPE(uint32, uint32_t, UINT32);
TYPE(sint32, int32_t, SINT32);
TYPE(uint64, uint64_t, UINT64);
TYPE(sint64, int64_t, SINT64);
TYPE(float, float, FLOAT);
TYPE(double, double, DOUBLE);
TYPE(longdouble, long double, LONGDOUBLE);
TYPE(pointer, void *, POINTER);

// _ctypes asks for closures by names of its own.
void *Py_ffi_closure_alloc(size_t, void **);
void Py_ffi_closure_free(void *);

static ffi_closure *closures;

ffi_status ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned count, ffi_type *result, ffi_type **arguments) {
    (void)abi;
    *cif = (ffi_cif){count, arguments, result};
    return FFI_OK;
}

ffi_status ffi_prep_cif_var(
    ffi_cif *cif, ffi_abi abi, unsigned fixed, unsigned count, ffi_type *result, ffi_type **arguments) {
    (void)fixed;
    return ffi_prep_cif(cif, abi, count, result, arguments);
}

static ffi_closure *find_closure(void *code) {
    ffi_closure *closure = closures;
    while (closure && closure != code) closure = closure->next;
    return closure;
}

void ffi_call(ffi_cif *cif, void (*function)(void), void *result, void **arguments) {
    ffi_closure *closure = find_closure((void *)function);
    if (closure) {
        // A closure takes the GIL as foreign code would; ctypes has released it where the prototype says so.
        closure->function(cif, result, arguments, closure->user_data);
        return;
    }
    uint32_t values[3] = {0};
    for (unsigned i = 0; i < cif->nargs && i < 3; i++) memcpy(&values[i], arguments[i], 4);
    uint32_t value = cif->nargs == 2 ? ((uint32_t (*)(uint32_t, uint32_t))function)(values[0], values[1])
                                     : ((uint32_t (*)(uint32_t, uint32_t, uint32_t))function)(values[0], values[1], values[2]);
    if (cif->rtype->type != FFI_TYPE_VOID) memcpy(result, &value, 4);
}

void *ffi_closure_alloc(size_t size, void **code) {
    ffi_closure *closure = calloc(1, size < sizeof *closure ? sizeof *closure : size);
    if (!closure) return NULL;
    closure->next = closures;
    closures = closure;
    return *code = closure;
}

void *Py_ffi_closure_alloc(size_t size, void **code) { return ffi_closure_alloc(size, code); }

void ffi_closure_free(void *freed) {
    for (ffi_closure **place = &closures; *place; place = &(*place)->next) {
        if (*place == freed) {
            *place = (*place)->next;
            break;
        }
    }
    free(freed);
}

void Py_ffi_closure_free(void *freed) { ffi_closure_free(freed); }

ffi_status ffi_prep_closure_loc(
    ffi_closure *closure, ffi_cif *cif, void (*function)(ffi_cif *, void *, void **, void *), void *user_data, void *code) {
    (void)code;
    closure->cif = cif;
    closure->function = function;
    closure->user_data = user_data;
    return FFI_OK;
}

/// Whether the address is one that _ctypes gives to ctypes/__init__.py, and takes as many arguments.
static int is_own(void *function, unsigned count) {
    static const struct {
        const char *name;
        unsigned count;
    } own[] = {
        {"_memmove_addr", 3}, {"_memset_addr", 3}, {"_cast_addr", 3}, {"_string_at_addr", 2}, {"_wstring_at_addr", 2}};
    PyObject *modules = PyImport_GetModuleDict(), *module = PyDict_GetItemString(modules, "_ctypes");
    int found = 0;
    for (size_t i = 0; module && !found && i < sizeof own / sizeof *own; i++) {
        PyObject *address = PyObject_GetAttrString(module, own[i].name);
        found = address && PyLong_AsVoidPtr(address) == function && count == own[i].count;
        Py_XDECREF(address);
        if (PyErr_Occurred()) PyErr_Clear();
    }
    return found;
}

int pywasm_ffi_reaches(void *function, unsigned count, ffi_type **arguments, ffi_type *result) {
    ffi_closure *closure = find_closure(function);
    if (closure) {
        int same = closure->cif->nargs == count && closure->cif->rtype->size == result->size;
        for (unsigned i = 0; same && i < count; i++) same = closure->cif->arg_types[i]->size == arguments[i]->size;
        if (same) return 1;
    } else if (is_own(function, count)) {
        int plain = result->type == FFI_TYPE_VOID || result->size == 4;
        for (unsigned i = 0; plain && i < count; i++) plain = arguments[i]->size == 4;
        if (plain) return 1;
    }
    PyObject *text = PyUnicode_FromFormat("an artifact calls no machine code: there is no function of that type at %p", function);
    PyObject *arguments_of_error = text ? Py_BuildValue("(iN)", ENOSYS, text) : NULL;
    if (arguments_of_error) PyErr_SetObject(PyExc_OSError, arguments_of_error);
    Py_XDECREF(arguments_of_error);
    return 0;
}
