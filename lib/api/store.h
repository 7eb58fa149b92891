/* SPDX-License-Identifier: MIT */
/* What the other api files need of an open store. */
#ifndef VIO_API_STORE_H
#define VIO_API_STORE_H

#include <libvio/store.h>

#include "lib/base/dlist.h"
#include "lib/engine/ledger.h"
#include "lib/loop/loop.h"
#include "lib/loop/req.h"

/* The first line of each public call: VIO_EINVAL for NULL, VIO_EFORK, VIO_ECLOSED. */
int vio__open_store_check(const struct vio_store *store);

/* `store` is not NULL. The ledger is there while the store is open: on the loop's thread, inside an
 * operation. */
struct vio_loop *vio__open_store_loop(const struct vio_store *store);
struct vio_ctx *vio__open_store_ctx(const struct vio_store *store);
struct vio_ledger *vio__open_store_ledger(const struct vio_store *store);

/*
 * Something under way with a store, which closes after it: the first member of a request's
 * operation. The store is a reference that the caller gives; the rest is zero.
 */
struct vio_store_op {
    struct vio_store *store;
    struct vio_req *req;
    void (*cancel)(struct vio_store_op *op, int why); /* the store closes */
    struct vio_dlist node;
};

/* On the loop's thread, when the request starts. VIO_ECLOSED: it did not begin. */
int vio__store_op_begin(struct vio_store_op *op, struct vio_req *req,
                        void (*cancel)(struct vio_store_op *op, int why));

/* On the loop's thread, when nothing of it is under way any more. Without effect on one that did
 * not begin. */
void vio__store_op_end(struct vio_store_op *op);

/* When the request goes, on any thread. */
void vio__store_op_release(struct vio_store_op *op);

/* -- For the store of a chassis, on the loop's thread ------------------------------------------ */

/* Another one that is open as that ledger is, with one reference. VIO_ENOMEM; VIO_ECLOSED when the
 * context is closing. */
int vio__open_store_share(struct vio_ctx *ctx, struct vio_ledger *ledger,
                          struct vio_store **ret_store);

/* Closes it; `done` (which may be NULL) comes later, or at once where it is closed. */
struct vio_store_closing {
    struct vio_dlist node;
    void (*done)(struct vio_store_closing *closing, int status, const char *text);
};
void vio__open_store_close(struct vio_store *store, struct vio_store_closing *closing);

#endif
