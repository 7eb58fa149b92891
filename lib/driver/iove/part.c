/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/part.h"

#include <libvio/error.h>

#include "lib/base/alloc.h"

#define LARGE_MAX  VIO_HW_MAX_DATA
#define SMALL_MOST 512u
#define LARGE_MOST 8u

/* Blocks are numbered from 0: the small ones, then the large ones. */
struct pool {
    uint32_t offset; /* of its first block in the part */
    uint32_t size;   /* bytes of one */
    uint32_t first;  /* number of its first block */
    uint32_t count;
    uint32_t free; /* how many numbers are in `stack` */
    uint32_t stack[SMALL_MOST];
};

struct vio_iove_part {
    const struct vio_alloc *alloc;
    struct vio_transport *transport;
    uint64_t start; /* in BAR 2 */
    uint8_t *base;
    uint8_t *shadow; /* what `base` is where the BAR is not mapped */
    struct vio_iove_layout layout;
    uint32_t completions, events; /* offsets; the command ring's is 0 */
    struct pool small, large;
    size_t outstanding; /* transfers of the shadow */
    bool dead;
};

/* One transfer between the shadow and the device. */
struct transfer {
    const struct vio_alloc *alloc;
    struct vio_iove_part *part;
    vio_transport_done done; /* NULL: nobody waits */
    void *user;
};

static void transferred(void *user, int status)
{
    struct transfer *transfer = user;
    struct vio_iove_part *part = transfer->part;

    part->outstanding--;
    if (part->dead)
        vio__iove_part_free(part);
    else if (transfer->done)
        transfer->done(transfer->user, status);
    vio__free(transfer->alloc, transfer);
}

static struct transfer *new_transfer(struct vio_iove_part *part, vio_transport_done done,
                                     void *user)
{
    struct transfer *transfer = vio__alloc(part->alloc, sizeof *transfer);

    if (!transfer)
        return NULL;
    *transfer = (struct transfer){.alloc = part->alloc, .part = part, .done = done, .user = user};
    part->outstanding++;
    return transfer;
}

static void drop_transfer(struct transfer *transfer)
{
    transfer->part->outstanding--;
    vio__free(transfer->alloc, transfer);
}

static int write_out(struct vio_iove_part *part, uint32_t offset, size_t size)
{
    struct transfer *transfer = new_transfer(part, NULL, NULL);
    int status;

    if (!transfer)
        return VIO_ENOMEM;
    status = vio__transport_write(part->transport, VIO_HW_BAR_RINGS, part->start + offset,
                                  part->base + offset, size, transferred, transfer);
    if (status)
        drop_transfer(transfer);
    return status;
}

static void fill_pool(struct pool *pool, uint32_t offset, uint32_t size, uint32_t first,
                      uint32_t count)
{
    *pool = (struct pool){.offset = offset, .size = size, .first = first, .count = count};
    for (uint32_t i = count; i-- > 0;)
        pool->stack[pool->free++] = first + i;
}

/* What the rings leave is shared between buffers for one record and buffers for pages of them. */
static int divide(struct vio_iove_part *part, uint64_t size)
{
    uint64_t rings, left;
    uint32_t small, large_size = LARGE_MAX, large;

    part->completions = part->layout.depth * VIO_HW_COMMAND_SIZE;
    part->events = part->completions + part->layout.depth * VIO_HW_COMPLETION_SIZE;
    rings = part->events + (uint64_t)part->layout.events * VIO_HW_EVENT_SIZE;
    rings = (rings + VIO_IOVE_BLOCK_SMALL - 1) & ~(uint64_t)(VIO_IOVE_BLOCK_SMALL - 1);
    if (size < rings + 4 * VIO_IOVE_BLOCK_SMALL)
        return VIO_ELIMIT;

    left = size - rings;
    small = left / 2 / VIO_IOVE_BLOCK_SMALL < SMALL_MOST
                ? (uint32_t)(left / 2 / VIO_IOVE_BLOCK_SMALL)
                : SMALL_MOST;
    left -= (uint64_t)small * VIO_IOVE_BLOCK_SMALL;
    while (large_size > left / 2)
        large_size /= 2;
    large = left / large_size < LARGE_MOST ? (uint32_t)(left / large_size) : LARGE_MOST;
    fill_pool(&part->small, (uint32_t)rings, VIO_IOVE_BLOCK_SMALL, 0, small);
    fill_pool(&part->large, (uint32_t)rings + small * VIO_IOVE_BLOCK_SMALL, large_size, small,
              large);
    return 0;
}

