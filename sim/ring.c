/* SPDX-License-Identifier: MIT */
/* The three rings of a queue set, and the data buffers of its commands. */
#include <string.h>

#include "sim/state.h"

static bool in_host(const struct sim_queue *queue)
{
    return queue->control & VIO_HW_BIT(QUEUE_CONTROL, HOST);
}

/* Memory of the part is shared with the client: it is read once, into a copy. */
static bool ring_read(struct sim_queue *queue, uint64_t at, void *data, size_t size)
{
    if (in_host(queue))
        return queue->client->host.dma_read(queue->client->host.user, at, data, size) == 0;
    memcpy(data, queue->part + at, size);
    return true;
}

/* Writes an entry, its flags last: who sees the phase bit sees the rest. */
static void ring_write(struct sim_queue *queue, uint64_t at, const uint8_t *entry, size_t size,
                       size_t flags)
{
    struct sim_host *host = &queue->client->host;
    uint8_t *to = queue->part + at;
    uint16_t last;

    if (in_host(queue)) {
        if (host->dma_write(host->user, at, entry, flags) != 0 ||
            host->dma_write(host->user, at + flags + 2, entry + flags + 2, size - flags - 2) != 0 ||
            host->dma_write(host->user, at + flags, entry + flags, 2) != 0)
            sim_queue_fail(queue, VIO_HW_STATUS_DATA_RANGE);
        return;
    }
    memcpy(to, entry, flags);
    memcpy(to + flags + 2, entry + flags + 2, size - flags - 2);
    memcpy(&last, entry + flags, sizeof last);
    __atomic_store_n((uint16_t *)(void *)(to + flags), last, __ATOMIC_RELEASE);
}

static void hook(struct sim_queue *queue, enum viosim_what what, uint64_t at, size_t size)
{
    struct viosim *sim = queue->sim;

    if (sim->ring_hook && !in_host(queue))
        sim->ring_hook(sim->ring_hook_data, what, queue->part + at, size);
}

/* Makes one byte another one, of those for which `allowed` has a bit. */
static void corrupt(struct viosim *sim, uint8_t *entry, size_t size, uint64_t allowed)
{
    size_t at;

    do
        at = vio__prng_next(&sim->random) % size;
    while (!(allowed >> at & 1));
    entry[at] ^= (uint8_t)(1 + vio__prng_next(&sim->random) % 255);
}

/* Bytes of a command that a mishap may change: the opcode's high byte, number and lease. What it
 * must not do is to turn one valid change into another one. */
#define CORRUPT_COMMAND    UINT64_C(0xfff2)
#define CORRUPT_COMPLETION (~UINT64_C(0xc000) & 0xffffffff) /* all but flags */
#define CORRUPT_EVENT      (~UINT64_C(0xc0000))             /* all but flags */

static void take(struct sim_queue *queue, uint8_t wire[VIO_HW_COMMAND_SIZE])
{
    struct viosim *sim = queue->sim;
    int mishap = sim_mishap_next(&sim->mishaps, VIOSIM_COMMAND);
    struct vio_hw_command command;
    uint64_t delay = 0;

    if (mishap == VIOSIM_LOST)
        return;
    if (mishap == VIOSIM_CORRUPT)
        corrupt(sim, wire, 16, CORRUPT_COMMAND);
    if (mishap == VIOSIM_LATE)
        delay = sim->mishaps.of[VIOSIM_COMMAND].delay;
    vio__hw_command_decode(wire, &command);
    queue->taken++;
    sim_command_take(queue, &command, delay);
    if (mishap == VIOSIM_DOUBLED && queue->ready &&
        queue->cpl_tail + queue->taken - queue->cpl_head < queue->cpl_size) {
        queue->taken++;
        sim_command_take(queue, &command, 0);
    }
}

void sim_ring_fetch(struct sim_queue *queue)
{
    uint8_t wire[VIO_HW_COMMAND_SIZE];

    while (queue->ready && queue->cmd_head != queue->cmd_tail &&
           queue->cpl_tail + queue->taken - queue->cpl_head < queue->cpl_size) {
        uint64_t at = queue->cmd_base +
                      (uint64_t)(queue->cmd_head & (queue->cmd_size - 1)) * VIO_HW_COMMAND_SIZE;

        if (!ring_read(queue, at, wire, sizeof wire)) {
            sim_queue_fail(queue, VIO_HW_STATUS_DATA_RANGE);
            return;
        }
        queue->cmd_head++;
        hook(queue, VIOSIM_COMMAND, at, sizeof wire);
        take(queue, wire);
    }
}

/* Writes a completion at the tail, where there is room. */
static void append(struct sim_queue *queue, const struct vio_hw_completion *completion, bool bad)
{
    uint8_t wire[VIO_HW_COMPLETION_SIZE];
    struct vio_hw_completion sent = *completion;
    uint64_t at = queue->cpl_base +
                  (uint64_t)(queue->cpl_tail & (queue->cpl_size - 1)) * VIO_HW_COMPLETION_SIZE;

    sent.flags &= (uint16_t)~VIO_HW_PHASE;
    if (vio__hw_phase(queue->cpl_tail, queue->cpl_size))
        sent.flags |= VIO_HW_PHASE;
    vio__hw_completion_encode(&sent, wire);
    if (bad)
        corrupt(queue->sim, wire, sizeof wire, CORRUPT_COMPLETION);
    queue->cpl_tail++;
    queue->sim->stat[VIOSIM_STAT_COMPLETIONS]++;
    ring_write(queue, at, wire, sizeof wire, VIO_HW_COMPLETION_FLAGS_OFFSET);
    hook(queue, VIOSIM_COMPLETION, at, sizeof wire);
    sim_queue_cause(queue, VIO_HW_BIT(QUEUE_IRQ_CAUSE, COMPLETION));
}

