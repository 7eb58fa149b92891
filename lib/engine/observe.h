/* SPDX-License-Identifier: MIT */
/* Observing on behalf of a user: what is blocked is recovered, and the answer is a snapshot. */
#ifndef VIO_LIB_ENGINE_OBSERVE_H
#define VIO_LIB_ENGINE_OBSERVE_H

#include <stdbool.h>

#include "lib/engine/look.h"
#include "lib/engine/unfinished.h"
#include "lib/loop/req.h"

/* The operation of a request. */
struct vio_observe {
    /* Given by who submits the request. */
    struct vio_engine *engine;
    void *owner; /* kept until it has ended */
    void (*release)(void *owner);

    struct vio_req *req;
    struct vio_dlist node;
    struct vio_look look;
    struct vio_recovery recovery;
    bool recovered;
    bool refreshing; /* the store calls back */
    int why;         /* it was canceled with this meanwhile */
    bool ended;
};

/* Members of a vio_req_class whose operation is a struct vio_observe. */
void vio__observe_start(struct vio_req *req, void *op);
void vio__observe_cancel(struct vio_req *req, void *op, int why);
void vio__observe_destroy(void *op);

#endif
