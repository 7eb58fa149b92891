/* SPDX-License-Identifier: MIT */
/* Care for what a store keeps: backing it up, and looking for damage. */
#include <libvio/error.h>

#include "lib/api/store.h"
#include "lib/base/alloc.h"
#include "lib/store/store.h"

struct care_op {
    struct vio_store_op base;
    char *path; /* of a backup */
    bool full;  /* a check */
};

/* The store's own words for a failure of it. */
static void on_done(void *user, int status)
{
    struct care_op *op = user;
    struct vio_ledger *ledger = vio__open_store_ledger(op->base.store);
    const char *text = vio__store_error(vio__ledger_store(ledger));

    if (status != 0 && *text)
        vio__req_fail(op->base.req, status, "%s", text);
    else
        vio__req_complete(op->base.req, status);
    vio__store_op_end(&op->base);
}

/* What the store is at is waited for: a copy is whole or is not there. */
static void on_store_closes(struct vio_store_op *op, int why)
{
    (void)op;
    (void)why;
}

static void care_cancel(struct vio_req *req, void *user, int why)
{
    (void)req;
    (void)user;
    (void)why;
}

static void care_destroy(void *user)
{
    struct care_op *op = user;

    if (op->path)
        vio__free(vio__loop_alloc(vio__open_store_loop(op->base.store)), op->path);
    vio__store_op_release(&op->base);
}

static void care_start(struct vio_req *req, void *user)
{
    struct care_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status == 0) {
        struct vio__store *kept = vio__ledger_store(vio__open_store_ledger(op->base.store));

        status = op->path ? vio__store_backup(kept, op->path, on_done, op)
                          : vio__store_check(kept, op->full, on_done, op);
    }
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static const struct vio_req_class backup_class = {
    .name = "store backup",
    .op_size = sizeof(struct care_op),
    .start = care_start,
    .cancel = care_cancel,
    .destroy = care_destroy,
};

static const struct vio_req_class check_class = {
    .name = "store check",
    .op_size = sizeof(struct care_op),
    .start = care_start,
    .cancel = care_cancel,
    .destroy = care_destroy,
};

static int new_care(struct vio_store *store, const struct vio_req_class *cls, vio_req_cb cb,
                    void *user, struct vio_req **ret_req)
{
    struct care_op *op;
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), cls, cb, user, ret_req);
    if (status != 0)
        return status;
    op = vio__req_op(*ret_req);
    op->base.store = vio_store_ref(store);
    return 0;
}

int vio_store_backup(struct vio_store *store, const char *path, vio_req_cb cb, void *user,
                     struct vio_req **ret_req)
{
    struct vio_req *req;
    struct care_op *op;
    int status;

    if (!path)
        return VIO_EINVAL;
    status = new_care(store, &backup_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->path = vio__strdup(vio__req_alloc(req), path);
    if (!op->path) {
        vio__req_unref(req);
        return VIO_ENOMEM;
    }
    return vio__req_submit(req, ret_req);
}

int vio_store_check(struct vio_store *store, bool full, vio_req_cb cb, void *user,
                    struct vio_req **ret_req)
{
    struct vio_req *req;
    struct care_op *op;
    int status = new_care(store, &check_class, cb, user, &req);

    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->full = full;
    return vio__req_submit(req, ret_req);
}
