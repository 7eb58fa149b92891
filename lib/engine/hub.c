/* SPDX-License-Identifier: MIT */
#include "lib/engine/hub.h"

#include <pthread.h>
#include <stdbool.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/base/ref.h"
#include "lib/loop/req.h"

struct vio_event {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    struct vio_event_info info;
};

struct vio_hub {
    struct vio_ref ref;
    struct vio_loop *loop;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    pthread_mutex_t lock;   /* of all below, and of each subscription's members */
    struct vio_dlist subscriptions;
    uint64_t time; /* of the last event */
    bool closed;
};

struct vio_subscription {
    struct vio_ref ref;
    struct vio_dlist node;
    struct vio_hub *hub;
    size_t depth, first, count;
    uint64_t lost; /* dropped since the last take, the newest of them number lost_sequence */
    uint64_t lost_sequence;
    struct vio_req *waiter;
    struct vio_event *events[]; /* a ring of `depth` */
};

/* -- Events ------------------------------------------------------------------------------------ */

static struct vio_event *new_event(const struct vio_alloc *alloc, const struct vio_event_info *info)
{
    struct vio_event *event = vio__alloc(alloc, sizeof(*event));

    if (!event)
        return NULL;
    vio__ref_init(&event->ref);
    event->alloc = *alloc;
    event->info = *info;
    return event;
}

struct vio_event *vio__event_ref(struct vio_event *event)
{
    vio__ref_get(&event->ref);
    return event;
}

void vio__event_unref(struct vio_event *event)
{
    struct vio_alloc alloc;

    if (!event || !vio__ref_put(&event->ref))
        return;
    alloc = event->alloc;
    vio__free(&alloc, event);
}

const struct vio_event_info *vio__event_info(const struct vio_event *event)
{
    return &event->info;
}

/* -- The hub ----------------------------------------------------------------------------------- */

int vio__hub_new(struct vio_loop *loop, struct vio_hub **ret_hub)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_hub *hub = vio__calloc(alloc, 1, sizeof(*hub));

    if (!hub)
        return VIO_ENOMEM;
    if (pthread_mutex_init(&hub->lock, NULL) != 0) {
        vio__free(alloc, hub);
        return VIO_ENOMEM;
    }
    vio__ref_init(&hub->ref);
    hub->loop = vio__loop_ref(loop);
    hub->alloc = *alloc;
    vio__dlist_init(&hub->subscriptions);
    *ret_hub = hub;
    return 0;
}

struct vio_hub *vio__hub_ref(struct vio_hub *hub)
{
    vio__ref_get(&hub->ref);
    return hub;
}

void vio__hub_unref(struct vio_hub *hub)
{
    struct vio_alloc alloc;

    if (!hub || !vio__ref_put(&hub->ref))
        return;
    alloc = hub->alloc;
    pthread_mutex_destroy(&hub->lock);
    vio__loop_unref(hub->loop);
    vio__free(&alloc, hub);
}

static void drop_oldest(struct vio_subscription *subscription)
{
    struct vio_event *event = subscription->events[subscription->first];

    subscription->lost++;
    subscription->lost_sequence = event->info.sequence;
    subscription->first = (subscription->first + 1) % subscription->depth;
    subscription->count--;
    vio__event_unref(event);
}

/* `event` is NULL when there was no memory for it. */
static void deliver(struct vio_subscription *subscription, struct vio_event *event,
                    uint64_t sequence)
{
    if (!event) {
        while (subscription->count > 0)
            drop_oldest(subscription);
        subscription->lost++;
        subscription->lost_sequence = sequence;
        return;
    }
    if (subscription->count == subscription->depth)
        drop_oldest(subscription);
    subscription->events[(subscription->first + subscription->count) % subscription->depth] =
        vio__event_ref(event);
    subscription->count++;
}

/* Takes who waits, if anyone does. Completing never calls back, so the lock may be held. */
static void wake(struct vio_subscription *subscription, int status)
{
    struct vio_req *waiter = subscription->waiter;

    subscription->waiter = NULL;
    if (waiter)
        vio__req_complete(waiter, status);
}

void vio__hub_publish(struct vio_hub *hub, const struct vio_event_info *info)
{
    struct vio_event *event = new_event(&hub->alloc, info);

    pthread_mutex_lock(&hub->lock);
    hub->time = info->time;
    VIO_DLIST_FOREACH (node, &hub->subscriptions) {
        struct vio_subscription *subscription =
            VIO_CONTAINER_OF(node, struct vio_subscription, node);

        deliver(subscription, event, info->sequence);
        wake(subscription, 0);
    }
    pthread_mutex_unlock(&hub->lock);
    vio__event_unref(event);
}