/* Maps the part, or makes its shadow. The rings start out without a valid phase. */
static int reach(struct vio_iove_part *part, uint64_t size)
{
    size_t mapped = 0;
    uint8_t *bar = vio__transport_map(part->transport, VIO_HW_BAR_RINGS, &mapped);

    if (bar) {
        if (part->start > mapped || size > mapped - part->start)
            return VIO_EPROTO;
        part->base = bar + part->start;
        memset(part->base, 0, part->small.offset);
        return 0;
    }
    part->shadow = vio__calloc(part->alloc, 1, size);
    if (!part->shadow)
        return VIO_ENOMEM;
    part->base = part->shadow;
    return write_out(part, 0, part->small.offset);
}

int vio__iove_part_new(const struct vio_alloc *alloc, struct vio_transport *transport,
                       uint64_t offset, uint64_t size, const struct vio_iove_layout *layout,
                       struct vio_iove_part **ret_part)
{
    struct vio_iove_part *part;
    int status;

    if (offset % 64 || offset > UINT32_MAX || size > UINT32_MAX)
        return VIO_EPROTO;
    if (size > 4 * VIO_HW_PART_SIZE)
        size = 4 * VIO_HW_PART_SIZE;
    part = vio__calloc(alloc, 1, sizeof *part);
    if (!part)
        return VIO_ENOMEM;
    part->alloc = alloc;
    part->transport = transport;
    part->start = offset;
    part->layout = *layout;
    status = divide(part, size);
    if (!status)
        status = reach(part, size);
    if (status) {
        vio__iove_part_free(part);
        return status;
    }
    *ret_part = part;
    return 0;
}

void vio__iove_part_free(struct vio_iove_part *part)
{
    if (!part)
        return;
    part->dead = true;
    if (part->outstanding > 0)
        return;
    vio__free(part->alloc, part->shadow);
    vio__free(part->alloc, part);
}

bool vio__iove_part_mapped(const struct vio_iove_part *part)
{
    return !part->shadow;
}

uint32_t vio__iove_part_commands(const struct vio_iove_part *part)
{
    (void)part;
    return 0;
}

void vio__iove_part_rings(const struct vio_iove_part *part, struct vio_iove_ring *ret_completions,
                          struct vio_iove_ring *ret_events)
{
    *ret_completions = (struct vio_iove_ring){
        .base = part->base + part->completions,
        .offset = part->completions,
        .size = part->layout.depth,
        .entry = VIO_HW_COMPLETION_SIZE,
        .flags = VIO_HW_COMPLETION_FLAGS_OFFSET,
    };
    *ret_events = (struct vio_iove_ring){
        .base = part->base + part->events,
        .offset = part->events,
        .size = part->layout.events,
        .entry = VIO_HW_EVENT_SIZE,
        .flags = VIO_HW_EVENT_FLAGS_OFFSET,
    };
}

void vio__iove_part_put(struct vio_iove_part *part, uint32_t offset, const void *data, size_t size)
{
    memcpy(part->base + offset, data, size);
    /* A failure comes as the transport's loss, or as a command that is never completed. */
    if (part->shadow)
        (void)write_out(part, offset, size);
}

const uint8_t *vio__iove_part_at(const struct vio_iove_part *part, uint32_t offset)
{
    return part->base + offset;
}

int vio__iove_part_fetch(struct vio_iove_part *part, uint32_t offset, size_t size,
                         vio_transport_done done, void *user)
{
    struct transfer *transfer = new_transfer(part, done, user);
    int status;

    if (!transfer)
        return VIO_ENOMEM;
    status = vio__transport_read(part->transport, VIO_HW_BAR_RINGS, part->start + offset,
                                 part->base + offset, size, transferred, transfer);
    if (status)
        drop_transfer(transfer);
    return status;
}

uint32_t vio__iove_part_block_large(const struct vio_iove_part *part)
{
    return part->large.size;
}

uint32_t vio__iove_part_block_get(struct vio_iove_part *part, size_t size)
{
    struct pool *pool = size <= part->small.size ? &part->small : &part->large;

    if (size > pool->size || pool->free == 0)
        return VIO_IOVE_NO_BLOCK;
    return pool->stack[--pool->free];
}

static const struct pool *pool_of(const struct vio_iove_part *part, uint32_t block)
{
    return block < part->small.count ? &part->small : &part->large;
}

void vio__iove_part_block_put(struct vio_iove_part *part, uint32_t block)
{
    struct pool *pool = block < part->small.count ? &part->small : &part->large;

    pool->stack[pool->free++] = block;
}

uint32_t vio__iove_part_block_offset(const struct vio_iove_part *part, uint32_t block)
{
    const struct pool *pool = pool_of(part, block);

    return pool->offset + (block - pool->first) * pool->size;
}
