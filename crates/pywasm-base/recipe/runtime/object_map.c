/* A map of objects to numbers, by identity.
 *
 * In:  addresses of objects, which the map neither holds nor looks at. Out: their numbers. Its memory is malloc's own, so
 * that no object moves or dies for it. */
#include "object_map.h"

#include <stdlib.h>

static size_t slot_of(const struct object_map *map, PyObject *object) {
  size_t at = ((uintptr_t)object >> 3) * 2654435761u & (map->size - 1);
  while (map->slots[at].object != NULL && map->slots[at].object != object) at = (at + 1) & (map->size - 1);
  return at;
}

static bool grow(struct object_map *map) {
  struct object_map larger = {.size = map->size == 0 ? 1024 : map->size * 2, .used = map->used};
  larger.slots = calloc(larger.size, sizeof *larger.slots);
  if (larger.slots == NULL) return false;
  for (size_t i = 0; i < map->size; i++)
    if (map->slots[i].object != NULL) larger.slots[slot_of(&larger, map->slots[i].object)] = map->slots[i];
  free(map->slots);
  *map = larger;
  return true;
}

int object_map_add(struct object_map *map, PyObject *object, uint32_t number) {
  if (map->used * 2 >= map->size && !grow(map)) return -1;
  size_t at = slot_of(map, object);
  if (map->slots[at].object != NULL) return 0;
  map->slots[at] = (struct object_slot){object, number};
  map->used++;
  return 1;
}

bool object_map_has(const struct object_map *map, PyObject *object) {
  return map->size > 0 && map->slots[slot_of(map, object)].object != NULL;
}

uint32_t object_map_get(const struct object_map *map, PyObject *object, uint32_t otherwise) {
  return object_map_has(map, object) ? map->slots[slot_of(map, object)].number : otherwise;
}

void object_map_free(struct object_map *map) {
  free(map->slots);
  *map = (struct object_map){0};
}
