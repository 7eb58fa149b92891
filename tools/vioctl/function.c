/* SPDX-License-Identifier: MIT */
#include "tools/vioctl/vioctl.h"

static json_t *describe_identity(const struct vio_function *function,
                                 int (*get)(const struct vio_function *, struct vio_address *))
{
    struct vio_address address;

    return get(function, &address) == 0 ? describe_address(&address) : json_null();
}

static json_t *describe(struct vio_list *list, size_t at)
{
    const struct vio_function *function = vio_list_function(list, at);
    uint32_t vf = vio_function_vf(function);

    return json_pack(
        "{s:I, s:s, s:o, s:s, s:s, s:b, s:b, s:b, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:I, s:I, "
        "s:I, "
        "s:I, s:I, s:I, s:I, s:I}",
        "index", (json_int_t)vio_function_index(function), "name", vio_function_label(function),
        "cookie", describe_identity(function, vio_function_cookie), "kind",
        vio_vadapter_kind_name(vio_function_kind(function)), "state",
        vio_function_state_name(vio_function_state(function)), "enabled",
        vio_function_is_enabled(function), "link_up", vio_function_is_link_up(function), "foreign",
        vio_function_is_foreign(function), "adapter", vio_function_adapter(function), "server",
        vio_function_server(function), "path", (json_int_t)vio_function_path(function), "bdf",
        describe_bdf(vio_function_bdf(function)), "vf",
        vf != UINT32_MAX ? json_integer(vf) : json_null(), "address",
        describe_identity(function, vio_function_address), "node_address",
        describe_identity(function, vio_function_node_address), "size",
        (json_int_t)vio_function_size(function), "rx_bytes",
        (json_int_t)vio_function_rx_bytes(function), "rx_frames",
        (json_int_t)vio_function_rx_frames(function), "rx_drops",
        (json_int_t)vio_function_rx_drops(function), "tx_bytes",
        (json_int_t)vio_function_tx_bytes(function), "tx_frames",
        (json_int_t)vio_function_tx_frames(function), "tx_drops",
        (json_int_t)vio_function_tx_drops(function), "generation",
        (json_int_t)vio_function_generation(function));
}

json_t *function_list(struct vioctl *ctl)
{
    return list_describe(ctl, VIO_NOUN_FUNCTION, NULL, describe);
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"index", "FUNCTION", SHOW_TEXT},  {"name", "LABEL", SHOW_TEXT},
        {"kind", "KIND", SHOW_TEXT},       {"state", "STATE", SHOW_TEXT},
        {"adapter", "ADAPTER", SHOW_TEXT}, {"vf", "VF", SHOW_TEXT},
        {"server", "SERVER", SHOW_TEXT},   {"bdf", "BDF", SHOW_TEXT},
        {"address", "ADDRESS", SHOW_TEXT}, {"foreign", "FOREIGN", SHOW_TEXT},
        {"rx_bytes", "RX", SHOW_BYTES},    {"tx_bytes", "TX", SHOW_BYTES},
        {NULL, NULL, SHOW_TEXT},
    };

    return list_run(ctl, args, VIO_NOUN_FUNCTION, describe, columns);
}

const struct command function_commands[] = {
    {"function", "list", "[PATTERN]", "lists the functions in hardware", NEEDS_CHASSIS,
     list_options, .run = list},
    {.noun = NULL},
};
