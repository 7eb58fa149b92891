/* SPDX-License-Identifier: MIT */
#include "tools/vioctl/vioctl.h"

static json_t *describe(const struct vio_inventory *inventory, const char *uri)
{
    struct vio_address uuid;
    json_t *id = vio_inventory_uuid(inventory, &uuid) == 0 ? describe_address(&uuid) : json_null();

    return json_pack(
        "{s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "name",
        vio_inventory_name(inventory), "uri", uri, "uuid", id, "model",
        vio_inventory_model(inventory), "serial", vio_inventory_serial(inventory), "firmware",
        vio_inventory_firmware(inventory), "owner", vio_inventory_owner(inventory), "healthy",
        vio_inventory_fault(inventory) == 0, "fault", (json_int_t)vio_inventory_fault(inventory),
        "version", (json_int_t)vio_inventory_version(inventory), "servers",
        (json_int_t)vio_inventory_num_servers(inventory), "ports",
        (json_int_t)vio_inventory_num_ports(inventory), "adapters",
        (json_int_t)vio_inventory_num_adapters(inventory), "functions",
        (json_int_t)vio_inventory_num_functions(inventory), "max_functions",
        (json_int_t)vio_inventory_max_functions(inventory), "vadapters",
        (json_int_t)vio_inventory_num_vadapters(inventory));
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "Name", SHOW_TEXT},
        {"uri", "URI", SHOW_TEXT},
        {"uuid", "UUID", SHOW_TEXT},
        {"model", "Model", SHOW_TEXT},
        {"serial", "Serial", SHOW_TEXT},
        {"firmware", "Firmware", SHOW_TEXT},
        {"owner", "Owner", SHOW_TEXT},
        {"healthy", "Healthy", SHOW_TEXT},
        {"servers", "Servers", SHOW_TEXT},
        {"ports", "Ports", SHOW_TEXT},
        {"adapters", "Adapters", SHOW_TEXT},
        {"vadapters", "vAdapters", SHOW_TEXT},
        {"functions", "Functions", SHOW_TEXT},
        {"max_functions", "Functions at most", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    struct vio_inventory *inventory = session_observe(ctl);

    (void)args;
    if (inventory == NULL)
        return EXIT_REFUSED;
    json_t *value = describe(inventory, vio_chassis_uri(session_chassis(ctl)));
    vio_inventory_unref(inventory);
    return output_object(session_settings(ctl), value, columns);
}

const struct command chassis_commands[] = {
    {"chassis", "show", "", "shows the chassis", NEEDS_CHASSIS, NULL, .run = show},
    {.noun = NULL},
};
