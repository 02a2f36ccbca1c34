/* Where the heap lies, and what is free in it before a snapshot (heap.c). */
#ifndef PYWASM_HEAP_H
#define PYWASM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that the heap takes of the memory, and those of them that are in use. */
struct heap_use {
  size_t total, live;
};

/* Whether the address lies in the heap: between the data and the image, or behind the image. */
bool heap_has(uintptr_t address);

/* Fills free memory with zeros. */
struct heap_use heap_clear_free(void);

#endif
