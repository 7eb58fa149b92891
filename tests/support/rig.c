/* SPDX-License-Identifier: MIT */
#include "tests/support/rig.h"

#include <string.h>

#include "lib/hw/wire.h"
#include "sim/location.h"
#include "tests/support/test.h"

#define HOLDER   (RIG_DATA + 0x20000u) /* name in a claim: apart from data still in use */
#define BEAT     UINT64_C(1000000000)  /* ns */
#define PATIENCE UINT64_C(60000000000) /* ns */

static void count_interrupt(void *user, unsigned vector)
{
    struct rig *rig = user;

    assert_true(vector < VIO_HW_VECTORS);
    rig->interrupts[vector]++;
}

static void count_wake(void *user)
{
    struct rig *rig = user;

    rig->wakes++;
}

void rig_join(struct rig *rig, struct viosim *sim, uint32_t set)
{
    struct sim_host host = {.user = rig, .interrupt = count_interrupt, .wake = count_wake};

    memset(rig, 0, sizeof *rig);
    rig->sim = viosim_ref(sim);
    assert_int_equal(sim_client_new(sim, &host, &rig->client), 0);
    rig_claim(rig, set);
    rig_enable(rig, 64, 64, 256);
}

void rig_open(struct rig *rig, const char *location)
{
    struct viosim *sim;
    char error[VIOSIM_TEXT_SIZE] = "";

    if (viosim_new(location, &sim, error, sizeof error) != 0)
        fail_msg("sim:%s: %s", location, error);
    rig_join(rig, sim, 0);
    viosim_unref(sim);
}

void rig_close(struct rig *rig)
{
    sim_client_free(rig->client);
    viosim_unref(rig->sim);
}

uint32_t rig_get32(struct rig *rig, uint64_t offset)
{
    uint8_t raw[4];

    assert_int_equal(sim_client_read(rig->client, 0, offset, raw, sizeof raw), 0);
    return vio__hw_get32(raw);
}

uint64_t rig_get64(struct rig *rig, uint64_t offset)
{
    uint8_t raw[8];

    assert_int_equal(sim_client_read(rig->client, 0, offset, raw, sizeof raw), 0);
    return vio__hw_get64(raw);
}

void rig_put32(struct rig *rig, uint64_t offset, uint32_t value)
{
    uint8_t raw[4];

    vio__hw_put32(raw, value);
    assert_int_equal(sim_client_write(rig->client, 0, offset, raw, sizeof raw), 0);
}

void rig_put64(struct rig *rig, uint64_t offset, uint64_t value)
{
    uint8_t raw[8];

    vio__hw_put64(raw, value);
    assert_int_equal(sim_client_write(rig->client, 0, offset, raw, sizeof raw), 0);
}

uint64_t rig_reg(const struct rig *rig, uint32_t reg)
{
    return VIO_HW_QUEUE_BASE + (uint64_t)rig->set * VIO_HW_QUEUE_STRIDE + reg;
}

void rig_claim(struct rig *rig, uint32_t set)
{
    size_t size = 0;
    uint8_t *rings = sim_client_map(rig->client, VIO_HW_BAR_RINGS, &size);
    uint64_t owner = 0x1234500000001ull + set;

    rig->set = set;
    rig_put64(rig, rig_reg(rig, VIO_HW_QUEUE_OWNER), owner);
    assert_true(rig_get64(rig, rig_reg(rig, VIO_HW_QUEUE_OWNER)) == owner);
    rig->part = rings + rig_get64(rig, rig_reg(rig, VIO_HW_QUEUE_PART_OFFSET));
}

void rig_enable(struct rig *rig, uint32_t cmd, uint32_t cpl, uint32_t evt)
{
    memset(rig->part, 0, RIG_DATA);
    rig->cmd_size = cmd;
    rig->cpl_size = cpl;
    rig->evt_size = evt;
    rig->cmd_tail = rig->cpl_head = rig->evt_head = 0;
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CONTROL), 0);
    rig_put64(rig, rig_reg(rig, VIO_HW_QUEUE_CMD_BASE), RIG_CMD);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CMD_SIZE), cmd);
    rig_put64(rig, rig_reg(rig, VIO_HW_QUEUE_CPL_BASE), RIG_CPL);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CPL_SIZE), cpl);
    rig_put64(rig, rig_reg(rig, VIO_HW_QUEUE_EVT_BASE), RIG_EVT);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_EVT_SIZE), evt);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CONTROL), VIO_HW_BIT(QUEUE_CONTROL, ENABLE));
}

