/* SPDX-License-Identifier: MIT */
#include "tools/vioctl/config_space.h"

static json_t *describe_ports(const struct vio_server *server)
{
    json_t *ports = json_array();

    for (uint32_t at = 0; at < vio_server_num_ports(server); at++)
        json_array_append_new(ports, json_string(vio_port_name(vio_server_port(server, at))));
    return ports;
}

static json_t *describe_server(const struct vio_server *server)
{
    struct vio_address uuid;

    return json_pack("{s:s, s:I, s:o, s:s, s:b, s:b, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "name",
                     vio_server_name(server), "index", (json_int_t)vio_server_index(server), "uuid",
                     vio_server_uuid(server, &uuid) == 0 ? describe_address(&uuid) : json_null(),
                     "state", vio_server_state_name(server), "present",
                     vio_server_is_present(server), "powered", vio_server_is_powered(server),
                     "ports", describe_ports(server), "hotplug_slots",
                     (json_int_t)vio_server_hotplug_slots(server), "hotplug_used",
                     (json_int_t)vio_server_hotplug_used(server), "vadapters",
                     (json_int_t)vio_server_num_vadapters(server), "capacity",
                     (json_int_t)vio_server_capacity(server), "tx_committed",
                     (json_int_t)vio_server_tx_committed(server), "rx_committed",
                     (json_int_t)vio_server_rx_committed(server));
}

static json_t *describe(struct vio_list *list, size_t at)
{
    return describe_server(vio_list_server(list, at));
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "NAME", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},
        {"ports", "PORTS", SHOW_LIST},
        {"vadapters", "VADAPTERS", SHOW_TEXT},
        {"hotplug_used", "SLOTS USED", SHOW_TEXT},
        {"hotplug_slots", "OF", SHOW_TEXT},
        {"capacity", "CAPACITY", SHOW_RATE},
        {"tx_committed", "TX GUARANTEED", SHOW_RATE},
        {"rx_committed", "RX GUARANTEED", SHOW_RATE},
        {NULL, NULL, SHOW_TEXT},
    };

    return list_run(ctl, args, VIO_NOUN_SERVER, describe, columns);
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "Name", SHOW_TEXT},
        {"uuid", "UUID", SHOW_TEXT},
        {"state", "State", SHOW_TEXT},
        {"ports", "Ports", SHOW_LIST},
        {"vadapters", "vAdapters", SHOW_TEXT},
        {"hotplug_used", "Hot-plug slots used", SHOW_TEXT},
        {"hotplug_slots", "Hot-plug slots", SHOW_TEXT},
        {"capacity", "Capacity", SHOW_RATE},
        {"tx_committed", "Guaranteed from it", SHOW_RATE},
        {"rx_committed", "Guaranteed to it", SHOW_RATE},
        {NULL, NULL, SHOW_TEXT},
    };
    struct vio_inventory *inventory = session_observe(ctl);
    int status = EXIT_REFUSED;

    if (inventory == NULL)
        return EXIT_REFUSED;
    const struct vio_server *server = session_find_server(inventory, arguments_operand(args, 0));
    if (server != NULL)
        status = output_object(session_settings(ctl), describe_server(server), columns);
    vio_inventory_unref(inventory);
    return status;
}

static int config_space(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_inventory *inventory = session_observe(ctl);
    int status = EXIT_REFUSED;

    if (inventory == NULL)
        return EXIT_REFUSED;
    const struct vio_server *server = session_find_server(inventory, arguments_operand(args, 0));
    if (server != NULL)
        status = config_space_print(ctl, vio_server_index(server));
    vio_inventory_unref(inventory);
    return status;
}

const struct command server_commands[] = {
    {"server", "list", "[PATTERN]", "lists the servers", NEEDS_CHASSIS, list_options, .run = list},
    {"server", "show", "NAME", "shows a server", NEEDS_CHASSIS, NULL, .run = show},
    {"server", "config-space", "NAME",
     "prints the configuration spaces of the server's hierarchy, for lspci -F", NEEDS_CHASSIS, NULL,
     .run = config_space},
    {.noun = NULL},
};
