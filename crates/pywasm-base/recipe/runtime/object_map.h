/* A map of objects to numbers, by identity (object_map.c). */
#ifndef PYWASM_OBJECT_MAP_H
#define PYWASM_OBJECT_MAP_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

struct object_map {
  struct object_slot {
    PyObject *object;
    uint32_t number;
  } *slots;
  size_t size, used;
};

/* 1: the object is new to the map and has this number now; 0: it was there, and keeps its own; -1: no memory. */
int object_map_add(struct object_map *map, PyObject *object, uint32_t number);

bool object_map_has(const struct object_map *map, PyObject *object);

/* The object's number; `otherwise` where it is not in the map. */
uint32_t object_map_get(const struct object_map *map, PyObject *object, uint32_t otherwise);

void object_map_free(struct object_map *map);

#endif
