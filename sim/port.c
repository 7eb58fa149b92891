/* SPDX-License-Identifier: MIT */
/* Ports: links that train, come up and go down. */
#include <string.h>

#include "sim/command.h"

#define ARG_0 24 /* byte offset in a command entry */

static const uint32_t up_bit = VIO_HW_BIT(PORT_STATE, LINK_UP);
static const uint32_t enabled_bit = VIO_HW_BIT(PORT_STATE, ENABLED);
static const uint32_t training_bit = VIO_HW_BIT(PORT_STATE, TRAINING);

static uint32_t state_of(const struct sim_port *port)
{
    return SIM_GET32(port->record, PORT_STATE);
}

bool sim_port_up(const struct sim_port *port)
{
    return state_of(port) & up_bit;
}

static uint32_t index_of(const struct sim_port *port)
{
    return SIM_GET32(port->record, PORT_INDEX);
}

/* Payload of a PCIe link in bit/s, one direction: 8b/10b up to 5 GT/s, 128b/130b up to 32 GT/s
 * (PCIe base 4.2.1, 4.2.2), 242 of 256 bytes of a flit at 64 GT/s (4.2.3). */
static uint64_t pcie_rate(const struct sim_link *link)
{
    static const uint64_t lane[] = {0,
                                    UINT64_C(2000000000),
                                    UINT64_C(4000000000),
                                    UINT64_C(8000000000) * 128 / 130,
                                    UINT64_C(16000000000) * 128 / 130,
                                    UINT64_C(32000000000) * 128 / 130,
                                    UINT64_C(64000000000) * 242 / 256};

    return link->speed < sizeof lane / sizeof lane[0] ? lane[link->speed] * link->width : 0;
}

/* Width, speed and capacity as the link's state has them. */
static void put_link(struct sim_port *port)
{
    bool up = sim_port_up(port);
    uint8_t *r = port->record;

    SIM_PUT32(r, PORT_WIDTH,
              VIO_HW_PUT(PORT_WIDTH, NOW, up ? port->link.width : 0) |
                  VIO_HW_PUT(PORT_WIDTH, MOST, port->link.width));
    SIM_PUT32(r, PORT_SPEED,
              VIO_HW_PUT(PORT_SPEED, NOW, up ? port->link.speed : 0) |
                  VIO_HW_PUT(PORT_SPEED, MOST, port->link.speed));
    SIM_PUT64(r, PORT_CAPACITY, up ? port->nominal : 0);
}

void sim_port_set_link(struct sim_port *port, const struct sim_link *link, uint64_t rate)
{
    port->link = link ? *link : (struct sim_link){0, 0};
    port->nominal = link ? pcie_rate(link) : rate;
    put_link(port);
    SIM_TOUCH(port->sim, port->record, PORT);
}

static void set_state(struct sim_port *port, uint32_t state)
{
    SIM_PUT32(port->record, PORT_STATE, state);
    put_link(port);
    SIM_TOUCH(port->sim, port->record, PORT);
}

/* Functions gain or lose their link with the port; handshakes go on without a server. */
static void follow(struct sim_port *port)
{
    if (SIM_GET32(port->record, PORT_TYPE) == VIO_HW_PORT_TYPE_SERVER)
        sim_hotplug_hurry(port->sim, SIM_GET32(port->record, PORT_OWNER));
    sim_functions_relink(port->sim);
}

static void come_up(struct sim_port *port)
{
    set_state(port, (state_of(port) | up_bit) & ~training_bit);
    sim_event(port->sim, VIO_HW_EVENT_PORT_LINK_UP, index_of(port), state_of(port));
    follow(port);
}

static void trained(void *owner)
{
    come_up(owner);
}

static void go_down(struct sim_port *port)
{
    bool was_up = sim_port_up(port);

    sim_timer_stop(&port->sim->timers, &port->train);
    if (was_up)
        SIM_ADD64(port->record, PORT_LINK_DOWNS, 1);
    set_state(port, state_of(port) & ~(up_bit | training_bit));
    if (!was_up)
        return;
    sim_event(port->sim, VIO_HW_EVENT_PORT_LINK_DOWN, index_of(port), state_of(port));
    follow(port);
}

void sim_port_update(struct sim_port *port, bool at_once)
{
    uint32_t state = state_of(port);
    bool wanted = (state & enabled_bit) && port->alive && !port->cut && port->nominal;

    if (!wanted && (state & (up_bit | training_bit)))
        go_down(port);
    if (!wanted || (state & (up_bit | training_bit)))
        return;
    if (at_once) {
        set_state(port, state | up_bit);
    } else if (port->sim->training) {
        set_state(port, state | training_bit);
        sim_timer_arm(&port->sim->timers, &port->train, port->sim->training, 0);
    } else {
        come_up(port);
    }
}

void sim_port_set_alive(struct sim_port *port, bool alive)
{
    port->alive = alive;
    sim_port_update(port, false);
}

void sim_port_init(struct viosim *sim, uint32_t index, enum vio_hw_port_type type, uint32_t owner,
                   uint32_t path, const char *label)
{
    struct sim_port *port = &sim->port[index];

    memset(port, 0, sizeof *port);
    port->sim = sim;
    sim_timer_init(&port->train, trained, port);
    SIM_PUT32(port->record, PORT_INDEX, index);
    SIM_PUT32(port->record, PORT_TYPE, type);
    SIM_PUT32(port->record, PORT_OWNER, owner);
    SIM_PUT32(port->record, PORT_PATH, path);
    SIM_PUT32(port->record, PORT_VH, type == VIO_HW_PORT_TYPE_SERVER ? owner : VIO_HW_NONE);
    SIM_PUT32(port->record, PORT_STATE, enabled_bit);
    sim_text_put(port->record + VIO_HW_PORT_LABEL, VIO_HW_PORT_LABEL_SIZE, label);
    SIM_TOUCH(sim, port->record, PORT);
}

static void enable(struct sim_port *port, bool enabled)
{
    uint32_t state = state_of(port);

    if (!(state & enabled_bit) == !enabled)
        return;
    set_state(port, state ^ enabled_bit);
    sim_event(port->sim, VIO_HW_EVENT_PORT_CHANGED, index_of(port), state_of(port));
    sim_port_update(port, false);
}

int sim_run_port_control(struct sim_run *run)
{
    struct sim_port *port = &run->sim->port[run->command->target];

    switch (run->command->arg[0]) {
    case VIO_HW_PORT_ENABLE:
        enable(port, true);
        return VIO_HW_STATUS_OK;
    case VIO_HW_PORT_DISABLE:
        enable(port, false);
        return VIO_HW_STATUS_OK;
    case VIO_HW_PORT_RETRAIN:
        if (state_of(port) & enabled_bit) {
            go_down(port);
            sim_port_update(port, false);
        }
        return VIO_HW_STATUS_OK;
    default:
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    }
}
