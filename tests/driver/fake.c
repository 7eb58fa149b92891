/* SPDX-License-Identifier: MIT */
#include "tests/driver/fake.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/hw/wire.h"
#include "lib/transport/ops.h"

struct fake fake;

struct fake_transport {
    struct vio_transport base;
    struct vio_post post;
    uint64_t pending; /* vectors */
    uint32_t cmd_head, cpl_tail, evt_tail;
};

static struct fake_transport *the; /* the one that is connected */
static bool gone;

/* The read that fake_answer() will end; `call` NULL: there is none. */
static struct {
    struct vio_transport_call *call;
    void *data;
    size_t size;
} waiting;

/* -- Records ----------------------------------------------------------------------------------- */

static void put(uint8_t *record, uint32_t offset, uint32_t value)
{
    vio__hw_put32(record + offset, value);
}

static void fill_global(uint8_t *g)
{
    put(g, VIO_HW_GLOBAL_MAGIC, VIO_HW_MAGIC);
    put(g, VIO_HW_GLOBAL_VERSION, VIO_HW_VERSION_MAJOR << 16);
    put(g, VIO_HW_GLOBAL_STATUS, 1);
    put(g, VIO_HW_GLOBAL_BOOT_ID, 77);
    put(g, VIO_HW_GLOBAL_NUM_PORTS, FAKE_PORTS);
    put(g, VIO_HW_GLOBAL_NUM_SERVERS, FAKE_SERVERS);
    put(g, VIO_HW_GLOBAL_NUM_SLOTS, FAKE_SLOTS);
    put(g, VIO_HW_GLOBAL_NUM_FUNCTIONS, FAKE_FUNCTIONS);
    put(g, VIO_HW_GLOBAL_NUM_QUEUES, 1);
    put(g, VIO_HW_GLOBAL_MAX_RING, 64);
    put(g, VIO_HW_GLOBAL_COMMAND_SIZE, VIO_HW_COMMAND_SIZE);
    put(g, VIO_HW_GLOBAL_COMPLETION_SIZE, VIO_HW_COMPLETION_SIZE);
    put(g, VIO_HW_GLOBAL_EVENT_SIZE, VIO_HW_EVENT_SIZE);
    put(g, VIO_HW_GLOBAL_RECORD_SIZE, VIO_HW_RECORD_SIZE);
    put(g, VIO_HW_GLOBAL_MAX_DATA, VIO_HW_MAX_DATA);
    put(g, VIO_HW_GLOBAL_LEASE_LIMIT, VIO_HW_LEASE_LIMIT_MS);
    put(g, VIO_HW_GLOBAL_QUEUE_LIMIT, VIO_HW_QUEUE_LIMIT_MS);
    put(g, VIO_HW_GLOBAL_QUEUE_BASE, VIO_HW_QUEUE_BASE);
    put(g, VIO_HW_GLOBAL_QUEUE_STRIDE, VIO_HW_QUEUE_STRIDE);
    memcpy(g + VIO_HW_GLOBAL_NAME, "fake", 5);
}

static void fill_records(struct fake *f)
{
    for (uint32_t i = 0; i < FAKE_PORTS; i++) {
        put(f->port[i], VIO_HW_PORT_INDEX, i);
        put(f->port[i], VIO_HW_PORT_TYPE, i + 1);
    }
    put(f->server[0], VIO_HW_SERVER_STATE, 3);
    put(f->server[0], VIO_HW_SERVER_PATHS, 1);
    put(f->server[0], VIO_HW_SERVER_PORT_1, VIO_HW_NONE);
    put(f->slot[0], VIO_HW_SLOT_STATE, 3);
    put(f->slot[0], VIO_HW_SLOT_KIND, VIO_HW_KIND_VNIC);
    put(f->slot[0], VIO_HW_SLOT_SHARING, VIO_HW_SHARING_SRIOV);
    put(f->slot[0], VIO_HW_SLOT_PORT, 1);
    put(f->slot[0], VIO_HW_SLOT_FIRST_EXTERNAL, 2);
    put(f->slot[0], VIO_HW_SLOT_EXTERNALS, 1);
    for (uint32_t i = 0; i < FAKE_FUNCTIONS; i++)
        put(f->function[i], VIO_HW_FUNCTION_INDEX, i);
    put(f->function[2], VIO_HW_FUNCTION_STATE, VIO_HW_LIFE_DETACHED);
    put(f->function[2], VIO_HW_FUNCTION_KIND, VIO_HW_KIND_VNIC);
    put(f->function[2], VIO_HW_FUNCTION_SERVER, VIO_HW_NONE);
    put(f->function[2], VIO_HW_FUNCTION_BDF, VIO_HW_NONE);
    f->function[2][VIO_HW_FUNCTION_COOKIE] = 9;
}

