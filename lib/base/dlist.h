/* SPDX-License-Identifier: MIT */
/* Intrusive doubly linked list with a head node: the node is a member of the object. */
#ifndef VIO_BASE_DLIST_H
#define VIO_BASE_DLIST_H

#include <stdbool.h>
#include <stddef.h>

struct vio_dlist {
    struct vio_dlist *next;
    struct vio_dlist *prev;
};

/* The object of which `member` is at `ptr`. */
#define VIO_CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* `node` runs over the nodes of `head`; `node` itself may be removed in the body, no other. */
#define VIO_DLIST_FOREACH(node, head)                                                      \
    for (struct vio_dlist *node = (head)->next, *node##_next = node->next; node != (head); \
         node = node##_next, node##_next = node->next)

/* For heads and for nodes that are in no list. */
static inline void vio__dlist_init(struct vio_dlist *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool vio__dlist_empty(const struct vio_dlist *head)
{
    return head->next == head;
}

static inline void vio__dlist_append(struct vio_dlist *head, struct vio_dlist *node)
{
    node->prev = head->prev;
    node->next = head;
    head->prev->next = node;
    head->prev = node;
}

/* Fine for a node that is in no list, if it was initialised. */
static inline void vio__dlist_remove(struct vio_dlist *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    vio__dlist_init(node);
}

/* Moves all of `from`, in order, to the end of `to`. */
static inline void vio__dlist_splice(struct vio_dlist *to, struct vio_dlist *from)
{
    if (vio__dlist_empty(from))
        return;
    from->next->prev = to->prev;
    from->prev->next = to;
    to->prev->next = from->next;
    to->prev = from->prev;
    vio__dlist_init(from);
}

/* The first node, removed; NULL if there is none. */
static inline struct vio_dlist *vio__dlist_pop(struct vio_dlist *head)
{
    struct vio_dlist *node = head->next;

    if (node == head)
        return NULL;
    vio__dlist_remove(node);
    return node;
}

#endif
