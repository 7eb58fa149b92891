/* SPDX-License-Identifier: MIT */
/*
 * A queue set's part of BAR 2: the rings and the data buffers. Where the BAR cannot be mapped, a
 * shadow of the part stands in, and flush and fetch carry bytes between it and the device.
 *
 * What is read here may be rewritten by the device at any time: copy out once, then look.
 */
#ifndef VIO_LIB_DRIVER_IOVE_PART_H
#define VIO_LIB_DRIVER_IOVE_PART_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/hw/ring.h"
#include "lib/transport/transport.h"

struct vio_alloc;
struct vio_iove_part;

#define VIO_IOVE_BLOCK_SMALL VIO_HW_RECORD_SIZE /* bytes of a small data buffer */
#define VIO_IOVE_NO_BLOCK    UINT32_MAX

/* A ring that the device writes and we read. */
struct vio_iove_ring {
    const uint8_t *base;
    uint32_t offset; /* in the part */
    uint32_t size;   /* entries: a power of two */
    uint32_t entry;  /* bytes of one */
    uint32_t flags;  /* where in an entry its flags are */
    uint32_t head;   /* index of the next entry to read; runs freely */
};

/* Takes the entry at the head if the device has written it: copied out once, after its flags were
 * read with acquire. */
static inline bool vio__iove_ring_take(struct vio_iove_ring *ring, uint8_t *ret_entry)
{
    const uint8_t *at = ring->base + (size_t)(ring->head & (ring->size - 1)) * ring->entry;
    uint8_t low = __atomic_load_n(at + ring->flags, __ATOMIC_ACQUIRE);
    bool phase = vio__hw_phase(ring->head, ring->size);

    if ((low & VIO_HW_PHASE) != phase)
        return false;
    memcpy(ret_entry, at, ring->entry);
    if ((ret_entry[ring->flags] & VIO_HW_PHASE) != phase)
        return false;
    ring->head++;
    return true;
}

struct vio_iove_layout {
    uint32_t depth;  /* entries of the command and of the completion ring */
    uint32_t events; /* entries of the event ring */
};

/*
 * `offset` and `size` of the part are the device's word and are checked: VIO_EPROTO when they do
 * not fit the BAR, VIO_ELIMIT when the rings do not fit the part. The rings are cleared.
 */
int vio__iove_part_new(const struct vio_alloc *alloc, struct vio_transport *transport,
                       uint64_t offset, uint64_t size, const struct vio_iove_layout *layout,
                       struct vio_iove_part **ret_part);

/* A fetch under way does not end with `done` any more. NULL is fine. */
void vio__iove_part_free(struct vio_iove_part *part);

bool vio__iove_part_mapped(const struct vio_iove_part *part);
uint32_t vio__iove_part_commands(const struct vio_iove_part *part); /* offset of the command ring */
void vio__iove_part_rings(const struct vio_iove_part *part, struct vio_iove_ring *ret_completions,
                          struct vio_iove_ring *ret_events);

/* Writes bytes of the part. */
void vio__iove_part_put(struct vio_iove_part *part, uint32_t offset, const void *data, size_t size);

/* The bytes at `offset`, as the last fetch left them. */
const uint8_t *vio__iove_part_at(const struct vio_iove_part *part, uint32_t offset);

/* Where the part is not mapped: brings bytes from the device. As vio__transport_read(). */
int vio__iove_part_fetch(struct vio_iove_part *part, uint32_t offset, size_t size,
                         vio_transport_done done, void *user);

/* Data buffers: a small one, or a large one of block_large bytes. */
uint32_t vio__iove_part_block_large(const struct vio_iove_part *part);
uint32_t vio__iove_part_block_get(struct vio_iove_part *part, size_t size); /* or NO_BLOCK */
void vio__iove_part_block_put(struct vio_iove_part *part, uint32_t block);
uint32_t vio__iove_part_block_offset(const struct vio_iove_part *part, uint32_t block);

#endif
