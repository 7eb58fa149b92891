/* SPDX-License-Identifier: MIT */
/*
 * From the submission of a request to its callback, beside a bare uv_async round trip: the least
 * that two libuv loops, or one with itself, can do.
 *
 * Between two threads, this one submits, and the callback on the context's loop answers with an
 * uv_async; the baseline has an uv_async in both directions. The request does nothing, so what is
 * measured is all that a context adds to each call.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include <libvio/ctx.h>
#include <libvio/error.h>
#include <libvio/req.h>

#include "bench/bench.h"
#include "lib/api/ctx.h"

enum { DEPTH_MAX = 100 };

struct way;

/* One of the operations that are in flight at a time. */
struct lane {
    struct way *way;
    uv_async_t there; /* of the bare loop */
    uv_async_t back;  /* of this thread's */
};

/* A way there and back, with its own two ends. */
struct way {
    int (*send)(struct lane *lane);
    unsigned depth;
    struct lane lanes[DEPTH_MAX];
    uv_loop_t home; /* this thread's */
    uv_loop_t far;  /* that of the other thread, where it is bare or the program's */
    uv_async_t stop;
    struct vio_ctx *ctx;
    pthread_t thread;
    atomic_bool closed;
    unsigned long to_send;
    unsigned long to_come;
    int failed;
};

static struct way *new_way(unsigned depth, int (*send)(struct lane *lane))
{
    struct way *way = calloc(1, sizeof(*way));

    if (way == NULL)
        bench_fail("no memory");
    way->send = send;
    way->depth = depth;
    for (unsigned i = 0; i < depth; i++)
        way->lanes[i].way = way;
    return way;
}

static void start_thread(struct way *way, void *(*fn)(void *user))
{
    if (pthread_create(&way->thread, NULL, fn, way) != 0)
        bench_fail("cannot start a thread");
}

/* -- The request ------------------------------------------------------------------------------ */

static void complete(struct vio_req *req, void *op)
{
    (void)op;
    vio__req_complete(req, 0);
}

static const struct vio_req_class nothing = {.name = "nothing", .start = complete};

static int submit(struct vio_ctx *ctx, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    int r = vio__req_new(vio__ctx_loop(ctx), &nothing, cb, user, &req);

    return r < 0 ? r : vio__req_submit(req, ret_req);
}

static struct vio_ctx *new_ctx(int drive, uv_loop_t *uv)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx;

    if (vio_ctx_config_new(&config) < 0)
        bench_fail("no memory");
    if (uv != NULL)
        vio_ctx_config_set_uv_loop(config, uv);
    else
        vio_ctx_config_set_drive(config, drive);
    if (vio_ctx_new(config, &ctx) < 0)
        bench_fail("cannot make a context");
    vio_ctx_config_free(config);
    return ctx;
}

/* -- There ------------------------------------------------------------------------------------ */

static int send_async(struct lane *lane)
{
    return uv_async_send(&lane->there);
}

static void on_there(uv_async_t *async)
{
    struct lane *lane = async->data;

    uv_async_send(&lane->back);
}

static void answer(struct vio_req *req, int status, void *user)
{
    struct lane *lane = user;

    (void)req;
    if (status == 0)
        uv_async_send(&lane->back);
}

static int send_request(struct lane *lane)
{
    return submit(lane->way->ctx, answer, lane, NULL);
}

static void *run_far(void *user)
{
    struct way *way = user;

    uv_run(&way->far, UV_RUN_DEFAULT);
    return NULL;
}

static void set_closed(struct vio_req *req, int status, void *user)
{
    struct way *way = user;

    (void)req;
    (void)status;
    atomic_store(&way->closed, true);
}

/* What a program does that drives a context itself. */
static void dispatch(struct vio_ctx *ctx)
{
    struct pollfd pollfd = {.fd = vio_ctx_fd(ctx), .events = POLLIN};
    int timeout = 0;

    vio_ctx_timeout(ctx, &timeout);
    poll(&pollfd, 1, timeout);
    vio_ctx_dispatch(ctx);
}

static void *run_dispatch(void *user)
{
    struct way *way = user;

    while (!atomic_load(&way->closed))
        dispatch(way->ctx);
    return NULL;
}

/* -- And back --------------------------------------------------------------------------------- */

static void send_next(struct way *way, struct lane *lane)
{
    way->to_send--;
    if (way->send(lane) < 0) {
        way->failed = -1;
        uv_stop(&way->home);
    }
}

static void on_back(uv_async_t *async)
{
    struct lane *lane = async->data;
    struct way *way = lane->way;

    if (--way->to_come == 0)
        uv_stop(&way->home);
    else if (way->to_send > 0)
        send_next(way, lane);
}

