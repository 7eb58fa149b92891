/* SPDX-License-Identifier: MIT */
#include "lib/api/store.h"

#include <stdatomic.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/api/ctx.h"
#include "lib/api/store_config.h"
#include "lib/base/ref.h"
#include "lib/store/store.h"

/* An open store: one use of a ledger. */
struct vio_store {
    struct vio_ref ref;
    struct vio_ctx *ctx; /* referenced as long as the store is; closes after it in any case */
    char *uri;
    bool read_only;
    uint8_t uuid[VIO_UUID_SIZE]; /* once it is open */
    atomic_bool closed;          /* refuses new calls */

    /* On the loop's thread. */
    struct vio_ledger_use use;
    struct open_op *opening;
    bool open;      /* the use is, or is being put */
    bool closing;   /* no operation begins any more */
    bool canceling; /* they are being told */
    bool leaving;   /* the use is being put */
    bool orphaned;  /* nobody has a reference: freed as soon as it is not open */
    struct vio_dlist ops;
    struct vio_dlist closings;
    struct vio_closer closer;
    struct vio_post post;
};

struct open_op {
    struct vio_store *store; /* NULL once it is open, or was given up */
    struct vio_req *req;
    struct vio_ledger_config config;
    int why; /* it was canceled with this */
};

struct close_op {
    struct vio_store *store;
    struct vio_req *req;
    struct vio_store_closing closing;
};

/* -- Life -------------------------------------------------------------------------------------- */

static void free_store(struct vio_store *store)
{
    const struct vio_alloc *alloc = vio__loop_alloc(vio__ctx_loop(store->ctx));

    vio__free(alloc, store->uri);
    vio__free(alloc, store);
}

static int new_store(struct vio_ctx *ctx, const char *uri, bool read_only,
                     struct vio_store **ret_store)
{
    const struct vio_alloc *alloc = vio__loop_alloc(vio__ctx_loop(ctx));
    struct vio_store *store = vio__calloc(alloc, 1, sizeof(*store));
    int status = VIO_ENOMEM;

    if (!store)
        return VIO_ENOMEM;
    vio__ref_init(&store->ref);
    atomic_init(&store->closed, false);
    vio__dlist_init(&store->ops);
    vio__dlist_init(&store->closings);
    vio__dlist_init(&store->closer.node);
    store->read_only = read_only;
    if (!uri)
        status = vio__store_config_default(alloc, &store->uri);
    else if ((store->uri = vio__strdup(alloc, uri)) != NULL)
        status = 0;
    if (status != 0) {
        vio__free(alloc, store);
        return status;
    }
    store->ctx = vio_ctx_ref(ctx);
    *ret_store = store;
    return 0;
}

static void on_put(struct vio_ledger_use *use, int status, const char *text)
{
    struct vio_store *store = VIO_CONTAINER_OF(use, struct vio_store, use);
    struct vio_dlist *node;

    store->open = false;
    vio__ctx_remove_closer(store->ctx, &store->closer);
    while ((node = vio__dlist_pop(&store->closings)) != NULL) {
        struct vio_store_closing *closing = VIO_CONTAINER_OF(node, struct vio_store_closing, node);

        closing->done(closing, status, text);
    }
    if (store->orphaned)
        free_store(store);
}

static void leave_when_idle(struct vio_store *store)
{
    if (!store->closing || store->canceling || !store->open || store->leaving ||
        !vio__dlist_empty(&store->ops))
        return;
    store->leaving = true;
    vio__ledger_put(&store->use, on_put);
}

static void close_store(void *object)
{
    struct vio_store *store = object;
    struct vio_dlist ops;
    struct vio_dlist *node;

    atomic_store(&store->closed, true);
    if (!store->open || store->closing)
        return;
    store->closing = true;
    store->canceling = true;
    vio__dlist_init(&ops);
    vio__dlist_splice(&ops, &store->ops);
    while ((node = vio__dlist_pop(&ops)) != NULL) {
        struct vio_store_op *op = VIO_CONTAINER_OF(node, struct vio_store_op, node);

        vio__dlist_append(&store->ops, node);
        op->cancel(op, VIO_ECLOSED);
    }
    store->canceling = false;
    leave_when_idle(store);
}

