/* SPDX-License-Identifier: MIT */
/* Who runs the libuv loop: the application's own runner, the callers of dispatch, or a private
 * thread. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include <libvio/error.h>

#include "lib/loop/internal.h"
#include "lib/loop/queue.h"

struct vio_runner {
    uv_loop_t own;
    uv_loop_t *uv; /* &own, or the application's */
    pthread_t thread;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t ended_cond;
    bool open;     /* `own` is initialised */
    bool running;  /* somebody is inside uv_run() of `own` */
    bool orphan;   /* whoever is inside has to run it to its end */
    bool disposed; /* to be torn down as soon as nobody is inside */
    bool started;  /* there is a private thread that nobody has joined or detached */
    bool ended;    /* the private thread has only to return */
};

struct uv_loop_s *vio__runner_uv(struct vio_runner *runner)
{
    return runner->uv;
}

/* When libuv 1.44 runs out of descriptors in here, it forgets the one of epoll. */
static int init_own(uv_loop_t *own)
{
    int r = uv_loop_init(own);

    if (r < 0 && r != UV_ENOMEM && uv_backend_fd(own) > 0)
        close(uv_backend_fd(own));
    return r;
}

int vio__runner_new(const struct vio_alloc *alloc, struct uv_loop_s *uv,
                    struct vio_runner **ret_runner)
{
    struct vio_runner *runner = vio__calloc(alloc, 1, sizeof(*runner));

    if (runner == NULL)
        return VIO_ENOMEM;
    runner->uv = uv != NULL ? uv : &runner->own;
    if (uv == NULL && init_own(&runner->own) < 0) {
        vio__free(alloc, runner);
        return VIO_ENOMEM;
    }
    runner->open = uv == NULL;
    if (pthread_mutex_init(&runner->lock, NULL) == 0) {
        if (pthread_cond_init(&runner->ended_cond, NULL) == 0) {
            *ret_runner = runner;
            return 0;
        }
        pthread_mutex_destroy(&runner->lock);
    }
    if (runner->open)
        uv_loop_close(&runner->own);
    vio__free(alloc, runner);
    return VIO_ENOMEM;
}

static void close_own(struct vio_runner *runner)
{
    if (runner->open)
        uv_loop_close(&runner->own);
    runner->open = false;
}

void vio__runner_free(const struct vio_alloc *alloc, struct vio_runner *runner)
{
    if (runner == NULL)
        return;
    close_own(runner);
    pthread_cond_destroy(&runner->ended_cond);
    pthread_mutex_destroy(&runner->lock);
    vio__free(alloc, runner);
}

/* True if the caller may run the loop now. */
static bool enter(struct vio_runner *runner)
{
    bool entered;

    pthread_mutex_lock(&runner->lock);
    entered = !runner->running;
    runner->running = true;
    pthread_mutex_unlock(&runner->lock);
    return entered;
}

static void tear_down(struct vio_loop *loop)
{
    close_own(vio__loop_runner(loop));
    vio__queue_close(vio__loop_queue(loop));
}

/* Returns whether the loop has been left to its last runner. */
static bool leave(struct vio_runner *runner, struct vio_loop *loop)
{
    bool disposed;
    bool orphan;

    pthread_mutex_lock(&runner->lock);
    runner->running = false;
    disposed = runner->disposed;
    orphan = runner->orphan;
    runner->orphan = false;
    pthread_mutex_unlock(&runner->lock);
    if (disposed)
        tear_down(loop);
    return orphan;
}

/* -- The private thread ----------------------------------------------------------------------- */

static void *thread_main(void *user)
{
    struct vio_loop *loop = user;
    struct vio_runner *runner = vio__loop_runner(loop);

    vio__loop_set_thread(loop, true);
    uv_run(runner->uv, UV_RUN_DEFAULT);
    vio__loop_set_thread(loop, false);
    leave(runner, loop);
    pthread_mutex_lock(&runner->lock);
    runner->ended = true;
    pthread_cond_broadcast(&runner->ended_cond);
    pthread_mutex_unlock(&runner->lock);
    vio__loop_unref(loop);
    return NULL;
}

