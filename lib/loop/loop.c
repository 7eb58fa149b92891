/* SPDX-License-Identifier: MIT */
/*
 * The loop's body, its libuv handles and its life. Each libuv callback ends in vio__loop_turn(), so
 * all that was posted or completed is dealt with in the iteration in which it came.
 */
#include "lib/loop/loop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include <libvio/error.h>

#include "lib/base/origin.h"
#include "lib/base/ref.h"
#include "lib/loop/internal.h"
#include "lib/loop/queue.h"

/* How often posted work may beget more before descriptors and timers get their turn again. */
enum { ROUNDS_MAX = 64 };

#define NS_PER_MS UINT64_C(1000000)

struct vio_loop {
    struct vio_ref ref;
    struct vio_loop_config config;
    struct vio_origin origin;
    _Atomic uintptr_t thread; /* where it runs or ran last; 0: nowhere */
    atomic_bool closed;
    struct vio_runner *runner;
    struct vio_clock *clock;
    struct vio_inbox *inbox;
    struct vio_reqs *reqs;
    struct vio_queue *queue;
    struct vio_worker *worker;

    uv_loop_t *uv;
    uv_async_t async;
    uv_timer_t timer;
    uv_check_t check;
    uv_idle_t idle; /* active: the loop does not sleep */
    struct vio_dlist watches;
    size_t handles; /* open libuv handles */
    uint64_t armed; /* when the libuv timer fires; UINT64_MAX: never */
    bool busy;      /* idle and check are started */
    bool active;    /* something happened in this iteration */
    bool ending;    /* closes as soon as the worker is idle */
    bool closing;
    void (*done)(void *user);
    void *done_user;
};

struct vio_loop *vio__loop_ref(struct vio_loop *loop)
{
    vio__ref_get(&loop->ref);
    return loop;
}

const struct vio_alloc *vio__loop_alloc(const struct vio_loop *loop)
{
    return &loop->config.alloc;
}

const struct vio_log *vio__loop_log(const struct vio_loop *loop)
{
    return &loop->config.log;
}

struct vio_queue *vio__loop_queue(const struct vio_loop *loop)
{
    return loop->queue;
}

vio_req_cb vio__loop_queue_cb(const struct vio_loop *loop)
{
    return loop->config.queue_cb;
}

uint64_t vio__loop_timeout(const struct vio_loop *loop)
{
    return loop->config.timeout;
}

int vio__loop_drive(const struct vio_loop *loop)
{
    return loop->config.drive;
}

uint64_t vio__loop_now(const struct vio_loop *loop)
{
    return vio__clock_now(loop->clock);
}

bool vio__loop_is_current(const struct vio_loop *loop)
{
    return atomic_load(&loop->thread) == (uintptr_t)pthread_self();
}

void vio__loop_set_thread(struct vio_loop *loop, bool here)
{
    atomic_store(&loop->thread, here ? (uintptr_t)pthread_self() : 0);
}

bool vio__loop_forked(const struct vio_loop *loop)
{
    return vio__origin_forked(&loop->origin);
}

bool vio__loop_has_closed(const struct vio_loop *loop)
{
    return atomic_load(&loop->closed);
}

struct uv_loop_s *vio__loop_uv(const struct vio_loop *loop)
{
    return loop->uv;
}

struct vio_clock *vio__loop_clock(const struct vio_loop *loop)
{
    return loop->clock;
}

struct vio_reqs *vio__loop_reqs(const struct vio_loop *loop)
{
    return loop->reqs;
}

bool vio__loop_is_closing(const struct vio_loop *loop)
{
    return loop->closing;
}

struct vio_worker *vio__loop_worker(const struct vio_loop *loop)
{
    return loop->worker;
}

struct vio_runner *vio__loop_runner(const struct vio_loop *loop)
{
    return loop->runner;
}

/* -- One iteration ---------------------------------------------------------------------------- */

static bool run_posts(struct vio_post *post)
{
    bool any = post != NULL;

    while (post != NULL) {
        struct vio_post *next = post->next;

        post->fn(post);
        post = next;
    }
    return any;
}

static void on_idle(uv_idle_t *idle)
{
    (void)idle; /* its being active is all that it is for */
}

static void on_timer(uv_timer_t *timer)
{
    struct vio_loop *loop = timer->data;

    vio__loop_begin(loop);
    loop->armed = UINT64_MAX;
    if (vio__clock_run(loop->clock))
        loop->active = true;
    vio__loop_turn(loop);
}