static void send_first(struct way *way, unsigned long count)
{
    way->to_send = count;
    way->to_come = count;
    for (unsigned i = 0; i < way->depth && way->to_send > 0; i++)
        send_next(way, &way->lanes[i]);
}

static int run_way(void *user, unsigned long count)
{
    struct way *way = user;

    send_first(way, count);
    uv_run(&way->home, UV_RUN_DEFAULT);
    return way->failed;
}

static void open_home(struct way *way)
{
    if (uv_loop_init(&way->home) < 0)
        bench_fail("cannot make a loop");
    for (unsigned i = 0; i < way->depth; i++) {
        uv_async_init(&way->home, &way->lanes[i].back, on_back);
        way->lanes[i].back.data = &way->lanes[i];
    }
}

static void close_home(struct way *way)
{
    for (unsigned i = 0; i < way->depth; i++)
        uv_close((uv_handle_t *)&way->lanes[i].back, NULL);
    uv_run(&way->home, UV_RUN_DEFAULT);
    uv_loop_close(&way->home);
}

/* -- Between two threads ---------------------------------------------------------------------- */

static void on_stop(uv_async_t *async)
{
    struct way *way = async->data;

    for (unsigned i = 0; i < way->depth; i++)
        uv_close((uv_handle_t *)&way->lanes[i].there, NULL);
    uv_close((uv_handle_t *)async, NULL);
}

static struct way *open_bare(unsigned depth)
{
    struct way *way = new_way(depth, send_async);

    open_home(way);
    if (uv_loop_init(&way->far) < 0)
        bench_fail("cannot make a loop");
    uv_async_init(&way->far, &way->stop, on_stop);
    way->stop.data = way;
    for (unsigned i = 0; i < depth; i++) {
        uv_async_init(&way->far, &way->lanes[i].there, on_there);
        way->lanes[i].there.data = &way->lanes[i];
    }
    start_thread(way, run_far);
    return way;
}

static void close_bare(struct way *way)
{
    uv_async_send(&way->stop);
    pthread_join(way->thread, NULL);
    uv_loop_close(&way->far);
    close_home(way);
    free(way);
}

static struct way *open_driven(unsigned depth, int drive)
{
    struct way *way = new_way(depth, send_request);

    open_home(way);
    if (drive == VIO_DRIVE_UV && uv_loop_init(&way->far) < 0)
        bench_fail("cannot make a loop");
    way->ctx = new_ctx(drive, drive == VIO_DRIVE_UV ? &way->far : NULL);
    if (drive == VIO_DRIVE_UV)
        start_thread(way, run_far);
    else if (drive == VIO_DRIVE_POLL)
        start_thread(way, run_dispatch);
    return way;
}

static void close_driven(struct way *way, int drive)
{
    vio_ctx_close(way->ctx, set_closed, way, NULL);
    if (drive == VIO_DRIVE_THREAD)
        vio_ctx_stop(way->ctx);
    else
        pthread_join(way->thread, NULL);
    vio_ctx_unref(way->ctx);
    if (drive == VIO_DRIVE_UV)
        uv_loop_close(&way->far);
    close_home(way);
    free(way);
}

/* What the bindings do: the callback is the completion queue, this thread polls and reaps. */
static int run_queue(void *user, unsigned long count)
{
    struct way *way = user;
    struct pollfd pollfd = {.fd = vio_ctx_queue_fd(way->ctx), .events = POLLIN};
    struct vio_req *reqs[DEPTH_MAX];
    unsigned long sent = 0;
    unsigned long come = 0;

    while (come < count) {
        int num;

        for (; sent < count && sent - come < way->depth; sent++)
            if (submit(way->ctx, vio_ctx_queue, NULL, NULL) < 0)
                return -1;
        poll(&pollfd, 1, -1);
        num = vio_ctx_reap(way->ctx, reqs, DEPTH_MAX);
        for (int i = 0; i < num; i++)
            vio_req_unref(reqs[i]);
        come += (unsigned long)num;
    }
    return 0;
}

static int run_wait(void *user, unsigned long count)
{
    struct way *way = user;

    for (unsigned long i = 0; i < count; i++) {
        struct vio_req *req;

        if (submit(way->ctx, NULL, NULL, &req) < 0)
            return -1;
        vio_req_wait(req, -1);
        vio_req_unref(req);
    }
    return 0;
}

