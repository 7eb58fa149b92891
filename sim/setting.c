/* SPDX-License-Identifier: MIT */
/* What can be set on a function: identity, QoS, VLAN, label, state. Each part is checked as a whole
 * before any of it is taken. */
#include <string.h>

#include "sim/command.h"

#define ARG_0         24 /* byte offset in a command entry */
#define ADDRESS_BYTES VIO_HW_ADDRESS_HEADER
#define VLAN_LAST     4094
#define QOS_START     VIO_HW_FUNCTION_TX_CIR /* to SCHEDULER, without a gap */
#define QOS_SIZE      (VIO_HW_FUNCTION_SCHEDULER + 4 - VIO_HW_FUNCTION_TX_CIR)
#define VLAN_SIZE \
    (VIO_HW_FUNCTION_VLAN_RANGE + VIO_HW_FUNCTION_VLAN_RANGE_SIZE - VIO_HW_FUNCTION_VLAN)

/* Kinds of addresses, as in vio_address. */
enum { ADDRESS_MAC48 = 1, ADDRESS_WWN = 3, ADDRESS_UUID = 4 };

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

static bool address_valid(const uint8_t *address, uint8_t kind, uint8_t length)
{
    const uint8_t *bytes = address + ADDRESS_BYTES;

    if (address[0] != kind || address[1] != length || !is_zero(address + 2, ADDRESS_BYTES - 2) ||
        is_zero(bytes, length) ||
        !is_zero(bytes + length, VIO_HW_ADDRESS_SIZE - ADDRESS_BYTES - length))
        return false;
    switch (kind) {
    case ADDRESS_MAC48: /* not a group address: IEEE 802, 8.2.2 */
        return !(bytes[0] & 1);
    case ADDRESS_WWN: /* NAA formats that name ports and nodes: FC-FS-3 */
        return bytes[0] >> 4 == 1 || bytes[0] >> 4 == 2 || bytes[0] >> 4 == 5 || bytes[0] >> 4 == 6;
    default:
        return true;
    }
}

int sim_check_identity(struct sim_run *run, uint32_t kind, const uint8_t *record, uint32_t self)
{
    const uint8_t *address = record + VIO_HW_FUNCTION_ADDRESS;
    const uint8_t *node = record + VIO_HW_FUNCTION_NODE_ADDRESS;
    bool valid, node_valid = is_zero(node, VIO_HW_ADDRESS_SIZE);
    uint32_t other;

    if (kind == VIO_HW_KIND_VNIC) {
        valid = address_valid(address, ADDRESS_MAC48, 6);
    } else if (kind == VIO_HW_KIND_VHBA) {
        valid = address_valid(address, ADDRESS_WWN, 8);
        node_valid = address_valid(node, ADDRESS_WWN, 8);
    } else {
        valid = address_valid(address, ADDRESS_UUID, 16);
    }
    if (!valid || !node_valid)
        return sim_run_refuse(run, VIO_HW_STATUS_ADDRESS_INVALID,
                              valid ? VIO_HW_FUNCTION_NODE_ADDRESS : VIO_HW_FUNCTION_ADDRESS);
    other = sim_keys_find(run->sim->keys, address);
    if (other == SIM_NO_KEY || other == self)
        return VIO_HW_STATUS_OK;
    run->outcome->result = other;
    return VIO_HW_STATUS_ADDRESS_IN_USE;
}

/* One direction; the four numbers lie side by side. */
static int check_rates(struct sim_run *run, uint32_t caps, const uint8_t *record, uint32_t at)
{
    uint64_t cir = vio__hw_get64(record + at), pir = vio__hw_get64(record + at + 16);

    if (cir && !(caps & VIO_HW_BIT(SLOT_CAPS, MIN_RATE)))
        return sim_run_refuse(run, VIO_HW_STATUS_NOT_SUPPORTED, at);
    if (pir && !(caps & VIO_HW_BIT(SLOT_CAPS, MAX_RATE)))
        return sim_run_refuse(run, VIO_HW_STATUS_NOT_SUPPORTED, at + 16);
    if (pir && pir < cir)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, at + 16);
    return VIO_HW_STATUS_OK;
}

int sim_check_qos(struct sim_run *run, uint32_t caps, const uint8_t *record)
{
    uint32_t known = (uint32_t)(VIO_HW_PUT(FUNCTION_SCHEDULER, WEIGHT, 0xffff) |
                                VIO_HW_PUT(FUNCTION_SCHEDULER, CLASS, 7) |
                                VIO_HW_BIT(FUNCTION_SCHEDULER, TX_POLICE) |
                                VIO_HW_BIT(FUNCTION_SCHEDULER, RX_POLICE));
    int status = check_rates(run, caps, record, VIO_HW_FUNCTION_TX_CIR);

    if (status == VIO_HW_STATUS_OK)
        status = check_rates(run, caps, record, VIO_HW_FUNCTION_RX_CIR);
    if (status == VIO_HW_STATUS_OK && (SIM_GET32(record, FUNCTION_SCHEDULER) & ~known))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_SCHEDULER);
    return status;
}

