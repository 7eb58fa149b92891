/* SPDX-License-Identifier: MIT */
/* Waiting for a request: by blocking where another thread runs the loop, by dispatching where this
 * one does. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <uv.h>

#include <libvio/error.h>

#include "lib/loop/internal.h"
#include "lib/loop/req.h"

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

struct vio_waiters {
    atomic_uint count;
    pthread_mutex_t lock;
    pthread_cond_t cond;
};

int vio__waiters_new(const struct vio_alloc *alloc, struct vio_waiters **ret_waiters)
{
    struct vio_waiters *waiters = vio__calloc(alloc, 1, sizeof(*waiters));
    pthread_condattr_t attr;

    if (waiters == NULL)
        return VIO_ENOMEM;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&waiters->lock, NULL);
    pthread_cond_init(&waiters->cond, &attr);
    pthread_condattr_destroy(&attr);
    *ret_waiters = waiters;
    return 0;
}

void vio__waiters_free(const struct vio_alloc *alloc, struct vio_waiters *waiters)
{
    if (waiters == NULL)
        return;
    pthread_cond_destroy(&waiters->cond);
    pthread_mutex_destroy(&waiters->lock);
    vio__free(alloc, waiters);
}

/* A waiter counts itself before it looks at the request, so either it sees that it is done, or is
 * seen here. */
void vio__waiters_wake(struct vio_waiters *waiters)
{
    if (atomic_load(&waiters->count) == 0)
        return;
    pthread_mutex_lock(&waiters->lock);
    pthread_cond_broadcast(&waiters->cond);
    pthread_mutex_unlock(&waiters->lock);
}

int vio__req_may_wait(const struct vio_loop *loop)
{
    bool dispatches = vio__loop_drive(loop) == VIO_LOOP_POLL;

    return !vio__req_in_callback() && vio__loop_is_current(loop) == dispatches ? 0 : VIO_EDEADLK;
}

/* `end` is on the clock of uv_hrtime(), which is CLOCK_MONOTONIC; UINT64_MAX: never. */
static int wait_blocking(struct vio_req *req, struct vio_waiters *waiters, uint64_t end)
{
    struct timespec until = {.tv_sec = (time_t)(end / NS_PER_S), .tv_nsec = (long)(end % NS_PER_S)};
    int r = 0;

    pthread_mutex_lock(&waiters->lock);
    atomic_fetch_add(&waiters->count, 1);
    while (!vio__req_is_done(req) && r == 0) {
        if (end == UINT64_MAX)
            pthread_cond_wait(&waiters->cond, &waiters->lock);
        else
            r = pthread_cond_timedwait(&waiters->cond, &waiters->lock, &until);
    }
    atomic_fetch_sub(&waiters->count, 1);
    pthread_mutex_unlock(&waiters->lock);
    return vio__req_is_done(req) ? 0 : VIO_ETIMEDOUT;
}

/* Sleeps until the loop has something to do, `end` at the latest. */
static void sleep_on(struct vio_loop *loop, uint64_t end)
{
    struct pollfd pollfd = {.fd = vio__loop_fd(loop), .events = POLLIN};
    int timeout = vio__loop_poll_timeout(loop);
    uint64_t now = uv_hrtime();
    uint64_t left = end > now ? (end - now + NS_PER_MS - 1) / NS_PER_MS : 0;
    int saved = errno;

    if (end != UINT64_MAX && (timeout < 0 || left < (uint64_t)timeout))
        timeout = left < INT_MAX ? (int)left : INT_MAX;
    poll(&pollfd, 1, timeout);
    errno = saved;
}

static int wait_dispatching(struct vio_req *req, uint64_t end)
{
    struct vio_loop *loop = vio__req_loop(req);

    for (;;) {
        int r = vio__loop_dispatch(loop);

        if (r < 0 || vio__req_is_done(req))
            return r;
        if (uv_hrtime() >= end)
            return VIO_ETIMEDOUT;
        sleep_on(loop, end);
    }
}

int vio__req_wait(struct vio_req *req, int timeout_ms)
{
    struct vio_loop *loop = vio__req_loop(req);
    uint64_t end = timeout_ms < 0 ? UINT64_MAX : uv_hrtime() + (uint64_t)timeout_ms * NS_PER_MS;
    int r = vio__req_may_wait(loop);

    if (r < 0 || vio__req_is_done(req))
        return r;
    if (vio__loop_drive(loop) == VIO_LOOP_POLL)
        return wait_dispatching(req, end);
    return wait_blocking(req, vio__reqs_waiters(vio__loop_reqs(loop)), end);
}
