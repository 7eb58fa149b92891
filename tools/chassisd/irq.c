/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/irq.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA_MASK   VFIO_IRQ_SET_DATA_TYPE_MASK
#define ACTION_MASK VFIO_IRQ_SET_ACTION_TYPE_MASK

struct vector {
    int fd; /* -1: not enabled */
    bool masked;
    bool pending; /* raised while masked */
};

struct vfu_irq {
    unsigned count;
    struct vector vectors[];
};

struct vfu_irq *vfu_irq_new(unsigned vectors)
{
    struct vfu_irq *irq = calloc(1, sizeof *irq + vectors * sizeof irq->vectors[0]);

    if (!irq)
        return NULL;
    irq->count = vectors;
    for (unsigned i = 0; i < vectors; i++)
        irq->vectors[i].fd = -1;
    return irq;
}

static void assign(struct vector *vector, int fd)
{
    if (vector->fd >= 0)
        close(vector->fd);
    vector->fd = fd;
}

void vfu_irq_free(struct vfu_irq *irq)
{
    if (!irq)
        return;
    for (unsigned i = 0; i < irq->count; i++)
        assign(&irq->vectors[i], -1);
    free(irq);
}

unsigned vfu_irq_count(const struct vfu_irq *irq)
{
    return irq->count;
}

/* A write to a full eventfd would block if the client left it blocking, and its mode is not ours to
 * change: it shares the open file with us. A full counter has been signalled anyway. */
static void signal_vector(const struct vector *vector)
{
    struct pollfd ready = {.fd = vector->fd, .events = POLLOUT};
    const uint64_t one = 1;

    if (vector->fd < 0 || poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
        return;
    while (write(vector->fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

static void trigger(struct vector *vector)
{
    if (vector->masked)
        vector->pending = true;
    else
        signal_vector(vector);
}

void vfu_irq_trigger(struct vfu_irq *irq, unsigned vector)
{
    if (vector < irq->count)
        trigger(&irq->vectors[vector]);
}

static void unmask(struct vector *vector)
{
    vector->masked = false;
    if (vector->pending)
        signal_vector(vector);
    vector->pending = false;
}

static void act(struct vector *vector, uint32_t action)
{
    if (action == VFIO_IRQ_SET_ACTION_TRIGGER)
        trigger(vector);
    else if (action == VFIO_IRQ_SET_ACTION_MASK)
        vector->masked = true;
    else
        unmask(vector);
}

/* Writing to any other kind of file may block for as long as whoever serves it likes. */
static bool is_eventfd(int fd)
{
    char path[32], target[32];
    ssize_t length;

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return errno == ENOENT; /* no /proc to ask */
    target[length] = '\0';
    return strcmp(target, "anon_inode:[eventfd]") == 0;
}

static int set_eventfds(struct vfu_irq *irq, const struct vfu_irq_set *set, int *fds,
                        unsigned fd_count)
{
    if ((set->flags & ACTION_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
        return ENOTSUP;
    if (fd_count != 0 && fd_count != set->count)
        return EINVAL;
    for (unsigned i = 0; i < fd_count; i++) {
        if (!is_eventfd(fds[i]))
            return EINVAL;
    }
    for (unsigned i = 0; i < set->count; i++) {
        assign(&irq->vectors[set->start + i], fd_count ? fds[i] : -1);
        if (fd_count)
            fds[i] = -1;
    }
    return 0;
}

static void disable_all(struct vfu_irq *irq)
{
    for (unsigned i = 0; i < irq->count; i++) {
        assign(&irq->vectors[i], -1);
        irq->vectors[i].masked = irq->vectors[i].pending = false;
    }
}

static bool one_bit(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

int vfu_irq_set(struct vfu_irq *irq, const struct vfu_irq_set *set, const uint8_t *data,
                size_t size, int *fds, unsigned fd_count)
{
    uint32_t kind = set->flags & DATA_MASK, action = set->flags & ACTION_MASK;

    if (set->argsz < sizeof *set || set->flags & ~(uint32_t)(DATA_MASK | ACTION_MASK) ||
        !one_bit(kind) || !one_bit(action))
        return EINVAL;
    if (set->start > irq->count || set->count > irq->count - set->start)
        return EINVAL;
    if (kind == VFIO_IRQ_SET_DATA_EVENTFD)
        return set_eventfds(irq, set, fds, fd_count);
    if (fd_count != 0 || (kind == VFIO_IRQ_SET_DATA_BOOL && size < set->count))
        return EINVAL;
    if (kind == VFIO_IRQ_SET_DATA_NONE && set->count == 0) {
        if (action != VFIO_IRQ_SET_ACTION_TRIGGER || set->start != 0)
            return EINVAL;
        disable_all(irq);
        return 0;
    }
    for (unsigned i = 0; i < set->count; i++) {
        if (kind == VFIO_IRQ_SET_DATA_NONE || data[i])
            act(&irq->vectors[set->start + i], action);
    }
    return 0;
}