void fake_reset(void)
{
    memset(&fake, 0, sizeof fake);
    gone = false;
    fill_global(fake.global);
    fill_records(&fake);
    vio__hw_put64(fake.regs + VIO_HW_QUEUE_PART_SIZE, FAKE_PART);
    vio__hw_put64(fake.regs + VIO_HW_QUEUE_EVT_SEQUENCE, 1);
}

/* -- Rings ------------------------------------------------------------------------------------- */

static void deliver(struct vio_post *post)
{
    struct fake_transport *t = VIO_CONTAINER_OF(post, struct fake_transport, post);
    uint64_t pending = t->pending;

    t->pending = 0;
    for (unsigned v = 0; v < 64 && t->base.state == VIO_TRANSPORT_UP; v++)
        if (pending >> v & 1)
            t->base.listener.interrupt(t->base.listener.user, v);
}

void fake_interrupt(unsigned vector)
{
    if (!the)
        return;
    if (!the->pending)
        vio__loop_post(the->base.loop, &the->post);
    the->pending |= UINT64_C(1) << vector;
}

/* Appends an entry where the registers say that the ring is. */
static void append(uint32_t base_reg, uint32_t size_reg, uint32_t tail_reg, uint32_t *tail,
                   const uint8_t *entry, uint32_t bytes, uint32_t flags)
{
    uint64_t base = vio__hw_get64(fake.regs + base_reg);
    uint32_t size = vio__hw_get32(fake.regs + size_reg);
    uint8_t *at;

    if (!size || base > sizeof fake.part ||
        (uint64_t)(*tail & (size - 1)) * bytes + bytes > sizeof fake.part - base)
        return;
    at = fake.part + base + (size_t)(*tail & (size - 1)) * bytes;
    memcpy(at, entry, bytes);
    at[flags] = (uint8_t)((at[flags] & ~VIO_HW_PHASE) | vio__hw_phase(*tail, size));
    ++*tail;
    put(fake.regs, tail_reg, *tail);
    fake_interrupt(1);
}

void fake_complete(const uint8_t *entry)
{
    append(VIO_HW_QUEUE_CPL_BASE, VIO_HW_QUEUE_CPL_SIZE, VIO_HW_QUEUE_CPL_TAIL, &the->cpl_tail,
           entry, VIO_HW_COMPLETION_SIZE, VIO_HW_COMPLETION_FLAGS_OFFSET);
}

void fake_event(const uint8_t *entry)
{
    append(VIO_HW_QUEUE_EVT_BASE, VIO_HW_QUEUE_EVT_SIZE, VIO_HW_QUEUE_EVT_TAIL, &the->evt_tail,
           entry, VIO_HW_EVENT_SIZE, VIO_HW_EVENT_FLAGS_OFFSET);
}

/* -- Commands ---------------------------------------------------------------------------------- */

static uint8_t *records_of(uint32_t kind, uint32_t *ret_count)
{
    switch (kind) {
    case VIO_HW_READ_PORT:
        *ret_count = FAKE_PORTS;
        return fake.port[0];
    case VIO_HW_READ_SERVER:
        *ret_count = FAKE_SERVERS;
        return fake.server[0];
    case VIO_HW_READ_SLOT:
        *ret_count = FAKE_SLOTS;
        return fake.slot[0];
    case VIO_HW_READ_FUNCTION:
        *ret_count = FAKE_FUNCTIONS;
        return fake.function[0];
    default:
        *ret_count = 1;
        return fake.global;
    }
}

static void run_read(const struct vio_hw_command *command, struct vio_hw_completion *completion,
                     uint8_t *data, size_t size)
{
    uint32_t count, i = command->arg[1];
    const uint8_t *records = records_of(command->arg[0], &count);

    for (; i < count && (completion->result + 1) * VIO_HW_RECORD_SIZE <= size; i++) {
        const uint8_t *record = records + (size_t)i * VIO_HW_RECORD_SIZE;

        if (command->arg[0] == VIO_HW_READ_FUNCTION &&
            !(vio__hw_get32(record + VIO_HW_FUNCTION_STATE) & 15))
            continue;
        memcpy(data + (size_t)completion->result++ * VIO_HW_RECORD_SIZE, record,
               VIO_HW_RECORD_SIZE);
    }
    completion->detail = i < count ? i : VIO_HW_NONE;
}

