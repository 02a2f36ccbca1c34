/* Free memory, before a snapshot is taken.
 *
 * In:  a heap as the imports have left it. Out: the same with zeros in all that is free, since garbage costs
 *      space in an artifact and zeros do not; and how much of the heap is in use.
 *
 * CPython's small blocks lie in pools, of which CPython's own headers tell all. The rest is malloc's, of which
 * nothing is known: to clear it, all that can be had without growing the memory is allocated and given back. */
#include "heap.h"
#include "image.h"

#include <Python.h>
#include "pycore_interp.h"
#include "pycore_obmalloc.h"
#include "pycore_pystate.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern unsigned char __heap_base, __heap_end;

static uintptr_t image_end(void) { return pywasm_image.address + pywasm_image.length; }

bool heap_has(uintptr_t address) {
  return (address >= (uintptr_t)&__heap_base && address < (uintptr_t)&__heap_end) || address >= image_end();
}

/* ---- pools ---- */

static uint8_t *first_pool(const struct arena_object *arena) {
  return (uint8_t *)((arena->address + POOL_SIZE - 1) & ~(uintptr_t)POOL_SIZE_MASK);
}

/* A pool that nobody uses: all of it but what the arena knows it by. Returns the bytes that are free. */
static size_t clear_pool(struct pool_header *pool) {
  struct pool_header *next = pool->nextpool;
  uint arena = pool->arenaindex;
  memset(pool, 0, POOL_SIZE);
  pool->nextpool = next;
  pool->arenaindex = arena;
  pool->szidx = DUMMY_SIZE_IDX;
  return POOL_SIZE;
}

/* The free blocks of a pool in use, each but for its link to the next; and what was never used. */
static size_t clear_blocks(struct pool_header *pool) {
  size_t size = INDEX2SIZE(pool->szidx), count = 0;
  for (pymem_block *block = pool->freeblock; block != NULL; block = *(pymem_block **)block, count++)
    memset(block + sizeof(pymem_block *), 0, size - sizeof(pymem_block *));
  /* `nextoffset` is where the first block stands that was never used; it may lie behind the last one. */
  size_t virgin = POOL_SIZE - (pool->nextoffset < POOL_SIZE ? pool->nextoffset : POOL_SIZE);
  memset((uint8_t *)pool + POOL_SIZE - virgin, 0, virgin);
  return count * size + virgin;
}

static size_t clear_arena(struct arena_object *arena) {
  size_t free_bytes = 0;
  for (uint8_t *at = first_pool(arena); at < arena->pool_address; at += POOL_SIZE) {
    struct pool_header *pool = (struct pool_header *)at;
    free_bytes += pool->ref.count == 0 ? clear_pool(pool) : clear_blocks(pool);
  }
  uint8_t *end = (uint8_t *)arena->address + ARENA_SIZE;
  free_bytes += (size_t)(end - arena->pool_address);
  memset(arena->pool_address, 0, (size_t)(end - arena->pool_address));
  return free_bytes;
}

static size_t clear_pools(void) {
  struct _obmalloc_mgmt *all = &_PyInterpreterState_GET()->obmalloc->mgmt;
  size_t free_bytes = 0;
  for (uint i = 0; i < all->maxarenas; i++)
    if (all->arenas[i].address != 0) free_bytes += clear_arena(&all->arenas[i]);
  return free_bytes;
}

/* ---- malloc's own ---- */

static bool refuse_growth;

void *__real_sbrk(intptr_t);
void *__wrap_sbrk(intptr_t bytes) {
  if (refuse_growth && bytes > 0) {
    errno = ENOMEM;
    return (void *)-1;
  }
  return __real_sbrk(bytes);
}

static size_t clear_malloc(void) {
  struct block {
    struct block *next;
  } *taken = NULL, *block;
  size_t free_bytes = 0;
  refuse_growth = true;
  for (size_t size = 64 << 20; size >= sizeof *block; size = size > 64 ? size / 2 : size - 8) {
    while ((block = malloc(size)) != NULL) {
      size_t usable = malloc_usable_size(block);
      memset(block, 0, usable);
      free_bytes += usable;
      block->next = taken;
      taken = block;
    }
  }
  refuse_growth = false;
  while ((block = taken) != NULL) {
    taken = block->next;
    block->next = NULL;
    free(block);
  }
  return free_bytes;
}

struct heap_use heap_clear_free(void) {
  size_t free_bytes = clear_pools() + clear_malloc();
  size_t memory = __builtin_wasm_memory_size(0) << 16;
  size_t total = (size_t)(&__heap_end - &__heap_base) + (memory - ((image_end() + 65535) & ~(size_t)65535));
  return (struct heap_use){.total = total, .live = total > free_bytes ? total - free_bytes : 0};
}