static int bench_between(unsigned depth)
{
    struct way *bare = open_bare(depth);
    struct way *thread = open_driven(depth, VIO_DRIVE_THREAD);
    struct way *dispatched = open_driven(depth, VIO_DRIVE_POLL);
    struct way *uv = open_driven(depth, VIO_DRIVE_UV);
    struct bench_case cases[] = {
        {"uv_async there and back", run_way, bare, NULL, 0, 0, NULL},
        {"private thread", run_way, thread, &cases[0], 1.5, 0, NULL},
        {"fd, timeout, dispatch", run_way, dispatched, &cases[0], 1.5, 0, NULL},
        {"application's uv_loop_t", run_way, uv, &cases[0], 1.5, 0, NULL},
        {"private thread, completion queue", run_queue, thread, &cases[0], 1.5, 0, NULL},
        {"private thread, vio_req_wait", run_wait, thread, &cases[0], 1.5, 0, NULL},
    };
    char title[80];
    int r;

    snprintf(title, sizeof(title), "Submit to callback, from another thread, %u in flight", depth);
    r = bench_run(title, cases, depth == 1 ? 6 : 5);
    close_driven(uv, VIO_DRIVE_UV);
    close_driven(dispatched, VIO_DRIVE_POLL);
    close_driven(thread, VIO_DRIVE_THREAD);
    close_bare(bare);
    return r;
}

/* -- On one thread ---------------------------------------------------------------------------- */

static int send_back(struct lane *lane)
{
    return uv_async_send(&lane->back);
}

static void on_request(struct vio_req *req, int status, void *user)
{
    struct lane *lane = user;

    (void)req;
    (void)status;
    on_back(&lane->back);
}

static int send_own_request(struct lane *lane)
{
    return submit(lane->way->ctx, on_request, lane, NULL);
}

/* One bunch after the other, each sent from outside the loop: a request that is submitted inside a
 * callback is carried out in the same iteration, and would be measured without the loop. */
static int run_bunches(void *user, unsigned long count)
{
    struct way *way = user;

    while (count > 0 && way->failed == 0) {
        unsigned long now = count < way->depth ? count : way->depth;

        run_way(way, now);
        count -= now;
    }
    return way->failed;
}

/* As dispatch(), for a bare loop. */
static void poll_home(struct way *way)
{
    struct pollfd pollfd = {.fd = uv_backend_fd(&way->home), .events = POLLIN};

    uv_update_time(&way->home);
    poll(&pollfd, 1, uv_backend_timeout(&way->home));
    uv_run(&way->home, UV_RUN_NOWAIT);
}

static int run_bunches_polling(void *user, unsigned long count)
{
    struct way *way = user;

    while (count > 0 && way->failed == 0) {
        unsigned long now = count < way->depth ? count : way->depth;

        send_first(way, now);
        while (way->to_come > 0 && way->failed == 0)
            if (way->ctx != NULL)
                dispatch(way->ctx);
            else
                poll_home(way);
        count -= now;
    }
    return way->failed;
}

/* The lanes' handles stay on the loop of the baseline alone, so that the others do not pay. */
static struct way *open_own(unsigned depth, int drive)
{
    struct way *way = new_way(depth, send_own_request);

    if (uv_loop_init(&way->home) < 0)
        bench_fail("cannot make a loop");
    for (unsigned i = 0; i < depth; i++)
        way->lanes[i].back.data = &way->lanes[i];
    way->ctx = new_ctx(drive, drive == VIO_DRIVE_UV ? &way->home : NULL);
    return way;
}

static void close_own(struct way *way)
{
    vio_ctx_close(way->ctx, set_closed, way, NULL);
    uv_run(&way->home, UV_RUN_DEFAULT);
    vio_ctx_unref(way->ctx);
    uv_loop_close(&way->home);
    free(way);
}

static int bench_own(unsigned depth)
{
    struct way *bare = new_way(depth, send_back);
    struct way *polled = new_way(depth, send_back);
    struct way *dispatched = open_own(depth, VIO_DRIVE_POLL);
    struct way *uv = open_own(depth, VIO_DRIVE_UV);
    struct bench_case cases[] = {
        {"uv_async to the own loop", run_bunches, bare, NULL, 0, 0, NULL},
        {"application's uv_loop_t", run_bunches, uv, &cases[0], 1.5, 0, NULL},
        {"uv_async to the own loop, polled", run_bunches_polling, polled, NULL, 0, 0, NULL},
        {"fd, timeout, dispatch", run_bunches_polling, dispatched, &cases[2], 1.5, 0, NULL},
    };
    char title[80];
    int r;

    open_home(bare);
    open_home(polled);
    snprintf(title, sizeof(title), "Submit to callback, on the loop's thread, %u in flight", depth);
    r = bench_run(title, cases, 4);
    close_own(uv);
    close_own(dispatched);
    close_home(polled);
    free(polled);
    close_home(bare);
    free(bare);
    return r;
}

int main(void)
{
    static const unsigned depths[] = {1, DEPTH_MAX};
    int r = 0;

    for (size_t i = 0; i < 2 && r == 0; i++) {
        r = bench_between(depths[i]);
        if (r == 0)
            r = bench_own(depths[i]);
    }
    return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
