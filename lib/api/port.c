/* SPDX-License-Identifier: MIT */
#include <libvio/port.h>

#include "lib/domain/inventory.h"

struct vio_port *vio_port_ref(struct vio_port *port)
{
    if (port)
        vio__inventory_ref(vio__port_inventory(port));
    return port;
}

void vio_port_unref(struct vio_port *port)
{
    if (port)
        vio__inventory_unref(vio__port_inventory(port));
}

const char *vio_port_name(const struct vio_port *port)
{
    return port ? vio__port_info(port)->name : NULL;
}

uint32_t vio_port_index(const struct vio_port *port)
{
    return port ? vio__port_info(port)->index : 0;
}

enum vio_port_type vio_port_type(const struct vio_port *port)
{
    return port ? vio__port_info(port)->type : VIO_PORT_UNKNOWN;
}

const char *vio_port_owner(const struct vio_port *port)
{
    return port ? vio__port_owner(port) : NULL;
}

uint32_t vio_port_path(const struct vio_port *port)
{
    return port ? vio__port_info(port)->path : 0;
}

bool vio_port_is_enabled(const struct vio_port *port)
{
    return port ? vio__port_info(port)->enabled : false;
}

bool vio_port_is_link_up(const struct vio_port *port)
{
    return port ? vio__port_info(port)->link_up : false;
}

uint32_t vio_port_width(const struct vio_port *port)
{
    return port ? vio__port_info(port)->width : 0;
}

uint32_t vio_port_max_width(const struct vio_port *port)
{
    return port ? vio__port_info(port)->max_width : 0;
}

/* Link speeds by their code (PCI Express Base Specification, Link Capabilities register). */
static uint32_t transfers(uint32_t code)
{
    static const uint32_t speeds[] = {0, 2500, 5000, 8000, 16000, 32000};

    return code < sizeof(speeds) / sizeof(speeds[0]) ? speeds[code] : 0;
}

uint32_t vio_port_speed(const struct vio_port *port)
{
    return port ? transfers(vio__port_info(port)->speed) : 0;
}

uint32_t vio_port_max_speed(const struct vio_port *port)
{
    return port ? transfers(vio__port_info(port)->max_speed) : 0;
}

uint64_t vio_port_capacity(const struct vio_port *port)
{
    return port ? vio__port_info(port)->capacity : 0;
}

uint64_t vio_port_tx_committed(const struct vio_port *port)
{
    return port ? vio__port_info(port)->tx_committed : 0;
}

uint64_t vio_port_rx_committed(const struct vio_port *port)
{
    return port ? vio__port_info(port)->rx_committed : 0;
}

uint64_t vio_port_tx_bytes(const struct vio_port *port)
{
    return port ? vio__port_info(port)->tx_bytes : 0;
}

uint64_t vio_port_rx_bytes(const struct vio_port *port)
{
    return port ? vio__port_info(port)->rx_bytes : 0;
}

uint64_t vio_port_correctable_errors(const struct vio_port *port)
{
    return port ? vio__port_info(port)->correctable : 0;
}

uint64_t vio_port_nonfatal_errors(const struct vio_port *port)
{
    return port ? vio__port_info(port)->nonfatal : 0;
}

uint64_t vio_port_fatal_errors(const struct vio_port *port)
{
    return port ? vio__port_info(port)->fatal : 0;
}

uint64_t vio_port_link_downs(const struct vio_port *port)
{
    return port ? vio__port_info(port)->link_downs : 0;
}

const char *vio_port_state_name(const struct vio_port *port)
{
    return port ? vio__port_state(port) : NULL;
}

const char *vio_port_type_name(enum vio_port_type type)
{
    switch (type) {
    case VIO_PORT_SERVER:
        return "server";
    case VIO_PORT_ADAPTER:
        return "adapter";
    case VIO_PORT_EXTERNAL:
        return "external";
    case VIO_PORT_UNKNOWN:
        break;
    }
    return "unknown";
}