void rig_send(struct rig *rig, struct vio_hw_command *command)
{
    if (!command->number)
        command->number = ++rig->number;
    vio__hw_command_encode(command,
                           rig->part + RIG_CMD +
                               (size_t)(rig->cmd_tail % rig->cmd_size) * VIO_HW_COMMAND_SIZE);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CMD_TAIL), ++rig->cmd_tail);
}

bool rig_take(struct rig *rig, struct vio_hw_completion *ret_completion)
{
    const uint8_t *entry =
        rig->part + RIG_CPL + (size_t)(rig->cpl_head % rig->cpl_size) * VIO_HW_COMPLETION_SIZE;
    uint16_t flags = vio__hw_get16(entry + VIO_HW_COMPLETION_FLAGS_OFFSET);

    if ((flags & VIO_HW_PHASE) != (vio__hw_phase(rig->cpl_head, rig->cpl_size) ? 1 : 0))
        return false;
    vio__hw_completion_decode(entry, ret_completion);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CPL_HEAD), ++rig->cpl_head);
    return true;
}

bool rig_event(struct rig *rig, struct vio_hw_event *ret_event)
{
    const uint8_t *entry =
        rig->part + RIG_EVT + (size_t)(rig->evt_head % rig->evt_size) * VIO_HW_EVENT_SIZE;
    uint16_t flags = vio__hw_get16(entry + VIO_HW_EVENT_FLAGS_OFFSET);

    if ((flags & VIO_HW_PHASE) != (vio__hw_phase(rig->evt_head, rig->evt_size) ? 1 : 0))
        return false;
    vio__hw_event_decode(entry, ret_event);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_EVT_HEAD), ++rig->evt_head);
    return true;
}

void rig_wait(struct rig *rig, struct vio_hw_completion *ret_completion)
{
    uint64_t end = rig->now + PATIENCE;

    while (!rig_take(rig, ret_completion)) {
        uint64_t next = viosim_next(rig->sim);

        assert_true(next != UINT64_MAX && rig->now < end);
        if (next > rig->now + BEAT)
            next = rig->now + BEAT;
        if (next > rig->now)
            rig->now = next;
        viosim_step(rig->sim, rig->now);
        rig_put64(rig, VIO_HW_GLOBAL_LEASE_BEAT, rig->lease);
    }
}

unsigned rig_do(struct rig *rig, struct vio_hw_command command,
                struct vio_hw_completion *ret_completion)
{
    struct vio_hw_completion completion;

    rig_send(rig, &command);
    rig_wait(rig, &completion);
    assert_int_equal(completion.number, command.number);
    assert_true(completion.lease == command.lease);
    if (ret_completion)
        *ret_completion = completion;
    return completion.status;
}

void rig_pass(struct rig *rig, uint64_t ns)
{
    uint64_t end = rig->now + ns;

    for (;;) {
        uint64_t next = viosim_next(rig->sim);

        if (next > end)
            break;
        if (next > rig->now)
            rig->now = next;
        viosim_step(rig->sim, rig->now);
    }
    rig->now = end;
    viosim_step(rig->sim, end);
}

unsigned rig_claim_lease(struct rig *rig, uint64_t lease, unsigned flags)
{
    struct vio_hw_command command = {
        .opcode = VIO_HW_OP_LEASE_CLAIM,
        .flags = (uint16_t)flags,
        .lease = lease,
        .arg = {(uint32_t)lease, (uint32_t)(lease >> 32)},
        .data_offset = HOLDER,
        .data_length = 64,
    };
    unsigned status;

    memset(rig->part + HOLDER, 0, 64);
    memcpy(rig->part + HOLDER, "rig", 3);
    status = rig_do(rig, command, NULL);
    if (status == VIO_HW_STATUS_OK)
        rig->lease = lease;
    return status;
}

