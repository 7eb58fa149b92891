/* SPDX-License-Identifier: MIT */
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
