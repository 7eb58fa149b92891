/* SPDX-License-Identifier: MIT */
/* Drift and reconcile on behalf of a user, and the repair that nobody has to ask for. */
#ifndef VIO_LIB_ENGINE_RECONCILE_H
#define VIO_LIB_ENGINE_RECONCILE_H

#include <stdbool.h>

#include "lib/engine/heal.h"
#include "lib/loop/req.h"

struct vio_notice;

/* The operation of a request, whose result is a "plan". */
struct vio_reconcile {
    /* Given by who submits the request. */
    struct vio_engine *engine;
    bool dry_run; /* drift */
    void *owner;  /* kept until it has ended */
    void (*release)(void *owner);

    struct vio_req *req;
    struct vio_heal heal;
};

/* Members of a vio_req_class whose operation is a struct vio_reconcile. */
void vio__reconcile_start(struct vio_req *req, void *op);
void vio__reconcile_cancel(struct vio_req *req, void *op, int why);
void vio__reconcile_destroy(void *op);

/* Where the engine is to repair by itself: something happened that may have made a function differ
 * from what it is to be. */
void vio__repair_notice(struct vio_engine *engine, const struct vio_notice *notice);
void vio__repair_init(struct vio_engine *engine);
void vio__repair_stop(struct vio_engine *engine);

#endif
