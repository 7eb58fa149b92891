/* SPDX-License-Identifier: MIT */
/* Ports, servers and slots, as the chassis file describes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "sim/command.h"

#define BRIDGES_BESIDE_SLOTS 2 /* root port and upstream port */

static int add_server(struct viosim *sim, uint32_t index, const struct sim_server_spec *spec)
{
    struct sim_server *server = &sim->server[index];
    uint8_t *r = server->record;
    char label[SIM_NAME_MAX + 8];
    int err = sim_hierarchy_new(NULL, spec->hotplug_slots, &spec->link, sim_server_acts, server,
                                &server->hierarchy);

    if (err != 0)
        return err;
    server->sim = sim;
    SIM_PUT32(r, SERVER_INDEX, index);
    SIM_PUT32(r, SERVER_STATE,
              VIO_HW_BIT(SERVER_STATE, PRESENT) |
                  VIO_HW_PUT(SERVER_STATE, POWERED, spec->power ? 1 : 0));
    SIM_PUT32(r, SERVER_PATHS, spec->paths);
    SIM_PUT32(r, SERVER_PORT_1, VIO_HW_NONE);
    SIM_PUT32(r, SERVER_HOTPLUG_SLOTS, spec->hotplug_slots);
    SIM_PUT32(r, SERVER_BRIDGES, spec->hotplug_slots + BRIDGES_BESIDE_SLOTS);
    sim_text_put(r + VIO_HW_SERVER_LABEL, VIO_HW_SERVER_LABEL_SIZE, spec->name);
    SIM_TOUCH(sim, r, SERVER);
    for (uint32_t path = 0; path < spec->paths; path++) {
        uint32_t port = sim->ports++;

        vio__hw_put32(r + VIO_HW_SERVER_PORT_0 + (size_t)4 * path, port);
        snprintf(label, sizeof label, "%.60s/%u", spec->name, path);
        sim_port_init(sim, port, VIO_HW_PORT_TYPE_SERVER, index, path, label);
        sim_port_set_link(&sim->port[port], &spec->link, 0);
        sim->port[port].alive = spec->power;
        sim_port_update(&sim->port[port], true);
    }
    return 0;
}

static void add_slot(struct viosim *sim, uint32_t index, const struct sim_slot_spec *spec)
{
    struct sim_slot *slot = &sim->slot[index];
    uint32_t port = sim->ports++;

    slot->link = spec->link;
    SIM_PUT32(slot->record, SLOT_INDEX, index);
    SIM_PUT32(slot->record, SLOT_PORT, port);
    SIM_PUT32(slot->record, SLOT_FIRST_EXTERNAL, VIO_HW_NONE);
    sim_text_put(slot->record + VIO_HW_SLOT_LABEL, VIO_HW_SLOT_LABEL_SIZE, spec->name);
    SIM_TOUCH(sim, slot->record, SLOT);
    sim_port_init(sim, port, VIO_HW_PORT_TYPE_SLOT, index, 0, spec->name);
    sim_port_set_link(&sim->port[port], &spec->link, 0);
}

static int fill_slot(struct viosim *sim, uint32_t index, const struct sim_chassis_spec *spec,
                     struct sim_diag *diag)
{
    struct sim_adapter *adapter = NULL;
    int err = sim_chassis_spec_adapter(spec, index, &adapter, diag);

    if (err != 0 || !adapter)
        return err;
    err = sim_slot_insert(sim, index, adapter, true);
    if (err == 0)
        return 0;
    sim_adapter_free(adapter);
    return sim_diag_set(diag, err, "more than %u ports", VIO_HW_PORT_COUNT);
}

int sim_parts_build(struct viosim *sim, const struct sim_chassis_spec *spec, struct sim_diag *diag)
{
    uint32_t servers = sim_chassis_spec_servers(spec), slots = sim_chassis_spec_slots(spec);
    int err = 0;

    sim->server = calloc(servers ? servers : 1, sizeof *sim->server);
    sim->slot = calloc(slots ? slots : 1, sizeof *sim->slot);
    sim->port = calloc(VIO_HW_PORT_COUNT, sizeof *sim->port);
    if (!sim->server || !sim->slot || !sim->port)
        return VIO_ENOMEM;
    while (err == 0 && sim->servers < servers) {
        err = add_server(sim, sim->servers, sim_chassis_spec_server(spec, sim->servers));
        sim->servers++;
    }
    if (err != 0)
        return err;
    for (; sim->slots < slots; sim->slots++)
        add_slot(sim, sim->slots, sim_chassis_spec_slot(spec, sim->slots));
    for (uint32_t i = 0; err == 0 && i < slots; i++)
        err = fill_slot(sim, i, spec, diag);
    return err;
}

void sim_parts_free(struct viosim *sim)
{
    for (uint32_t i = 0; sim->function && i < sim->functions_end; i++)
        sim_function_pull(sim, i, true);
    for (uint32_t i = 0; i < sim->servers; i++)
        sim_hierarchy_free(sim->server[i].hierarchy);
    for (uint32_t i = 0; i < sim->slots; i++) {
        sim_adapter_free(sim->slot[i].adapter);
        sim_adapter_free(sim->slot[i].pulled);
    }
    free(sim->server);
    free(sim->slot);
    free(sim->port);
}

static void clear_counters(struct sim_port *port)
{
    memset(port->record + VIO_HW_PORT_TX_BYTES, 0, VIO_HW_PORT_GENERATION - VIO_HW_PORT_TX_BYTES);
}

void sim_parts_reset(struct viosim *sim, bool power_cycle)
{
    for (uint32_t i = 0; i < sim->ports; i++) {
        struct sim_port *port = &sim->port[i];
        bool alive = port->alive;

        SIM_PUT32(port->record, PORT_STATE,
                  SIM_GET32(port->record, PORT_STATE) | VIO_HW_BIT(PORT_STATE, ENABLED));
        SIM_TOUCH(sim, port->record, PORT);
        if (power_cycle) {
            sim_port_set_alive(port, false);
            clear_counters(port);
        }
        sim_port_set_alive(port, alive);
    }
    for (uint32_t i = 0; i < sim->servers; i++)
        SIM_TOUCH(sim, sim->server[i].record, SERVER);
    for (uint32_t i = 0; i < sim->slots; i++) {
        uint8_t *record = sim->slot[i].record;

        SIM_PUT32(record, SLOT_STATE,
                  SIM_GET32(record, SLOT_STATE) & ~(uint32_t)VIO_HW_BIT(SLOT_STATE, FAULT) &
                      ~(uint32_t)VIO_HW_BIT(SLOT_STATE, ATTENTION));
        SIM_TOUCH(sim, record, SLOT);
        if (power_cycle && sim->slot[i].adapter)
            sim_slot_power(sim, i, true);
    }
}
