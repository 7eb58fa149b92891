/* SPDX-License-Identifier: MIT */
#include "tools/vioctl/vioctl.h"

static json_t *describe(struct vio_list *list, size_t at)
{
    const struct vio_port *port = vio_list_port(list, at);

    return json_pack(
        "{s:s, s:I, s:s, s:s, s:I, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:I, "
        "s:I, s:I, s:I}",
        "name", vio_port_name(port), "index", (json_int_t)vio_port_index(port), "type",
        vio_port_type_name(vio_port_type(port)), "owner", vio_port_owner(port), "path",
        (json_int_t)vio_port_path(port), "state", vio_port_state_name(port), "enabled",
        vio_port_is_enabled(port), "link_up", vio_port_is_link_up(port), "width",
        (json_int_t)vio_port_width(port), "max_width", (json_int_t)vio_port_max_width(port),
        "speed_mt", (json_int_t)vio_port_speed(port), "max_speed_mt",
        (json_int_t)vio_port_max_speed(port), "capacity", (json_int_t)vio_port_capacity(port),
        "tx_committed", (json_int_t)vio_port_tx_committed(port), "rx_committed",
        (json_int_t)vio_port_rx_committed(port), "tx_bytes", (json_int_t)vio_port_tx_bytes(port),
        "rx_bytes", (json_int_t)vio_port_rx_bytes(port), "correctable_errors",
        (json_int_t)vio_port_correctable_errors(port), "nonfatal_errors",
        (json_int_t)vio_port_nonfatal_errors(port), "fatal_errors",
        (json_int_t)vio_port_fatal_errors(port), "link_downs",
        (json_int_t)vio_port_link_downs(port));
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "NAME", SHOW_TEXT},
        {"type", "TYPE", SHOW_TEXT},
        {"owner", "OWNER", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},
        {"width", "LANES", SHOW_TEXT},
        {"speed_mt", "MT/s", SHOW_TEXT},
        {"capacity", "CAPACITY", SHOW_RATE},
        {"tx_committed", "TX GUARANTEED", SHOW_RATE},
        {"rx_committed", "RX GUARANTEED", SHOW_RATE},
        {"link_downs", "LINK DOWNS", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };

    return list_run(ctl, args, VIO_NOUN_PORT, describe, columns);
}

const struct command port_commands[] = {
    {"port", "list", "[PATTERN]", "lists server, adapter and external ports", NEEDS_CHASSIS,
     list_options, .run = list},
    {.noun = NULL},
};
