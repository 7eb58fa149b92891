/* SPDX-License-Identifier: MIT */
#include "lib/loop/req.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/base/ref.h"
#include "lib/loop/detail.h"
#include "lib/loop/internal.h"
#include "lib/loop/progress.h"
#include "lib/loop/queue.h"

#define NS_PER_MS   UINT64_C(1000000)
#define NO_DEADLINE UINT64_MAX

/* States of a request; it goes only forward. */
enum { STATE_NEW, STATE_POSTED, STATE_RUNNING, STATE_READY, STATE_CALLING, STATE_DONE };

/* What other threads ask of a request; read and cleared on the loop's thread. */
enum { CONTROL_CANCEL = 1, CONTROL_DEADLINE = 2, CONTROL_PROGRESS = 4 };

struct vio_req {
    struct vio_ref ref;
    atomic_int state;
    atomic_uint control;
    _Atomic uint64_t due; /* the deadline on the loop's clock */
    struct vio_progress progress;
    struct vio_loop *loop;
    const struct vio_req_class *cls;
    vio_req_cb cb;
    void *user;
    struct vio_post submit_post;
    struct vio_post control_post;
    struct vio_queue_entry queue_entry;

    /* On the loop's thread until it completes; then unchanging. */
    struct vio_dlist node;
    struct vio_timer deadline;
    unsigned reasons; /* for which cancel() was called */
    bool is_last;     /* it closes the loop */
    int status;
    struct vio_detail detail;

    max_align_t op[];
};

/* The requests of a loop. */
struct vio_reqs {
    struct vio_dlist outstanding;
    struct vio_dlist ready;
    size_t count; /* of both and of the one that is being called back */
    struct vio_req *last;
    void (*alone)(struct vio_req *req);
    atomic_bool closing;
    struct vio_waiters *waiters;
};

/* How many callbacks of requests this thread is inside, of whatever context: to wait in one of them
 * would stop that context. Only the thread itself can know, so this cannot live in an object; and
 * the initial-exec model spares the library the run-time linker's help, and a dependency on it. */
static _Thread_local unsigned callback_depth __attribute__((tls_model("initial-exec")));

/* -- The requests of a loop ------------------------------------------------------------------- */

int vio__reqs_new(const struct vio_alloc *alloc, struct vio_reqs **ret_reqs)
{
    struct vio_reqs *reqs = vio__calloc(alloc, 1, sizeof(*reqs));

    if (reqs == NULL)
        return VIO_ENOMEM;
    if (vio__waiters_new(alloc, &reqs->waiters) < 0) {
        vio__free(alloc, reqs);
        return VIO_ENOMEM;
    }
    vio__dlist_init(&reqs->outstanding);
    vio__dlist_init(&reqs->ready);
    *ret_reqs = reqs;
    return 0;
}

void vio__reqs_free(const struct vio_alloc *alloc, struct vio_reqs *reqs)
{
    if (reqs == NULL)
        return;
    vio__waiters_free(alloc, reqs->waiters);
    vio__free(alloc, reqs);
}

struct vio_waiters *vio__reqs_waiters(struct vio_reqs *reqs)
{
    return reqs->waiters;
}

bool vio__req_in_callback(void)
{
    return callback_depth > 0;
}

static void call_back(struct vio_reqs *reqs, struct vio_req *req)
{
    atomic_store(&req->state, STATE_CALLING);
    if (req->cb != NULL) {
        callback_depth++;
        req->cb(req, req->status, req->user);
        callback_depth--;
    }
    atomic_store(&req->state, STATE_DONE);
    vio__waiters_wake(reqs->waiters);
    reqs->count--;
    vio__req_unref(req);
}

bool vio__reqs_run(struct vio_reqs *reqs)
{
    struct vio_dlist batch;
    struct vio_dlist *node;
    bool any = !vio__dlist_empty(&reqs->ready);

    vio__dlist_init(&batch);
    vio__dlist_splice(&batch, &reqs->ready);
    while ((node = vio__dlist_pop(&batch)) != NULL)
        call_back(reqs, VIO_CONTAINER_OF(node, struct vio_req, node));
    if (reqs->alone != NULL && reqs->count == 1) {
        void (*alone)(struct vio_req * req) = reqs->alone;

        reqs->alone = NULL;
        alone(reqs->last);
        any = true;
    }
    return any;
}

