/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <uv.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/loop/internal.h"

struct vio_clock {
    struct vio_heap timers;
    size_t foreground; /* timers for which virtual time jumps */
    long holds;
    long freezes; /* things under way beside the loop, which virtual time waits for */
    size_t real;  /* those that joined a clock that is not virtual */
    atomic_bool is_virtual;
    _Atomic uint64_t virtual_now;
};

int vio__clock_new(const struct vio_alloc *alloc, struct vio_clock **ret_clock)
{
    struct vio_clock *clock = vio__calloc(alloc, 1, sizeof(*clock));

    if (clock == NULL)
        return VIO_ENOMEM;
    *ret_clock = clock;
    return 0;
}

void vio__clock_free(const struct vio_alloc *alloc, struct vio_clock *clock)
{
    vio__free(alloc, clock);
}

uint64_t vio__clock_now(const struct vio_clock *clock)
{
    return atomic_load(&clock->is_virtual) ? atomic_load(&clock->virtual_now) : uv_hrtime();
}

void vio__clock_set_virtual(struct vio_clock *clock)
{
    if (atomic_load(&clock->is_virtual))
        return;
    atomic_store(&clock->virtual_now, uv_hrtime());
    atomic_store(&clock->is_virtual, true);
}

bool vio__clock_is_virtual(const struct vio_clock *clock)
{
    return atomic_load(&clock->is_virtual);
}

int vio__clock_join(struct vio_clock *clock, bool is_virtual)
{
    if (is_virtual ? clock->real > 0 : vio__clock_is_virtual(clock))
        return VIO_ESTATE;
    if (!is_virtual)
        clock->real++;
    return 0;
}

void vio__clock_leave(struct vio_clock *clock)
{
    if (!vio__clock_is_virtual(clock))
        clock->real--;
}

void vio__clock_hold(struct vio_clock *clock, int count)
{
    clock->holds += count;
}

void vio__clock_freeze(struct vio_clock *clock, int count)
{
    clock->freezes += count;
}

uint64_t vio__clock_next(const struct vio_clock *clock)
{
    const struct vio_heap_node *first = vio__heap_min(&clock->timers);

    return first != NULL ? first->key : UINT64_MAX;
}

bool vio__clock_run(struct vio_clock *clock)
{
    uint64_t now = vio__clock_now(clock);
    uint64_t started = clock->timers.order;
    struct vio_heap_node *node;
    bool fired = false;

    while ((node = vio__heap_min(&clock->timers)) != NULL && node->key <= now &&
           node->order < started) {
        struct vio_timer *timer = VIO_CONTAINER_OF(node, struct vio_timer, node);

        vio__timer_stop(timer);
        timer->fn(timer, timer->user);
        fired = true;
    }
    return fired;
}

static bool may_jump(const struct vio_clock *clock)
{
    return clock->freezes == 0 && (clock->foreground > 0 || clock->holds > 0);
}

bool vio__clock_pending(const struct vio_clock *clock)
{
    uint64_t next = vio__clock_next(clock);

    return vio__clock_is_virtual(clock) && next != UINT64_MAX &&
           (may_jump(clock) || next <= atomic_load(&clock->virtual_now));
}

void vio__clock_jump(struct vio_clock *clock)
{
    uint64_t next = vio__clock_next(clock);

    if (vio__clock_is_virtual(clock) && may_jump(clock) && next != UINT64_MAX &&
        next > atomic_load(&clock->virtual_now))
        atomic_store(&clock->virtual_now, next);
}

void vio__timer_init(struct vio_timer *timer, struct vio_loop *loop, bool background,
                     void (*fn)(struct vio_timer *timer, void *user), void *user)
{
    *timer = (struct vio_timer){.loop = loop, .fn = fn, .user = user, .background = background};
}

void vio__timer_start(struct vio_timer *timer, uint64_t due)
{
    struct vio_clock *clock = vio__loop_clock(timer->loop);

    vio__timer_stop(timer);
    if (!timer->background)
        clock->foreground++;
    vio__heap_insert(&clock->timers, &timer->node, due);
    vio__loop_rearm(timer->loop);
}

void vio__timer_stop(struct vio_timer *timer)
{
    struct vio_clock *clock = vio__loop_clock(timer->loop);

    if (!timer->node.queued)
        return;
    if (!timer->background)
        clock->foreground--;
    vio__heap_remove(&clock->timers, &timer->node);
}

bool vio__timer_active(const struct vio_timer *timer)
{
    return timer->node.queued;
}
