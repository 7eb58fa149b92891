/* SPDX-License-Identifier: MIT */
/*
 * Observing the chassis. Whoever wants to know how it is now, waits for an observation that begins
 * after he asked; all who ask meanwhile share one.
 */
#ifndef VIO_LIB_ENGINE_LOOK_H
#define VIO_LIB_ENGINE_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/dlist.h"

struct vio_engine;

/* One who waits. */
struct vio_look {
    struct vio_dlist node;
    void (*done)(struct vio_look *look, int status);
};

struct vio_lookout {
    struct vio_dlist served; /* by the observation under way */
    struct vio_dlist next;   /* by the one after it */
    bool running;
    uint64_t since; /* see actual.h */
};

void vio__lookout_init(struct vio_lookout *lookout);

/* `done` comes once the engine's actual state is that of now or it failed, never inside the call.
 * What the driver's observe() says. */
int vio__look_start(struct vio_engine *engine, struct vio_look *look);
void vio__look_cancel(struct vio_look *look); /* `done` does not come any more */

#endif