bool vio__req_is_closing(const struct vio_loop *loop)
{
    return atomic_load(&vio__loop_reqs(loop)->closing);
}

void vio__req_when_alone(struct vio_req *req, void (*fn)(struct vio_req *req))
{
    struct vio_reqs *reqs = vio__loop_reqs(req->loop);

    reqs->last = req;
    reqs->alone = fn;
}

/* Why a request is to end early, as a set. */
static unsigned reason_bit(int why)
{
    switch (why) {
    case VIO_ECANCELED:
        return 1;
    case VIO_ETIMEDOUT:
        return 2;
    default:
        return 4;
    }
}

static void cancel_for(struct vio_req *req, int why)
{
    if (atomic_load(&req->state) != STATE_RUNNING || (req->reasons & reason_bit(why)) != 0)
        return;
    req->reasons |= reason_bit(why);
    if (req->cls->cancel != NULL)
        req->cls->cancel(req, req->op, why);
    else
        vio__req_complete(req, why);
}

void vio__req_cancel_all(struct vio_loop *loop, const struct vio_req *except, int why)
{
    struct vio_reqs *reqs = vio__loop_reqs(loop);
    struct vio_dlist seen;
    struct vio_dlist *node;

    vio__dlist_init(&seen);
    while ((node = vio__dlist_pop(&reqs->outstanding)) != NULL) {
        struct vio_req *req = VIO_CONTAINER_OF(node, struct vio_req, node);

        vio__dlist_append(&seen, node);
        if (req != except)
            cancel_for(req, why);
    }
    vio__dlist_splice(&reqs->outstanding, &seen);
}

/* -- Life ------------------------------------------------------------------------------------- */

static void on_deadline(struct vio_timer *timer, void *user)
{
    (void)timer;
    cancel_for(user, VIO_ETIMEDOUT);
}

int vio__req_new(struct vio_loop *loop, const struct vio_req_class *cls, vio_req_cb cb, void *user,
                 struct vio_req **ret_req)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_req *req = vio__calloc(alloc, 1, sizeof(*req) + cls->op_size);

    if (req == NULL)
        return VIO_ENOMEM;
    vio__ref_init(&req->ref);
    vio__progress_init(&req->progress);
    req->loop = vio__loop_ref(loop);
    req->cls = cls;
    req->cb = cb;
    req->user = user;
    req->queue_entry.req = req;
    atomic_init(&req->due, NO_DEADLINE);
    vio__dlist_init(&req->node);
    vio__dlist_init(&req->queue_entry.node);
    vio__timer_init(&req->deadline, loop, false, on_deadline, req);
    *ret_req = req;
    return 0;
}

struct vio_req *vio__req_ref(struct vio_req *req)
{
    vio__ref_get(&req->ref);
    return req;
}

void vio__req_unref(struct vio_req *req)
{
    struct vio_loop *loop;

    if (req == NULL || !vio__ref_put(&req->ref))
        return;
    loop = req->loop;
    if (req->cls->destroy != NULL)
        req->cls->destroy(req->op);
    vio__detail_free(vio__loop_alloc(loop), &req->detail);
    vio__progress_destroy(&req->progress);
    vio__free(vio__loop_alloc(loop), req);
    vio__loop_unref(loop);
}

void *vio__req_op(struct vio_req *req)
{
    return req->op;
}

struct vio_loop *vio__req_loop(const struct vio_req *req)
{
    return req->loop;
}

const struct vio_alloc *vio__req_alloc(const struct vio_req *req)
{
    return vio__loop_alloc(req->loop);
}

struct vio_queue_entry *vio__req_queue_entry(struct vio_req *req)
{
    return &req->queue_entry;
}

const char *vio__req_name(const struct vio_req *req)
{
    return req->cls->name;
}

