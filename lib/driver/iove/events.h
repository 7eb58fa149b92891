/* SPDX-License-Identifier: MIT */
/* The chassis' events as notices of nouns, in an unbroken count of the driver's own. */
#ifndef VIO_LIB_DRIVER_IOVE_EVENTS_H
#define VIO_LIB_DRIVER_IOVE_EVENTS_H

#include "lib/driver/driver.h"
#include "lib/driver/iove/limits.h"
#include "lib/hw/ring.h"

struct vio_iove_events {
    struct vio_loop *loop;
    struct vio_driver_listener listener;
    uint64_t expected; /* the chassis' number of the next event */
    uint64_t count;    /* of notices */
};

/* The events that come are numbered from `sequence`. */
void vio__iove_events_start(struct vio_iove_events *events, uint64_t sequence);

/* One event of the ring, checked against what there is. */
void vio__iove_events_take(struct vio_iove_events *events, const struct vio_iove_limits *limits,
                           const struct vio_hw_event *event);

/* An event could not be read, or some came to nobody: observe anew. */
void vio__iove_events_gap(struct vio_iove_events *events);

/* A notice of the driver's own. */
void vio__iove_events_tell(struct vio_iove_events *events, enum vio_notice_type type);

#endif
