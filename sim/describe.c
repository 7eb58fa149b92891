/* SPDX-License-Identifier: MIT */
#include "sim/describe.h"

#include <string.h>

#include "sim/pci.h"

#define MEMORY_BAR_MAX UINT64_C(0x80000000) /* half of what 32 bits address */
#define WIDE_BAR_MAX   UINT64_C(0x100000000)

static int read_bar_type(const struct sim_yaml_node *node, struct sim_bar *bar,
                         struct sim_diag *diag)
{
    static const char *const names[] = {
        [SIM_BAR_IO] = "io", [SIM_BAR_MEM32] = "mem32", [SIM_BAR_MEM64] = "mem64"};
    const struct sim_yaml_node *child = sim_yaml_get(node, "type");
    const char *text = child ? sim_yaml_scalar(child) : NULL;
    for (enum sim_bar_type type = SIM_BAR_IO; text && type <= SIM_BAR_MEM64; type++)
        if (!strcmp(text, names[type])) {
            bar->type = type;
            return 0;
        }
    return sim_yaml_error(child ? child : node, diag,
                          "a BAR needs a type; allowed are io, mem32 and mem64");
}

static int read_bar(const struct sim_yaml_node *node, struct sim_bar bars[SIM_BARS],
                    struct sim_diag *diag)
{
    static const char *const keys[] = {"bar", "type", "prefetchable", "size", NULL};
    struct sim_bar bar = {0};
    uint64_t index = SIM_BARS;
    int err = sim_yaml_expect_keys(node, "a BAR", keys, diag);
    if (!err)
        err = read_bar_type(node, &bar, diag);
    bool is_wide = bar.type == SIM_BAR_MEM64;
    uint64_t min = bar.type == SIM_BAR_IO ? 4 : 16;
    uint64_t max = bar.type == SIM_BAR_IO ? 256 : is_wide ? WIDE_BAR_MAX : MEMORY_BAR_MAX;
    if (!err)
        err = sim_yaml_number(node, "bar", 0, SIM_BARS - 1u - is_wide, &index, diag);
    if (!err)
        err = sim_yaml_switch(node, "prefetchable", &bar.prefetchable, diag);
    if (!err)
        err = sim_yaml_size(node, "size", min, max, &bar.size, diag);
    if (err)
        return err;
    if (index == SIM_BARS || !bar.size || (bar.size & (bar.size - 1)))
        return sim_yaml_error(
            node, diag, "a BAR needs a number (bar: 0 to 5) and a size that is a power of two");
    bool is_taken = bars[index].type || (is_wide && bars[index + 1].type) ||
                    (index && bars[index - 1].type == SIM_BAR_MEM64);
    if (is_taken)
        return sim_yaml_error(node, diag, "BAR %u is in use (mem64 takes two)", (unsigned)index);
    bars[index] = bar;
    return 0;
}

int sim_describe_bars(const struct sim_yaml_node *list, struct sim_bar bars[SIM_BARS],
                      struct sim_diag *diag)
{
    int err = list ? sim_yaml_expect_sequence(list, "bars", diag) : 0;
    if (!list || err)
        return err;
    for (const struct sim_yaml_node *node = sim_yaml_first(list); node; node = sim_yaml_next(node))
        if ((err = read_bar(node, bars, diag)))
            return err;
    return 0;
}

static void write_bars(struct sim_adapter_parts *parts)
{
    for (unsigned i = 0; i < SIM_BARS; i++) {
        const struct sim_bar *bar = &parts->bars[i];
        uint32_t value = bar->type == SIM_BAR_IO
                             ? PCI_BAR_IO
                             : (bar->type == SIM_BAR_MEM64 ? PCI_BAR_MEM64 : 0) |
                                   (bar->prefetchable ? PCI_BAR_PREFETCH : 0);
        if (bar->type)
            sim_put32(parts->image + PCI_BAR0 + 4 * i, value);
    }
}

