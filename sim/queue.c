/* SPDX-License-Identifier: MIT */
/* The queue sets' registers: claim, enable, doorbells, interrupts. */
#include <string.h>

#include "sim/state.h"

#define ALIGNMENT 64 /* of rings, so that no entry straddles a cache line */

static void went_silent(void *owner)
{
    struct sim_queue *queue = owner;

    queue->silent = true;
}

/* Time out of the way of doorbells: one branch while the last beat has not been stamped. */
static void beat(struct sim_queue *queue)
{
    if (queue->silence.state == SIM_TIMER_FRESH)
        return;
    queue->silent = false;
    sim_timer_arm(&queue->sim->timers, &queue->silence, VIO_HW_QUEUE_LIMIT_MS * SIM_MS,
                  SIM_BEAT_SLACK);
}

void sim_queue_init(struct viosim *sim, unsigned index)
{
    struct sim_queue *queue = &sim->queue[index];

    queue->sim = sim;
    queue->index = index;
    queue->part = sim->rings + (size_t)index * VIO_HW_PART_SIZE;
    sim_timer_init(&queue->silence, went_silent, queue);
    queue->silence.watches = true;
}

void sim_queue_reset(struct sim_queue *queue)
{
    struct viosim *sim = queue->sim;
    uint32_t epoch = queue->epoch + 1, jobs;
    unsigned index = queue->index;

    sim_jobs_abort_queue(queue);
    jobs = queue->jobs; /* at work */
    sim_timer_stop(&sim->timers, &queue->silence);
    if (sim->lease.queue == queue)
        sim->lease.queue = NULL;
    memset(queue, 0, sizeof *queue);
    queue->epoch = epoch;
    queue->jobs = jobs;
    sim_queue_init(sim, index);
}

void sim_queue_fail(struct sim_queue *queue, enum vio_hw_status status)
{
    queue->ready = false;
    queue->failed = true;
    queue->error = status;
    queue->epoch++;
    sim_queue_cause(queue, VIO_HW_BIT(QUEUE_IRQ_CAUSE, ERROR));
}

static uint32_t status_of(const struct sim_queue *queue)
{
    uint32_t status = 0;

    if (queue->ready)
        status |= VIO_HW_BIT(QUEUE_STATUS, READY);
    if (queue->failed)
        status |= VIO_HW_BIT(QUEUE_STATUS, ERROR);
    if (queue->sim->lease.number && queue->sim->lease.queue == queue)
        status |= VIO_HW_BIT(QUEUE_STATUS, LEASE);
    return status;
}

void sim_queue_read(struct sim_queue *queue, uint8_t registers[VIO_HW_WINDOW_OFFSET])
{
    uint8_t *r = registers;

    memset(r, 0, VIO_HW_WINDOW_OFFSET);
    SIM_PUT64(r, QUEUE_OWNER, queue->owner);
    SIM_PUT32(r, QUEUE_STATUS, status_of(queue));
    SIM_PUT32(r, QUEUE_CONTROL, queue->control);
    SIM_PUT64(r, QUEUE_CMD_BASE, queue->cmd_base);
    SIM_PUT32(r, QUEUE_CMD_SIZE, queue->cmd_size);
    SIM_PUT32(r, QUEUE_CMD_HEAD, queue->cmd_head);
    SIM_PUT64(r, QUEUE_CPL_BASE, queue->cpl_base);
    SIM_PUT32(r, QUEUE_CPL_SIZE, queue->cpl_size);
    SIM_PUT32(r, QUEUE_CPL_TAIL, queue->cpl_tail);
    SIM_PUT64(r, QUEUE_EVT_BASE, queue->evt_base);
    SIM_PUT32(r, QUEUE_EVT_SIZE, queue->evt_size);
    SIM_PUT32(r, QUEUE_EVT_TAIL, queue->evt_tail);
    SIM_PUT32(r, QUEUE_CMD_TAIL, queue->cmd_tail);
    SIM_PUT32(r, QUEUE_CPL_HEAD, queue->cpl_head);
    SIM_PUT32(r, QUEUE_EVT_HEAD, queue->evt_head);
    SIM_PUT32(r, QUEUE_IRQ_CAUSE, queue->irq_cause);
    SIM_PUT32(r, QUEUE_IRQ_MASK, queue->irq_mask);
    SIM_PUT32(r, QUEUE_ERROR, queue->error);
    SIM_PUT64(r, QUEUE_PART_OFFSET, (uint64_t)queue->index * VIO_HW_PART_SIZE);
    SIM_PUT64(r, QUEUE_PART_SIZE, VIO_HW_PART_SIZE);
    SIM_PUT64(r, QUEUE_EVT_SEQUENCE, queue->sim->sequence);
    SIM_PUT64(r, QUEUE_EVT_LOST, queue->evt_lost);
    SIM_PUT64(r, QUEUE_WINDOW, queue->window);
    SIM_PUT32(r, QUEUE_WINDOW_STATUS, sim_window_status(queue->sim, queue->window));
}

