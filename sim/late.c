/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "sim/state.h"

struct sim_late {
    struct sim_late *prev, *next;
    struct viosim *sim;
    struct sim_timer timer;
    enum viosim_what what;
    struct sim_client *client; /* of an interrupt */
    unsigned vector;
    struct sim_queue *queue; /* of a completion or event */
    uint32_t epoch;
    struct vio_hw_completion completion;
    struct vio_hw_event event;
};

static void unlink_late(struct sim_late *late)
{
    *(late->prev ? &late->prev->next : &late->sim->lates) = late->next;
    if (late->next)
        late->next->prev = late->prev;
}

static void deliver(void *owner)
{
    struct sim_late *late = owner;

    unlink_late(late);
    if (late->what == VIOSIM_INTERRUPT)
        sim_interrupt_raise(late->client, late->vector);
    else if (late->epoch == late->queue->epoch && late->what == VIOSIM_COMPLETION)
        sim_ring_put_completion(late->queue, &late->completion);
    else if (late->epoch == late->queue->epoch)
        sim_ring_put_event(late->queue, &late->event);
    free(late);
}

static struct sim_late *new_late(struct viosim *sim, enum viosim_what what, uint64_t delay)
{
    struct sim_late *late = calloc(1, sizeof *late);

    if (!late)
        return NULL;
    late->sim = sim;
    late->what = what;
    late->next = sim->lates;
    if (late->next)
        late->next->prev = late;
    sim->lates = late;
    sim_timer_init(&late->timer, deliver, late);
    sim_timer_arm(&sim->timers, &late->timer, delay, 0);
    return late;
}

bool sim_late_interrupt(struct sim_client *client, unsigned vector, uint64_t delay)
{
    struct sim_late *late = new_late(client->sim, VIOSIM_INTERRUPT, delay);

    if (!late)
        return false;
    late->client = client;
    late->vector = vector;
    return true;
}

bool sim_late_completion(struct sim_queue *queue, const struct vio_hw_completion *completion,
                         uint64_t delay)
{
    struct sim_late *late = new_late(queue->sim, VIOSIM_COMPLETION, delay);

    if (!late)
        return false;
    late->queue = queue;
    late->epoch = queue->epoch;
    late->completion = *completion;
    return true;
}

bool sim_late_event(struct sim_queue *queue, const struct vio_hw_event *event, uint64_t delay)
{
    struct sim_late *late = new_late(queue->sim, VIOSIM_EVENT, delay);

    if (!late)
        return false;
    late->queue = queue;
    late->epoch = queue->epoch;
    late->event = *event;
    return true;
}

void sim_lates_drop(struct viosim *sim, const struct sim_client *client)
{
    struct sim_late *next;

    for (struct sim_late *late = sim->lates; late; late = next) {
        next = late->next;
        if (client && late->client != client)
            continue;
        unlink_late(late);
        sim_timer_stop(&sim->timers, &late->timer);
        free(late);
    }
}