/* Virtual time jumps once an iteration has passed in which nothing happened. */
static void on_check(uv_check_t *check)
{
    struct vio_loop *loop = check->data;
    bool active = loop->active;

    vio__loop_begin(loop);
    loop->active = false;
    if (!active)
        vio__clock_jump(loop->clock);
    if (vio__clock_is_virtual(loop->clock) && vio__clock_run(loop->clock))
        loop->active = true;
    vio__loop_turn(loop);
}

/* The loop sleeps unless virtual time can go on. */
static void update_busy(struct vio_loop *loop)
{
    bool busy = vio__clock_pending(loop->clock);

    if (busy == loop->busy || loop->closing)
        return;
    loop->busy = busy;
    if (busy) {
        uv_idle_start(&loop->idle, on_idle);
        uv_check_start(&loop->check, on_check);
    } else {
        uv_idle_stop(&loop->idle);
        uv_check_stop(&loop->check);
    }
}

/* The libuv timer may fire too early, which costs a look at the clock, but never too late. */
void vio__loop_rearm(struct vio_loop *loop)
{
    uint64_t next = vio__clock_next(loop->clock);
    uint64_t now;

    update_busy(loop);
    if (next >= loop->armed || loop->closing || vio__clock_is_virtual(loop->clock))
        return;
    now = vio__clock_now(loop->clock);
    uv_update_time(loop->uv);
    uv_timer_start(&loop->timer, on_timer,
                   next > now ? (next - now + NS_PER_MS - 1) / NS_PER_MS : 0, 0);
    loop->armed = next;
}

void vio__loop_begin(struct vio_loop *loop)
{
    vio__inbox_attend(loop->inbox);
}

void vio__loop_turn(struct vio_loop *loop)
{
    int round = 0;

    if (loop->config.drive == VIO_LOOP_UV)
        vio__loop_set_thread(loop, true);
    for (;;) {
        bool posted = run_posts(vio__inbox_take(loop->inbox));
        bool completed = vio__reqs_run(loop->reqs);

        if (!posted && !completed)
            break;
        loop->active = true;
        if (++round == ROUNDS_MAX) {
            vio__inbox_wake(loop->inbox);
            break;
        }
    }
    vio__loop_rearm(loop);
}

static void on_async(uv_async_t *async)
{
    vio__loop_turn(async->data);
}

int vio__loop_post(struct vio_loop *loop, struct vio_post *post)
{
    return vio__inbox_put(loop->inbox, post);
}

void vio__loop_set_virtual(struct vio_loop *loop)
{
    vio__clock_set_virtual(loop->clock);
    if (!loop->closing)
        uv_timer_stop(&loop->timer);
    loop->armed = UINT64_MAX;
    update_busy(loop);
}

int vio__loop_join_clock(struct vio_loop *loop, bool is_virtual)
{
    int status = vio__clock_join(loop->clock, is_virtual);

    if (status == 0 && is_virtual)
        vio__loop_set_virtual(loop);
    return status;
}

void vio__loop_leave_clock(struct vio_loop *loop)
{
    vio__clock_leave(loop->clock);
}

bool vio__loop_is_virtual(const struct vio_loop *loop)
{
    return vio__clock_is_virtual(loop->clock);
}

void vio__loop_hold(struct vio_loop *loop)
{
    vio__clock_hold(loop->clock, 1);
}

void vio__loop_release(struct vio_loop *loop)
{
    vio__clock_hold(loop->clock, -1);
}

/* -- Life ------------------------------------------------------------------------------------- */

bool vio__loop_add_handle(struct vio_loop *loop, struct vio_dlist *node)
{
    if (loop->closing)
        return false;
    loop->handles++;
    vio__dlist_append(&loop->watches, node);
    return true;
}

/* The last thing that happens on the loop. Posting is still open until here, for whoever runs
 * beside it; what came in has its effect before `done`. */
static void finish(struct vio_loop *loop)
{
    vio__worker_stop(loop->worker);
    vio__inbox_close(loop->inbox);
    vio__loop_turn(loop);
    loop->done(loop->done_user);
    vio__loop_turn(loop);
    atomic_store(&loop->closed, true);
    vio__loop_unref(loop);
}

void vio__loop_drop_handle(struct vio_loop *loop)
{
    if (--loop->handles == 0 && loop->closing)
        finish(loop);
}