static bool ring_fits(const struct sim_queue *queue, uint64_t base, uint32_t size, size_t entry)
{
    uint64_t bytes = (uint64_t)size * entry;

    if (base % ALIGNMENT != 0)
        return false;
    if (queue->control & VIO_HW_BIT(QUEUE_CONTROL, HOST))
        return base <= UINT64_MAX - bytes;
    return base <= VIO_HW_PART_SIZE && bytes <= VIO_HW_PART_SIZE - base;
}

static bool size_allowed(const struct sim_queue *queue, uint32_t size)
{
    return size >= 2 && size <= queue->sim->max_ring && (size & (size - 1)) == 0;
}

static void enable(struct sim_queue *queue)
{
    bool host = queue->control & VIO_HW_BIT(QUEUE_CONTROL, HOST);

    queue->control |= VIO_HW_BIT(QUEUE_CONTROL, ENABLE);
    if (!size_allowed(queue, queue->cmd_size) || !size_allowed(queue, queue->cpl_size) ||
        (queue->evt_size && !size_allowed(queue, queue->evt_size)) ||
        (host && !queue->client->host.dma_read)) {
        sim_queue_fail(queue, VIO_HW_STATUS_INVALID_FIELD);
        return;
    }
    if (!ring_fits(queue, queue->cmd_base, queue->cmd_size, VIO_HW_COMMAND_SIZE) ||
        !ring_fits(queue, queue->cpl_base, queue->cpl_size, VIO_HW_COMPLETION_SIZE) ||
        !ring_fits(queue, queue->evt_base, queue->evt_size, VIO_HW_EVENT_SIZE)) {
        sim_queue_fail(queue, VIO_HW_STATUS_DATA_RANGE);
        return;
    }
    queue->cmd_head = queue->cmd_tail = 0;
    queue->cpl_head = queue->cpl_tail = 0;
    queue->evt_head = queue->evt_tail = 0;
    queue->evt_lost = queue->evt_unsaid = 0;
    queue->taken = 0;
    queue->epoch++;
    queue->ready = true;
}

static void control(struct sim_queue *queue, uint32_t value)
{
    uint32_t was = queue->control;

    if (value & VIO_HW_BIT(QUEUE_CONTROL, RESET)) {
        sim_queue_reset(queue);
        return;
    }
    queue->control = value & (VIO_HW_BIT(QUEUE_CONTROL, ENABLE) | VIO_HW_BIT(QUEUE_CONTROL, HOST));
    if (!(value & VIO_HW_BIT(QUEUE_CONTROL, ENABLE)))
        queue->ready = false;
    else if (!(was & VIO_HW_BIT(QUEUE_CONTROL, ENABLE)) && !queue->failed)
        enable(queue);
    else
        queue->control = was; /* HOST stays as it was while enabled */
}

static void ring_cmd(struct sim_queue *queue, uint32_t tail)
{
    beat(queue);
    if (!queue->ready)
        return;
    if (tail - queue->cmd_head > queue->cmd_size) {
        sim_queue_fail(queue, VIO_HW_STATUS_INVALID_FIELD);
        return;
    }
    queue->cmd_tail = tail;
    sim_ring_fetch(queue);
}

/* A head may only move forwards, and not past what was written. */
static bool head_moves(struct sim_queue *queue, uint32_t *head, uint32_t tail, uint32_t to)
{
    beat(queue);
    if (!queue->ready)
        return false;
    if (to - *head > tail - *head) {
        sim_queue_fail(queue, VIO_HW_STATUS_INVALID_FIELD);
        return false;
    }
    *head = to;
    return true;
}

