/* SPDX-License-Identifier: MIT */
#include "lib/api/chassis.h"

#include <stdatomic.h>

#include <libvio/error.h>

#include "lib/api/chassis_config.h"
#include "lib/api/ctx.h"
#include "lib/api/store.h"
#include "lib/api/store_config.h"
#include "lib/base/ref.h"
#include "lib/driver/driver.h"
#include "lib/engine/observe.h"
#include "lib/engine/reconcile.h"

struct vio_chassis {
    struct vio_ref ref;
    struct vio_ctx *ctx; /* referenced as long as the chassis is; closes after it in any case */
    char *uri;
    bool read_only;
    struct vio_engine *engine; /* NULL until the opening starts */
    atomic_bool closed;        /* refuses new calls */
    atomic_bool abandoned;     /* the last reference, and the one of the store, are gone */
    struct vio_store *store;   /* a reference; NULL until it is open */
    bool own_store;            /* nobody named one: it closes with the chassis */

    /* On the loop's thread. */
    bool open;     /* the engine is, or is being closed */
    bool closing;  /* the engine is being closed */
    bool orphaned; /* nobody has a reference: freed as soon as it is not open */
    struct vio_closer closer;
    struct vio_store_closing store_closing;
    struct vio_dlist close_reqs;
    struct vio_post post;
};

struct open_op {
    struct vio_chassis *chassis;
    struct vio_req *req;
    struct vio_engine_config config;
    char holder[VIO_HOLDER_SIZE];
    char *store_uri;           /* where no store was named */
    struct vio_store_op using; /* the store that was */
};

struct close_op {
    struct vio_chassis *chassis;
    struct vio_req *req;
    struct vio_dlist node;
};

/* -- Life -------------------------------------------------------------------------------------- */

static void free_chassis(struct vio_chassis *chassis)
{
    const struct vio_alloc *alloc = vio__loop_alloc(vio__ctx_loop(chassis->ctx));

    vio__engine_free(chassis->engine);
    vio__free(alloc, chassis->uri);
    vio__free(alloc, chassis);
}

static int new_chassis(struct vio_ctx *ctx, const char *uri, bool read_only,
                       struct vio_chassis **ret_chassis)
{
    const struct vio_alloc *alloc = vio__loop_alloc(vio__ctx_loop(ctx));
    struct vio_chassis *chassis = vio__calloc(alloc, 1, sizeof(*chassis));

    if (!chassis)
        return VIO_ENOMEM;
    vio__ref_init(&chassis->ref);
    atomic_init(&chassis->closed, false);
    atomic_init(&chassis->abandoned, false);
    vio__dlist_init(&chassis->closer.node);
    vio__dlist_init(&chassis->close_reqs);
    chassis->read_only = read_only;
    chassis->uri = vio__strdup(alloc, uri);
    if (!chassis->uri) {
        vio__free(alloc, chassis);
        return VIO_ENOMEM;
    }
    chassis->ctx = vio_ctx_ref(ctx);
    *ret_chassis = chassis;
    return 0;
}

static void on_store_closed(struct vio_store_closing *closing, int status, const char *text)
{
    struct vio_chassis *chassis = VIO_CONTAINER_OF(closing, struct vio_chassis, store_closing);
    struct vio_dlist *node;

    (void)status; /* what was acknowledged was durable before */
    (void)text;
    chassis->open = false;
    vio__ctx_remove_closer(chassis->ctx, &chassis->closer);
    while ((node = vio__dlist_pop(&chassis->close_reqs)) != NULL) {
        struct close_op *op = VIO_CONTAINER_OF(node, struct close_op, node);

        vio__req_complete(op->req, 0);
        vio__chassis_release(op->chassis);
        op->chassis = NULL;
    }
    if (chassis->orphaned)
        free_chassis(chassis);
}

static void on_closed(void *user, int status, const char *text)
{
    struct vio_chassis *chassis = user;

    chassis->store_closing.done = on_store_closed;
    if (chassis->own_store && !atomic_load(&chassis->abandoned))
        vio__open_store_close(chassis->store, &chassis->store_closing);
    else
        on_store_closed(&chassis->store_closing, status, text);
}

