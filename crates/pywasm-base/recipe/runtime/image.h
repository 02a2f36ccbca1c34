/* The read-only file system of an artifact, as docs/internals/architecture.md ("The image") lays it out.
 *
 * In:  `pywasm_image`, which `pywasm bundle` fills: where the block of bytes lies in memory.
 * Out: nodes, their bytes, and the walk from a directory along a path.
 *
 * No offset of the block is trusted: each is checked against its length before it is followed. */
#ifndef PYWASM_IMAGE_H
#define PYWASM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pywasm_image {
  uint32_t address;
  uint32_t length;
};

/* Exported by address. Both fields are zero in the base. */
extern struct pywasm_image pywasm_image;

enum { IMAGE_ROOT = 0, IMAGE_DIRECTORY = 1, IMAGE_FILE = 2 };

/* The index of a directory that no image holds: the guest's `/`, whose one child is the image's root. */
#define IMAGE_TOP UINT32_MAX

struct image_node {
  uint32_t name_offset, name_length;
  uint32_t kind;
  uint32_t first, count;
  uint32_t parent;
};

enum image_state { IMAGE_ABSENT, IMAGE_DAMAGED, IMAGE_GOOD };

/* Looks at the header and the root. Call it before anything below. */
enum image_state image_check(void);

/* The node of that index, or NULL where the image has none. */
const struct image_node *image_node(uint32_t index);

/* The name of a node, and its length; NULL where it does not lie in the image. */
const char *image_name(const struct image_node *node, size_t *length);

/* The bytes of a regular file, `node->count` of them; NULL where they do not lie in the image. */
const uint8_t *image_bytes(const struct image_node *node);

/* Where a walk ended. */
enum image_walk {
  WALK_FOUND,   /* `node` is what the path names */
  WALK_MISSING, /* only the last component is missing; `node` is the directory that lacks it */
  WALK_ERROR,   /* `error` says why */
  WALK_LEFT,    /* the path leads out of the image; `rest` is what is left of it, seen from `/` */
};

struct image_place {
  enum image_walk walk;
  uint32_t node;
  int error;
  const char *rest;
};

/* Follows `path` from the node `from`. */
struct image_place image_follow(uint32_t from, const char *path);

#endif
