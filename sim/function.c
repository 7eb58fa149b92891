/* SPDX-License-Identifier: MIT */
/* Function contexts: how they are made, freed and lose their adapter, and whether they have a link.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/command.h"

#define SECTOR 512 /* SIZE is a multiple of it */

uint32_t sim_function_life(const struct sim_function *function)
{
    return (uint32_t)VIO_HW_GET(FUNCTION_STATE, LIFE, SIM_GET32(function->record, FUNCTION_STATE));
}

void sim_function_set_life(struct sim_function *function, enum vio_hw_life life)
{
    uint32_t state = SIM_GET32(function->record, FUNCTION_STATE);

    state &= ~(uint32_t)VIO_HW_PUT(FUNCTION_STATE, LIFE, 0xf);
    SIM_PUT32(function->record, FUNCTION_STATE, state | VIO_HW_PUT(FUNCTION_STATE, LIFE, life));
}

void sim_function_changed(struct viosim *sim, uint32_t index, enum vio_hw_event_type type)
{
    uint8_t *record = sim->function[index].record;

    SIM_TOUCH(sim, record, FUNCTION);
    sim_event(sim, type, index, SIM_GET32(record, FUNCTION_STATE));
}

static bool path_up(const struct viosim *sim, const uint8_t *record)
{
    const struct sim_slot *slot = &sim->slot[SIM_GET32(record, FUNCTION_SLOT)];
    uint32_t server = SIM_GET32(record, FUNCTION_SERVER);
    uint32_t port = sim_server_port(sim, server, SIM_GET32(record, FUNCTION_PATH));

    return sim_server_powered(&sim->server[server]) && sim_port_up(&sim->port[port]) &&
           sim_slot_working(slot) && sim_port_up(&sim->port[SIM_GET32(slot->record, SLOT_PORT)]) &&
           (!slot->externals || sim_port_up(&sim->port[slot->first_external]));
}

void sim_function_relink(struct viosim *sim, uint32_t index)
{
    struct sim_function *function = &sim->function[index];
    uint32_t state = SIM_GET32(function->record, FUNCTION_STATE);
    uint32_t bit = VIO_HW_BIT(FUNCTION_STATE, LINK_UP);
    bool up = sim_function_life(function) == VIO_HW_LIFE_BOUND &&
              (state & VIO_HW_BIT(FUNCTION_STATE, ENABLED)) && path_up(sim, function->record);

    if (up == !!(state & bit))
        return;
    SIM_PUT32(function->record, FUNCTION_STATE, state ^ bit);
    sim_function_changed(sim, index, VIO_HW_EVENT_FUNCTION_LINK);
}

void sim_functions_relink(struct viosim *sim)
{
    for (uint32_t i = 0; i < sim->functions_end; i++)
        sim_function_relink(sim, i);
}

void sim_function_fault(struct viosim *sim, uint32_t index)
{
    struct sim_function *function = &sim->function[index];
    uint32_t state = SIM_GET32(function->record, FUNCTION_STATE);
    struct sim_job *job = function->job;

    sim_function_pull(sim, index, true);
    SIM_PUT32(function->record, FUNCTION_STATE,
              state & ~(uint32_t)VIO_HW_BIT(FUNCTION_STATE, LINK_UP));
    sim_function_set_life(function, VIO_HW_LIFE_FAULT);
    SIM_PUT32(function->record, FUNCTION_STATUS, VIO_HW_STATUS_ADAPTER_GONE);
    sim_function_changed(sim, index, VIO_HW_EVENT_FUNCTION_FAULT);
    function->job = NULL;
    if (job)
        sim_job_done(job, VIO_HW_STATUS_ADAPTER_GONE);
}

/* The lowest free context, or VIO_HW_NONE. */
static uint32_t free_context(const struct viosim *sim)
{
    for (uint32_t word = 0; word * 64 < sim->functions; word++) {
        uint32_t index;

        if (!~sim->function_map[word])
            continue;
        index = word * 64 + (uint32_t)__builtin_ctzll(~sim->function_map[word]);
        return index < sim->functions ? index : VIO_HW_NONE;
    }
    return VIO_HW_NONE;
}