void *vio__req_user(const struct vio_req *req)
{
    return req->user;
}

/* -- Submission ------------------------------------------------------------------------------- */

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void on_submit(struct vio_post *post)
{
    struct vio_req *req = VIO_CONTAINER_OF(post, struct vio_req, submit_post);
    struct vio_reqs *reqs = vio__loop_reqs(req->loop);
    uint64_t due = atomic_load(&req->due);

    atomic_store(&req->state, STATE_RUNNING);
    vio__dlist_append(&reqs->outstanding, &req->node);
    reqs->count++;
    vio__loop_hold(req->loop);
    if (atomic_load(&reqs->closing) && !req->is_last) {
        vio__req_complete(req, VIO_ECLOSED);
    } else if ((atomic_load(&req->control) & CONTROL_CANCEL) != 0 && !req->is_last) {
        vio__req_complete(req, VIO_ECANCELED);
    } else if (due <= vio__loop_now(req->loop)) {
        vio__req_complete(req, VIO_ETIMEDOUT);
    } else {
        if (due != NO_DEADLINE)
            vio__timer_start(&req->deadline, due);
        req->cls->start(req, req->op);
    }
}

/* Passes the caller's reference on to the loop. */
static int post(struct vio_req *req, struct vio_req **ret_req)
{
    struct vio_req *before = NULL;
    int r;

    req->submit_post.fn = on_submit;
    atomic_store(&req->state, STATE_POSTED);
    if (ret_req != NULL) {
        before = *ret_req;
        *ret_req = vio__req_ref(req);
    }
    r = vio__loop_post(req->loop, &req->submit_post);
    if (r < 0 && ret_req != NULL) {
        *ret_req = before;
        vio__req_unref(req);
    }
    return r;
}

int vio__req_submit(struct vio_req *req, struct vio_req **ret_req)
{
    struct vio_loop *loop = req->loop;
    struct vio_queue *queue = vio__loop_queue(loop);
    uint64_t timeout = vio__loop_timeout(loop);
    int r;

    if (timeout != 0)
        atomic_store(&req->due, add_saturating(vio__loop_now(loop), timeout));
    if (atomic_load(&vio__loop_reqs(loop)->closing))
        r = VIO_ECLOSED;
    else if (req->cb != NULL && req->cb == vio__loop_queue_cb(loop) &&
             !vio__queue_reserve(queue, &req->queue_entry, false))
        r = VIO_EAGAIN;
    else
        r = post(req, ret_req);
    if (r < 0) {
        vio__queue_cancel(queue, &req->queue_entry);
        vio__req_unref(req);
    }
    return r;
}

int vio__req_submit_last(struct vio_req *req, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_loop *loop = req->loop;

    if (atomic_exchange(&vio__loop_reqs(loop)->closing, true))
        return VIO_ECLOSED;
    req->cb = cb;
    req->user = user;
    req->is_last = true;
    if (cb != NULL && cb == vio__loop_queue_cb(loop))
        vio__queue_reserve(vio__loop_queue(loop), &req->queue_entry, true);
    return post(vio__req_ref(req), ret_req);
}

/* -- The operation's side --------------------------------------------------------------------- */

void vio__req_complete(struct vio_req *req, int status)
{
    if (atomic_load(&req->state) >= STATE_READY)
        return;
    req->status = status;
    atomic_store(&req->state, STATE_READY);
    vio__timer_stop(&req->deadline);
    vio__dlist_remove(&req->node);
    vio__dlist_append(&vio__loop_reqs(req->loop)->ready, &req->node);
    vio__loop_release(req->loop);
    if (status < 0)
        vio__log(vio__loop_log(req->loop), VIO_LOG_DEBUG, "%s: %s", req->cls->name,
                 req->detail.message != NULL ? req->detail.message : vio__error_text(status));
}

void vio__req_fail(struct vio_req *req, int status, const char *fmt, ...)
{
    va_list args;

    if (atomic_load(&req->state) >= STATE_READY)
        return;
    va_start(args, fmt);
    vio__detail_set_message(vio__req_alloc(req), &req->detail, fmt, args);
    va_end(args);
    vio__req_complete(req, status);
}