static void write_mask(struct sim_queue *queue, uint32_t value)
{
    uint32_t all = VIO_HW_BIT(QUEUE_IRQ_CAUSE, COMPLETION) | VIO_HW_BIT(QUEUE_IRQ_CAUSE, EVENT) |
                   VIO_HW_BIT(QUEUE_IRQ_CAUSE, ERROR) | VIO_HW_BIT(QUEUE_IRQ_CAUSE, RESET);
    uint32_t unmasked = queue->irq_cause & queue->irq_mask & ~value;

    queue->irq_mask = value & all;
    if (unmasked)
        sim_interrupt(queue->client, 1 + queue->index);
}

static void set_size(const struct sim_queue *queue, uint32_t *size, uint32_t value)
{
    if (!(queue->control & VIO_HW_BIT(QUEUE_CONTROL, ENABLE)))
        *size = value;
}

void sim_queue_write(struct sim_client *client, struct sim_queue *queue, uint32_t reg,
                     uint32_t value)
{
    if (queue->client != client)
        return;
    switch (reg) {
    case VIO_HW_QUEUE_CMD_TAIL:
        ring_cmd(queue, value);
        break;
    case VIO_HW_QUEUE_CPL_HEAD:
        if (head_moves(queue, &queue->cpl_head, queue->cpl_tail, value))
            sim_ring_fetch(queue);
        break;
    case VIO_HW_QUEUE_EVT_HEAD:
        head_moves(queue, &queue->evt_head, queue->evt_tail, value);
        break;
    case VIO_HW_QUEUE_CONTROL:
        control(queue, value);
        break;
    case VIO_HW_QUEUE_CMD_SIZE:
        set_size(queue, &queue->cmd_size, value);
        break;
    case VIO_HW_QUEUE_CPL_SIZE:
        set_size(queue, &queue->cpl_size, value);
        break;
    case VIO_HW_QUEUE_EVT_SIZE:
        set_size(queue, &queue->evt_size, value);
        break;
    case VIO_HW_QUEUE_IRQ_CAUSE:
        queue->irq_cause &= ~value;
        break;
    case VIO_HW_QUEUE_IRQ_MASK:
        write_mask(queue, value);
        break;
    default:
        break;
    }
}

static void claim(struct sim_client *client, struct sim_queue *queue, uint64_t owner)
{
    if (queue->owner && queue->client == client && owner == 0) {
        sim_queue_reset(queue);
        return;
    }
    if (owner == 0 || (queue->owner && !queue->silent))
        return;
    if (queue->owner)
        sim_queue_reset(queue);
    queue->irq_cause = 0;
    queue->owner = owner;
    queue->client = client;
    beat(queue);
}

static void set_base(const struct sim_queue *queue, uint64_t *base, uint64_t value)
{
    if (!(queue->control & VIO_HW_BIT(QUEUE_CONTROL, ENABLE)))
        *base = value;
}

void sim_queue_write64(struct sim_client *client, struct sim_queue *queue, uint32_t reg,
                       uint64_t value)
{
    if (reg == VIO_HW_QUEUE_OWNER) {
        claim(client, queue, value);
        return;
    }
    if (queue->client != client)
        return;
    switch (reg) {
    case VIO_HW_QUEUE_CMD_BASE:
        set_base(queue, &queue->cmd_base, value);
        break;
    case VIO_HW_QUEUE_CPL_BASE:
        set_base(queue, &queue->cpl_base, value);
        break;
    case VIO_HW_QUEUE_EVT_BASE:
        set_base(queue, &queue->evt_base, value);
        break;
    case VIO_HW_QUEUE_BEAT:
        if (value == queue->owner)
            beat(queue);
        break;
    case VIO_HW_QUEUE_WINDOW:
        queue->window =
            value & (VIO_HW_PUT(QUEUE_WINDOW, KIND, 0xf) | VIO_HW_PUT(QUEUE_WINDOW, INDEX, 0xffff) |
                     VIO_HW_PUT(QUEUE_WINDOW, BDF, 0xffff));
        break;
    default:
        break;
    }
}
