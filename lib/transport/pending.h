/* SPDX-License-Identifier: MIT */
/* Messages that wait for their replies, by the number that the protocol gives each (16 bits). */
#ifndef VIO_LIB_TRANSPORT_PENDING_H
#define VIO_LIB_TRANSPORT_PENDING_H

#include <stdint.h>

#include "lib/base/alloc.h"
#include "lib/base/dlist.h"
#include "lib/transport/channel.h"

#define VIO_PENDING_IDS 65536u

struct vio_pending {
    struct vio_dlist node;
    uint16_t id;
    uint16_t command;
    uint64_t due; /* when its reply is late */
    vio_channel_replied replied;
    void *user;
};

struct vio_pendings {
    const struct vio_alloc *alloc;
    struct vio_dlist list; /* in the order of sending */
    size_t count;
    uint16_t next_id;
    uint8_t ids[VIO_PENDING_IDS / 8]; /* a bit for each that waits */
};

void vio__pendings_init(struct vio_pendings *pendings, const struct vio_alloc *alloc);

/* Adds one with a number of its own. VIO_EAGAIN when all numbers wait, VIO_ENOMEM. */
int vio__pendings_add(struct vio_pendings *pendings, uint16_t command, uint64_t due,
                      vio_channel_replied replied, void *user, struct vio_pending **ret_pending);

struct vio_pending *vio__pendings_oldest(const struct vio_pendings *pendings); /* NULL: none */
struct vio_pending *vio__pendings_find(const struct vio_pendings *pendings, uint16_t id);
void vio__pendings_drop(struct vio_pendings *pendings, struct vio_pending *pending);

#endif