static void run(const struct vio_hw_command *command)
{
    struct vio_hw_completion completion = {.lease = command->lease, .number = command->number};
    uint8_t entry[VIO_HW_COMPLETION_SIZE];
    uint64_t size = command->data_length;
    uint8_t *data = fake.part;

    fake.last = *command;
    fake.commands++;
    if (command->data_offset > FAKE_PART || size > FAKE_PART - command->data_offset)
        size = 0;
    else
        data = fake.part + command->data_offset;
    if (command->opcode == VIO_HW_OP_READ)
        run_read(command, &completion, data, size);
    else if (command->opcode == VIO_HW_OP_OUTCOME)
        completion.status = VIO_HW_STATUS_UNKNOWN_TAG;
    else if (command->opcode == VIO_HW_OP_LEASE_CLAIM)
        memcpy(fake.global + VIO_HW_GLOBAL_LEASE, command->arg, 8);
    if (fake.silent || (fake.tamper && !fake.tamper(&fake, command, &completion, data, size)))
        return;
    vio__hw_completion_encode(&completion, entry);
    fake_complete(entry);
}

static void doorbell(uint32_t tail)
{
    uint64_t base = vio__hw_get64(fake.regs + VIO_HW_QUEUE_CMD_BASE);
    uint32_t size = vio__hw_get32(fake.regs + VIO_HW_QUEUE_CMD_SIZE);

    if (size > FAKE_PART / VIO_HW_COMMAND_SIZE || base > FAKE_PART - size * VIO_HW_COMMAND_SIZE)
        return;
    for (unsigned n = 0; n < size && the->cmd_head != tail; n++) {
        struct vio_hw_command command;

        vio__hw_command_decode(fake.part + base +
                                   (size_t)(the->cmd_head & (size - 1)) * VIO_HW_COMMAND_SIZE,
                               &command);
        the->cmd_head++;
        put(fake.regs, VIO_HW_QUEUE_CMD_HEAD, the->cmd_head);
        run(&command);
    }
}

/* -- Registers --------------------------------------------------------------------------------- */

static void control(uint32_t value)
{
    uint64_t size = vio__hw_get64(fake.regs + VIO_HW_QUEUE_PART_SIZE);
    uint64_t offset = vio__hw_get64(fake.regs + VIO_HW_QUEUE_PART_OFFSET);

    if (value & VIO_HW_BIT(QUEUE_CONTROL, RESET)) {
        memset(fake.regs, 0, sizeof fake.regs);
        vio__hw_put64(fake.regs + VIO_HW_QUEUE_PART_SIZE, size);
        vio__hw_put64(fake.regs + VIO_HW_QUEUE_PART_OFFSET, offset);
        vio__hw_put64(fake.regs + VIO_HW_QUEUE_EVT_SEQUENCE, 1);
        the->cmd_head = the->cpl_tail = the->evt_tail = 0;
    } else if (value & VIO_HW_BIT(QUEUE_CONTROL, ENABLE)) {
        put(fake.regs, VIO_HW_QUEUE_STATUS, (uint32_t)VIO_HW_BIT(QUEUE_STATUS, READY));
    }
}

static void write_reg(uint32_t offset, const void *data, size_t size)
{
    if (offset == VIO_HW_QUEUE_OWNER) {
        if (vio__hw_get64(fake.regs) != 0)
            return;
        control((uint32_t)VIO_HW_BIT(QUEUE_CONTROL, RESET));
    }
    if (offset == VIO_HW_QUEUE_CONTROL)
        control(vio__hw_get32(data));
    else if (offset == VIO_HW_QUEUE_BEAT || offset == VIO_HW_QUEUE_IRQ_CAUSE)
        return;
    else
        memcpy(fake.regs + offset, data, size);
    if (offset == VIO_HW_QUEUE_CMD_TAIL)
        doorbell(vio__hw_get32(data));
}

