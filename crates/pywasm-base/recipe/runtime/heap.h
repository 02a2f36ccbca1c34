/* The heap before a snapshot (heap.c). */
#ifndef PYWASM_HEAP_H
#define PYWASM_HEAP_H

#include <stddef.h>

/* Bytes that the heap takes of the memory, and those of them that are in use. */
struct heap_use {
  size_t total, live;
};

/* Fills free memory with zeros. */
struct heap_use heap_clear_free(void);

#endif