int vio__thread_start(void *(*fn)(void *user), void *user, pthread_t *ret_thread)
{
    sigset_t all;
    sigset_t before;
    int r;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    r = pthread_create(ret_thread, NULL, fn, user);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r == 0 ? 0 : VIO_ENOMEM;
}

static int start_thread(struct vio_runner *runner, struct vio_loop *loop)
{
    runner->running = true;
    runner->started = true;
    vio__loop_ref(loop);
    if (vio__thread_start(thread_main, loop, &runner->thread) == 0)
        return 0;
    runner->running = false;
    runner->started = false;
    vio__loop_unref(loop);
    return VIO_ENOMEM;
}

void vio__loop_join(struct vio_loop *loop)
{
    struct vio_runner *runner = vio__loop_runner(loop);
    bool mine;

    pthread_mutex_lock(&runner->lock);
    mine = runner->started;
    runner->started = false;
    while (!mine && !runner->ended && vio__loop_drive(loop) == VIO_LOOP_THREAD)
        pthread_cond_wait(&runner->ended_cond, &runner->lock);
    pthread_mutex_unlock(&runner->lock);
    if (mine)
        pthread_join(runner->thread, NULL);
}

/* Joins the private thread only where that cannot wait for a callback that is still under way. */
static void release_thread(struct vio_runner *runner, bool ended)
{
    if (ended)
        pthread_join(runner->thread, NULL);
    else
        pthread_detach(runner->thread);
}

void vio__loop_dispose(struct vio_loop *loop)
{
    struct vio_runner *runner = vio__loop_runner(loop);
    bool started;
    bool running;
    bool ended;

    pthread_mutex_lock(&runner->lock);
    runner->disposed = true;
    started = runner->started;
    running = runner->running;
    ended = runner->ended;
    runner->started = false;
    pthread_mutex_unlock(&runner->lock);
    if (started)
        release_thread(runner, ended);
    if (!running)
        tear_down(loop);
}

int vio__runner_start(struct vio_runner *runner, struct vio_loop *loop)
{
    if (vio__loop_drive(loop) == VIO_LOOP_THREAD)
        return start_thread(runner, loop);
    if (vio__loop_drive(loop) == VIO_LOOP_POLL)
        uv_run(runner->uv, UV_RUN_NOWAIT); /* libuv tells epoll of the handles only here */
    return 0;
}

/* -- The caller's own polling ----------------------------------------------------------------- */

int vio__loop_fd(const struct vio_loop *loop)
{
    return uv_backend_fd(vio__loop_runner(loop)->uv);
}

int vio__loop_poll_timeout(struct vio_loop *loop)
{
    uv_loop_t *uv = vio__loop_runner(loop)->uv;

    if (vio__loop_has_closed(loop))
        return -1;
    uv_update_time(uv);
    return uv_backend_timeout(uv);
}

int vio__loop_dispatch(struct vio_loop *loop)
{
    struct vio_runner *runner = vio__loop_runner(loop);

    if (!enter(runner))
        return vio__loop_is_current(loop) ? VIO_EDEADLK : VIO_EBUSY;
    vio__loop_set_thread(loop, true);
    if (!vio__loop_has_closed(loop))
        uv_run(runner->uv, UV_RUN_NOWAIT);
    if (leave(runner, loop))
        vio__loop_run_to_end(loop);
    return 0;
}

void vio__loop_run_to_end(struct vio_loop *loop)
{
    struct vio_runner *runner = vio__loop_runner(loop);
    struct pollfd pollfd = {.fd = vio__loop_fd(loop), .events = POLLIN};

    pthread_mutex_lock(&runner->lock);
    if (runner->running)
        runner->orphan = true;
    pthread_mutex_unlock(&runner->lock);
    while (!vio__loop_has_closed(loop) && vio__loop_dispatch(loop) == 0)
        if (!vio__loop_has_closed(loop))
            poll(&pollfd, 1, vio__loop_poll_timeout(loop));
}
