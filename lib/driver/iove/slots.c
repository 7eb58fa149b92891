/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/slots.h"

#include <stddef.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"

#define NONE UINT32_MAX

/* Numbers count up, so their low bits spread them over the buckets. */
struct vio_iove_slots {
    const struct vio_alloc *alloc;
    struct vio_iove_slot *slot;
    uint32_t *bucket; /* by the number's low bits: the first slot */
    uint32_t count;
    uint32_t free; /* the first free slot */
    uint32_t used;
};

int vio__iove_slots_new(const struct vio_alloc *alloc, struct vio_iove_queue *queue, uint32_t count,
                        struct vio_iove_slots **ret_slots)
{
    struct vio_iove_slots *slots = vio__calloc(alloc, 1, sizeof *slots);

    if (!slots)
        return VIO_ENOMEM;
    slots->alloc = alloc;
    slots->count = count;
    slots->slot = vio__calloc(alloc, count, sizeof *slots->slot);
    slots->bucket = vio__calloc(alloc, count, sizeof *slots->bucket);
    if (!slots->slot || !slots->bucket) {
        vio__iove_slots_free(slots);
        return VIO_ENOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        slots->bucket[i] = NONE;
        slots->slot[i].queue = queue;
        slots->slot[i].next = i + 1 < count ? i + 1 : NONE;
    }
    *ret_slots = slots;
    return 0;
}

void vio__iove_slots_free(struct vio_iove_slots *slots)
{
    if (!slots)
        return;
    vio__free(slots->alloc, slots->slot);
    vio__free(slots->alloc, slots->bucket);
    vio__free(slots->alloc, slots);
}

static uint32_t *bucket_of(struct vio_iove_slots *slots, uint32_t number)
{
    return &slots->bucket[number & (slots->count - 1)];
}

struct vio_iove_slot *vio__iove_slots_take(struct vio_iove_slots *slots, uint64_t lease,
                                           uint32_t number)
{
    uint32_t index = slots->free;
    uint32_t *bucket = bucket_of(slots, number);
    struct vio_iove_slot *slot;

    if (index == NONE)
        return NULL;
    slot = &slots->slot[index];
    slots->free = slot->next;
    slots->used++;
    slot->lease = lease;
    slot->number = number;
    slot->fetching = false;
    slot->next = *bucket;
    *bucket = index;
    return slot;
}

struct vio_iove_slot *vio__iove_slots_find(struct vio_iove_slots *slots, uint64_t lease,
                                           uint32_t number)
{
    for (uint32_t i = *bucket_of(slots, number); i != NONE; i = slots->slot[i].next) {
        struct vio_iove_slot *slot = &slots->slot[i];

        if (slot->number == number && slot->lease == lease && !slot->fetching)
            return slot;
    }
    return NULL;
}

void vio__iove_slots_put(struct vio_iove_slots *slots, struct vio_iove_slot *slot)
{
    uint32_t index = (uint32_t)(slot - slots->slot);
    uint32_t *at = bucket_of(slots, slot->number);

    while (*at != index)
        at = &slots->slot[*at].next;
    *at = slot->next;
    slot->command = NULL;
    slot->next = slots->free;
    slots->free = index;
    slots->used--;
}

bool vio__iove_slots_full(const struct vio_iove_slots *slots)
{
    return slots->free == NONE;
}

uint32_t vio__iove_slots_used(const struct vio_iove_slots *slots)
{
    return slots->used;
}
