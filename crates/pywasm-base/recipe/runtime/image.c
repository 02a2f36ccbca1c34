/* Reading the image: see image.h for what comes in and what goes out. */
#include "image.h"

#include <errno.h>
#include <string.h>

struct pywasm_image pywasm_image = {0, 0};

struct image_header {
  char magic[8];
  uint32_t version, node_count, nodes_offset, total_length;
};

static const uint8_t *block(void) { return (const uint8_t *)(uintptr_t)pywasm_image.address; }

static const struct image_header *header(void) { return (const struct image_header *)block(); }

/* The `length` bytes at `offset` of the block, or NULL where they are not all inside of it. */
static const uint8_t *range(uint32_t offset, uint32_t length) {
  if (offset > pywasm_image.length || length > pywasm_image.length - offset) return NULL;
  return block() + offset;
}

enum image_state image_check(void) {
  if (pywasm_image.address == 0 && pywasm_image.length == 0) return IMAGE_ABSENT;
  uint64_t memory = (uint64_t)__builtin_wasm_memory_size(0) << 16;
  if ((uint64_t)pywasm_image.address + pywasm_image.length > memory) return IMAGE_DAMAGED;
  if (pywasm_image.address % 16 != 0 || pywasm_image.length < sizeof(struct image_header)) return IMAGE_DAMAGED;
  if (memcmp(header()->magic, "PYWASMFS", 8) != 0 || header()->version != 1) return IMAGE_DAMAGED;
  if (header()->total_length != pywasm_image.length || header()->nodes_offset % 4 != 0) return IMAGE_DAMAGED;
  if (header()->node_count > UINT32_MAX / sizeof(struct image_node)) return IMAGE_DAMAGED;
  if (range(header()->nodes_offset, header()->node_count * sizeof(struct image_node)) == NULL) return IMAGE_DAMAGED;
  const struct image_node *root = image_node(IMAGE_ROOT);
  return root != NULL && root->kind == IMAGE_DIRECTORY ? IMAGE_GOOD : IMAGE_DAMAGED;
}

const struct image_node *image_node(uint32_t index) {
  static const struct image_node top = {.kind = IMAGE_DIRECTORY, .first = IMAGE_ROOT, .count = 1, .parent = IMAGE_TOP};
  if (index == IMAGE_TOP) return &top;
  if (index >= header()->node_count) return NULL;
  return (const struct image_node *)(block() + header()->nodes_offset) + index;
}

const char *image_name(const struct image_node *node, size_t *length) {
  if (node == image_node(IMAGE_ROOT)) { /* In the image its name is empty: it does not know where it is mounted. */
    *length = strlen("pywasm");
    return "pywasm";
  }
  *length = node->name_length;
  return (const char *)range(node->name_offset, node->name_length);
}

const uint8_t *image_bytes(const struct image_node *node) {
  return node->kind == IMAGE_FILE ? range(node->first, node->count) : NULL;
}

/* Bytewise, the shorter name first where one begins with the other. */
static int compare(const char *a, size_t a_length, const char *b, size_t b_length) {
  int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
  if (order != 0) return order;
  return a_length == b_length ? 0 : a_length < b_length ? -1 : 1;
}

/* Finds the child of that name by binary search. */
static bool find_child(const struct image_node *directory, const char *name, size_t length, uint32_t *found) {
  uint32_t low = 0, high = directory->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint32_t index = directory->first + middle;
    const struct image_node *child = image_node(index);
    size_t child_length;
    const char *child_name = child == NULL ? NULL : image_name(child, &child_length);
    if (child_name == NULL) return false;
    int order = compare(name, length, child_name, child_length);
    if (order == 0) {
      *found = index;
      return true;
    }
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return false;
}

static struct image_place failed(int error) {
  return (struct image_place){.walk = WALK_ERROR, .error = error};
}

struct image_place image_follow(uint32_t from, const char *path) {
  if (*path == '\0') return failed(ENOENT);
  uint32_t here = from;
  while (true) {
    const struct image_node *node = image_node(here);
    if (node == NULL) return failed(EIO);
    bool at_end = *path == '\0';
    if (at_end) return (struct image_place){.walk = WALK_FOUND, .node = here};
    /* Whatever follows, be it only a slash, needs a directory here. */
    if (node->kind != IMAGE_DIRECTORY) return failed(ENOTDIR);
    while (*path == '/') path++;
    size_t length = strcspn(path, "/");
    const char *next = path + length;
    if (length == 0 || (length == 1 && path[0] == '.')) {
      path = next;
      continue;
    }
    if (length == 2 && path[0] == '.' && path[1] == '.') {
      if (here == IMAGE_ROOT) return (struct image_place){.walk = WALK_LEFT, .rest = next};
      here = node->parent;
      path = next;
      continue;
    }
    uint32_t child;
    if (!find_child(node, path, length, &child)) {
      if (here == IMAGE_TOP) return (struct image_place){.walk = WALK_LEFT, .rest = path};
      while (*next == '/') next++;
      if (*next != '\0') return failed(ENOENT);
      return (struct image_place){.walk = WALK_MISSING, .node = here};
    }
    here = child;
    path = next;
  }
}