/* The last reference is gone. */
static void abandon(struct vio_post *post)
{
    struct vio_store *store = VIO_CONTAINER_OF(post, struct vio_store, post);

    store->orphaned = true;
    if (store->open)
        close_store(store);
    else
        free_store(store);
}

struct vio_store *vio_store_ref(struct vio_store *store)
{
    if (store)
        vio__ref_get(&store->ref);
    return store;
}

/* As with a chassis, the reference of the context goes with the last one of the store. */
void vio_store_unref(struct vio_store *store)
{
    struct vio_ctx *ctx;

    if (!store || !vio__ref_put(&store->ref) || vio__loop_forked(vio__open_store_loop(store)))
        return;
    ctx = store->ctx;
    store->post.fn = abandon;
    if (vio__loop_post(vio__ctx_loop(ctx), &store->post) != 0)
        free_store(store); /* the loop has closed, and the store before it */
    vio_ctx_unref(ctx);
}

static void unref_store(void *store)
{
    vio_store_unref(store);
}

/* -- For the other api files ------------------------------------------------------------------- */

int vio__open_store_check(const struct vio_store *store)
{
    int status = store ? vio__ctx_check(store->ctx) : VIO_EINVAL;

    if (status == 0 && atomic_load(&store->closed))
        status = VIO_ECLOSED;
    return status;
}

struct vio_loop *vio__open_store_loop(const struct vio_store *store)
{
    return vio__ctx_loop(store->ctx);
}

struct vio_ctx *vio__open_store_ctx(const struct vio_store *store)
{
    return store->ctx;
}

struct vio_ledger *vio__open_store_ledger(const struct vio_store *store)
{
    return store->use.ledger;
}

int vio__store_op_begin(struct vio_store_op *op, struct vio_req *req,
                        void (*cancel)(struct vio_store_op *op, int why))
{
    if (!op->store->open || op->store->closing)
        return VIO_ECLOSED;
    op->req = vio__req_ref(req);
    op->cancel = cancel;
    vio__dlist_append(&op->store->ops, &op->node);
    return 0;
}

void vio__store_op_end(struct vio_store_op *op)
{
    struct vio_req *req = op->req;

    if (!req)
        return;
    op->req = NULL;
    vio__dlist_remove(&op->node);
    leave_when_idle(op->store);
    vio__req_unref(req);
}

void vio__store_op_release(struct vio_store_op *op)
{
    vio_store_unref(op->store);
}

static int now_open(struct vio_store *store)
{
    store->open = true;
    memcpy(store->uuid, vio__store_uuid(vio__ledger_store(store->use.ledger)), VIO_UUID_SIZE);
    store->closer.close = close_store;
    store->closer.object = store;
    return vio__ctx_add_closer(store->ctx, &store->closer);
}

int vio__open_store_share(struct vio_ctx *ctx, struct vio_ledger *ledger,
                          struct vio_store **ret_store)
{
    struct vio_store *store;
    int status = new_store(ctx, vio__ledger_uri(ledger), vio__ledger_is_read_only(ledger), &store);

    if (status != 0)
        return status;
    vio__ledger_share(ledger, &store->use);
    status = now_open(store);
    if (status != 0)
        vio_store_unref(store);
    else
        *ret_store = store;
    return status;
}

