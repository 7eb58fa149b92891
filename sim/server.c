/* SPDX-License-Identifier: MIT */
#include <libvio/error.h>

#include "sim/state.h"

static const uint32_t powered_bit = VIO_HW_BIT(SERVER_STATE, POWERED);

bool sim_server_powered(const struct sim_server *server)
{
    return SIM_GET32(server->record, SERVER_STATE) & powered_bit;
}

void sim_server_power(struct viosim *sim, uint32_t index, bool on)
{
    struct sim_server *server = &sim->server[index];
    uint32_t state = SIM_GET32(server->record, SERVER_STATE) ^ powered_bit;

    if (sim_server_powered(server) == on)
        return;
    SIM_PUT32(server->record, SERVER_STATE, state);
    SIM_TOUCH(sim, server->record, SERVER);
    if (on)
        sim_hierarchy_reset(server->hierarchy);
    sim_event(sim, on ? VIO_HW_EVENT_SERVER_POWER_ON : VIO_HW_EVENT_SERVER_POWER_OFF, index, state);
    for (uint32_t path = 0; path < SIM_GET32(server->record, SERVER_PATHS); path++)
        sim_port_set_alive(&sim->port[sim_server_port(sim, index, path)], on);
    sim_hotplug_hurry(sim, index);
    sim_functions_relink(sim);
}

void sim_server_acts(void *data, unsigned slot, enum sim_hotplug_event event)
{
    struct sim_server *server = data;

    if (event == SIM_HOTPLUG_POWER_OFF)
        sim_hotplug_consent(server->sim, SIM_GET32(server->record, SERVER_INDEX), slot);
}

int sim_server_config_read(struct viosim *sim, uint32_t server, uint16_t bdf, size_t offset,
                           void *data, size_t size)
{
    if (server >= sim->servers)
        return VIO_ENOENT;
    sim_enter(sim);
    sim_hierarchy_read(sim->server[server].hierarchy, bdf, offset, data, size);
    sim_leave_fault(sim);
    return 0;
}

int sim_server_config_write(struct viosim *sim, uint32_t server, uint16_t bdf, size_t offset,
                            const void *data, size_t size)
{
    if (server >= sim->servers)
        return VIO_ENOENT;
    sim_enter(sim);
    sim_hierarchy_write(sim->server[server].hierarchy, bdf, offset, data, size);
    sim_leave_fault(sim);
    return 0;
}
