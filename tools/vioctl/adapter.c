/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

static json_t *describe_id(uint16_t vendor, uint16_t device)
{
    char text[16];

    snprintf(text, sizeof text, "%04x:%04x", vendor, device);
    return json_string(text);
}

static json_t *describe_caps(uint32_t caps)
{
    static const struct {
        enum vio_adapter_cap cap;
        const char *name;
    } names[] = {
        {VIO_ADAPTER_CAP_VLAN_ACCESS, "vlan-access"},
        {VIO_ADAPTER_CAP_VLAN_TRUNK, "vlan-trunk"},
        {VIO_ADAPTER_CAP_MIN_RATE, "min-rate"},
        {VIO_ADAPTER_CAP_MAX_RATE, "max-rate"},
        {VIO_ADAPTER_CAP_ADDRESS, "address"},
        {VIO_ADAPTER_CAP_LIVE_ADDRESS, "live-address"},
    };
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (caps & names[i].cap)
            json_array_append_new(list, json_string(names[i].name));
    return list;
}

static json_t *describe_factory(const struct vio_adapter *adapter)
{
    struct vio_address address;

    if (vio_adapter_factory_address(adapter, &address) != 0)
        return json_null();
    return describe_address(&address);
}

static json_t *describe_adapter(const struct vio_adapter *adapter)
{
    char class_code[8];
    enum vio_vadapter_kind kind = vio_adapter_kind(adapter);

    snprintf(class_code, sizeof class_code, "%06x", (unsigned)vio_adapter_class_code(adapter));
    return json_pack(
        "{s:s, s:I, s:s, s:s, s:o, s:s, s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:o, "
        "s:o}",
        "name", vio_adapter_name(adapter), "index", (json_int_t)vio_adapter_index(adapter), "model",
        vio_adapter_model(adapter), "state", vio_adapter_state_name(adapter), "kind",
        kind != VIO_VADAPTER_UNKNOWN ? json_string(vio_vadapter_kind_name(kind)) : json_null(),
        "sharing", vio_sharing_name(vio_adapter_sharing(adapter)), "pci_id",
        describe_id(vio_adapter_vendor_id(adapter), vio_adapter_device_id(adapter)), "subsystem_id",
        describe_id(vio_adapter_subsystem_vendor_id(adapter), vio_adapter_subsystem_id(adapter)),
        "class", class_code, "revision", (json_int_t)vio_adapter_revision(adapter), "max_functions",
        (json_int_t)vio_adapter_max_functions(adapter), "used_functions",
        (json_int_t)vio_adapter_used_functions(adapter), "capacity",
        (json_int_t)vio_adapter_capacity(adapter), "tx_committed",
        (json_int_t)vio_adapter_tx_committed(adapter), "rx_committed",
        (json_int_t)vio_adapter_rx_committed(adapter), "space",
        (json_int_t)vio_adapter_space(adapter), "space_used",
        (json_int_t)vio_adapter_space_used(adapter), "factory_address", describe_factory(adapter),
        "caps", describe_caps(vio_adapter_caps(adapter)));
}

static json_t *describe(struct vio_list *list, size_t at)
{
    return describe_adapter(vio_list_adapter(list, at));
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "NAME", SHOW_TEXT},
        {"model", "MODEL", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},
        {"kind", "KIND", SHOW_TEXT},
        {"sharing", "SHARING", SHOW_TEXT},
        {"pci_id", "PCI ID", SHOW_TEXT},
        {"used_functions", "USED", SHOW_TEXT},
        {"max_functions", "OF", SHOW_TEXT},
        {"capacity", "CAPACITY", SHOW_RATE},
        {"space", "SPACE", SHOW_BYTES},
        {"space_used", "USED SPACE", SHOW_BYTES},
        {NULL, NULL, SHOW_TEXT},
    };

    return list_run(ctl, args, VIO_NOUN_ADAPTER, describe, columns);
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "Name", SHOW_TEXT},
        {"model", "Model", SHOW_TEXT},
        {"state", "State", SHOW_TEXT},
        {"kind", "Shared as", SHOW_TEXT},
        {"sharing", "Sharing", SHOW_TEXT},
        {"pci_id", "PCI id", SHOW_TEXT},
        {"subsystem_id", "Subsystem id", SHOW_TEXT},
        {"class", "Class", SHOW_TEXT},
        {"revision", "Revision", SHOW_TEXT},
        {"used_functions", "Functions used", SHOW_TEXT},
        {"max_functions", "Functions at most", SHOW_TEXT},
        {"capacity", "Capacity", SHOW_RATE},
        {"tx_committed", "Guaranteed from servers", SHOW_RATE},
        {"rx_committed", "Guaranteed to servers", SHOW_RATE},
        {"space", "Space", SHOW_BYTES},
        {"space_used", "Space used", SHOW_BYTES},
        {"factory_address", "Factory address", SHOW_TEXT},
        {"caps", "Can set", SHOW_LIST},
        {NULL, NULL, SHOW_TEXT},
    };
    struct vio_inventory *inventory = session_observe(ctl);
    int status = EXIT_REFUSED;

    if (inventory == NULL)
        return EXIT_REFUSED;
    const struct vio_adapter *adapter = session_find_adapter(inventory, arguments_operand(args, 0));
    if (adapter != NULL)
        status = output_object(session_settings(ctl), describe_adapter(adapter), columns);
    vio_inventory_unref(inventory);
    return status;
}

const struct command adapter_commands[] = {
    {"adapter", "list", "[PATTERN]", "lists the adapters, slot by slot", NEEDS_CHASSIS,
     list_options, .run = list},
    {"adapter", "show", "NAME", "shows an adapter", NEEDS_CHASSIS, NULL, .run = show},
    {.noun = NULL},
};