static int check_ranges(struct sim_run *run, const uint8_t *record, uint32_t count)
{
    const uint8_t *range = record + VIO_HW_FUNCTION_VLAN_RANGE;
    unsigned before = 0;

    for (uint32_t i = 0; i < count; i++, range += 4) {
        unsigned first = vio__hw_get16(range), last = vio__hw_get16(range + 2);

        if (first <= before || last < first || last > VLAN_LAST)
            return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA,
                                  VIO_HW_FUNCTION_VLAN_RANGE + 4 * i);
        before = last;
    }
    if (!is_zero(range, (size_t)4 * (VIO_HW_VLAN_RANGES - count)))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA,
                              VIO_HW_FUNCTION_VLAN_RANGE + 4 * count);
    return VIO_HW_STATUS_OK;
}

/* What is wrong with VLAN itself, and whether so many ranges go with its mode. */
static bool vlan_valid(uint32_t value, uint32_t mode, uint32_t vlan)
{
    uint32_t known =
        (uint32_t)(VIO_HW_PUT(FUNCTION_VLAN, MODE, 3) | VIO_HW_PUT(FUNCTION_VLAN, VLAN, 0xfff));

    if (value & ~known || vlan > VLAN_LAST || mode > VIO_HW_VLAN_TRUNK)
        return false;
    if (mode == VIO_HW_VLAN_NONE)
        return vlan == 0;
    return mode == VIO_HW_VLAN_TRUNK || vlan != 0;
}

int sim_check_vlan(struct sim_run *run, uint32_t caps, const uint8_t *record)
{
    uint32_t value = SIM_GET32(record, FUNCTION_VLAN);
    uint32_t mode = (uint32_t)VIO_HW_GET(FUNCTION_VLAN, MODE, value);
    uint32_t ranges = SIM_GET32(record, FUNCTION_VLAN_RANGES);
    bool trunk = mode == VIO_HW_VLAN_TRUNK;

    if ((mode == VIO_HW_VLAN_ACCESS && !(caps & VIO_HW_BIT(SLOT_CAPS, VLAN_ACCESS))) ||
        (trunk && !(caps & VIO_HW_BIT(SLOT_CAPS, VLAN_TRUNK))))
        return sim_run_refuse(run, VIO_HW_STATUS_NOT_SUPPORTED, VIO_HW_FUNCTION_VLAN);
    if (!vlan_valid(value, mode, (uint32_t)VIO_HW_GET(FUNCTION_VLAN, VLAN, value)))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_VLAN);
    if (trunk ? ranges == 0 || ranges > VIO_HW_VLAN_RANGES : ranges != 0)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_VLAN_RANGES);
    return check_ranges(run, record, ranges);
}

/* Cookies are found in the same table as identities: no address is of kind 0xff. */
static void cookie_key(const uint8_t *record, uint8_t key[SIM_KEY_SIZE])
{
    memset(key, 0, SIM_KEY_SIZE);
    key[0] = 0xff;
    memcpy(key + ADDRESS_BYTES, record + VIO_HW_FUNCTION_COOKIE, VIO_HW_FUNCTION_COOKIE_SIZE);
}

int sim_check_label(struct sim_run *run, const uint8_t *record, uint32_t self)
{
    uint8_t key[SIM_KEY_SIZE];
    uint32_t other;

    if (is_zero(record + VIO_HW_FUNCTION_COOKIE, VIO_HW_FUNCTION_COOKIE_SIZE))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_COOKIE);
    if (!sim_text_valid(record + VIO_HW_FUNCTION_LABEL, VIO_HW_FUNCTION_LABEL_SIZE))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_LABEL);
    cookie_key(record, key);
    other = sim_keys_find(run->sim->keys, key);
    if (other == SIM_NO_KEY || other == self)
        return VIO_HW_STATUS_OK;
    run->outcome->result = other;
    return VIO_HW_STATUS_EXISTS;
}

static void drop_identity(struct viosim *sim, uint32_t index)
{
    const uint8_t *address = sim->function[index].record + VIO_HW_FUNCTION_ADDRESS;

    if (sim_keys_find(sim->keys, address) == index)
        sim_keys_remove(sim->keys, address);
}

static void drop_cookie(struct viosim *sim, uint32_t index)
{
    uint8_t key[SIM_KEY_SIZE];

    cookie_key(sim->function[index].record, key);
    if (sim_keys_find(sim->keys, key) == index)
        sim_keys_remove(sim->keys, key);
}

