/* SPDX-License-Identifier: MIT */
/* vioctl vadapter create and set: options into a vio_vadapter_spec. */
#include <string.h>

#include "tools/vioctl/vadapter.h"

#define CHANGEABLE_OPTIONS                                                               \
    {"mac", "ADDR", "MAC of a vNIC, such as 02:00:00:12:34:56 (default: one is drawn)"}, \
        {"wwpn", "ADDR", "WWPN of a vHBA (default: one is drawn)"},                      \
        {"wwnn", "ADDR", "WWNN of a vHBA (default: one is drawn)"},                      \
        {"pool", "NAME", "the pool from which its identity is drawn"},                   \
        {"node-pool", "NAME", "the pool from which a vHBA's WWNN is drawn"},             \
        {"vlan", "N", "access VLAN of a vNIC, 1 to 4094, or 'none'"},                    \
        {"trunk", "LIST", "VLANs that a vNIC's trunk lets through, such as 10,20-29"},   \
        {"native", "N", "with --trunk: VLAN of untagged frames"},                        \
        {"description", "TEXT", "free text, at most 255 bytes"},                         \
        {"label", "KEY=VALUE", "a label; may be given again"},                           \
    {                                                                                    \
        "enabled", "yes|no", "whether traffic is let through"                            \
    }

const struct option create_options[] = {
    {"type", "KIND", "vnic, vhba or vdisk (required)"},
    {"server", "NAME", "the server to plug it into (default: none)"},
    {"adapter", "NAME", "the adapter behind it (default: the one with the most room)"},
    {"path", "N", "which of the server's ports carries it, 0 or 1 (default: the least used)"},
    {"size", "SIZE", "size of a vDisk, such as 10G"},
    {"uuid", "UUID", "identity of a vDisk (default: one is drawn)"},
    CHANGEABLE_OPTIONS,
    {NULL, NULL, NULL},
};

const struct option set_options[] = {
    {"name", "NAME", "a new name"},
    CHANGEABLE_OPTIONS,
    {"unlabel", "KEY", "removes a label; may be given again"},
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

static int refuse(const char *option, const char *value, int status)
{
    switch (status) {
    case VIO_ENAME:
        if (strcmp(option, "description") == 0)
            return misuse(
                "--description: '%.80s' is not allowed; it has at most 255 bytes of UTF-8 "
                "and no control characters",
                value);
        return misuse("--%s: '%.80s' is not allowed; names have 1 to 63 bytes, begin with a letter "
                      "or digit and go on with letters, digits, '.', '_', '-' or ':'",
                      option, value);
    case VIO_EADDR:
        return misuse("--%s: '%.80s' cannot be an identity; a MAC is neither multicast nor zero, a "
                      "WWN begins with 1, 2, 5 or 6",
                      option, value);
    default:
        return misuse("--%s: '%.80s': %s", option, value, vio_strerror(status));
    }
}

/* Options whose text goes to a setter as it is. */
static int set_texts(struct vio_vadapter_spec *spec, const struct arguments *args)
{
    static const struct {
        const char *option;
        int (*set)(struct vio_vadapter_spec *, const char *);
    } texts[] = {
        {"name", vio_vadapter_spec_set_name},
        {"server", vio_vadapter_spec_set_server},
        {"adapter", vio_vadapter_spec_set_adapter},
        {"pool", vio_vadapter_spec_set_pool},
        {"node-pool", vio_vadapter_spec_set_node_pool},
        {"description", vio_vadapter_spec_set_description},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *value = arguments_option(args, texts[i].option, 0);
        int status = value != NULL ? texts[i].set(spec, value) : 0;

        if (status != 0)
            return refuse(texts[i].option, value, status);
    }
    return EXIT_DONE;
}

static int set_addresses(struct vio_vadapter_spec *spec, const struct arguments *args)
{
    static const struct {
        const char *option;
        int kind;
        const char *form;
        int (*set)(struct vio_vadapter_spec *, const struct vio_address *);
    } addresses[] = {
        {"mac", VIO_ADDRESS_MAC48, "six bytes such as 02:00:00:12:34:56",
         vio_vadapter_spec_set_address},
        {"wwpn", VIO_ADDRESS_WWN, "eight bytes such as 21:00:00:24:ff:2c:7f:9a",
         vio_vadapter_spec_set_address},
        {"uuid", VIO_ADDRESS_UUID, "such as 123e4567-e89b-42d3-a456-426614174000",
         vio_vadapter_spec_set_address},
        {"wwnn", VIO_ADDRESS_WWN, "eight bytes such as 20:00:00:24:ff:2c:7f:9a",
         vio_vadapter_spec_set_node_address},
    };

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const char *value = arguments_option(args, addresses[i].option, 0);
        struct vio_address address;

        if (value == NULL)
            continue;
        int status = vio_address_parse(value, addresses[i].kind, &address);
        if (status == VIO_EPARSE)
            return misuse("--%s: '%.80s' is no address; it is %s", addresses[i].option, value,
                          addresses[i].form);
        if (status == 0)
            status = addresses[i].set(spec, &address);
        if (status != 0)
            return refuse(addresses[i].option, value, status);
    }
    return EXIT_DONE;
}

