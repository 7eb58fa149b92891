/* SPDX-License-Identifier: MIT */
/* What can go wrong: the misfortunes of <libvio/sim.h>. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "sim/state.h"

/* A whole decimal number below `end`. */
static bool number_below(const char *text, uint32_t end, uint32_t *ret_number)
{
    uint64_t value = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (uint64_t)(*text - '0');
        if (value >= end)
            return false;
    }
    *ret_number = (uint32_t)value;
    return true;
}

/* Finds a record by its label, else by its number. */
static bool find(const void *records, size_t stride, size_t label, uint32_t count, const char *name,
                 uint32_t *ret_index)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp((const char *)records + i * stride + label, name) == 0) {
            *ret_index = i;
            return true;
        }
    return number_below(name, count, ret_index);
}

static bool find_slot(const struct viosim *sim, const char *name, uint32_t *ret_index)
{
    return find(sim->slot, sizeof *sim->slot, offsetof(struct sim_slot, record) + VIO_HW_SLOT_LABEL,
                sim->slots, name, ret_index);
}

static bool find_server(const struct viosim *sim, const char *name, uint32_t *ret_index)
{
    return find(sim->server, sizeof *sim->server,
                offsetof(struct sim_server, record) + VIO_HW_SERVER_LABEL, sim->servers, name,
                ret_index);
}

int viosim_link_set(struct viosim *sim, const char *port, int up)
{
    uint32_t index;
    int err = 0;

    sim_enter(sim);
    if (!find(sim->port, sizeof *sim->port, offsetof(struct sim_port, record) + VIO_HW_PORT_LABEL,
              sim->ports, port, &index)) {
        err = VIO_ENOENT;
    } else {
        sim->port[index].cut = !up;
        sim_port_update(&sim->port[index], false);
        sim_log_fault(sim, "port %u: link %s", index, up ? "mended" : "cut");
    }
    sim_leave_fault(sim);
    return err;
}

int viosim_adapter_pull(struct viosim *sim, const char *slot)
{
    uint32_t index;
    int err = 0;

    sim_enter(sim);
    if (!find_slot(sim, slot, &index))
        err = VIO_ENOENT;
    else if (!sim->slot[index].adapter)
        err = VIO_ESTATE;
    else
        sim_slot_pull(sim, index);
    sim_leave_fault(sim);
    return err;
}

static int insert(struct viosim *sim, const char *slot, struct sim_adapter *adapter,
                  struct sim_diag *diag)
{
    uint32_t index;
    int err;

    if (!find_slot(sim, slot, &index))
        return sim_diag_set(diag, VIO_ENOENT, "there is no slot \"%s\"", slot);
    if (sim->slot[index].adapter)
        return sim_diag_set(diag, VIO_ESTATE, "slot \"%s\" is full", slot);
    if (!adapter && !sim->slot[index].pulled)
        return sim_diag_set(diag, VIO_ESTATE, "slot \"%s\" never held an adapter", slot);
    err = sim_slot_insert(sim, index, adapter, false);
    return err == 0 ? 0 : sim_diag_set(diag, err, "more than %u ports", VIO_HW_PORT_COUNT);
}

int viosim_adapter_insert(struct viosim *sim, const char *slot, const char *where, char *error,
                          size_t error_size)
{
    struct sim_diag diag = {0};
    struct sim_adapter *adapter = NULL;
    int err = where ? sim_adapter_load(NULL, where, NULL, &adapter, &diag) : 0;

    if (err == 0) {
        sim_enter(sim);
        err = insert(sim, slot, adapter, &diag);
        sim_leave_fault(sim);
        if (err != 0)
            sim_adapter_free(adapter);
    }
    if (err != 0 && error && error_size)
        snprintf(error, error_size, "%s", diag.text);
    return err;
}

int viosim_server_power(struct viosim *sim, const char *server, int on)
{
    uint32_t index;
    int err = 0;

    sim_enter(sim);
    if (find_server(sim, server, &index))
        sim_server_power(sim, index, on != 0);
    else
        err = VIO_ENOENT;
    sim_leave_fault(sim);
    return err;
}

int viosim_server_stick(struct viosim *sim, const char *server, int stuck)
{
    uint32_t index;
    int err = 0;

    sim_enter(sim);
    if (find_server(sim, server, &index)) {
        sim->server[index].stuck = stuck != 0;
        if (!stuck)
            sim_hotplug_hurry(sim, index);
    } else {
        err = VIO_ENOENT;
    }
    sim_leave_fault(sim);
    return err;
}

