/* SPDX-License-Identifier: MIT */
/* Looking at the registers of the chassis and of our queue set: now, or after a while. */
#ifndef VIO_LIB_DRIVER_IOVE_LOOK_H
#define VIO_LIB_DRIVER_IOVE_LOOK_H

#include <stdint.h>

#include "lib/driver/iove/claim.h"
#include "lib/driver/iove/limits.h"
#include "lib/loop/loop.h"

/* A member of who looks. */
struct vio_iove_look {
    struct vio_loop *loop;
    void (*done)(struct vio_iove_look *look);
    uint8_t global[VIO_IOVE_GLOBAL_SIZE]; /* what was seen, in `done` */
    uint8_t regs[VIO_IOVE_QUEUE_REGS];

    /* Its own. */
    struct vio_transport *transport;
    struct vio_iove_claim *claim; /* NULL: stopped */
    struct vio_timer timer;
    unsigned reads; /* that have not come back */
    int status;     /* the first failure among them */
};

/* `done` is called after each look that worked; one that failed is repeated. */
void vio__iove_look_init(struct vio_iove_look *look, struct vio_loop *loop,
                         void (*done)(struct vio_iove_look *look));

/* From now on it is this set that is looked at, first after `wait` ns. */
void vio__iove_look_start(struct vio_iove_look *look, struct vio_transport *transport,
                          struct vio_iove_claim *claim, uint64_t wait);
void vio__iove_look_later(struct vio_iove_look *look, uint64_t wait);
void vio__iove_look_now(struct vio_iove_look *look); /* nothing where one is under way */

/* `done` does not come any more. What was asked must have come back before the memory may go. */
void vio__iove_look_stop(struct vio_iove_look *look);

#endif
