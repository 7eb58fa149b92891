/* SPDX-License-Identifier: MIT */
/* What a snapshot tells of each of its objects. */
#include "lib/domain/inventory_parts.h"

static const char *server_name(const struct vio_inventory *inventory, uint32_t index)
{
    const struct vio_observation *seen = inventory->observation;

    return index < seen->num_servers ? seen->servers[index].name : "";
}

static const char *adapter_name(const struct vio_inventory *inventory, uint32_t index)
{
    const struct vio_observation *seen = inventory->observation;

    return index < seen->num_adapters ? seen->adapters[index].name : "";
}

struct vio_inventory *vio__port_inventory(const struct vio_port *port)
{
    return port->inventory;
}

const struct vio_port_info *vio__port_info(const struct vio_port *port)
{
    return port->info;
}

const char *vio__port_owner(const struct vio_port *port)
{
    return port->info->type == VIO_PORT_SERVER ? server_name(port->inventory, port->info->owner)
                                               : adapter_name(port->inventory, port->info->owner);
}

const char *vio__port_state(const struct vio_port *port)
{
    return !port->info->enabled ? "disabled" : port->info->link_up ? "up" : "down";
}

struct vio_inventory *vio__server_inventory(const struct vio_server *server)
{
    return server->inventory;
}

const struct vio_server_info *vio__server_info(const struct vio_server *server)
{
    return server->info;
}

size_t vio__server_vadapters(const struct vio_server *server)
{
    return server->vadapters;
}

struct vio_port *vio__server_port(const struct vio_server *server, uint32_t at)
{
    const struct vio_inventory *inventory = server->inventory;

    for (size_t i = 0; at < 2 && i < inventory->array[VIO_NOUN_PORT].count; i++) {
        struct vio_port *port = vio__inventory_at(inventory, VIO_NOUN_PORT, i);

        if (port->info->index == server->info->port[at])
            return port;
    }
    return NULL;
}

const char *vio__server_state(const struct vio_server *server)
{
    return !server->info->present ? "absent" : server->info->powered ? "on" : "off";
}

struct vio_inventory *vio__adapter_inventory(const struct vio_adapter *adapter)
{
    return adapter->inventory;
}

const struct vio_adapter_info *vio__adapter_info(const struct vio_adapter *adapter)
{
    return adapter->info;
}

const char *vio__adapter_state(const struct vio_adapter *adapter)
{
    const struct vio_adapter_info *info = adapter->info;

    return info->fault ? "fault" : !info->present ? "empty" : info->powered ? "ok" : "off";
}

struct vio_inventory *vio__function_inventory(const struct vio_function *function)
{
    return function->inventory;
}

const struct vio_function_info *vio__function_info(const struct vio_function *function)
{
    return function->info;
}

struct vio_vadapter *vio__function_vadapter(const struct vio_function *function)
{
    return function->vadapter;
}

const char *vio__function_adapter(const struct vio_function *function)
{
    return adapter_name(function->inventory, function->info->adapter);
}

const char *vio__function_server(const struct vio_function *function)
{
    return server_name(function->inventory, function->info->server);
}

struct vio_inventory *vio__vadapter_inventory(const struct vio_vadapter *vadapter)
{
    return vadapter->inventory;
}

const struct vio_vadapter_info *vio__vadapter_info(const struct vio_vadapter *vadapter)
{
    return vadapter->info;
}

const struct vio_function_info *vio__vadapter_actual(const struct vio_vadapter *vadapter)
{
    return vadapter->function;
}

enum vio_vadapter_state vio__vadapter_state(const struct vio_vadapter *vadapter)
{
    static const enum vio_vadapter_state states[] = {
        [VIO_FUNCTION_UNKNOWN] = VIO_VADAPTER_STATE_UNKNOWN,
        [VIO_FUNCTION_DETACHED] = VIO_VADAPTER_STATE_DETACHED,
        [VIO_FUNCTION_BINDING] = VIO_VADAPTER_STATE_ATTACHING,
        [VIO_FUNCTION_BOUND] = VIO_VADAPTER_STATE_ATTACHED,
        [VIO_FUNCTION_UNBINDING] = VIO_VADAPTER_STATE_DETACHING,
        [VIO_FUNCTION_FAULT] = VIO_VADAPTER_STATE_FAULT,
    };
    const struct vio_function_info *function = vadapter->function;

    if (!function)
        return VIO_VADAPTER_STATE_LOST;
    if (vadapter->info->retired != 0)
        return VIO_VADAPTER_STATE_RETIRED;
    return (size_t)function->state < sizeof(states) / sizeof(states[0])
               ? states[function->state]
               : VIO_VADAPTER_STATE_UNKNOWN;
}

/* Where it is; while it has no function, where it should be. */
const char *vio__vadapter_adapter(const struct vio_vadapter *vadapter)
{
    return adapter_name(vadapter->inventory,
                        vadapter->function ? vadapter->function->adapter : vadapter->info->adapter);
}

const char *vio__vadapter_server(const struct vio_vadapter *vadapter)
{
    return server_name(vadapter->inventory,
                       vadapter->function ? vadapter->function->server : vadapter->info->server);
}

const char *vio__vadapter_trunk(const struct vio_vadapter *vadapter)
{
    return vadapter->trunk ? vadapter->trunk : "";
}
