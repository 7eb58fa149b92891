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
    bool mending;   /* the one under way was begun as the actual state was stale */
    uint64_t since; /* see actual.h */
};

void vio__lookout_init(struct vio_lookout *lookout);

/* `done` comes once the engine's actual state is that of now or it failed, never inside the call.
 * What the driver's observe() says. */
int vio__look_start(struct vio_engine *engine, struct vio_look *look);

/* Whether something has happened that the actual state does not show yet. */
bool vio__look_is_due(const struct vio_engine *engine);
/* As vio__look_start(), where that is so: what is under way for this reason will do. */
int vio__look_catch_up(struct vio_engine *engine, struct vio_look *look);

void vio__look_cancel(struct vio_look *look); /* `done` does not come any more */

#endif
