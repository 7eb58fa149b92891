/* SPDX-License-Identifier: MIT */
/* vioctl vadapter: showing vAdapters and plugging them in and out. */
#include <stdio.h>
#include <string.h>

#include "tools/vioctl/vadapter.h"

static json_t *describe_identity(const struct vio_vadapter *vadapter,
                                 int (*get)(const struct vio_vadapter *, struct vio_address *))
{
    struct vio_address address;

    return get(vadapter, &address) == 0 ? describe_address(&address) : json_null();
}

static json_t *describe_vlan(const struct vio_vadapter *vadapter)
{
    switch (vio_vadapter_vlan_mode(vadapter)) {
    case VIO_VLAN_ACCESS:
        return json_pack("{s:s, s:i}", "mode", "access", "vlan", (int)vio_vadapter_vlan(vadapter));
    case VIO_VLAN_TRUNK:
        return json_pack("{s:s, s:i, s:s}", "mode", "trunk", "native",
                         (int)vio_vadapter_vlan(vadapter), "vlans",
                         vio_vadapter_vlan_trunk(vadapter));
    default:
        return json_pack("{s:s}", "mode", "none");
    }
}

static json_t *describe_vlan_text(const struct vio_vadapter *vadapter)
{
    char text[320];
    unsigned vlan = vio_vadapter_vlan(vadapter);

    switch (vio_vadapter_vlan_mode(vadapter)) {
    case VIO_VLAN_ACCESS:
        snprintf(text, sizeof text, "%u", vlan);
        return json_string(text);
    case VIO_VLAN_TRUNK:
        snprintf(text, sizeof text, "trunk %s", vio_vadapter_vlan_trunk(vadapter));
        if (vlan != 0)
            snprintf(text, sizeof text, "trunk %s native %u", vio_vadapter_vlan_trunk(vadapter),
                     vlan);
        return json_string(text);
    default:
        return json_null();
    }
}

static json_t *describe_labels(const struct vio_vadapter *vadapter)
{
    json_t *labels = json_object();

    for (size_t at = 0; at < vio_vadapter_num_labels(vadapter); at++)
        json_object_set_new(labels, vio_vadapter_label_key(vadapter, at),
                            json_string(vio_vadapter_label_value(vadapter, at)));
    return labels;
}

/* The identity under the field's own name as well: what a caller of that kind looks for. */
static void add_identity(const struct vio_vadapter *vadapter, json_t *value)
{
    json_t *address = json_object_get(value, "address");

    if (vio_vadapter_kind(vadapter) == VIO_VADAPTER_VNIC) {
        json_object_set(value, "mac", address);
    } else if (vio_vadapter_kind(vadapter) == VIO_VADAPTER_VHBA) {
        json_object_set(value, "wwpn", address);
        json_object_set_new(value, "wwnn", describe_identity(vadapter, vio_vadapter_node_address));
    } else {
        json_object_set_new(value, "size", json_integer((json_int_t)vio_vadapter_size(vadapter)));
    }
}

json_t *describe_vadapter(const struct vio_vadapter *vadapter)
{
    uint32_t function = vio_vadapter_function(vadapter);
    json_t *value = json_pack(
        "{s:s, s:o, s:s, s:s, s:b, s:b, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:I}", "name",
        vio_vadapter_name(vadapter), "uuid", describe_identity(vadapter, vio_vadapter_uuid), "type",
        vio_vadapter_kind_name(vio_vadapter_kind(vadapter)), "state",
        vio_vadapter_state_name(vio_vadapter_state(vadapter)), "enabled",
        vio_vadapter_is_enabled(vadapter), "link_up", vio_vadapter_is_link_up(vadapter), "server",
        vio_vadapter_server(vadapter), "adapter", vio_vadapter_adapter(vadapter), "address",
        describe_identity(vadapter, vio_vadapter_address), "factory_address",
        describe_identity(vadapter, vio_vadapter_factory_address), "vlan", describe_vlan(vadapter),
        "function", function != UINT32_MAX ? json_integer(function) : json_null(), "bdf",
        describe_bdf(vio_vadapter_bdf(vadapter)), "description", vio_vadapter_description(vadapter),
        "labels", describe_labels(vadapter), "generation",
        (json_int_t)vio_vadapter_generation(vadapter));

    if (value != NULL)
        add_identity(vadapter, value);
    return value;
}

static const struct column show_columns[] = {
    {"name", "Name", SHOW_TEXT},
    {"uuid", "UUID", SHOW_TEXT},
    {"type", "Type", SHOW_TEXT},
    {"state", "State", SHOW_TEXT},
    {"enabled", "Enabled", SHOW_YES_NO},
    {"link_up", "Link up", SHOW_YES_NO},
    {"server", "Server", SHOW_TEXT},
    {"bdf", "BDF in the server", SHOW_TEXT},
    {"adapter", "Adapter", SHOW_TEXT},
    {"function", "Function", SHOW_TEXT},
    {"address", "Address", SHOW_TEXT},
    {"wwnn", "WWNN", SHOW_TEXT},
    {"factory_address", "Factory address", SHOW_TEXT},
    {"size", "Size", SHOW_BYTES},
    {"vlan_text", "VLAN", SHOW_TEXT},
    {"description", "Description", SHOW_TEXT},
    {"labels", "Labels", SHOW_LIST},
    {"generation", "Generation", SHOW_TEXT},
    {NULL, NULL, SHOW_TEXT},
};