void sim_drop_keys(struct viosim *sim, uint32_t index)
{
    drop_identity(sim, index);
    drop_cookie(sim, index);
}

void sim_take_identity(struct viosim *sim, uint32_t index, const uint8_t *record)
{
    uint8_t *to = sim->function[index].record + VIO_HW_FUNCTION_ADDRESS;
    bool live = sim->function[index].space != NULL;

    if (live)
        sim_identity_live(sim, index, false);
    drop_identity(sim, index);
    memcpy(to, record + VIO_HW_FUNCTION_ADDRESS, (size_t)2 * VIO_HW_ADDRESS_SIZE);
    sim_keys_add(sim->keys, to, index);
    if (live)
        sim_identity_live(sim, index, true);
}

void sim_take_label(struct viosim *sim, uint32_t index, const uint8_t *record)
{
    uint8_t *to = sim->function[index].record;
    uint8_t key[SIM_KEY_SIZE];

    drop_cookie(sim, index);
    memcpy(to + VIO_HW_FUNCTION_COOKIE, record + VIO_HW_FUNCTION_COOKIE,
           VIO_HW_FUNCTION_COOKIE_SIZE);
    memcpy(to + VIO_HW_FUNCTION_LABEL, record + VIO_HW_FUNCTION_LABEL, VIO_HW_FUNCTION_LABEL_SIZE);
    cookie_key(to, key);
    sim_keys_add(sim->keys, key, index);
}

void sim_take_qos(struct sim_function *function, const uint8_t *record)
{
    memcpy(function->record + QOS_START, record + QOS_START, QOS_SIZE);
}

void sim_take_vlan(struct sim_function *function, const uint8_t *record)
{
    memcpy(function->record + VIO_HW_FUNCTION_VLAN, record + VIO_HW_FUNCTION_VLAN, VLAN_SIZE);
}

void sim_identity_live(struct viosim *sim, uint32_t index, bool live)
{
    const uint8_t *address = sim->function[index].record + VIO_HW_FUNCTION_ADDRESS;

    sim->stat[VIOSIM_STAT_BOUND] += live ? 1 : UINT64_MAX;
    if (!live) {
        if (sim_keys_find(sim->live, address) == index)
            sim_keys_remove(sim->live, address);
    } else if (sim_keys_find(sim->live, address) != SIM_NO_KEY) {
        sim->stat[VIOSIM_STAT_LIVE_TWICE]++;
    } else {
        sim_keys_add(sim->live, address, index);
    }
}

int sim_run_data(struct sim_run *run, uint8_t record[VIO_HW_RECORD_SIZE])
{
    return sim_data_read(run->queue, run->command->data_offset, record, VIO_HW_RECORD_SIZE);
}

/* What the settings have in common: the record, and a function that is not in fault. */
static int begin(struct sim_run *run, uint8_t record[VIO_HW_RECORD_SIZE],
                 struct sim_function **ret_function, uint32_t *ret_caps)
{
    struct sim_function *function = &run->sim->function[run->command->target];
    const struct sim_slot *slot = &run->sim->slot[SIM_GET32(function->record, FUNCTION_SLOT)];
    int status = sim_run_data(run, record);

    if (status != VIO_HW_STATUS_OK)
        return status;
    if (sim_function_life(function) == VIO_HW_LIFE_FAULT) {
        run->outcome->result = SIM_GET32(function->record, FUNCTION_STATE);
        return VIO_HW_STATUS_STATE;
    }
    if (!sim_slot_working(slot) || slot->card != function->card)
        return VIO_HW_STATUS_ADAPTER_GONE;
    *ret_function = function;
    *ret_caps = SIM_GET32(slot->record, SLOT_CAPS);
    return VIO_HW_STATUS_OK;
}

/* A setting that changes nothing makes no new generation and no event. */
static int changed(struct sim_run *run, bool changed)
{
    if (changed)
        sim_function_changed(run->sim, run->command->target, VIO_HW_EVENT_FUNCTION_CHANGED);
    return VIO_HW_STATUS_OK;
}

int sim_run_set_identity(struct sim_run *run)
{
    uint32_t index = run->command->target, caps;
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct sim_function *function;
    int status = begin(run, record, &function, &caps);
    uint32_t life;

    if (status != VIO_HW_STATUS_OK)
        return status;
    life = sim_function_life(function);
    if (!(caps & VIO_HW_BIT(SLOT_CAPS, ADDRESS)))
        return VIO_HW_STATUS_NOT_SUPPORTED;
    if (memcmp(function->record + VIO_HW_FUNCTION_ADDRESS, record + VIO_HW_FUNCTION_ADDRESS,
               (size_t)2 * VIO_HW_ADDRESS_SIZE) == 0)
        return VIO_HW_STATUS_OK;
    status = sim_check_identity(run, SIM_GET32(function->record, FUNCTION_KIND), record, index);
    if (status != VIO_HW_STATUS_OK)
        return status;
    if (life != VIO_HW_LIFE_DETACHED && !(caps & VIO_HW_BIT(SLOT_CAPS, LIVE_ADDRESS))) {
        run->outcome->result = SIM_GET32(function->record, FUNCTION_STATE);
        return VIO_HW_STATUS_STATE;
    }
    sim_take_identity(run->sim, index, record);
    return changed(run, true);
}

