/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "sim/state.h"

#define BAR2_SIZE ((uint64_t)SIM_QUEUES_MAX * VIO_HW_PART_SIZE)

int sim_client_new(struct viosim *sim, const struct sim_host *host, struct sim_client **ret_client)
{
    struct sim_client *client = calloc(1, sizeof *client);

    if (!client)
        return VIO_ENOMEM;
    client->sim = viosim_ref(sim);
    client->host = *host;
    client->latch_offset = UINT64_MAX;
    sim_management_init(client);
    sim_enter(sim);
    client->next = sim->clients;
    sim->clients = client;
    sim_leave_fault(sim);
    *ret_client = client;
    return 0;
}

static void reset_queues(struct sim_client *client)
{
    struct viosim *sim = client->sim;

    for (unsigned i = 0; i < sim->queues; i++)
        if (sim->queue[i].client == client)
            sim_queue_reset(&sim->queue[i]);
}

void sim_client_free(struct sim_client *client)
{
    struct viosim *sim;

    if (!client)
        return;
    sim = client->sim;
    sim_enter(sim);
    reset_queues(client);
    sim_lates_drop(sim, client);
    for (struct sim_client **link = &sim->clients; *link; link = &(*link)->next) {
        if (*link == client) {
            *link = client->next;
            break;
        }
    }
    sim_leave(sim);
    free(client);
    viosim_unref(sim);
}

void sim_client_reset(struct sim_client *client)
{
    struct viosim *sim = client->sim;

    sim_enter(sim);
    reset_queues(client);
    sim_lates_drop(sim, client);
    client->interrupts = client->interrupts_again = 0;
    client->latch_offset = UINT64_MAX;
    sim_management_init(client);
    sim_leave(sim);
}

uint64_t sim_bar_size(unsigned bar)
{
    switch (bar) {
    case VIO_HW_BAR_REGISTERS:
        return VIO_HW_BAR0_SIZE;
    case VIO_HW_BAR_RINGS:
        return BAR2_SIZE;
    case VIO_HW_BAR_MSIX:
        return VIO_HW_BAR4_SIZE;
    default:
        return 0;
    }
}

static bool in_bar(unsigned bar, uint64_t offset, size_t size)
{
    uint64_t bar_size = sim_bar_size(bar);

    return offset <= bar_size && size <= bar_size - offset;
}

int sim_client_read(struct sim_client *client, unsigned bar, uint64_t offset, void *data,
                    size_t size)
{
    struct viosim *sim = client->sim;

    if (!in_bar(bar, offset, size))
        return VIO_EINVAL;
    if (bar == VIO_HW_BAR_RINGS) {
        memcpy(data, sim->rings + offset, size);
        return 0;
    }
    sim_enter(sim);
    if (bar == VIO_HW_BAR_REGISTERS)
        sim_registers_read(client, offset, data, size);
    else
        memcpy(data, client->msix + offset, size);
    sim_leave(sim);
    return 0;
}

/* The vector table is plain memory: who carries the interrupts also minds their masks. The pending
 * bits behind it are read-only. */
static void write_msix(struct sim_client *client, uint64_t offset, const void *data, size_t size)
{
    if (offset >= VIO_HW_MSIX_PBA)
        return;
    if (size > VIO_HW_MSIX_PBA - offset)
        size = (size_t)(VIO_HW_MSIX_PBA - offset);
    memcpy(client->msix + offset, data, size);
}

int sim_client_write(struct sim_client *client, unsigned bar, uint64_t offset, const void *data,
                     size_t size)
{
    struct viosim *sim = client->sim;

    if (!in_bar(bar, offset, size))
        return VIO_EINVAL;
    if (bar == VIO_HW_BAR_RINGS) {
        memcpy(sim->rings + offset, data, size);
        return 0;
    }
    sim_enter(sim);
    if (bar == VIO_HW_BAR_MSIX) {
        write_msix(client, offset, data, size);
    } else if (size == 4 && offset % 4 == 0) {
        sim->stat[VIOSIM_STAT_WRITES]++;
        sim_registers_write(client, offset, vio__hw_get32(data));
    } else if (size == 8 && offset % 8 == 0) {
        sim->stat[VIOSIM_STAT_WRITES]++;
        sim_registers_write64(client, offset, vio__hw_get64(data));
    }
    sim_leave(sim);
    return 0;
}

void *sim_client_map(struct sim_client *client, unsigned bar, size_t *ret_size)
{
    if (bar != VIO_HW_BAR_RINGS)
        return NULL;
    *ret_size = (size_t)BAR2_SIZE;
    return client->sim->rings;
}

int sim_client_map_fd(struct sim_client *client, unsigned bar)
{
    return bar == VIO_HW_BAR_RINGS ? client->sim->rings_fd : -1;
}
