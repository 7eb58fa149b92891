/* SPDX-License-Identifier: MIT */
#include "lib/base/heap.h"

#include <stddef.h>

static bool before(const struct vio_heap_node *a, const struct vio_heap_node *b)
{
    return a->key != b->key ? a->key < b->key : a->order < b->order;
}

/* Makes the later of two roots a child of the other. */
static struct vio_heap_node *meld(struct vio_heap_node *a, struct vio_heap_node *b)
{
    if (a == NULL || b == NULL)
        return a != NULL ? a : b;
    if (before(b, a)) {
        struct vio_heap_node *swap = a;

        a = b;
        b = swap;
    }
    b->prev = a;
    b->next = a->child;
    if (a->child != NULL)
        a->child->prev = b;
    a->child = b;
    a->next = NULL;
    a->prev = NULL;
    return a;
}

/* Melds siblings in pairs, then the pairs from the last to the first: this order is what keeps the
 * heap's cost logarithmic. */
static struct vio_heap_node *meld_siblings(struct vio_heap_node *first)
{
    struct vio_heap_node *pairs = NULL;
    struct vio_heap_node *root = NULL;

    while (first != NULL) {
        struct vio_heap_node *second = first->next;
        struct vio_heap_node *rest = second != NULL ? second->next : NULL;

        first = meld(first, second);
        first->next = pairs;
        pairs = first;
        first = rest;
    }
    while (pairs != NULL) {
        struct vio_heap_node *rest = pairs->next;

        root = meld(root, pairs);
        pairs = rest;
    }
    if (root != NULL) {
        root->next = NULL;
        root->prev = NULL;
    }
    return root;
}

struct vio_heap_node *vio__heap_min(const struct vio_heap *heap)
{
    return heap->root;
}

void vio__heap_insert(struct vio_heap *heap, struct vio_heap_node *node, uint64_t key)
{
    *node = (struct vio_heap_node){.key = key, .order = heap->order++, .queued = true};
    heap->root = meld(heap->root, node);
}

void vio__heap_remove(struct vio_heap *heap, struct vio_heap_node *node)
{
    struct vio_heap_node *children;

    if (!node->queued)
        return;
    children = meld_siblings(node->child);
    if (node == heap->root) {
        heap->root = children;
    } else {
        if (node->prev->child == node)
            node->prev->child = node->next;
        else
            node->prev->next = node->next;
        if (node->next != NULL)
            node->next->prev = node->prev;
        heap->root = meld(heap->root, children);
    }
    *node = (struct vio_heap_node){0};
}