unsigned rig_create(struct rig *rig, const uint8_t *record, uint32_t *ret_function)
{
    struct vio_hw_command command = {
        .opcode = VIO_HW_OP_FUNCTION_CREATE,
        .lease = rig->lease,
        .data_offset = RIG_DATA,
        .data_length = VIO_HW_RECORD_SIZE,
    };
    struct vio_hw_completion completion;
    unsigned status;

    memcpy(rig_data(rig), record, VIO_HW_RECORD_SIZE);
    status = rig_do(rig, command, &completion);
    if (status == VIO_HW_STATUS_OK && ret_function)
        *ret_function = completion.result;
    return status;
}

unsigned rig_bind(struct rig *rig, uint32_t function, uint32_t server)
{
    struct vio_hw_command command = {
        .opcode = VIO_HW_OP_FUNCTION_BIND,
        .lease = rig->lease,
        .target = function,
        .arg = {server, 0, VIO_HW_NONE},
    };

    return rig_do(rig, command, NULL);
}

unsigned rig_unbind(struct rig *rig, uint32_t function, unsigned flags)
{
    struct vio_hw_command command = {
        .opcode = VIO_HW_OP_FUNCTION_UNBIND,
        .flags = (uint16_t)flags,
        .lease = rig->lease,
        .target = function,
    };

    return rig_do(rig, command, NULL);
}

unsigned rig_target(struct rig *rig, unsigned opcode, uint32_t target, uint32_t arg0)
{
    struct vio_hw_command command = {
        .opcode = (uint16_t)opcode,
        .lease = rig->lease,
        .target = target,
        .arg = {arg0},
        .data_offset = RIG_DATA,
        .data_length = VIO_HW_RECORD_SIZE,
    };

    return rig_do(rig, command, NULL);
}

void rig_mac(uint8_t *address, uint32_t n)
{
    memset(address, 0, VIO_HW_ADDRESS_SIZE);
    address[0] = 1;
    address[1] = 6;
    address[VIO_HW_ADDRESS_HEADER] = 0x02;
    vio__hw_put32(address + VIO_HW_ADDRESS_HEADER + 2, n);
}

static void wwn(uint8_t *address, uint32_t n, uint8_t naa)
{
    memset(address, 0, VIO_HW_ADDRESS_SIZE);
    address[0] = 3;
    address[1] = 8;
    address[VIO_HW_ADDRESS_HEADER] = (uint8_t)(naa << 4);
    vio__hw_put32(address + VIO_HW_ADDRESS_HEADER + 4, n);
}

void rig_record(struct rig *rig, uint8_t *record, uint32_t slot, uint32_t n)
{
    uint32_t kind = rig_get32(rig, RIG_AT(SLOT, slot, KIND));
    uint8_t *address = record + VIO_HW_FUNCTION_ADDRESS;

    memset(record, 0, VIO_HW_RECORD_SIZE);
    vio__hw_put32(record + VIO_HW_FUNCTION_STATE, VIO_HW_BIT(FUNCTION_STATE, ENABLED));
    vio__hw_put32(record + VIO_HW_FUNCTION_KIND, kind);
    vio__hw_put32(record + VIO_HW_FUNCTION_SLOT, slot);
    record[VIO_HW_FUNCTION_COOKIE] = 0xc0;
    vio__hw_put32(record + VIO_HW_FUNCTION_COOKIE + 12, n);
    memcpy(record + VIO_HW_FUNCTION_LABEL, "test", 4);
    if (kind == VIO_HW_KIND_VNIC) {
        rig_mac(address, n);
    } else if (kind == VIO_HW_KIND_VHBA) {
        wwn(address, n, 5);
        wwn(record + VIO_HW_FUNCTION_NODE_ADDRESS, n, 2);
    } else {
        address[0] = 4;
        address[1] = 16;
        address[VIO_HW_ADDRESS_HEADER] = 0xd0;
        vio__hw_put32(address + VIO_HW_ADDRESS_HEADER + 12, n);
        vio__hw_put64(record + VIO_HW_FUNCTION_SIZE, 1 << 20);
    }
}

uint8_t *rig_data(struct rig *rig)
{
    return rig->part + RIG_DATA;
}

uint32_t rig_life(struct rig *rig, uint32_t function)
{
    return (uint32_t)VIO_HW_GET(FUNCTION_STATE, LIFE,
                                rig_get32(rig, RIG_AT(FUNCTION, function, STATE)));
}
