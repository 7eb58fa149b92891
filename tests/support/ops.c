/* SPDX-License-Identifier: MIT */
#include "tests/support/ops.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/base/dlist.h"
#include "tests/support/test.h"

struct op {
    struct vio_req *req;
    struct seen *seen;
    enum op_kind kind;
    uint64_t delay;
    int status;
    struct vio_timer timer;
};

static void on_timer(struct vio_timer *timer, void *user)
{
    struct op *op = user;

    (void)timer;
    vio__req_complete(op->req, op->status);
}

static void op_start(struct vio_req *req, void *user)
{
    struct op *op = user;

    op->req = req;
    if (op->seen != NULL)
        atomic_fetch_add(&op->seen->starts, 1);
    vio__timer_init(&op->timer, vio__req_loop(req), false, on_timer, op);
    if (op->kind == OP_AT_ONCE)
        vio__req_complete(req, op->status);
    else if (op->kind == OP_TIMER)
        vio__timer_start(&op->timer, vio__loop_now(vio__req_loop(req)) + op->delay);
}

static void op_cancel(struct vio_req *req, void *user, int why)
{
    struct op *op = user;

    if (op->seen != NULL) {
        atomic_fetch_add(&op->seen->cancels, 1);
        atomic_store(&op->seen->why, why);
    }
    if (op->kind == OP_STUBBORN && why != VIO_ECLOSED)
        return;
    if (op->kind == OP_SLOW_END) {
        op->status = why;
        vio__timer_start(&op->timer, vio__loop_now(vio__req_loop(req)) + 5000000);
        return;
    }
    vio__timer_stop(&op->timer);
    vio__req_complete(req, why);
}

static void op_destroy(void *user)
{
    struct op *op = user;

    if (op->seen != NULL)
        atomic_fetch_add(&op->seen->destroys, 1);
}

static const struct vio_req_class op_class = {
    .name = "test",
    .op_size = sizeof(struct op),
    .start = op_start,
    .cancel = op_cancel,
    .destroy = op_destroy,
};

static const struct vio_req_class plain_class = {
    .name = "plain test",
    .op_size = sizeof(struct op),
    .start = op_start,
    .destroy = op_destroy,
};

int op_submit(struct vio_ctx *ctx, enum op_kind kind, uint64_t delay, int status, vio_req_cb cb,
              struct seen *seen, struct vio_req **ret_req)
{
    const struct vio_req_class *cls = kind == OP_PLAIN ? &plain_class : &op_class;
    struct vio_req *req;
    struct op *op;
    int r;

    r = vio__req_new(vio__ctx_loop(ctx), cls, cb != NULL ? cb : count_call, seen, &req);
    if (r < 0)
        return r;
    op = vio__req_op(req);
    op->seen = seen;
    op->kind = kind;
    op->delay = delay;
    op->status = status;
    return vio__req_submit(req, ret_req);
}

static void complete_at_once(struct vio_req *req, void *op)
{
    (void)op;
    vio__req_complete(req, 0);
}

static const struct vio_req_class at_once_class = {.name = "at once", .start = complete_at_once};

int op_submit_plain(struct vio_ctx *ctx, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    int r = vio__req_new(vio__ctx_loop(ctx), &at_once_class, cb, user, &req);

    return r < 0 ? r : vio__req_submit(req, ret_req);
}

void count_call(struct vio_req *req, int status, void *user)
{
    struct seen *seen = user;

    (void)req;
    if (seen == NULL)
        return;
    atomic_store(&seen->status, status);
    seen->thread = pthread_self();
    if (seen->clock != NULL)
        atomic_store(&seen->order, atomic_fetch_add(seen->clock, 1) + 1);
    atomic_fetch_add(&seen->calls, 1);
}

void release(struct vio_req *req, struct seen *seen)
{
    vio_req_unref(req);
    await_count(&seen->destroys, 1);
}

struct call {
    struct vio_post post;
    void (*fn)(struct vio_ctx *ctx, void *user);
    struct vio_ctx *ctx;
    void *user;
    atomic_int done;
};

static void on_call(struct vio_post *post)
{
    struct call *call = VIO_CONTAINER_OF(post, struct call, post);

    call->fn(call->ctx, call->user);
    atomic_store(&call->done, 1);
}

void on_loop(struct vio_ctx *ctx, void (*fn)(struct vio_ctx *ctx, void *user), void *user)
{
    struct call call = {.post = {.fn = on_call}, .fn = fn, .ctx = ctx, .user = user};

    assert_int_equal(vio__loop_post(vio__ctx_loop(ctx), &call.post), 0);
    await_count(&call.done, 1);
}

struct vio_ctx *make_ctx(int drive)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx = NULL;

    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_drive(config, drive), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    return ctx;
}

void await_count(atomic_int *value, int wanted)
{
    for (int i = 0; i < 20000 && atomic_load(value) < wanted; i++)
        usleep(i < 1000 ? 50 : 1000);
    assert_true(atomic_load(value) >= wanted);
}
