/* SPDX-License-Identifier: MIT */
#include "lib/loop/queue.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/loop/req.h"

struct vio_queue {
    struct vio_alloc alloc;
    int fd; /* an eventfd: readable while there are entries */
    pthread_mutex_t lock;
    struct vio_dlist entries;
    uint32_t max;
    uint32_t reserved;
    bool closed;
};

int vio__queue_new(const struct vio_alloc *alloc, uint32_t max, struct vio_queue **ret_queue)
{
    struct vio_queue *queue = vio__calloc(alloc, 1, sizeof(*queue));
    int saved = errno;

    if (queue == NULL)
        return VIO_ENOMEM;
    queue->alloc = *alloc;
    queue->max = max;
    vio__dlist_init(&queue->entries);
    queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (queue->fd < 0 || pthread_mutex_init(&queue->lock, NULL) != 0) {
        if (queue->fd >= 0)
            close(queue->fd);
        vio__free(alloc, queue);
        errno = saved;
        return VIO_ENOMEM;
    }
    *ret_queue = queue;
    return 0;
}

void vio__queue_free(struct vio_queue *queue)
{
    if (queue == NULL)
        return;
    vio__queue_close(queue);
    pthread_mutex_destroy(&queue->lock);
    vio__free(&queue->alloc, queue);
}

/* An eventfd counter of 1 makes the descriptor readable, reading it quiet; neither can block or
 * fail. */
static void set_readable(const struct vio_queue *queue, bool readable)
{
    uint64_t value = 1;
    int saved = errno;
    ssize_t r;

    if (readable)
        r = write(queue->fd, &value, sizeof(value));
    else
        r = read(queue->fd, &value, sizeof(value));
    (void)r;
    errno = saved;
}

/* Under the lock; the caller gets the reference. */
static struct vio_req *take_first(struct vio_queue *queue)
{
    struct vio_dlist *node = vio__dlist_pop(&queue->entries);
    struct vio_queue_entry *entry;

    if (node == NULL)
        return NULL;
    entry = VIO_CONTAINER_OF(node, struct vio_queue_entry, node);
    if (entry->reserved)
        queue->reserved--;
    entry->reserved = false;
    entry->queued = false;
    return entry->req;
}

void vio__queue_close(struct vio_queue *queue)
{
    struct vio_dlist left;
    struct vio_dlist *node;

    vio__dlist_init(&left);
    pthread_mutex_lock(&queue->lock);
    if (!queue->closed)
        close(queue->fd);
    queue->closed = true;
    vio__dlist_splice(&left, &queue->entries);
    pthread_mutex_unlock(&queue->lock);
    while ((node = vio__dlist_pop(&left)) != NULL)
        vio__req_unref(VIO_CONTAINER_OF(node, struct vio_queue_entry, node)->req);
}

bool vio__queue_reserve(struct vio_queue *queue, struct vio_queue_entry *entry, bool force)
{
    bool free_place;

    pthread_mutex_lock(&queue->lock);
    free_place = force || queue->reserved < queue->max;
    if (free_place)
        queue->reserved++;
    pthread_mutex_unlock(&queue->lock);
    entry->reserved = free_place;
    return free_place;
}

void vio__queue_cancel(struct vio_queue *queue, struct vio_queue_entry *entry)
{
    pthread_mutex_lock(&queue->lock);
    if (entry->reserved)
        queue->reserved--;
    entry->reserved = false;
    pthread_mutex_unlock(&queue->lock);
}

void vio__queue_push(struct vio_queue *queue, struct vio_queue_entry *entry)
{
    pthread_mutex_lock(&queue->lock);
    if (!entry->queued && !queue->closed) {
        vio__req_ref(entry->req);
        entry->queued = true;
        if (vio__dlist_empty(&queue->entries))
            set_readable(queue, true);
        vio__dlist_append(&queue->entries, &entry->node);
    }
    pthread_mutex_unlock(&queue->lock);
}

int vio__queue_fd(const struct vio_queue *queue)
{
    return queue->fd;
}

size_t vio__queue_reap(struct vio_queue *queue, struct vio_req **ret_reqs, size_t max)
{
    size_t count = 0;

    pthread_mutex_lock(&queue->lock);
    while (count < max && !vio__dlist_empty(&queue->entries))
        ret_reqs[count++] = take_first(queue);
    if (count > 0 && vio__dlist_empty(&queue->entries))
        set_readable(queue, false);
    pthread_mutex_unlock(&queue->lock);
    return count;
}
