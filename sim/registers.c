/* SPDX-License-Identifier: MIT */
/* BAR 0: finds the block and instance behind an offset, reads records, routes writes. */
#include <string.h>

#include "sim/state.h"

static void global_read(struct viosim *sim, const struct sim_client *client, uint8_t *g)
{
    uint64_t caps = VIO_HW_BIT(GLOBAL_CAPS, BATCH) | VIO_HW_BIT(GLOBAL_CAPS, ERASE);

    if (client && client->host.dma_read && client->host.dma_write)
        caps |= VIO_HW_BIT(GLOBAL_CAPS, HOST_RINGS);
    memcpy(g, sim->global, VIO_HW_RECORD_SIZE);
    SIM_PUT64(g, GLOBAL_CAPS, caps);
    SIM_PUT32(g, GLOBAL_STATUS, VIO_HW_BIT(GLOBAL_STATUS, READY));
    SIM_PUT32(g, GLOBAL_IRQ_CAUSE, sim->irq_cause);
    SIM_PUT32(g, GLOBAL_IRQ_MASK, sim->irq_mask);
    SIM_PUT64(g, GLOBAL_BOOT_ID, sim->boot_id);
    SIM_PUT64(g, GLOBAL_LEASE, sim->lease.number);
    SIM_PUT32(g, GLOBAL_LEASE_AGE, sim_lease_age(sim));
    SIM_PUT64(g, GLOBAL_CHANGE, sim->change);
    SIM_PUT64(g, GLOBAL_UPTIME, sim_uptime(sim));
    SIM_PUT32(g, GLOBAL_NUM_PORTS, sim->ports);
}

uint32_t sim_record_count(const struct viosim *sim, enum vio_hw_block block)
{
    switch (block) {
    case VIO_HW_BLOCK_GLOBAL:
        return 1;
    case VIO_HW_BLOCK_QUEUE:
        return sim->queues;
    case VIO_HW_BLOCK_PORT:
        return sim->ports;
    case VIO_HW_BLOCK_SERVER:
        return sim->servers;
    case VIO_HW_BLOCK_SLOT:
        return sim->slots;
    case VIO_HW_BLOCK_FUNCTION:
        return sim->functions;
    default:
        return 0;
    }
}

static bool function_read(const struct viosim *sim, uint32_t index, uint8_t *record)
{
    const struct sim_function *function = &sim->function[index];

    if (index >= sim->functions_end || sim_function_life(function) == VIO_HW_LIFE_FREE) {
        memset(record, 0, VIO_HW_RECORD_SIZE);
        SIM_PUT32(record, FUNCTION_INDEX, index);
        return false;
    }
    memcpy(record, function->record, VIO_HW_RECORD_SIZE);
    return true;
}

bool sim_record_read(struct viosim *sim, const struct sim_client *client, enum vio_hw_block block,
                     uint32_t index, uint8_t record[VIO_HW_RECORD_SIZE])
{
    switch (block) {
    case VIO_HW_BLOCK_GLOBAL:
        global_read(sim, client, record);
        return true;
    case VIO_HW_BLOCK_PORT:
        memcpy(record, sim->port[index].record, VIO_HW_RECORD_SIZE);
        return true;
    case VIO_HW_BLOCK_SERVER:
        memcpy(record, sim->server[index].record, VIO_HW_RECORD_SIZE);
        return true;
    case VIO_HW_BLOCK_SLOT:
        memcpy(record, sim->slot[index].record, VIO_HW_RECORD_SIZE);
        return true;
    case VIO_HW_BLOCK_FUNCTION:
        return function_read(sim, index, record);
    default:
        memset(record, 0, VIO_HW_RECORD_SIZE);
        return false;
    }
}

static const struct {
    enum vio_hw_block block;
    uint32_t base, stride, count;
} blocks[] = {
#define B(name, base, stride, count, doc) {VIO_HW_BLOCK_##name, base, stride, count},
#include "lib/hw/blocks.def"
#undef B
};

#define BLOCKS (sizeof blocks / sizeof blocks[0])

/* The entry of `blocks` that holds the offset, or BLOCKS and how far it is to the next one. */
static unsigned block_at(uint64_t offset, uint64_t *ret_gap)
{
    uint64_t gap = VIO_HW_BAR0_SIZE - offset;

    for (unsigned i = 0; i < BLOCKS; i++) {
        uint64_t end = blocks[i].base + (uint64_t)blocks[i].stride * blocks[i].count;

        if (offset >= blocks[i].base && offset < end)
            return i;
        if (offset < blocks[i].base && blocks[i].base - offset < gap)
            gap = blocks[i].base - offset;
    }
    *ret_gap = gap;
    return BLOCKS;
}