static int set_vlan(struct vio_vadapter_spec *spec, const struct arguments *args)
{
    const char *access = arguments_option(args, "vlan", 0);
    const char *trunk = arguments_option(args, "trunk", 0);
    const char *native = arguments_option(args, "native", 0);
    uint64_t vlan = 0;
    int status;

    if (access != NULL && trunk != NULL)
        return misuse("--vlan and --trunk exclude each other");
    if (native != NULL && trunk == NULL)
        return misuse("--native goes with --trunk");
    if (access != NULL && strcmp(access, "none") == 0) {
        status = vio_vadapter_spec_set_vlan_none(spec);
        return status == 0 ? EXIT_DONE : refuse("vlan", access, status);
    }
    if (access != NULL || native != NULL) {
        status = parse_number(access != NULL ? "--vlan" : "--native",
                              access != NULL ? access : native, 1, 4094, &vlan);
        if (status != EXIT_DONE)
            return status;
    }
    status = 0;
    if (access != NULL)
        status = vio_vadapter_spec_set_vlan_access(spec, (uint16_t)vlan);
    else if (trunk != NULL)
        status = vio_vadapter_spec_set_vlan_trunk(spec, trunk, (uint16_t)vlan);
    if (status == VIO_EPARSE || status == VIO_ELIMIT)
        return misuse("--trunk: '%.80s' is no list of VLANs; give at most 16 VLANs or ranges from "
                      "1 to 4094, such as 10,20-29",
                      trunk);
    return status == 0 ? EXIT_DONE : refuse("vlan", access != NULL ? access : trunk, status);
}

static int set_label(void *spec, const char *key, const char *value)
{
    return vio_vadapter_spec_set_label(spec, key, value);
}

static int set_enabled(struct vio_vadapter_spec *spec, const struct arguments *args)
{
    const char *enabled = arguments_option(args, "enabled", 0);

    if (enabled == NULL)
        return EXIT_DONE;
    if (strcmp(enabled, "yes") != 0 && strcmp(enabled, "no") != 0)
        return misuse("--enabled: '%.80s' is neither yes nor no", enabled);
    vio_vadapter_spec_set_enabled(spec, strcmp(enabled, "yes") == 0);
    return EXIT_DONE;
}

/* What is given at creation only. */
static int set_creation(struct vio_vadapter_spec *spec, const struct arguments *args)
{
    const char *type = arguments_option(args, "type", 0);
    const char *size = arguments_option(args, "size", 0);
    const char *path = arguments_option(args, "path", 0);
    enum vio_vadapter_kind kind;
    uint64_t value;
    int status;

    if (type == NULL)
        return misuse("create: of which type? give --type vnic, vhba or vdisk");
    status = parse_kind("--type", type, &kind);
    if (status != EXIT_DONE)
        return status;
    vio_vadapter_spec_set_kind(spec, kind);
    if (kind == VIO_VADAPTER_VDISK && size == NULL)
        return misuse("create: how large is the vDisk? give --size, such as --size 10G");
    if (size != NULL) {
        if (parse_size("--size", size, &value) != EXIT_DONE)
            return EXIT_USAGE;
        if (vio_vadapter_spec_set_size(spec, value) != 0)
            return misuse("--size: '%s' is not allowed; a vDisk has at least 1M and a multiple of "
                          "512 bytes",
                          size);
    }
    if (path != NULL) {
        if (parse_number("--path", path, 0, 1, &value) != EXIT_DONE)
            return EXIT_USAGE;
        vio_vadapter_spec_set_path(spec, (uint32_t)value);
    }
    return EXIT_DONE;
}

static int fill(struct vio_vadapter_spec *spec, const struct arguments *args)
{
    int status = set_texts(spec, args);

    if (status == EXIT_DONE)
        status = set_addresses(spec, args);
    if (status == EXIT_DONE)
        status = set_vlan(spec, args);
    if (status == EXIT_DONE)
        status = labels_set(args, spec, set_label);
    if (status == EXIT_DONE)
        status = set_enabled(spec, args);
    return status;
}

int create_vadapter(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    const char *name = arguments_operand(args, 0);
    struct vio_vadapter_spec *spec;

    if (vio_vadapter_spec_new(&spec) != 0)
        return complain("out of memory");
    int status = set_creation(spec, args);
    if (status == EXIT_DONE && name != NULL) {
        int error = vio_vadapter_spec_set_name(spec, name);

        if (error != 0)
            status = refuse("name", name, error);
    }
    if (status == EXIT_DONE)
        status = fill(spec, args);
    if (status == EXIT_DONE)
        status = change_added(vio_changeset_create_vadapter(set, session_chassis(ctl), spec));
    vio_vadapter_spec_free(spec);
    return status;
}

int set_vadapter(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    const char *name = arguments_operand(args, 0);
    struct vio_vadapter_spec *spec;

    if (!arguments_have_any(args, set_options))
        return misuse(
            "set %s: what is to be changed? 'vioctl vadapter set --help' lists the options", name);
    if (vio_vadapter_spec_new(&spec) != 0)
        return complain("out of memory");
    int status = fill(spec, args);
    if (status == EXIT_DONE)
        status = change_added(vio_changeset_set_vadapter(set, session_chassis(ctl), name, spec));
    vio_vadapter_spec_free(spec);
    return status;
}
