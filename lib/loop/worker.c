/* SPDX-License-Identifier: MIT */
#include "lib/loop/worker.h"

#include <pthread.h>

#include <libvio/error.h>

#include "lib/loop/internal.h"

struct vio_worker {
    /* On the loop's thread. */
    size_t outstanding; /* jobs submitted, and not done */
    bool started;
    pthread_t thread;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    struct vio_job *first;
    struct vio_job **last;
    bool stopping;
};

int vio__worker_new(const struct vio_alloc *alloc, struct vio_worker **ret_worker)
{
    struct vio_worker *worker = vio__calloc(alloc, 1, sizeof(*worker));

    if (worker == NULL)
        return VIO_ENOMEM;
    if (pthread_mutex_init(&worker->lock, NULL) == 0) {
        if (pthread_cond_init(&worker->changed, NULL) == 0) {
            worker->last = &worker->first;
            *ret_worker = worker;
            return 0;
        }
        pthread_mutex_destroy(&worker->lock);
    }
    vio__free(alloc, worker);
    return VIO_ENOMEM;
}

void vio__worker_free(const struct vio_alloc *alloc, struct vio_worker *worker)
{
    if (worker == NULL)
        return;
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    vio__free(alloc, worker);
}

bool vio__worker_idle(const struct vio_worker *worker)
{
    return worker->outstanding == 0;
}

/* Waits for the next job; NULL when the thread has to end. */
static struct vio_job *take(struct vio_worker *worker)
{
    struct vio_job *job;

    pthread_mutex_lock(&worker->lock);
    while (worker->first == NULL && !worker->stopping)
        pthread_cond_wait(&worker->changed, &worker->lock);
    job = worker->first;
    if (job != NULL) {
        worker->first = job->next;
        if (worker->first == NULL)
            worker->last = &worker->first;
    }
    pthread_mutex_unlock(&worker->lock);
    return job;
}

/* The loop waits for its jobs before it closes, so that the post cannot be refused. */
static void *worker_main(void *user)
{
    struct vio_worker *worker = user;
    struct vio_job *job;

    while ((job = take(worker)) != NULL) {
        job->work(job);
        vio__loop_post(job->loop, &job->post);
    }
    return NULL;
}

static void on_done(struct vio_post *post)
{
    struct vio_job *job = VIO_CONTAINER_OF(post, struct vio_job, post);
    struct vio_loop *loop = job->loop;
    struct vio_worker *worker = vio__loop_worker(loop);

    job->done(job);
    vio__clock_freeze(vio__loop_clock(loop), -1);
    if (--worker->outstanding == 0)
        vio__loop_worker_done(loop);
}

int vio__worker_submit(struct vio_loop *loop, struct vio_job *job)
{
    struct vio_worker *worker = vio__loop_worker(loop);

    if (vio__loop_is_closing(loop))
        return VIO_ECLOSED;
    if (!worker->started && vio__thread_start(worker_main, worker, &worker->thread) < 0)
        return VIO_ENOMEM;
    worker->started = true;
    worker->outstanding++;
    vio__clock_freeze(vio__loop_clock(loop), 1);
    job->next = NULL;
    job->loop = loop;
    job->post.fn = on_done;
    pthread_mutex_lock(&worker->lock);
    *worker->last = job;
    worker->last = &job->next;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    return 0;
}

void vio__worker_stop(struct vio_worker *worker)
{
    if (!worker->started)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    worker->started = false;
}