static void close_engine(void *object)
{
    struct vio_chassis *chassis = object;

    atomic_store(&chassis->closed, true);
    if (!chassis->open || chassis->closing)
        return;
    chassis->closing = true;
    vio__engine_close(chassis->engine, on_closed, chassis);
}

/* The last reference is gone. */
static void abandon(struct vio_post *post)
{
    struct vio_chassis *chassis = VIO_CONTAINER_OF(post, struct vio_chassis, post);

    chassis->orphaned = true;
    if (chassis->open)
        close_engine(chassis);
    else
        free_chassis(chassis);
}

struct vio_chassis *vio_chassis_ref(struct vio_chassis *chassis)
{
    if (chassis)
        vio__ref_get(&chassis->ref);
    return chassis;
}

/* The reference of the context goes with the last one of the chassis, and not when that has closed:
 * a program that dispatches the context itself has nothing left to do so with. */
void vio_chassis_unref(struct vio_chassis *chassis)
{
    struct vio_ctx *ctx;

    if (!chassis || !vio__ref_put(&chassis->ref) || vio__loop_forked(vio__chassis_loop(chassis)))
        return;
    ctx = chassis->ctx;
    atomic_store(&chassis->abandoned, true);
    vio_store_unref(chassis->store);
    chassis->post.fn = abandon;
    if (vio__loop_post(vio__ctx_loop(ctx), &chassis->post) != 0)
        free_chassis(chassis); /* the loop has closed, and the chassis before it */
    vio_ctx_unref(ctx);
}

int vio__chassis_check(const struct vio_chassis *chassis)
{
    int status = chassis ? vio__ctx_check(chassis->ctx) : VIO_EINVAL;

    if (status == 0 && atomic_load(&chassis->closed))
        status = VIO_ECLOSED;
    return status;
}

struct vio_loop *vio__chassis_loop(const struct vio_chassis *chassis)
{
    return vio__ctx_loop(chassis->ctx);
}

struct vio_engine *vio__chassis_engine(const struct vio_chassis *chassis)
{
    return chassis->engine;
}

void *vio__chassis_keep(struct vio_chassis *chassis)
{
    return vio_chassis_ref(chassis);
}