void vio__req_set_message(struct vio_req *req, const char *fmt, ...)
{
    va_list args;

    if (atomic_load(&req->state) >= STATE_READY)
        return;
    va_start(args, fmt);
    vio__detail_set_message(vio__req_alloc(req), &req->detail, fmt, args);
    va_end(args);
}

void vio__req_set_result(struct vio_req *req, const char *kind, void *object,
                         void (*unref)(void *object))
{
    if (atomic_load(&req->state) >= STATE_READY)
        unref(object);
    else
        vio__detail_set_result(&req->detail, kind, object, unref);
}

void vio__req_set_device_status(struct vio_req *req, uint32_t status)
{
    if (atomic_load(&req->state) < STATE_READY)
        req->detail.device_status = status;
}

void vio__req_add_problem(struct vio_req *req, int code, const char *object, const char *fmt, ...)
{
    va_list args;

    if (atomic_load(&req->state) >= STATE_READY)
        return;
    va_start(args, fmt);
    vio__detail_add_problem(vio__req_alloc(req), &req->detail, code, object, fmt, args);
    va_end(args);
}

/* -- Asked from any thread -------------------------------------------------------------------- */

static void tell_progress(struct vio_req *req)
{
    struct vio_progress_view view = vio__progress_view(&req->progress);

    if (view.cb == NULL)
        return;
    callback_depth++;
    view.cb(req, view.permille, view.text, view.user);
    callback_depth--;
}

static void on_control(struct vio_post *control_post)
{
    struct vio_req *req = VIO_CONTAINER_OF(control_post, struct vio_req, control_post);
    unsigned asked = atomic_exchange(&req->control, 0);
    bool running = atomic_load(&req->state) == STATE_RUNNING;

    if (running && (asked & CONTROL_PROGRESS) != 0)
        tell_progress(req);
    if (running && (asked & CONTROL_DEADLINE) != 0)
        vio__timer_start(&req->deadline, atomic_load(&req->due));
    if ((asked & CONTROL_CANCEL) != 0)
        cancel_for(req, VIO_ECANCELED);
    vio__req_unref(req);
}

/* The post is under way exactly while something is asked. */
static void ask(struct vio_req *req, unsigned what)
{
    if (atomic_fetch_or(&req->control, what) != 0)
        return;
    req->control_post.fn = on_control;
    vio__req_ref(req);
    if (vio__loop_post(req->loop, &req->control_post) < 0)
        vio__req_unref(req);
}

void vio__req_cancel(struct vio_req *req)
{
    ask(req, CONTROL_CANCEL);
}

void vio__req_set_deadline(struct vio_req *req, uint32_t timeout_ms)
{
    atomic_store(&req->due, vio__loop_now(req->loop) + timeout_ms * NS_PER_MS);
    ask(req, CONTROL_DEADLINE);
}

void vio__req_progress(struct vio_req *req, uint32_t permille, const char *text)
{
    if (vio__progress_set(&req->progress, permille, text))
        ask(req, CONTROL_PROGRESS);
}

struct vio_progress *vio__req_progress_of(const struct vio_req *req)
{
    return (struct vio_progress *)&req->progress; /* it has a lock of its own */
}

bool vio__req_is_done(const struct vio_req *req)
{
    return atomic_load(&req->state) == STATE_DONE;
}

bool vio__req_is_complete(const struct vio_req *req)
{
    return atomic_load(&req->state) >= STATE_CALLING;
}

int vio__req_status(const struct vio_req *req)
{
    return vio__req_is_complete(req) ? req->status : VIO_EPENDING;
}

const struct vio_detail *vio__req_detail(const struct vio_req *req)
{
    return vio__req_is_complete(req) ? &req->detail : NULL;
}

void *vio__req_result(const struct vio_req *req, const char *kind)
{
    const struct vio_detail *detail = vio__req_detail(req);

    return detail != NULL ? vio__detail_result(detail, kind) : NULL;
}
