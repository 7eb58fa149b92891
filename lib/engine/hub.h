/* SPDX-License-Identifier: MIT */
/*
 * Where the events of a chassis go: to each subscription, which keeps a bounded number of them.
 * Published on the loop's thread, taken on any.
 */
#ifndef VIO_LIB_ENGINE_HUB_H
#define VIO_LIB_ENGINE_HUB_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/event.h>

#include "lib/domain/observation.h"

struct vio_hub;
struct vio_loop;

/* What happened; names are "" where there are none. */
struct vio_event_info {
    enum vio_event_type type;
    uint64_t sequence;
    uint64_t time; /* ns of CLOCK_REALTIME */
    uint32_t index;
    uint64_t value;
    uint8_t cookie[16]; /* all zero: about no vAdapter */
    char object[VIO_NAME_SIZE];
    char server[VIO_NAME_SIZE];
    char adapter[VIO_NAME_SIZE];
};

int vio__hub_new(struct vio_loop *loop, struct vio_hub **ret_hub); /* VIO_ENOMEM */
struct vio_hub *vio__hub_ref(struct vio_hub *hub);
void vio__hub_unref(struct vio_hub *hub); /* NULL is fine */

/* On the loop's thread. Where memory is out, subscribers see it as a loss. */
void vio__hub_publish(struct vio_hub *hub, const struct vio_event_info *info);

/* On the loop's thread: nothing more will come; who waits is told VIO_ECLOSED. */
void vio__hub_close(struct vio_hub *hub);

/* VIO_ECLOSED, VIO_ENOMEM. */
int vio__subscription_new(struct vio_hub *hub, size_t depth,
                          struct vio_subscription **ret_subscription);
struct vio_subscription *vio__subscription_ref(struct vio_subscription *subscription);
void vio__subscription_unref(struct vio_subscription *subscription);
struct vio_loop *vio__subscription_loop(const struct vio_subscription *subscription);
int vio__subscription_take(struct vio_subscription *subscription, struct vio_event **ret_event);

/* On the loop's thread: `req` completes when there is something to take. One waits at a time. */
void vio__subscription_wait(struct vio_subscription *subscription, struct vio_req *req);
void vio__subscription_cancel(struct vio_subscription *subscription, struct vio_req *req, int why);

struct vio_event *vio__event_ref(struct vio_event *event);
void vio__event_unref(struct vio_event *event);
const struct vio_event_info *vio__event_info(const struct vio_event *event);

#endif