void vio__open_store_close(struct vio_store *store, struct vio_store_closing *closing)
{
    if (!store->open) {
        closing->done(closing, 0, "");
        return;
    }
    vio__dlist_append(&store->closings, &closing->node);
    close_store(store);
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void drop_store(struct open_op *op)
{
    struct vio_store *store = op->store;

    op->store = NULL;
    vio_store_unref(store);
}

/* The use of a ledger that is not, or no longer, wanted is given back; then the request ends. */
static void on_given_up(struct vio_ledger_use *use, int status, const char *text)
{
    struct vio_store *store = VIO_CONTAINER_OF(use, struct vio_store, use);
    struct open_op *op = store->opening;

    (void)status;
    (void)text;
    store->opening = NULL;
    drop_store(op);
    vio__req_complete(op->req, op->why);
}

static void give_up(struct open_op *op, int why)
{
    op->why = why;
    vio__ledger_put(&op->store->use, on_given_up);
}

static void on_opened(struct vio_ledger_use *use, int status, const char *text)
{
    struct vio_store *store = VIO_CONTAINER_OF(use, struct vio_store, use);
    struct open_op *op = store->opening;

    if (status != 0) {
        if (*text)
            vio__req_set_message(op->req, "%s", text);
        give_up(op, status);
        return;
    }
    store->opening = NULL;
    op->store = NULL;
    if (now_open(store) != 0) {
        close_store(store); /* the context is closing */
        vio_store_unref(store);
        vio__req_complete(op->req, VIO_ECLOSED);
        return;
    }
    vio__req_set_result(op->req, "store", store, unref_store);
    vio__req_complete(op->req, 0);
}

static void open_start(struct vio_req *req, void *user)
{
    struct open_op *op = user;
    struct vio_store *store = op->store;
    int status;

    op->req = req;
    op->config.uri = store->uri;
    store->opening = op;
    status = vio__ledger_get(vio__ctx_ledgers(store->ctx), &op->config, &store->use, on_opened);
    if (status == 0)
        return;
    store->opening = NULL;
    if (status == VIO_EPARSE)
        vio__req_set_message(req,
                             "\"%.200s\" names no kind of store; there are: memory:, "
                             "memory:NAME, sqlite:PATH",
                             store->uri);
    drop_store(op);
    vio__req_complete(req, status);
}

static void open_cancel(struct vio_req *req, void *user, int why)
{
    struct open_op *op = user;

    (void)req;
    if (op->store && op->why == 0)
        give_up(op, why);
}

static void open_destroy(void *user)
{
    drop_store(user);
}

static const struct vio_req_class open_class = {
    .name = "store open",
    .op_size = sizeof(struct open_op),
    .start = open_start,
    .cancel = open_cancel,
    .destroy = open_destroy,
};

int vio_store_open(struct vio_ctx *ctx, const char *uri, const struct vio_store_config *config,
                   vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    struct open_op *op;
    int status = vio__ctx_check(ctx);

    if (status == 0)
        status = vio__req_new(vio__ctx_loop(ctx), &open_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    vio__store_config_fill(config, &op->config);
    status = new_store(ctx, uri, op->config.read_only, &op->store);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    return vio__req_submit(req, ret_req);
}

struct vio_store *vio_req_get_store(const struct vio_req *req)
{
    return req ? vio__req_result(req, "store") : NULL;
}

/* -- Closing ----------------------------------------------------------------------------------- */

static void on_closed(struct vio_store_closing *closing, int status, const char *text)
{
    struct close_op *op = VIO_CONTAINER_OF(closing, struct close_op, closing);
    struct vio_store *store = op->store;

    op->store = NULL;
    if (status != 0 && *text)
        vio__req_set_message(op->req, "%s", text);
    vio__req_complete(op->req, status);
    vio_store_unref(store);
}

static void close_start(struct vio_req *req, void *user)
{
    struct close_op *op = user;

    op->req = req;
    op->closing.done = on_closed;
    vio__open_store_close(op->store, &op->closing);
}

static void close_cancel(struct vio_req *req, void *user, int why)
{
    (void)req; /* closing cannot be called off */
    (void)user;
    (void)why;
}

static void close_destroy(void *user)
{
    struct close_op *op = user;

    vio_store_unref(op->store);
}

static const struct vio_req_class close_class = {
    .name = "store close",
    .op_size = sizeof(struct close_op),
    .start = close_start,
    .cancel = close_cancel,
    .destroy = close_destroy,
};

int vio_store_close(struct vio_store *store, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    struct close_op *op;
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), &close_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->store = vio_store_ref(store);
    if (atomic_exchange(&store->closed, true)) {
        vio__req_unref(req);
        return VIO_ECLOSED;
    }
    status = vio__req_submit(req, ret_req);
    if (status != 0 && status != VIO_ECLOSED)
        atomic_store(&store->closed, false);
    return status;
}

/* -- Looking at it ----------------------------------------------------------------------------- */

const char *vio_store_uri(const struct vio_store *store)
{
    return store ? store->uri : NULL;
}

int vio_store_uuid(const struct vio_store *store, struct vio_address *ret_uuid)
{
    if (!store || !ret_uuid)
        return VIO_EINVAL;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, store->uuid, VIO_UUID_SIZE);
    return 0;
}

bool vio_store_is_read_only(const struct vio_store *store)
{
    return store && store->read_only;
}