uint32_t sim_function_next(const struct viosim *sim, uint32_t index)
{
    while (index < sim->functions_end) {
        uint64_t used = sim->function_map[index / 64] >> index % 64;

        if (used)
            return index + (uint32_t)__builtin_ctzll(used);
        index += 64 - index % 64;
    }
    return sim->functions_end;
}

static void mark(struct viosim *sim, uint32_t index, bool used)
{
    uint64_t bit = UINT64_C(1) << index % 64;

    sim->function_map[index / 64] ^= bit;
    sim->stat[VIOSIM_STAT_FUNCTIONS] += used ? 1 : UINT64_MAX;
    if (used && index >= sim->functions_end)
        sim->functions_end = index + 1;
}

/* The lowest free VF of the adapter, VIO_HW_NONE where the VPC proxies or all are given. */
static uint32_t free_vf(const struct sim_slot *slot)
{
    if (SIM_GET32(slot->record, SLOT_SHARING) != VIO_HW_SHARING_SRIOV)
        return VIO_HW_NONE;
    for (uint32_t vf = 0; vf < SIM_GET32(slot->record, SLOT_MAX_FUNCTIONS); vf++)
        if (!(slot->vfs[vf / 8] >> vf % 8 & 1))
            return vf;
    return VIO_HW_NONE;
}

static int check_size(struct sim_run *run, uint32_t kind, const uint8_t *record)
{
    uint64_t size = SIM_GET64(record, FUNCTION_SIZE);
    bool valid = kind == VIO_HW_KIND_VDISK ? size && size % SECTOR == 0 : size == 0;

    return valid ? VIO_HW_STATUS_OK
                 : sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_SIZE);
}

/* What the record asks for, apart from what there is of it. */
static int check_record(struct sim_run *run, const struct sim_slot *slot, const uint8_t *record)
{
    uint32_t kind = SIM_GET32(record, FUNCTION_KIND), caps = SIM_GET32(slot->record, SLOT_CAPS);
    int status;

    if (kind == VIO_HW_KIND_NONE || kind != SIM_GET32(slot->record, SLOT_KIND))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, VIO_HW_FUNCTION_KIND);
    status = check_size(run, kind, record);
    if (status == VIO_HW_STATUS_OK)
        status = sim_check_label(run, record, VIO_HW_NONE);
    if (status == VIO_HW_STATUS_OK)
        status = sim_check_vlan(run, caps, record);
    if (status == VIO_HW_STATUS_OK)
        status = sim_check_qos(run, caps, record);
    if (status == VIO_HW_STATUS_OK)
        status = sim_check_identity(run, kind, record, VIO_HW_NONE);
    return status;
}

/* What is left of the adapter and its links. */
static int check_room(struct sim_run *run, uint32_t slot_index, const uint8_t *record)
{
    const uint8_t *slot = run->sim->slot[slot_index].record;
    struct sim_guarantee none = {0, 0}, wants = sim_guarantee_of(record);
    uint32_t port = 0;
    int status;

    if (SIM_GET32(slot, SLOT_USED_FUNCTIONS) >= SIM_GET32(slot, SLOT_MAX_FUNCTIONS))
        return VIO_HW_STATUS_NO_VF;
    if (SIM_GET64(record, FUNCTION_SIZE) >
        SIM_GET64(slot, SLOT_SPACE) - SIM_GET64(slot, SLOT_SPACE_USED))
        return VIO_HW_STATUS_NO_SPACE;
    status = sim_guarantee_check_slot(run->sim, &none, &wants, slot_index, &port);
    if (status != VIO_HW_STATUS_OK)
        run->outcome->result = port;
    return status;
}

