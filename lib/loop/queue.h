/* SPDX-License-Identifier: MIT */
/* The completion queue of a context. All may be called from any thread. */
#ifndef VIO_LOOP_QUEUE_H
#define VIO_LOOP_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/req.h>

#include "lib/base/alloc.h"

struct vio_queue;

/* `max`: requests that may be reserved. VIO_ENOMEM. */
int vio__queue_new(const struct vio_alloc *alloc, uint32_t max, struct vio_queue **ret_queue);
void vio__queue_free(struct vio_queue *queue); /* drops what was not reaped; NULL is fine */

/* A vio_req_cb: the request goes on the queue of its loop. Requests with this callback need a place
 * reserved at their submission. */
void vio__queue_cb(struct vio_req *req, int status, void *user);

int vio__queue_fd(const struct vio_queue *queue);
size_t vio__queue_reap(struct vio_queue *queue, struct vio_req **ret_reqs, size_t max);

#endif
