/* SPDX-License-Identifier: MIT */
/* The completion queue of a context. All may be called from any thread. */
#ifndef VIO_LOOP_QUEUE_H
#define VIO_LOOP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/req.h>

#include "lib/base/alloc.h"
#include "lib/base/dlist.h"

struct vio_queue;

/* A member of each request. */
struct vio_queue_entry {
    struct vio_dlist node;
    struct vio_req *req;
    bool reserved;
    bool queued;
};

/* `max`: how many places may be reserved. VIO_ENOMEM. */
int vio__queue_new(const struct vio_alloc *alloc, uint32_t max, struct vio_queue **ret_queue);
void vio__queue_free(struct vio_queue *queue); /* NULL is fine */

/* Drops what was not reaped and closes the descriptor; later entries are dropped, too. */
void vio__queue_close(struct vio_queue *queue);

/* A place for a request that will be pushed; it is free again once the request was reaped. False
 * when all are taken, unless `force`. */
bool vio__queue_reserve(struct vio_queue *queue, struct vio_queue_entry *entry, bool force);
void vio__queue_cancel(struct vio_queue *queue, struct vio_queue_entry *entry);

/* Takes a reference of the request. One that is queued already is left where it is. */
void vio__queue_push(struct vio_queue *queue, struct vio_queue_entry *entry);

int vio__queue_fd(const struct vio_queue *queue);

/* The caller gets the references. */
size_t vio__queue_reap(struct vio_queue *queue, struct vio_req **ret_reqs, size_t max);

#endif
