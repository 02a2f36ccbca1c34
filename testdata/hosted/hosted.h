/* Functions that a host calls: exported from a wasm module, and from a shared library of the machine. */
#ifndef HOSTED_H
#define HOSTED_H

#include <stdint.h>

#ifdef __wasm__
#define HOSTED(name) __attribute__((export_name(#name)))
#else
#define HOSTED(name) __attribute__((visibility("default")))
#endif

#endif
