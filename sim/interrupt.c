/* SPDX-License-Identifier: MIT */
#include "sim/state.h"

void sim_interrupt_raise(struct sim_client *client, unsigned vector)
{
    uint32_t bit = 1u << vector;

    client->interrupts |= bit;
    client->sim->interrupts_pending = true;
    client->sim->stat[VIOSIM_STAT_INTERRUPTS]++;
}

void sim_interrupt(struct sim_client *client, unsigned vector)
{
    struct viosim *sim = client->sim;

    switch (sim_mishap_next(&sim->mishaps, VIOSIM_INTERRUPT)) {
    case VIOSIM_LOST:
        return;
    case VIOSIM_LATE:
        if (sim_late_interrupt(client, vector, sim->mishaps.of[VIOSIM_INTERRUPT].delay))
            return;
        break;
    case VIOSIM_CORRUPT:
        vector = (vector + 1) % VIO_HW_VECTORS;
        break;
    case VIOSIM_DOUBLED:
        client->interrupts_again |= 1u << vector;
        break;
    default:
        break;
    }
    sim_interrupt_raise(client, vector);
}

/* Only a cause that was not pending before raises the vector. */
void sim_queue_cause(struct sim_queue *queue, uint32_t bit)
{
    if (queue->irq_cause & bit)
        return;
    queue->irq_cause |= bit;
    if (queue->client && !(queue->irq_mask & bit))
        sim_interrupt(queue->client, 1 + queue->index);
}

void sim_global_cause(struct viosim *sim, uint32_t bit)
{
    if (sim->irq_cause & bit)
        return;
    sim->irq_cause |= bit;
    if (sim->irq_mask & bit)
        return;
    for (struct sim_client *client = sim->clients; client; client = client->next)
        sim_interrupt(client, 0);
}

static struct sim_client *pending_client(struct viosim *sim)
{
    struct sim_client *client = sim->clients;

    while (client && !client->interrupts)
        client = client->next;
    return client;
}

void sim_interrupts_deliver(struct viosim *sim)
{
    struct sim_client *client;

    sim->interrupts_pending = false;
    while ((client = pending_client(sim)) != NULL) {
        struct sim_host host = client->host;
        uint32_t once = client->interrupts, twice = client->interrupts_again;

        client->interrupts = client->interrupts_again = 0;
        if (!host.interrupt)
            continue;
        pthread_mutex_unlock(&sim->lock);
        for (unsigned vector = 0; vector < VIO_HW_VECTORS; vector++)
            for (unsigned n = (once >> vector & 1) + (twice >> vector & 1); n > 0; n--)
                host.interrupt(host.user, vector);
        pthread_mutex_lock(&sim->lock);
    }
}