/* Reads from one instance of a block, at most to its end; returns how many bytes. */
static size_t instance_read(struct sim_client *client, unsigned b, uint64_t offset, uint8_t *data,
                            size_t size)
{
    struct viosim *sim = client->sim;
    uint32_t index = (uint32_t)(offset - blocks[b].base) / blocks[b].stride;
    uint64_t within = (offset - blocks[b].base) % blocks[b].stride;
    uint8_t image[VIO_HW_WINDOW_OFFSET];
    size_t image_size = VIO_HW_RECORD_SIZE;

    if (size > blocks[b].stride - within)
        size = (size_t)(blocks[b].stride - within);
    memset(data, 0, size);
    if (index >= sim_record_count(sim, blocks[b].block))
        return size;
    if (blocks[b].block != VIO_HW_BLOCK_QUEUE) {
        sim_record_read(sim, client, blocks[b].block, index, image);
    } else if (within < VIO_HW_WINDOW_OFFSET) {
        sim_queue_read(&sim->queue[index], image);
        image_size = sizeof image;
        if (size > VIO_HW_WINDOW_OFFSET - within)
            size = (size_t)(VIO_HW_WINDOW_OFFSET - within);
    } else {
        sim_window_read(sim, sim->queue[index].window, within - VIO_HW_WINDOW_OFFSET, data, size);
        return size;
    }
    if (within < image_size)
        memcpy(data, image + within, size < image_size - within ? size : image_size - within);
    return size;
}

void sim_registers_read(struct sim_client *client, uint64_t offset, uint8_t *data, size_t size)
{
    while (size > 0) {
        uint64_t gap = 0;
        unsigned b = block_at(offset, &gap);
        size_t n;

        if (b < BLOCKS) {
            n = instance_read(client, b, offset, data, size);
        } else {
            n = size < gap ? size : (size_t)gap;
            memset(data, 0, n);
        }
        offset += n;
        data += n;
        size -= n;
    }
}

static void global_write(struct viosim *sim, uint32_t reg, uint32_t value)
{
    uint32_t unmasked;

    switch (reg) {
    case VIO_HW_GLOBAL_IRQ_CAUSE:
        sim->irq_cause &= ~value;
        break;
    case VIO_HW_GLOBAL_IRQ_MASK:
        value &=
            (uint32_t)(VIO_HW_BIT(GLOBAL_IRQ_CAUSE, RESET) | VIO_HW_BIT(GLOBAL_IRQ_CAUSE, FAULT) |
                       VIO_HW_BIT(GLOBAL_IRQ_CAUSE, LEASE));
        unmasked = sim->irq_cause & sim->irq_mask & ~value;
        sim->irq_mask = value;
        for (struct sim_client *client = sim->clients; unmasked && client; client = client->next)
            sim_interrupt(client, 0);
        break;
    default:
        break;
    }
}

static void global_write64(struct viosim *sim, uint32_t reg, uint64_t value)
{
    if (reg == VIO_HW_GLOBAL_LEASE_BEAT)
        sim_lease_beat(sim, value);
    else if (reg == VIO_HW_GLOBAL_VPC_RESET && (!sim->lease.number || value == sim->lease.number))
        sim_reset(sim, false);
}

/* The queue set at an offset of BAR 0, and the register in it; NULL elsewhere. */
static struct sim_queue *queue_at(struct viosim *sim, uint64_t offset, uint32_t *ret_reg)
{
    uint64_t within = offset - VIO_HW_QUEUE_BASE;
    uint64_t index = within / VIO_HW_QUEUE_STRIDE;

    if (offset < VIO_HW_QUEUE_BASE || index >= sim->queues)
        return NULL;
    *ret_reg = (uint32_t)(within % VIO_HW_QUEUE_STRIDE);
    return &sim->queue[index];
}

/* The registers of 8 bytes that can be written. */
static bool is_wide(const struct sim_queue *queue, uint32_t reg)
{
    if (!queue)
        return reg == VIO_HW_GLOBAL_LEASE_BEAT || reg == VIO_HW_GLOBAL_VPC_RESET;
    return reg == VIO_HW_QUEUE_OWNER || reg == VIO_HW_QUEUE_CMD_BASE ||
           reg == VIO_HW_QUEUE_CPL_BASE || reg == VIO_HW_QUEUE_EVT_BASE ||
           reg == VIO_HW_QUEUE_BEAT || reg == VIO_HW_QUEUE_WINDOW;
}

static void write_wide(struct sim_client *client, struct sim_queue *queue, uint32_t reg,
                       uint64_t value)
{
    if (queue)
        sim_queue_write64(client, queue, reg, value);
    else
        global_write64(client->sim, reg, value);
}

void sim_registers_write(struct sim_client *client, uint64_t offset, uint32_t value)
{
    uint32_t reg = (uint32_t)offset;
    struct sim_queue *queue = queue_at(client->sim, offset, &reg);

    if (!queue && offset >= VIO_HW_RECORD_SIZE)
        return;
    if (is_wide(queue, reg)) { /* takes effect with its high half */
        client->latch = value;
        client->latch_offset = offset;
    } else if (reg % 8 == 4 && is_wide(queue, reg - 4)) {
        if (client->latch_offset == offset - 4)
            write_wide(client, queue, reg - 4, (uint64_t)value << 32 | client->latch);
        client->latch_offset = UINT64_MAX;
    } else if (queue) {
        sim_queue_write(client, queue, reg, value);
    } else {
        global_write(client->sim, reg, value);
    }
}

void sim_registers_write64(struct sim_client *client, uint64_t offset, uint64_t value)
{
    uint32_t reg = (uint32_t)offset;
    struct sim_queue *queue = queue_at(client->sim, offset, &reg);

    if (!queue && offset >= VIO_HW_RECORD_SIZE)
        return;
    if (is_wide(queue, reg)) {
        write_wide(client, queue, reg, value);
        return;
    }
    sim_registers_write(client, offset, (uint32_t)value);
    sim_registers_write(client, offset + 4, (uint32_t)(value >> 32));
}
