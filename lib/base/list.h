/* SPDX-License-Identifier: MIT */
/* Intrusive doubly linked list with a head node: the node is a member of the object. */
#ifndef VIO_BASE_LIST_H
#define VIO_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct vio_list {
    struct vio_list *next;
    struct vio_list *prev;
};

/* The object of which `member` is at `ptr`. */
#define VIO_CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* `node` runs over the nodes of `head`; `node` itself may be removed in the body, no other. */
#define VIO_LIST_FOREACH(node, head)                                                      \
    for (struct vio_list *node = (head)->next, *node##_next = node->next; node != (head); \
         node = node##_next, node##_next = node->next)

/* For heads and for nodes that are in no list. */
static inline void vio__list_init(struct vio_list *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool vio__list_empty(const struct vio_list *head)
{
    return head->next == head;
}

static inline void vio__list_append(struct vio_list *head, struct vio_list *node)
{
    node->prev = head->prev;
    node->next = head;
    head->prev->next = node;
    head->prev = node;
}

/* Fine for a node that is in no list, if it was initialised. */
static inline void vio__list_remove(struct vio_list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    vio__list_init(node);
}

/* Moves all of `from`, in order, to the end of `to`. */
static inline void vio__list_splice(struct vio_list *to, struct vio_list *from)
{
    if (vio__list_empty(from))
        return;
    from->next->prev = to->prev;
    from->prev->next = to;
    to->prev->next = from->next;
    to->prev = from->prev;
    vio__list_init(from);
}

/* The first node, removed; NULL if there is none. */
static inline struct vio_list *vio__list_pop(struct vio_list *head)
{
    struct vio_list *node = head->next;

    if (node == head)
        return NULL;
    vio__list_remove(node);
    return node;
}

#endif