/* The numbers of the header, each at its place in the image. */
static int read_header(const struct sim_yaml_node *root, struct sim_adapter_parts *parts,
                       struct sim_diag *diag)
{
    static const struct {
        const char *key;
        uint8_t offset, len;
        bool is_required;
        uint64_t min, max;
    } fields[] = {
        {"vendor-id", PCI_VENDOR_ID, 2, true, 0x0001, 0xfffe},
        {"device-id", PCI_DEVICE_ID, 2, true, 0x0000, 0xffff},
        {"class", PCI_CLASS, 3, true, 0x000001, 0xfffffe},
        {"revision", PCI_REVISION, 1, false, 0x00, 0xff},
        {"subsystem-vendor-id", PCI_SUBVENDOR_ID, 2, false, 0x0000, 0xffff},
        {"subsystem-id", PCI_SUBDEVICE_ID, 2, false, 0x0000, 0xffff},
        {"interrupt-pin", PCI_INTERRUPT_PIN, 1, false, 0, 4},
    };
    for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        uint64_t value = 0;
        if (fields[i].is_required && !sim_yaml_get(root, fields[i].key))
            return sim_yaml_error(root, diag, "%s is missing", fields[i].key);
        int err = sim_yaml_number(root, fields[i].key, fields[i].min, fields[i].max, &value, diag);
        if (err)
            return err;
        for (unsigned b = 0; b < fields[i].len; b++)
            parts->image[fields[i].offset + b] = (uint8_t)(value >> 8 * b);
    }
    return 0;
}

/* What the config space does not say. */
static int read_facts(const struct sim_yaml_node *root, struct sim_adapter_parts *parts,
                      struct sim_diag *diag)
{
    uint64_t functions = 0, ports = 0, speed = 0;
    int err = sim_yaml_text(root, "model", parts->model, sizeof(parts->model), diag);
    if (!err)
        err = sim_yaml_text(root, "identity", parts->identity, sizeof(parts->identity), diag);
    if (!err)
        err = sim_yaml_number(root, "functions", 1, SIM_ADAPTER_FUNCTIONS_MAX, &functions, diag);
    if (!err)
        err = sim_yaml_number(root, "ports", 1, SIM_ADAPTER_PORTS_MAX, &ports, diag);
    if (!err)
        err = sim_yaml_number(root, "port-speed", 1, 10000000, &speed, diag);
    if (!err)
        err = sim_yaml_size(root, "capacity", 1, UINT64_C(1) << 60, &parts->capacity, diag);
    if (!err)
        err = sim_yaml_size(root, "rom", 2048, 16u << 20, &parts->rom_size, diag);
    if (!err && (parts->rom_size & (parts->rom_size - 1)))
        err = sim_yaml_error(sim_yaml_get(root, "rom"), diag, "rom has to be a power of two");
    parts->functions = (unsigned)functions;
    parts->ports = (unsigned)ports;
    parts->port_speed = (uint32_t)speed;
    return err;
}

static int read_description(const struct sim_yaml_node *root, struct sim_adapter_parts *parts,
                            struct sim_diag *diag)
{
    static const char *const keys[] = {"model",
                                       "vendor-id",
                                       "device-id",
                                       "subsystem-vendor-id",
                                       "subsystem-id",
                                       "revision",
                                       "class",
                                       "interrupt-pin",
                                       "identity",
                                       "functions",
                                       "ports",
                                       "port-speed",
                                       "capacity",
                                       "rom",
                                       "bars",
                                       "capabilities",
                                       "extended-capabilities",
                                       NULL};
    int err = sim_yaml_expect_keys(root, "an adapter", keys, diag);
    if (!err)
        err = read_header(root, parts, diag);
    if (!err)
        err = read_facts(root, parts, diag);
    if (!err)
        err = sim_describe_bars(sim_yaml_get(root, "bars"), parts->bars, diag);
    write_bars(parts);
    if (!err)
        err = sim_describe_caps(sim_yaml_get(root, "capabilities"), parts, diag);
    if (!err)
        err = sim_describe_ext_caps(sim_yaml_get(root, "extended-capabilities"), parts, diag);
    return err;
}

int sim_describe_parse(const struct vio_alloc *alloc, const char *name, const char *text,
                       size_t len, struct sim_adapter_parts *ret_parts, struct sim_diag *diag)
{
    struct sim_yaml *yaml;
    int err = sim_yaml_parse(alloc, name, text, len, &yaml, diag);
    if (err)
        return err;
    struct sim_adapter_parts parts = {0};
    err = read_description(sim_yaml_root(yaml), &parts, diag);
    sim_yaml_free(yaml);
    if (err)
        return err;
    sim_adapter_parts_complete(&parts);
    *ret_parts = parts;
    return 0;
}
