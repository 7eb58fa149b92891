/* SPDX-License-Identifier: MIT */
/* What the device has of a queue set's commands, found by their tags. */
#ifndef VIO_LIB_DRIVER_IOVE_SLOTS_H
#define VIO_LIB_DRIVER_IOVE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

struct vio_alloc;
struct vio_iove_command;
struct vio_iove_queue;
struct vio_iove_slots;

/* A command that the device has, or the ghost of one. */
struct vio_iove_slot {
    struct vio_iove_queue *queue;
    struct vio_iove_command *command; /* NULL: a ghost */
    uint64_t lease;
    uint32_t number;
    uint32_t position; /* index in the command ring */
    uint32_t block;    /* data buffer */
    bool fetching;     /* completed; its data are under way */
    uint32_t next;     /* of those with the same low bits of the number, or free */
};

/* `count` is a power of two. VIO_ENOMEM. */
int vio__iove_slots_new(const struct vio_alloc *alloc, struct vio_iove_queue *queue, uint32_t count,
                        struct vio_iove_slots **ret_slots);
void vio__iove_slots_free(struct vio_iove_slots *slots); /* NULL is fine */

/* A free slot for a tag; NULL when there is none. */
struct vio_iove_slot *vio__iove_slots_take(struct vio_iove_slots *slots, uint64_t lease,
                                           uint32_t number);
/* The slot of a tag whose completion has not come; NULL when there is none. */
struct vio_iove_slot *vio__iove_slots_find(struct vio_iove_slots *slots, uint64_t lease,
                                           uint32_t number);
void vio__iove_slots_put(struct vio_iove_slots *slots, struct vio_iove_slot *slot);

bool vio__iove_slots_full(const struct vio_iove_slots *slots);
uint32_t vio__iove_slots_used(const struct vio_iove_slots *slots);

#endif