void viosim_power_cycle(struct viosim *sim)
{
    sim_enter(sim);
    sim_reset(sim, true);
    sim_leave_fault(sim);
}

void viosim_vpc_reset(struct viosim *sim)
{
    sim_enter(sim);
    sim_reset(sim, false);
    sim_leave_fault(sim);
}

void viosim_stick(struct viosim *sim, int stuck)
{
    sim_enter(sim);
    sim->stuck = stuck != 0;
    if (!stuck)
        sim_jobs_release(sim);
    sim_leave_fault(sim);
}

void viosim_slow(struct viosim *sim, uint64_t delay)
{
    sim_enter(sim);
    sim->slow = delay;
    sim_leave_fault(sim);
}

int viosim_mishap(struct viosim *sim, enum viosim_what what, enum viosim_mishap mishap,
                  uint32_t skip, uint32_t count, uint64_t delay)
{
    if ((int)what < VIOSIM_COMMAND || (int)what > VIOSIM_INTERRUPT || (int)mishap < VIOSIM_LOST ||
        (int)mishap > VIOSIM_DOUBLED)
        return VIO_EINVAL;
    sim_enter(sim);
    sim->mishaps.of[what].mishap = mishap;
    sim->mishaps.of[what].skip = skip;
    sim->mishaps.of[what].count = count;
    sim->mishaps.of[what].delay = delay;
    sim_leave_fault(sim);
    return 0;
}

void viosim_event_burst(struct viosim *sim, uint32_t count)
{
    sim_enter(sim);
    for (uint32_t i = 0; i < count; i++)
        sim_event(sim, VIO_HW_EVENT_PORT_CHANGED, 0, SIM_GET32(sim->port[0].record, PORT_STATE));
    sim_leave_fault(sim);
}

static void carry(struct viosim *sim, uint32_t port, uint64_t rx_bytes, uint64_t tx_bytes)
{
    SIM_ADD64(sim->port[port].record, PORT_RX_BYTES, rx_bytes);
    SIM_ADD64(sim->port[port].record, PORT_TX_BYTES, tx_bytes);
}

int viosim_traffic(struct viosim *sim, uint32_t function, uint64_t rx_bytes, uint64_t rx_frames,
                   uint64_t tx_bytes, uint64_t tx_frames)
{
    const struct sim_slot *slot;
    uint8_t *r;
    int err = VIO_ENOENT;

    sim_enter(sim);
    r = function < sim->functions_end ? sim->function[function].record : NULL;
    if (r && sim_function_life(&sim->function[function]) != VIO_HW_LIFE_FREE)
        err = SIM_GET32(r, FUNCTION_STATE) & VIO_HW_BIT(FUNCTION_STATE, LINK_UP) ? 0 : VIO_ESTATE;
    if (err == 0) {
        slot = &sim->slot[SIM_GET32(r, FUNCTION_SLOT)];
        SIM_ADD64(r, FUNCTION_RX_BYTES, rx_bytes);
        SIM_ADD64(r, FUNCTION_RX_FRAMES, rx_frames);
        SIM_ADD64(r, FUNCTION_TX_BYTES, tx_bytes);
        SIM_ADD64(r, FUNCTION_TX_FRAMES, tx_frames);
        carry(sim, sim_server_port(sim, SIM_GET32(r, FUNCTION_SERVER), SIM_GET32(r, FUNCTION_PATH)),
              rx_bytes, tx_bytes);
        carry(sim, SIM_GET32(slot->record, SLOT_PORT), rx_bytes, tx_bytes);
        if (slot->externals)
            carry(sim, slot->first_external, rx_bytes, tx_bytes);
    }
    sim_leave_fault(sim);
    return err;
}

uint64_t viosim_stat(struct viosim *sim, enum viosim_stat stat)
{
    uint64_t value = 0;

    if ((int)stat < VIOSIM_STAT_COMMANDS || (int)stat > VIOSIM_STAT_REPLAYS)
        return 0;
    sim_enter(sim);
    if (stat == VIOSIM_STAT_QUEUES)
        for (uint32_t i = 0; i < sim->queues; i++)
            value += sim->queue[i].owner != 0;
    else
        value = sim->stat[stat];
    sim_leave_fault(sim);
    return value;
}

void viosim_ring_hook(struct viosim *sim, viosim_ring_fn fn, void *data)
{
    sim_enter(sim);
    sim->ring_hook = fn;
    sim->ring_hook_data = data;
    sim_leave_fault(sim);
}