void vio__hub_close(struct vio_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->closed = true;
    VIO_DLIST_FOREACH (node, &hub->subscriptions)
        wake(VIO_CONTAINER_OF(node, struct vio_subscription, node), VIO_ECLOSED);
    pthread_mutex_unlock(&hub->lock);
}

/* -- Subscriptions ----------------------------------------------------------------------------- */

int vio__subscription_new(struct vio_hub *hub, size_t depth,
                          struct vio_subscription **ret_subscription)
{
    struct vio_subscription *subscription = vio__calloc(
        &hub->alloc, 1, sizeof(*subscription) + depth * sizeof(subscription->events[0]));
    bool closed;

    if (!subscription)
        return VIO_ENOMEM;
    vio__ref_init(&subscription->ref);
    subscription->hub = hub;
    subscription->depth = depth;
    pthread_mutex_lock(&hub->lock);
    closed = hub->closed;
    if (!closed)
        vio__dlist_append(&hub->subscriptions, &subscription->node);
    pthread_mutex_unlock(&hub->lock);
    if (closed) {
        vio__free(&hub->alloc, subscription);
        return VIO_ECLOSED;
    }
    vio__hub_ref(hub);
    *ret_subscription = subscription;
    return 0;
}

struct vio_subscription *vio__subscription_ref(struct vio_subscription *subscription)
{
    vio__ref_get(&subscription->ref);
    return subscription;
}

void vio__subscription_unref(struct vio_subscription *subscription)
{
    struct vio_hub *hub;

    if (!subscription || !vio__ref_put(&subscription->ref))
        return;
    hub = subscription->hub;
    pthread_mutex_lock(&hub->lock);
    vio__dlist_remove(&subscription->node);
    pthread_mutex_unlock(&hub->lock);
    while (subscription->count > 0)
        drop_oldest(subscription);
    vio__free(&hub->alloc, subscription);
    vio__hub_unref(hub);
}

struct vio_loop *vio__subscription_loop(const struct vio_subscription *subscription)
{
    return subscription->hub->loop;
}

/* The event that stands for those that were dropped. */
static struct vio_event *overflow(struct vio_subscription *subscription)
{
    struct vio_event_info info = {
        .type = VIO_EVENT_OVERFLOW,
        .sequence = subscription->lost_sequence,
        .time = subscription->hub->time,
        .index = VIO_NO_INDEX,
        .value = subscription->lost,
    };
    struct vio_event *event = new_event(&subscription->hub->alloc, &info);

    if (event)
        subscription->lost = 0;
    return event;
}

static int take(struct vio_subscription *subscription, struct vio_event **ret_event)
{
    if (subscription->lost > 0) {
        struct vio_event *event = overflow(subscription);

        if (event)
            *ret_event = event;
        return event ? 0 : VIO_ENOMEM;
    }
    if (subscription->count == 0)
        return VIO_EAGAIN;
    *ret_event = subscription->events[subscription->first];
    subscription->first = (subscription->first + 1) % subscription->depth;
    subscription->count--;
    return 0;
}

int vio__subscription_take(struct vio_subscription *subscription, struct vio_event **ret_event)
{
    int status;

    pthread_mutex_lock(&subscription->hub->lock);
    status = take(subscription, ret_event);
    pthread_mutex_unlock(&subscription->hub->lock);
    return status;
}

void vio__subscription_wait(struct vio_subscription *subscription, struct vio_req *req)
{
    pthread_mutex_lock(&subscription->hub->lock);
    if (subscription->count > 0 || subscription->lost > 0)
        vio__req_complete(req, 0);
    else if (subscription->hub->closed)
        vio__req_complete(req, VIO_ECLOSED);
    else if (subscription->waiter)
        vio__req_fail(req, VIO_EBUSY, "another request waits on this subscription already");
    else
        subscription->waiter = req;
    pthread_mutex_unlock(&subscription->hub->lock);
}

void vio__subscription_cancel(struct vio_subscription *subscription, struct vio_req *req, int why)
{
    pthread_mutex_lock(&subscription->hub->lock);
    if (subscription->waiter == req)
        wake(subscription, why);
    pthread_mutex_unlock(&subscription->hub->lock);
}
