/* SPDX-License-Identifier: MIT */
#include <libvio/server.h>

#include <string.h>

#include <libvio/error.h>
#include <libvio/port.h>

#include "lib/base/uuid.h"
#include "lib/domain/inventory.h"

struct vio_server *vio_server_ref(struct vio_server *server)
{
    if (server)
        vio__inventory_ref(vio__server_inventory(server));
    return server;
}

void vio_server_unref(struct vio_server *server)
{
    if (server)
        vio__inventory_unref(vio__server_inventory(server));
}

const char *vio_server_name(const struct vio_server *server)
{
    return server ? vio__server_info(server)->name : NULL;
}

uint32_t vio_server_index(const struct vio_server *server)
{
    return server ? vio__server_info(server)->index : 0;
}

bool vio_server_is_present(const struct vio_server *server)
{
    return server ? vio__server_info(server)->present : false;
}

bool vio_server_is_powered(const struct vio_server *server)
{
    return server ? vio__server_info(server)->powered : false;
}

uint32_t vio_server_num_ports(const struct vio_server *server)
{
    return server ? vio__server_info(server)->paths : 0;
}

uint32_t vio_server_hotplug_slots(const struct vio_server *server)
{
    return server ? vio__server_info(server)->hotplug_slots : 0;
}

uint32_t vio_server_hotplug_used(const struct vio_server *server)
{
    return server ? vio__server_info(server)->hotplug_used : 0;
}

const char *vio_server_state_name(const struct vio_server *server)
{
    return server ? vio__server_state(server) : NULL;
}

size_t vio_server_num_vadapters(const struct vio_server *server)
{
    return server ? vio__server_vadapters(server) : 0;
}

/* Sums a property over its ports; those without a link where `up` asks for one are left out. */
static uint64_t sum(const struct vio_server *server, uint64_t (*property)(const struct vio_port *),
                    bool up)
{
    uint64_t total = 0;

    for (uint32_t i = 0; i < vio_server_num_ports(server); i++) {
        const struct vio_port *port = vio__server_port(server, i);

        if (port && (!up || vio_port_is_link_up(port)))
            total += property(port);
    }
    return total;
}

uint64_t vio_server_capacity(const struct vio_server *server)
{
    return server ? sum(server, vio_port_capacity, true) : 0;
}

uint64_t vio_server_tx_committed(const struct vio_server *server)
{
    return server ? sum(server, vio_port_tx_committed, false) : 0;
}

uint64_t vio_server_rx_committed(const struct vio_server *server)
{
    return server ? sum(server, vio_port_rx_committed, false) : 0;
}

int vio_server_uuid(const struct vio_server *server, struct vio_address *ret_uuid)
{
    const uint8_t *uuid = server ? vio__server_info(server)->uuid : NULL;

    if (!uuid || !ret_uuid)
        return VIO_EINVAL;
    if (vio__uuid_is_nil(uuid))
        return VIO_ENOENT;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, uuid, VIO_UUID_SIZE);
    return 0;
}

struct vio_port *vio_server_port(const struct vio_server *server, uint32_t at)
{
    return server && at < vio_server_num_ports(server) ? vio__server_port(server, at) : NULL;
}