/* As shown: with its VLAN in words, where it is for people. */
static json_t *describe_for(struct vioctl *ctl, const struct vio_vadapter *vadapter)
{
    json_t *value = describe_vadapter(vadapter);

    if (value != NULL && !session_settings(ctl)->json)
        json_object_set_new(value, "vlan_text", describe_vlan_text(vadapter));
    return value;
}

static json_t *read_vadapter(struct vioctl *ctl, const char *name)
{
    struct vio_inventory *inventory = session_observe(ctl);
    const struct vio_vadapter *vadapter = vio_inventory_find_vadapter(inventory, name);
    json_t *value = vadapter != NULL ? describe_for(ctl, vadapter) : NULL;

    vio_inventory_unref(inventory);
    return value;
}

const struct object_view vadapter_view = {read_vadapter, show_columns};

static json_t *describe(struct vio_list *list, size_t at)
{
    return describe_vadapter(vio_list_vadapter(list, at));
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "NAME", SHOW_TEXT},       {"type", "TYPE", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},     {"enabled", "ENABLED", SHOW_YES_NO},
        {"server", "SERVER", SHOW_TEXT},   {"bdf", "BDF", SHOW_TEXT},
        {"adapter", "ADAPTER", SHOW_TEXT}, {"address", "ADDRESS", SHOW_TEXT},
        {"size", "SIZE", SHOW_BYTES},      {NULL, NULL, SHOW_TEXT},
    };

    return list_run(ctl, args, VIO_NOUN_VADAPTER, describe, columns);
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    const char *name = arguments_operand(args, 0);
    struct vio_inventory *inventory = session_observe(ctl);
    int status = EXIT_REFUSED;

    if (inventory == NULL)
        return EXIT_REFUSED;
    const struct vio_vadapter *vadapter = vio_inventory_find_vadapter(inventory, name);
    if (vadapter == NULL)
        complain("there is no vAdapter '%.63s'; 'vioctl vadapter list' shows those there are",
                 name);
    else
        status = output_object(session_settings(ctl), describe_for(ctl, vadapter), show_columns);
    vio_inventory_unref(inventory);
    return status;
}

static int attach(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    const char *name = arguments_operand(args, 0);
    const char *server = arguments_option(args, "server", 0);

    if (server == NULL)
        return misuse("%s: to which server? give --server NAME", name);
    return change_added(vio_changeset_attach(set, session_chassis(ctl), name, server));
}

static int detach(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    bool force = arguments_option(args, "force", 0) != NULL;

    return change_added(
        vio_changeset_detach(set, session_chassis(ctl), arguments_operand(args, 0), force));
}

static int move(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    int status = detach(ctl, args, set);

    return status == EXIT_DONE ? attach(ctl, args, set) : status;
}

static int enable(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    return change_added(
        vio_changeset_enable(set, session_chassis(ctl), arguments_operand(args, 0)));
}

static int disable(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    return change_added(
        vio_changeset_disable(set, session_chassis(ctl), arguments_operand(args, 0)));
}

static int remove_vadapter(struct vioctl *ctl, const struct arguments *args,
                           struct vio_changeset *set)
{
    return change_added(
        vio_changeset_remove_vadapter(set, session_chassis(ctl), arguments_operand(args, 0)));
}

static int purge(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    return change_added(
        vio_changeset_purge_vadapter(set, session_chassis(ctl), arguments_operand(args, 0)));
}

static const struct option attach_options[] = {
    {"server", "NAME", "the server to plug it into"},
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

static const struct option detach_options[] = {
    {"force", NULL, "without waiting for the server's consent"},
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

static const struct option move_options[] = {
    {"server", "NAME", "the server to plug it into"},
    {"force", NULL, "without waiting for the consent of the server that it is in"},
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

static const struct option generation_options[] = {
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

static const struct option adopt_options[] = {
    {"name", "NAME", "its name (default: its label)"},
    {NULL, NULL, NULL},
};

#define CHANGE(verb, operands, summary, options, edit)                                 \
    {                                                                                  \
        "vadapter", verb, operands, summary, NEEDS_CHASSIS_WRITE, options, NULL, edit, \
            &vadapter_view                                                             \
    }

const struct command vadapter_commands[] = {
    CHANGE("create", "[NAME]", "creates a vNIC, vHBA or vDisk", create_options, create_vadapter),
    {"vadapter", "list", "[PATTERN]", "lists the vAdapters", NEEDS_CHASSIS, list_options,
     .run = list},
    {"vadapter", "show", "NAME", "shows a vAdapter", NEEDS_CHASSIS, NULL, .run = show},
    CHANGE("set", "NAME", "changes a vAdapter", set_options, set_vadapter),
    CHANGE("attach", "NAME", "plugs a vAdapter into a server", attach_options, attach),
    CHANGE("detach", "NAME", "takes a vAdapter out of its server", detach_options, detach),
    CHANGE("move", "NAME", "takes a vAdapter out of its server and plugs it into another",
           move_options, move),
    CHANGE("enable", "NAME", "lets traffic through", generation_options, enable),
    CHANGE("disable", "NAME", "stops traffic", generation_options, disable),
    CHANGE("remove", "NAME", "removes a detached vAdapter; a vDisk keeps its data",
           generation_options, remove_vadapter),
    CHANGE("purge", "NAME", "destroys a removed vDisk and its data", generation_options, purge),
    CHANGE("adopt", "FUNCTION", "makes a foreign function, by its number, a vAdapter",
           adopt_options, adopt_vadapter),
    {.noun = NULL},
};