void sim_ring_put_completion(struct sim_queue *queue, const struct vio_hw_completion *completion)
{
    if (!queue->ready)
        return;
    queue->taken--;
    append(queue, completion, false);
}

void sim_ring_complete(struct sim_queue *queue, uint32_t epoch,
                       const struct vio_hw_completion *completion)
{
    struct viosim *sim = queue->sim;
    int mishap;

    if (epoch != queue->epoch || !queue->ready)
        return;
    mishap = sim_mishap_next(&sim->mishaps, VIOSIM_COMPLETION);
    if (mishap == VIOSIM_LATE &&
        sim_late_completion(queue, completion, sim->mishaps.of[VIOSIM_COMPLETION].delay))
        return;
    queue->taken--;
    if (mishap != VIOSIM_LOST)
        append(queue, completion, mishap == VIOSIM_CORRUPT);
    if (mishap == VIOSIM_DOUBLED && queue->ready &&
        queue->cpl_tail + queue->taken - queue->cpl_head < queue->cpl_size)
        append(queue, completion, false);
}

static void append_event(struct sim_queue *queue, const struct vio_hw_event *event, bool bad)
{
    uint8_t wire[VIO_HW_EVENT_SIZE];
    struct vio_hw_event sent = *event;
    uint64_t at;

    if (queue->evt_tail - queue->evt_head >= queue->evt_size) {
        queue->evt_lost++;
        queue->evt_unsaid++;
        sim_queue_cause(queue, VIO_HW_BIT(QUEUE_IRQ_CAUSE, EVENT));
        return;
    }
    if (vio__hw_phase(queue->evt_tail, queue->evt_size))
        sent.flags |= VIO_HW_PHASE;
    if (queue->evt_unsaid) {
        sent.flags |= VIO_HW_EVENT_OVERFLOW;
        sent.lost = queue->evt_unsaid;
        queue->evt_unsaid = 0;
    }
    vio__hw_event_encode(&sent, wire);
    if (bad)
        corrupt(queue->sim, wire, sizeof wire, CORRUPT_EVENT);
    at = queue->evt_base + (uint64_t)(queue->evt_tail & (queue->evt_size - 1)) * VIO_HW_EVENT_SIZE;
    queue->evt_tail++;
    ring_write(queue, at, wire, sizeof wire, VIO_HW_EVENT_FLAGS_OFFSET);
    hook(queue, VIOSIM_EVENT, at, sizeof wire);
    sim_queue_cause(queue, VIO_HW_BIT(QUEUE_IRQ_CAUSE, EVENT));
}

void sim_ring_put_event(struct sim_queue *queue, const struct vio_hw_event *event)
{
    if (queue->ready && queue->evt_size)
        append_event(queue, event, false);
}

void sim_ring_event(struct sim_queue *queue, const struct vio_hw_event *event)
{
    struct viosim *sim = queue->sim;
    int mishap;

    if (!queue->ready || !queue->evt_size)
        return;
    mishap = sim_mishap_next(&sim->mishaps, VIOSIM_EVENT);
    if (mishap == VIOSIM_LOST ||
        (mishap == VIOSIM_LATE &&
         sim_late_event(queue, event, sim->mishaps.of[VIOSIM_EVENT].delay)))
        return;
    append_event(queue, event, mishap == VIOSIM_CORRUPT);
    if (mishap == VIOSIM_DOUBLED && queue->ready)
        append_event(queue, event, false);
}

bool sim_data_allowed(const struct sim_queue *queue, uint64_t offset, size_t size)
{
    if (size > VIO_HW_MAX_DATA || !queue->client)
        return false;
    if (in_host(queue))
        return offset <= UINT64_MAX - size;
    return offset <= VIO_HW_PART_SIZE && size <= VIO_HW_PART_SIZE - offset;
}

int sim_data_read(struct sim_queue *queue, uint64_t offset, void *data, size_t size)
{
    bool done = sim_data_allowed(queue, offset, size) && ring_read(queue, offset, data, size);

    return done ? VIO_HW_STATUS_OK : VIO_HW_STATUS_DATA_RANGE;
}

int sim_data_write(struct sim_queue *queue, uint64_t offset, const void *data, size_t size)
{
    if (!sim_data_allowed(queue, offset, size))
        return VIO_HW_STATUS_DATA_RANGE;
    if (!in_host(queue)) {
        memcpy(queue->part + offset, data, size);
        return VIO_HW_STATUS_OK;
    }
    return queue->client->host.dma_write(queue->client->host.user, offset, data, size) == 0
               ? VIO_HW_STATUS_OK
               : VIO_HW_STATUS_DATA_RANGE;
}