/* Every link on the function's way has to carry the new guarantees. */
static int check_links(struct sim_run *run, const struct sim_function *function,
                       const uint8_t *record)
{
    struct sim_guarantee has = sim_guarantee_of(function->record);
    struct sim_guarantee wants = sim_guarantee_of(record);
    uint32_t server = SIM_GET32(function->record, FUNCTION_SERVER), port = 0;
    int status = sim_guarantee_check_slot(run->sim, &has, &wants,
                                          SIM_GET32(function->record, FUNCTION_SLOT), &port);

    if (status == VIO_HW_STATUS_OK && server != VIO_HW_NONE)
        status = sim_guarantee_check(
            run->sim, &has, &wants,
            sim_server_port(run->sim, server, SIM_GET32(function->record, FUNCTION_PATH)), &port);
    if (status != VIO_HW_STATUS_OK)
        run->outcome->result = port;
    return status;
}

int sim_run_set_qos(struct sim_run *run)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct sim_function *function;
    uint32_t caps;
    int status = begin(run, record, &function, &caps);

    if (status == VIO_HW_STATUS_OK)
        status = sim_check_qos(run, caps, record);
    if (status == VIO_HW_STATUS_OK)
        status = check_links(run, function, record);
    if (status != VIO_HW_STATUS_OK)
        return status;
    if (memcmp(function->record + QOS_START, record + QOS_START, QOS_SIZE) == 0)
        return VIO_HW_STATUS_OK;
    sim_account(run->sim, function, false);
    sim_take_qos(function, record);
    sim_account(run->sim, function, true);
    return changed(run, true);
}

int sim_run_set_vlan(struct sim_run *run)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct sim_function *function;
    uint32_t caps;
    bool same;
    int status = begin(run, record, &function, &caps);

    if (status == VIO_HW_STATUS_OK &&
        SIM_GET32(function->record, FUNCTION_KIND) != VIO_HW_KIND_VNIC)
        return VIO_HW_STATUS_NOT_SUPPORTED;
    if (status == VIO_HW_STATUS_OK)
        status = sim_check_vlan(run, caps, record);
    if (status != VIO_HW_STATUS_OK)
        return status;
    same = memcmp(function->record + VIO_HW_FUNCTION_VLAN, record + VIO_HW_FUNCTION_VLAN,
                  VLAN_SIZE) == 0;
    sim_take_vlan(function, record);
    return changed(run, !same);
}

int sim_run_set_label(struct sim_run *run)
{
    struct sim_function *function = &run->sim->function[run->command->target];
    uint8_t record[VIO_HW_RECORD_SIZE];
    int status = sim_run_data(run, record);
    bool same;

    if (status == VIO_HW_STATUS_OK)
        status = sim_check_label(run, record, run->command->target);
    if (status != VIO_HW_STATUS_OK)
        return status;
    same = memcmp(function->record + VIO_HW_FUNCTION_COOKIE, record + VIO_HW_FUNCTION_COOKIE,
                  VIO_HW_FUNCTION_COOKIE_SIZE) == 0 &&
           memcmp(function->record + VIO_HW_FUNCTION_LABEL, record + VIO_HW_FUNCTION_LABEL,
                  VIO_HW_FUNCTION_LABEL_SIZE) == 0;
    sim_take_label(run->sim, run->command->target, record);
    return changed(run, !same);
}

int sim_run_set_state(struct sim_run *run)
{
    uint8_t *record = run->sim->function[run->command->target].record;
    uint32_t state = SIM_GET32(record, FUNCTION_STATE);
    uint32_t enabled = VIO_HW_BIT(FUNCTION_STATE, ENABLED);

    if (run->command->arg[0] > 1)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    if (VIO_HW_GET(FUNCTION_STATE, LIFE, state) == VIO_HW_LIFE_FAULT) {
        run->outcome->result = state;
        return VIO_HW_STATUS_STATE;
    }
    if (!(state & enabled) == !run->command->arg[0])
        return VIO_HW_STATUS_OK;
    SIM_PUT32(record, FUNCTION_STATE, state ^ enabled);
    changed(run, true);
    sim_function_relink(run->sim, run->command->target);
    return VIO_HW_STATUS_OK;
}