static uint8_t *memory_of(unsigned bar, uint64_t offset, size_t size)
{
    if (bar == VIO_HW_BAR_RINGS && offset <= sizeof fake.part && size <= sizeof fake.part - offset)
        return fake.part + offset;
    if (bar == VIO_HW_BAR_REGISTERS && offset + size <= sizeof fake.global)
        return fake.global + offset;
    if (bar == VIO_HW_BAR_REGISTERS && offset >= VIO_HW_QUEUE_BASE &&
        offset + size <= VIO_HW_QUEUE_BASE + sizeof fake.regs)
        return fake.regs + (offset - VIO_HW_QUEUE_BASE);
    return NULL;
}

/* -- Transport --------------------------------------------------------------------------------- */

static void fake_connect(struct vio_transport *base, uint64_t timeout_ns,
                         struct vio_transport_call *call)
{
    (void)timeout_ns;
    if (!vio__loop_is_virtual(base->loop))
        vio__loop_set_virtual(base->loop);
    if (gone) {
        vio__transport_set_error(base, "nobody there");
        vio__transport_finish(call, VIO_ENOENT);
        return;
    }
    the = (struct fake_transport *)base;
    the->post.fn = deliver;
    the->cmd_head = the->cpl_tail = the->evt_tail = 0;
    vio__transport_finish(call, 0);
}

static void fake_disconnect(struct vio_transport *base)
{
    if (the == (struct fake_transport *)base)
        the = NULL;
    waiting.call = NULL;
    vio__hw_put64(fake.regs + VIO_HW_QUEUE_OWNER, 0);
}

void fake_lose(bool for_ever)
{
    gone = for_ever;
    vio__transport_set_error(&the->base, "the cable was pulled");
    vio__transport_lose(&the->base, VIO_ETRANSPORT);
}

void fake_answer(uint8_t byte)
{
    memset(waiting.data, byte, waiting.size);
    vio__transport_finish(waiting.call, 0);
    waiting.call = NULL;
}

static void read_oddly(void *data, size_t size, struct vio_transport_call *call)
{
    if (!fake.odd_waits) {
        vio__transport_finish(call, fake.odd_status);
        return;
    }
    waiting.call = call;
    waiting.data = data;
    waiting.size = size;
}

static void fake_read(struct vio_transport *base, unsigned bar, uint64_t offset, void *data,
                      size_t size, struct vio_transport_call *call)
{
    const uint8_t *at = memory_of(bar, offset, size);

    (void)base;
    if (fake.odd && bar == VIO_HW_BAR_REGISTERS && offset == fake.odd_offset) {
        read_oddly(data, size, call);
        return;
    }
    memset(data, 0, size);
    if (at)
        memcpy(data, at, size);
    vio__transport_finish(call, 0);
}

static void fake_post(struct vio_transport *base, unsigned bar, uint64_t offset, const void *data,
                      size_t size)
{
    uint8_t *at = memory_of(bar, offset, size);

    (void)base;
    if (bar == VIO_HW_BAR_RINGS && at)
        memcpy(at, data, size);
    else if (at && at >= fake.regs && at < fake.regs + sizeof fake.regs)
        write_reg((uint32_t)(at - fake.regs), data, size);
}

static void fake_write(struct vio_transport *base, unsigned bar, uint64_t offset, const void *data,
                       size_t size, struct vio_transport_call *call)
{
    fake_post(base, bar, offset, data, size);
    vio__transport_finish(call, 0);
}

static void fake_config_read(struct vio_transport *base, unsigned offset, void *data, size_t size,
                             struct vio_transport_call *call)
{
    (void)base;
    (void)offset;
    memset(data, 0xff, size);
    vio__transport_finish(call, 0);
}

static void *fake_map(struct vio_transport *base, unsigned bar, size_t *ret_size)
{
    (void)base;
    if (bar != VIO_HW_BAR_RINGS || fake.unmapped)
        return NULL;
    *ret_size = sizeof fake.part;
    return fake.part;
}

static void fake_function_reset(struct vio_transport *base, struct vio_transport_call *call)
{
    (void)base;
    vio__transport_finish(call, 0);
}

const struct vio_transport_ops vio__transport_sim_ops = {
    .scheme = "sim",
    .size = sizeof(struct fake_transport),
    .connect = fake_connect,
    .disconnect = fake_disconnect,
    .read = fake_read,
    .write = fake_write,
    .post = fake_post,
    .config_read = fake_config_read,
    .map = fake_map,
    .reset = fake_function_reset,
};