void vio__chassis_release(void *chassis)
{
    vio_chassis_unref(chassis);
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void drop_chassis(struct open_op *op)
{
    struct vio_chassis *chassis = op->chassis;

    op->chassis = NULL;
    vio_chassis_unref(chassis);
}

static void fail_open(struct open_op *op, int status)
{
    drop_chassis(op);
    vio__store_op_end(&op->using);
    vio__req_complete(op->req, status);
}

/* A store of the chassis' own is open to the program as any other. */
static int take_store(struct vio_chassis *chassis)
{
    if (chassis->store)
        return 0;
    chassis->own_store = true;
    return vio__open_store_share(chassis->ctx, vio__engine_ledger(chassis->engine),
                                 &chassis->store);
}

static void on_opened(void *user, int status, const char *text)
{
    struct open_op *op = user;
    struct vio_chassis *chassis = op->chassis;

    if (status != 0) {
        chassis->open = false;
        if (*text)
            vio__req_set_message(op->req, "%s", text);
        fail_open(op, status);
        return;
    }
    chassis->closer.close = close_engine;
    chassis->closer.object = chassis;
    status = vio__ctx_add_closer(chassis->ctx, &chassis->closer); /* the context may be closing */
    if (status == 0)
        status = take_store(chassis);
    if (status != 0) {
        chassis->own_store = chassis->own_store && chassis->store;
        close_engine(chassis);
        fail_open(op, status);
        return;
    }
    op->chassis = NULL;
    vio__store_op_end(&op->using);
    vio__req_set_result(op->req, "chassis", chassis, vio__chassis_release);
    vio__req_complete(op->req, 0);
}

static void on_store_closes(struct vio_store_op *using, int why)
{
    struct open_op *op = VIO_CONTAINER_OF(using, struct open_op, using);

    if (op->chassis && op->chassis->engine)
        vio__engine_abort(op->chassis->engine, why);
}

/* The store that was named is used as long as it takes to open the chassis, which then has a use of
 * its own. */
static int use_store(struct open_op *op)
{
    struct vio_store *store = op->using.store;
    int status;

    if (!store)
        return 0;
    if (vio_store_is_read_only(store) && !op->config.read_only) {
        vio__req_set_message(op->req,
                             "the store %s was opened for reading only, the chassis is not",
                             vio_store_uri(store));
        return VIO_EPERM;
    }
    status = vio__store_op_begin(&op->using, op->req, on_store_closes);
    if (status == 0)
        op->config.ledger = vio__open_store_ledger(store);
    return status;
}

static void open_start(struct vio_req *req, void *user)
{
    struct open_op *op = user;
    struct vio_chassis *chassis = op->chassis;
    const char *schemes = "";
    int status;

    op->req = req;
    op->config.uri = chassis->uri;
    op->config.ledgers = vio__ctx_ledgers(chassis->ctx);
    op->config.driver = vio__driver_for(chassis->uri, &schemes);
    if (!op->config.driver)
        vio__req_set_message(
            req,
            "\"%.200s\" names no kind of chassis; a URI begins with a scheme and a colon, "
            "of which there are: %s",
            chassis->uri, schemes);
    status = op->config.driver ? use_store(op) : VIO_EPARSE;
    if (status == 0)
        status = vio__engine_new(vio__chassis_loop(chassis), &op->config, &chassis->engine);
    if (status == 0) {
        chassis->open = true;
        status = vio__engine_open(chassis->engine, on_opened, op);
        chassis->open = status == 0;
    }
    if (status != 0)
        fail_open(op, status);
}

static void open_cancel(struct vio_req *req, void *user, int why)
{
    struct open_op *op = user;

    (void)req;
    if (op->chassis && op->chassis->engine)
        vio__engine_abort(op->chassis->engine, why);
}

static void open_destroy(void *user)
{
    struct open_op *op = user;

    drop_chassis(op);
    vio__free(NULL, op->store_uri);
    vio__store_op_release(&op->using);
}

static const struct vio_req_class open_class = {
    .name = "chassis open",
    .op_size = sizeof(struct open_op),
    .start = open_start,
    .cancel = open_cancel,
    .destroy = open_destroy,
};

static int prepare_open(struct open_op *op, struct vio_ctx *ctx, const char *uri,
                        const struct vio_chassis_config *config)
{
    struct vio_store *store = vio__chassis_config_store(config);
    bool read_only = vio__chassis_config_is_read_only(config);
    int status = 0;

    if (!store)
        status = vio__store_config_default_for(NULL, uri, read_only, &op->store_uri);
    if (status == 0)
        status = new_chassis(ctx, uri, read_only, &op->chassis);
    if (status != 0)
        return status;
    op->using.store = vio_store_ref(store);
    op->chassis->store = vio_store_ref(store);
    vio__chassis_config_fill(config, store ? vio_store_uri(store) : op->store_uri, op->holder,
                             &op->config);
    return 0;
}

int vio_chassis_open(struct vio_ctx *ctx, const char *uri, const struct vio_chassis_config *config,
                     vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_store *store = vio__chassis_config_store(config);
    struct vio_req *req;
    int status = vio__ctx_check(ctx);

    if (status == 0 && (!uri || (store && vio__open_store_ctx(store) != ctx)))
        status = VIO_EINVAL;
    if (status == 0)
        status = vio__req_new(vio__ctx_loop(ctx), &open_class, cb, user, &req);
    if (status != 0)
        return status;
    status = prepare_open(vio__req_op(req), ctx, uri, config);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    return vio__req_submit(req, ret_req);
}

struct vio_chassis *vio_req_get_chassis(const struct vio_req *req)
{
    return req ? vio__req_result(req, "chassis") : NULL;
}

/* -- Closing ----------------------------------------------------------------------------------- */

static void close_start(struct vio_req *req, void *user)
{
    struct close_op *op = user;
    struct vio_chassis *chassis = op->chassis;

    op->req = req;
    if (!chassis->open) {
        op->chassis = NULL;
        vio__req_complete(req, 0);
        vio_chassis_unref(chassis);
        return;
    }
    vio__dlist_append(&chassis->close_reqs, &op->node);
    close_engine(chassis);
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

    vio_chassis_unref(op->chassis);
}

static const struct vio_req_class close_class = {
    .name = "chassis close",
    .op_size = sizeof(struct close_op),
    .start = close_start,
    .cancel = close_cancel,
    .destroy = close_destroy,
};

int vio_chassis_close(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                      struct vio_req **ret_req)
{
    struct vio_req *req;
    struct close_op *op;
    int status = vio__chassis_check(chassis);

    if (status == 0)
        status = vio__req_new(vio__chassis_loop(chassis), &close_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->chassis = vio_chassis_ref(chassis);
    if (atomic_exchange(&chassis->closed, true)) {
        vio__req_unref(req);
        return VIO_ECLOSED;
    }
    status = vio__req_submit(req, ret_req);
    if (status != 0 && status != VIO_ECLOSED)
        atomic_store(&chassis->closed, false);
    return status;
}

/* -- Looking at it ----------------------------------------------------------------------------- */

const char *vio_chassis_uri(const struct vio_chassis *chassis)
{
    return chassis ? chassis->uri : NULL;
}

bool vio_chassis_is_read_only(const struct vio_chassis *chassis)
{
    return chassis && chassis->read_only;
}

struct vio_store *vio_chassis_store(struct vio_chassis *chassis)
{
    return chassis ? chassis->store : NULL;
}

static const struct vio_req_class observe_class = {
    .name = "chassis observe",
    .op_size = sizeof(struct vio_observe),
    .start = vio__observe_start,
    .cancel = vio__observe_cancel,
    .destroy = vio__observe_destroy,
};

int vio_chassis_observe(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                        struct vio_req **ret_req)
{
    struct vio_req *req;
    struct vio_observe *op;
    int status = vio__chassis_check(chassis);

    if (status == 0)
        status = vio__req_new(vio__chassis_loop(chassis), &observe_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->engine = chassis->engine;
    op->owner = vio__chassis_keep(chassis);
    op->release = vio__chassis_release;
    return vio__req_submit(req, ret_req);
}

static const struct vio_req_class drift_class = {
    .name = "chassis drift",
    .op_size = sizeof(struct vio_reconcile),
    .start = vio__reconcile_start,
    .cancel = vio__reconcile_cancel,
    .destroy = vio__reconcile_destroy,
};

static const struct vio_req_class reconcile_class = {
    .name = "chassis reconcile",
    .op_size = sizeof(struct vio_reconcile),
    .start = vio__reconcile_start,
    .cancel = vio__reconcile_cancel,
    .destroy = vio__reconcile_destroy,
};

static int submit_reconcile(struct vio_chassis *chassis, bool dry_run, vio_req_cb cb, void *user,
                            struct vio_req **ret_req)
{
    struct vio_req *req;
    struct vio_reconcile *op;
    int status = vio__chassis_check(chassis);

    if (status == 0)
        status = vio__req_new(vio__chassis_loop(chassis), dry_run ? &drift_class : &reconcile_class,
                              cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->engine = chassis->engine;
    op->dry_run = dry_run;
    op->owner = vio__chassis_keep(chassis);
    op->release = vio__chassis_release;
    return vio__req_submit(req, ret_req);
}

int vio_chassis_drift(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                      struct vio_req **ret_req)
{
    return submit_reconcile(chassis, true, cb, user, ret_req);
}

int vio_chassis_reconcile(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                          struct vio_req **ret_req)
{
    return submit_reconcile(chassis, false, cb, user, ret_req);
}

struct viosim *vio_chassis_sim(struct vio_chassis *chassis)
{
    const struct vio_driver_ops *ops;

    if (vio__chassis_check(chassis) != 0)
        return NULL;
    ops = vio__engine_ops(chassis->engine);
    return ops->sim ? ops->sim(vio__engine_driver(chassis->engine)) : NULL;
}