static void on_closed(uv_handle_t *handle)
{
    vio__loop_drop_handle(handle->data);
}

static void close_handles(struct vio_loop *loop)
{
    struct vio_dlist *node;

    loop->closing = true;
    vio__inbox_mute(loop->inbox);
    while ((node = vio__dlist_pop(&loop->watches)) != NULL)
        vio__watch_close_node(node);
    uv_close((uv_handle_t *)&loop->async, on_closed);
    uv_close((uv_handle_t *)&loop->timer, on_closed);
    uv_close((uv_handle_t *)&loop->check, on_closed);
    uv_close((uv_handle_t *)&loop->idle, on_closed);
}

void vio__loop_close(struct vio_loop *loop, void (*done)(void *user), void *user)
{
    vio__loop_ref(loop); /* until finish() */
    loop->done = done;
    loop->done_user = user;
    loop->ending = true;
    if (vio__worker_idle(loop->worker))
        close_handles(loop);
}

void vio__loop_worker_done(struct vio_loop *loop)
{
    if (loop->ending && !loop->closing)
        close_handles(loop);
}

static void on_wake(void *user)
{
    struct vio_loop *loop = user;

    uv_async_send(&loop->async);
}

/* Only the first can fail, so there is never a half of them to close. */
static int open_handles(struct vio_loop *loop)
{
    if (uv_async_init(loop->uv, &loop->async, on_async) < 0)
        return VIO_ENOMEM;
    uv_timer_init(loop->uv, &loop->timer);
    uv_check_init(loop->uv, &loop->check);
    uv_idle_init(loop->uv, &loop->idle);
    loop->async.data = loop;
    loop->timer.data = loop;
    loop->check.data = loop;
    loop->idle.data = loop;
    loop->handles = 4;
    return 0;
}

static int make_parts(struct vio_loop *loop)
{
    const struct vio_alloc *alloc = &loop->config.alloc;
    int r = vio__runner_new(alloc, loop->config.uv, &loop->runner);

    if (r == 0)
        r = vio__clock_new(alloc, &loop->clock);
    if (r == 0)
        r = vio__inbox_new(alloc, on_wake, loop, &loop->inbox);
    if (r == 0)
        r = vio__reqs_new(alloc, &loop->reqs);
    if (r == 0)
        r = vio__queue_new(alloc, loop->config.queue_max, &loop->queue);
    if (r == 0)
        r = vio__worker_new(alloc, &loop->worker);
    return r;
}

static void free_loop(struct vio_loop *loop)
{
    struct vio_alloc alloc = loop->config.alloc;

    vio__worker_free(&alloc, loop->worker);
    vio__queue_free(loop->queue);
    vio__reqs_free(&alloc, loop->reqs);
    vio__inbox_free(&alloc, loop->inbox);
    vio__clock_free(&alloc, loop->clock);
    vio__runner_free(&alloc, loop->runner);
    vio__origin_fini(&loop->origin);
    vio__free(&alloc, loop);
}

void vio__loop_unref(struct vio_loop *loop)
{
    if (loop != NULL && vio__ref_put(&loop->ref))
        free_loop(loop);
}

int vio__loop_new(const struct vio_loop_config *config, struct vio_loop **ret_loop)
{
    struct vio_loop *loop = vio__calloc(&config->alloc, 1, sizeof(*loop));
    int r;

    if (loop == NULL)
        return VIO_ENOMEM;
    vio__ref_init(&loop->ref);
    loop->config = *config;
    vio__origin_init(&loop->origin);
    loop->armed = UINT64_MAX;
    vio__dlist_init(&loop->watches);
    r = make_parts(loop);
    if (r < 0) {
        free_loop(loop);
        return r;
    }
    loop->uv = vio__runner_uv(loop->runner);
    *ret_loop = loop;
    return 0;
}

static void do_nothing(void *user)
{
    (void)user;
}

int vio__loop_start(struct vio_loop *loop)
{
    int r = open_handles(loop);

    if (r < 0)
        return r;
    if (loop->config.drive != VIO_LOOP_THREAD)
        vio__loop_set_thread(loop, true);
    r = vio__runner_start(loop->runner, loop);
    if (r < 0) { /* there is no thread, so the handles close in this one */
        vio__loop_close(loop, do_nothing, NULL);
        uv_run(loop->uv, UV_RUN_DEFAULT);
    }
    return r;
}
