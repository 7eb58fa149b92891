/* SPDX-License-Identifier: MIT */
#include "lib/api/ctx.h"

#include <limits.h>

#include <libvio/error.h>

#include "lib/api/ctx_config.h"
#include "lib/base/ref.h"
#include "lib/engine/ledger.h"
#include "lib/loop/queue.h"

struct vio_ctx {
    struct vio_ref ref; /* of the users, of what they opened, and of a close under way */
    struct vio_loop *loop;
    struct vio_ledgers *ledgers;
    struct vio_req *close_req; /* made with the context, so that closing never lacks memory */

    /* On the loop's thread. */
    struct vio_dlist closers;
    struct vio_dlist closing_closers; /* whose close() was called */
    bool closing;
};

/* -- Closing ---------------------------------------------------------------------------------- */

static void free_ctx(struct vio_ctx *ctx)
{
    struct vio_loop *loop = ctx->loop;

    vio__req_unref(ctx->close_req);
    vio__ledgers_free(ctx->ledgers);
    vio__free(vio__loop_alloc(loop), ctx);
    vio__loop_dispose(loop);
    vio__loop_unref(loop);
}

static void on_loop_closed(void *user)
{
    struct vio_ctx *ctx = user;

    vio__req_complete(ctx->close_req, 0);
    if (vio__ref_put(&ctx->ref))
        free_ctx(ctx);
}

static void on_alone(struct vio_req *req)
{
    struct vio_ctx *ctx = *(struct vio_ctx **)vio__req_op(req);

    vio__loop_close(ctx->loop, on_loop_closed, ctx);
}

static void close_when_alone(struct vio_ctx *ctx)
{
    if (ctx->closing && vio__dlist_empty(&ctx->closers) && vio__dlist_empty(&ctx->closing_closers))
        vio__req_when_alone(ctx->close_req, on_alone);
}

static void close_start(struct vio_req *req, void *op)
{
    struct vio_ctx *ctx = *(struct vio_ctx **)op;
    struct vio_dlist *node;

    vio__req_cancel_all(ctx->loop, req, VIO_ECLOSED);
    while ((node = vio__dlist_pop(&ctx->closers)) != NULL) {
        struct vio_closer *closer = VIO_CONTAINER_OF(node, struct vio_closer, node);

        vio__dlist_append(&ctx->closing_closers, node);
        closer->close(closer->object);
    }
    ctx->closing = true;
    close_when_alone(ctx);
}

static void close_cancel(struct vio_req *req, void *op, int why)
{
    (void)req; /* a close cannot be called off */
    (void)op;
    (void)why;
}

static const struct vio_req_class close_class = {
    .name = "context close",
    .op_size = sizeof(struct vio_ctx *),
    .start = close_start,
    .cancel = close_cancel,
};

static int start_close(struct vio_ctx *ctx, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    int r;

    vio__ref_get(&ctx->ref);
    r = vio__req_submit_last(ctx->close_req, cb, user, ret_req);
    if (r < 0)
        vio__ref_put(&ctx->ref); /* not the last: the caller has one */
    return r;
}

/* -- For the other api files ------------------------------------------------------------------ */

struct vio_loop *vio__ctx_loop(const struct vio_ctx *ctx)
{
    return ctx->loop;
}

struct vio_ledgers *vio__ctx_ledgers(const struct vio_ctx *ctx)
{
    return ctx->ledgers;
}

int vio__ctx_check(const struct vio_ctx *ctx)
{
    if (ctx == NULL)
        return VIO_EINVAL;
    return vio__loop_forked(ctx->loop) ? VIO_EFORK : 0;
}

int vio__ctx_add_closer(struct vio_ctx *ctx, struct vio_closer *closer)
{
    vio__dlist_append(ctx->closing ? &ctx->closing_closers : &ctx->closers, &closer->node);
    return vio__req_is_closing(ctx->loop) ? VIO_ECLOSED : 0;
}

void vio__ctx_remove_closer(struct vio_ctx *ctx, struct vio_closer *closer)
{
    vio__dlist_remove(&closer->node);
    close_when_alone(ctx);
}

/* -- Public ----------------------------------------------------------------------------------- */

