/* SPDX-License-Identifier: MIT */
#include <pthread.h>

#include <libvio/error.h>

#include "lib/loop/internal.h"

struct vio_inbox {
    pthread_mutex_t lock;
    struct vio_post *first;
    struct vio_post **last;
    void (*wake)(void *user);
    void *user;
    bool awake; /* somebody will look without being woken */
    bool muted;
    bool closed;
};

int vio__inbox_new(const struct vio_alloc *alloc, void (*wake)(void *user), void *user,
                   struct vio_inbox **ret_inbox)
{
    struct vio_inbox *inbox = vio__calloc(alloc, 1, sizeof(*inbox));

    if (inbox == NULL)
        return VIO_ENOMEM;
    if (pthread_mutex_init(&inbox->lock, NULL) != 0) {
        vio__free(alloc, inbox);
        return VIO_ENOMEM;
    }
    inbox->last = &inbox->first;
    inbox->wake = wake;
    inbox->user = user;
    *ret_inbox = inbox;
    return 0;
}

void vio__inbox_free(const struct vio_alloc *alloc, struct vio_inbox *inbox)
{
    if (inbox == NULL)
        return;
    pthread_mutex_destroy(&inbox->lock);
    vio__free(alloc, inbox);
}

/* Under the lock, so that after mute() nobody is in the middle of it. */
static void wake_locked(struct vio_inbox *inbox)
{
    inbox->awake = true;
    if (!inbox->muted)
        inbox->wake(inbox->user);
}

int vio__inbox_put(struct vio_inbox *inbox, struct vio_post *post)
{
    int r = 0;

    pthread_mutex_lock(&inbox->lock);
    if (inbox->closed) {
        r = VIO_ECLOSED;
    } else {
        post->next = NULL;
        *inbox->last = post;
        inbox->last = &post->next;
        if (!inbox->awake)
            wake_locked(inbox);
    }
    pthread_mutex_unlock(&inbox->lock);
    return r;
}

void vio__inbox_attend(struct vio_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->awake = true;
    pthread_mutex_unlock(&inbox->lock);
}

struct vio_post *vio__inbox_take(struct vio_inbox *inbox)
{
    struct vio_post *first;

    pthread_mutex_lock(&inbox->lock);
    first = inbox->first;
    inbox->first = NULL;
    inbox->last = &inbox->first;
    inbox->awake = first != NULL;
    pthread_mutex_unlock(&inbox->lock);
    return first;
}

void vio__inbox_wake(struct vio_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    wake_locked(inbox);
    pthread_mutex_unlock(&inbox->lock);
}

void vio__inbox_mute(struct vio_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->muted = true;
    pthread_mutex_unlock(&inbox->lock);
}

void vio__inbox_close(struct vio_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->closed = true;
    pthread_mutex_unlock(&inbox->lock);
}
