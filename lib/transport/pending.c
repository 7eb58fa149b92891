/* SPDX-License-Identifier: MIT */
#include "lib/transport/pending.h"

#include <stdbool.h>

#include <libvio/error.h>

void vio__pendings_init(struct vio_pendings *pendings, const struct vio_alloc *alloc)
{
    *pendings = (struct vio_pendings){.alloc = alloc};
    vio__dlist_init(&pendings->list);
}

static bool waits(const struct vio_pendings *pendings, uint16_t id)
{
    return pendings->ids[id / 8] >> id % 8 & 1;
}

/* A number that none that waits has; there must be one. */
static uint16_t free_id(struct vio_pendings *pendings)
{
    while (waits(pendings, pendings->next_id))
        pendings->next_id++;
    return pendings->next_id++;
}

int vio__pendings_add(struct vio_pendings *pendings, uint16_t command, uint64_t due,
                      vio_channel_replied replied, void *user, struct vio_pending **ret_pending)
{
    struct vio_pending *pending;

    if (pendings->count == VIO_PENDING_IDS)
        return VIO_EAGAIN;
    pending = vio__alloc(pendings->alloc, sizeof *pending);
    if (pending == NULL)
        return VIO_ENOMEM;
    *pending = (struct vio_pending){
        .id = free_id(pendings), .command = command, .due = due, .replied = replied, .user = user};
    pendings->ids[pending->id / 8] |= (uint8_t)(1u << pending->id % 8);
    pendings->count++;
    vio__dlist_append(&pendings->list, &pending->node);
    *ret_pending = pending;
    return 0;
}

struct vio_pending *vio__pendings_oldest(const struct vio_pendings *pendings)
{
    if (vio__dlist_empty(&pendings->list))
        return NULL;
    return VIO_CONTAINER_OF(pendings->list.next, struct vio_pending, node);
}

/* Servers answer in order, so that it is the first as a rule. */
struct vio_pending *vio__pendings_find(const struct vio_pendings *pendings, uint16_t id)
{
    if (!waits(pendings, id))
        return NULL;
    VIO_DLIST_FOREACH (node, &pendings->list) {
        struct vio_pending *pending = VIO_CONTAINER_OF(node, struct vio_pending, node);

        if (pending->id == id)
            return pending;
    }
    return NULL;
}

void vio__pendings_drop(struct vio_pendings *pendings, struct vio_pending *pending)
{
    vio__dlist_remove(&pending->node);
    pendings->ids[pending->id / 8] &= (uint8_t) ~(1u << pending->id % 8);
    pendings->count--;
    vio__free(pendings->alloc, pending);
}