int vio_ctx_new(const struct vio_ctx_config *config, struct vio_ctx **ret_ctx)
{
    struct vio_loop_config loop_config = vio__ctx_config_loop(config);
    struct vio_ctx *ctx;
    int r;

    if (ret_ctx == NULL)
        return VIO_EINVAL;
    ctx = vio__calloc(&loop_config.alloc, 1, sizeof(*ctx));
    if (ctx == NULL)
        return VIO_ENOMEM;
    vio__ref_init(&ctx->ref);
    vio__dlist_init(&ctx->closers);
    vio__dlist_init(&ctx->closing_closers);
    r = vio__loop_new(&loop_config, &ctx->loop);
    if (r == 0)
        r = vio__ledgers_new(ctx->loop, &ctx->ledgers);
    if (r == 0)
        r = vio__req_new(ctx->loop, &close_class, NULL, NULL, &ctx->close_req);
    if (r == 0) {
        *(struct vio_ctx **)vio__req_op(ctx->close_req) = ctx;
        r = vio__loop_start(ctx->loop);
    }
    if (r < 0) {
        vio__req_unref(ctx->close_req);
        vio__ledgers_free(ctx->ledgers);
        vio__loop_unref(ctx->loop);
        vio__free(&loop_config.alloc, ctx);
        return r;
    }
    *ret_ctx = ctx;
    return 0;
}

struct vio_ctx *vio_ctx_ref(struct vio_ctx *ctx)
{
    if (ctx != NULL)
        vio__ref_get(&ctx->ref);
    return ctx;
}

void vio_ctx_unref(struct vio_ctx *ctx)
{
    struct vio_loop *loop;

    if (vio__ctx_check(ctx) < 0 || !vio__ref_put(&ctx->ref))
        return;
    if (vio__req_is_closing(ctx->loop)) {
        free_ctx(ctx); /* the close under way had a reference, so it is over */
        return;
    }
    loop = vio__loop_ref(ctx->loop);
    vio__ref_init(&ctx->ref);
    start_close(ctx, NULL, NULL, NULL);
    if (vio__ref_put(&ctx->ref))
        free_ctx(ctx);
    if (vio__loop_drive(loop) == VIO_LOOP_POLL)
        vio__loop_run_to_end(loop);
    vio__loop_unref(loop);
}

static int check_poll(const struct vio_ctx *ctx)
{
    int r = vio__ctx_check(ctx);

    if (r == 0 && vio__loop_drive(ctx->loop) != VIO_LOOP_POLL)
        r = VIO_ESTATE;
    return r;
}

int vio_ctx_fd(struct vio_ctx *ctx)
{
    int r = check_poll(ctx);

    return r < 0 ? r : vio__loop_fd(ctx->loop);
}

int vio_ctx_timeout(struct vio_ctx *ctx, int *ret_timeout_ms)
{
    int r = check_poll(ctx);

    if (r < 0)
        return r;
    if (ret_timeout_ms == NULL)
        return VIO_EINVAL;
    *ret_timeout_ms = vio__loop_poll_timeout(ctx->loop);
    return 0;
}

int vio_ctx_dispatch(struct vio_ctx *ctx)
{
    int r = check_poll(ctx);

    if (r < 0)
        return r;
    vio_ctx_ref(ctx);
    r = vio__loop_dispatch(ctx->loop);
    vio_ctx_unref(ctx);
    return r;
}

int vio_ctx_close(struct vio_ctx *ctx, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    int r = vio__ctx_check(ctx);

    return r < 0 ? r : start_close(ctx, cb, user, ret_req);
}

int vio_ctx_stop(struct vio_ctx *ctx)
{
    int r = vio__ctx_check(ctx);

    if (r == 0)
        r = vio__req_may_wait(ctx->loop);
    if (r < 0)
        return r;
    start_close(ctx, NULL, NULL, NULL); /* fails only if it was closed, which is as good */
    r = vio__req_wait(ctx->close_req, -1);
    if (r == 0)
        vio__loop_join(ctx->loop);
    return r;
}

void vio_ctx_queue(struct vio_req *req, int status, void *user)
{
    (void)status;
    (void)user;
    if (req == NULL || !vio__req_is_complete(req) || vio__loop_forked(vio__req_loop(req)))
        return;
    vio__queue_push(vio__loop_queue(vio__req_loop(req)), vio__req_queue_entry(req));
}

int vio_ctx_queue_fd(struct vio_ctx *ctx)
{
    int r = vio__ctx_check(ctx);

    return r < 0 ? r : vio__queue_fd(vio__loop_queue(ctx->loop));
}

int vio_ctx_reap(struct vio_ctx *ctx, struct vio_req **ret_reqs, size_t max)
{
    int r = vio__ctx_check(ctx);

    if (r < 0)
        return r;
    if (ret_reqs == NULL && max > 0)
        return VIO_EINVAL;
    return (int)vio__queue_reap(vio__loop_queue(ctx->loop), ret_reqs,
                                max < INT_MAX ? max : INT_MAX);
}