static void make(struct viosim *sim, uint32_t index, uint32_t slot_index, const uint8_t *record)
{
    struct sim_function *function = &sim->function[index];
    struct sim_slot *slot = &sim->slot[slot_index];
    uint32_t vf = free_vf(slot);
    uint8_t *to = function->record;

    memset(function, 0, sizeof *function);
    mark(sim, index, true);
    if (vf != VIO_HW_NONE)
        slot->vfs[vf / 8] |= (uint8_t)(1u << vf % 8);
    function->card = slot->card;
    SIM_PUT32(to, FUNCTION_INDEX, index);
    SIM_PUT32(to, FUNCTION_STATE,
              SIM_GET32(record, FUNCTION_STATE) & VIO_HW_BIT(FUNCTION_STATE, ENABLED));
    sim_function_set_life(function, VIO_HW_LIFE_DETACHED);
    SIM_PUT32(to, FUNCTION_KIND, SIM_GET32(record, FUNCTION_KIND));
    SIM_PUT32(to, FUNCTION_SLOT, slot_index);
    SIM_PUT32(to, FUNCTION_SERVER, VIO_HW_NONE);
    SIM_PUT32(to, FUNCTION_BDF, VIO_HW_NONE);
    SIM_PUT32(to, FUNCTION_HOTPLUG_SLOT, VIO_HW_NONE);
    SIM_PUT32(to, FUNCTION_VF, vf);
    SIM_PUT64(to, FUNCTION_SIZE, SIM_GET64(record, FUNCTION_SIZE));
    sim_take_identity(sim, index, record);
    sim_take_label(sim, index, record);
    sim_take_qos(function, record);
    sim_take_vlan(function, record);
    sim_account(sim, function, true);
}

int sim_run_create(struct sim_run *run)
{
    struct viosim *sim = run->sim;
    uint8_t record[VIO_HW_RECORD_SIZE];
    int status = sim_run_data(run, record);
    uint32_t slot = SIM_GET32(record, FUNCTION_SLOT), index = free_context(sim);

    if (status != VIO_HW_STATUS_OK)
        return status;
    if (slot >= sim->slots)
        return VIO_HW_STATUS_INVALID_TARGET;
    if (!sim_slot_working(&sim->slot[slot]))
        return VIO_HW_STATUS_ADAPTER_GONE;
    status = check_record(run, &sim->slot[slot], record);
    if (status != VIO_HW_STATUS_OK)
        return status;
    if (index == VIO_HW_NONE)
        return VIO_HW_STATUS_NO_FUNCTION;
    status = check_room(run, slot, record);
    if (status != VIO_HW_STATUS_OK)
        return status;
    make(sim, index, slot, record);
    sim_function_changed(sim, index, VIO_HW_EVENT_FUNCTION_CREATED);
    run->outcome->result = index;
    run->outcome->generation = SIM_GET64(sim->function[index].record, FUNCTION_GENERATION);
    return VIO_HW_STATUS_OK;
}

int sim_run_destroy(struct sim_run *run)
{
    struct viosim *sim = run->sim;
    uint32_t index = run->command->target, vf;
    struct sim_function *function = &sim->function[index];
    struct sim_slot *slot = &sim->slot[SIM_GET32(function->record, FUNCTION_SLOT)];
    uint32_t life = sim_function_life(function);

    if (life != VIO_HW_LIFE_DETACHED && life != VIO_HW_LIFE_FAULT) {
        run->outcome->result = SIM_GET32(function->record, FUNCTION_STATE);
        return VIO_HW_STATUS_STATE;
    }
    if (life == VIO_HW_LIFE_FAULT)
        sim_function_leave(sim, index);
    vf = SIM_GET32(function->record, FUNCTION_VF);
    if (vf != VIO_HW_NONE && function->card == slot->card)
        slot->vfs[vf / 8] &= (uint8_t) ~(1u << vf % 8);
    sim_account(sim, function, false);
    sim_drop_keys(sim, index);
    sim_function_set_life(function, VIO_HW_LIFE_FREE);
    sim_function_changed(sim, index, VIO_HW_EVENT_FUNCTION_DESTROYED);
    memset(function, 0, sizeof *function);
    SIM_PUT32(function->record, FUNCTION_INDEX, index);
    mark(sim, index, false);
    return VIO_HW_STATUS_OK;
}

void sim_functions_clear(struct viosim *sim)
{
    for (uint32_t i = 0; i < sim->functions_end; i++) {
        struct sim_function *function = &sim->function[i];

        if (sim_function_life(function) == VIO_HW_LIFE_FREE)
            continue;
        sim_function_pull(sim, i, true);
        sim_function_leave(sim, i);
        sim_account(sim, function, false);
        mark(sim, i, false);
        memset(function, 0, sizeof *function);
    }
    for (uint32_t i = 0; i < sim->slots; i++)
        memset(sim->slot[i].vfs, 0, sizeof sim->slot[i].vfs);
    sim_keys_clear(sim->keys);
    sim_keys_clear(sim->live);
    sim->functions_end = 0;
}
