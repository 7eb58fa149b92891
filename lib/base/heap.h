/* SPDX-License-Identifier: MIT */
/* Intrusive min-heap (a pairing heap): no call allocates, so none can fail. Equal keys leave in the
 * order in which they came. */
#ifndef VIO_BASE_HEAP_H
#define VIO_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct vio_heap_node {
    uint64_t key;
    uint64_t order; /* breaks ties */
    struct vio_heap_node *child;
    struct vio_heap_node *next; /* sibling */
    struct vio_heap_node *prev; /* sibling before, or the parent of a first child */
    bool queued;
};

struct vio_heap {
    struct vio_heap_node *root;
    uint64_t order;
};

/* All zero is an empty heap, and a node in no heap. */
struct vio_heap_node *vio__heap_min(const struct vio_heap *heap); /* NULL if empty */
void vio__heap_insert(struct vio_heap *heap, struct vio_heap_node *node, uint64_t key);
void vio__heap_remove(struct vio_heap *heap, struct vio_heap_node *node); /* queued or not */

#endif
