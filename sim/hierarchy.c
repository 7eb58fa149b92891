/* SPDX-License-Identifier: MIT */
#include "sim/hierarchy.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "sim/bridge.h"
#include "sim/pci.h"
#include "sim/pcie_port.h"

#define ROOT_BDF       SIM_BDF(0, 1, 0)
#define UPSTREAM_BUS   1
#define DOWNSTREAM_BUS 2
#define FIRST_SLOT_BUS 3
#define SINGLE_DEVICES 32 /* more slots than this share devices, eight functions each */

struct slot {
    struct sim_cfgspace *port;
    struct sim_cfgspace *endpoint; /* borrowed; NULL: empty */
    char label[64];
};

struct sim_hierarchy {
    const struct vio_alloc *alloc;
    sim_hotplug_fn *fn;
    void *data;
    struct sim_cfgspace *root, *upstream;
    unsigned count;
    struct slot slots[];
};

static int slot_of_devfn(const struct sim_hierarchy *hierarchy, uint8_t devfn)
{
    bool is_packed = hierarchy->count > SINGLE_DEVICES;
    if (!is_packed && (devfn & 7))
        return -1;
    unsigned slot = is_packed ? devfn : devfn >> 3;
    return slot < hierarchy->count ? (int)slot : -1;
}

static bool is_on(const struct slot *slot)
{
    return !(sim_pcie_port_get(slot->port, PCI_EXP_SLTCTL, 2) & PCI_EXP_SLTCTL_OFF);
}

/* Whether an endpoint would be reached: the slot has power, and its link is not disabled. */
static bool is_open(const struct slot *slot)
{
    return is_on(slot) &&
           !(sim_pcie_port_get(slot->port, PCI_EXP_LNKCTL, 2) & PCI_EXP_LNKCTL_DISABLE);
}

static void tell(const struct sim_hierarchy *hierarchy, unsigned slot, enum sim_hotplug_event event)
{
    if (hierarchy->fn)
        hierarchy->fn(hierarchy->data, slot, event);
}

static void set_buses(struct sim_cfgspace *port, unsigned primary, unsigned secondary,
                      unsigned subordinate)
{
    sim_cfgspace_put(port, PCI_PRIMARY_BUS, 1, primary);
    sim_cfgspace_put(port, PCI_SECONDARY_BUS, 1, secondary);
    sim_cfgspace_put(port, PCI_SUBORDINATE_BUS, 1, subordinate);
    sim_cfgspace_put(port, PCI_INTERRUPT_LINE, 1, 11);
}

/* The constants of a downstream port that differ between slots. */
static void number_port(const struct sim_hierarchy *hierarchy, unsigned index)
{
    struct sim_cfgspace *port = hierarchy->slots[index].port;
    uint32_t lnkcap = sim_pcie_port_get(port, PCI_EXP_LNKCAP, 4);
    uint32_t sltcap = sim_pcie_port_get(port, PCI_EXP_SLTCAP, 4);
    sim_pcie_port_set(port, PCI_EXP_LNKCAP, 4, (lnkcap & 0x00ffffff) | (index + 1) << 24);
    sim_pcie_port_set(port, PCI_EXP_SLTCAP, 4, (sltcap & 0x0007ffff) | (index + 1) << 19);
    if (hierarchy->count > SINGLE_DEVICES)
        sim_cfgspace_set(port, PCI_HEADER_TYPE, 1, 0x01 | PCI_HEADER_MULTI);
}

static void set_power(struct slot *slot, bool on)
{
    sim_pcie_port_change(slot->port, PCI_EXP_SLTCTL, PCI_EXP_SLTCTL_PIC | PCI_EXP_SLTCTL_OFF,
                         on ? PCI_EXP_SLTCTL_PIC_ON : PCI_EXP_SLTCTL_PIC | PCI_EXP_SLTCTL_OFF);
}

/* Shows whether the slot is in use, as it is after the port itself was reset. */
static void restore_slot(const struct sim_hierarchy *hierarchy, unsigned index)
{
    struct slot *slot = (struct slot *)&hierarchy->slots[index];
    sim_cfgspace_reset(slot->port);
    number_port(hierarchy, index);
    if (slot->endpoint) {
        sim_cfgspace_reset(slot->endpoint);
        sim_pcie_port_change(slot->port, PCI_EXP_SLTSTA, 0, PCI_EXP_SLTSTA_PDS);
        set_power(slot, true);
    }
    sim_pcie_port_link(slot->port, slot->endpoint);
}

static void assign_endpoint(const struct sim_hierarchy *hierarchy, unsigned index)
{
    struct sim_bridge_window window = sim_bridge_window(hierarchy->count, index, 1);
    sim_bridge_assign(hierarchy->slots[index].endpoint, &window);
}

void sim_hierarchy_reset(struct sim_hierarchy *hierarchy)
{
    unsigned count = hierarchy->count;
    unsigned last_bus = FIRST_SLOT_BUS + count - 1;
    struct sim_bridge_window all = sim_bridge_window(count, 0, count);
    sim_cfgspace_reset(hierarchy->root);
    sim_cfgspace_reset(hierarchy->upstream);
    set_buses(hierarchy->root, 0, UPSTREAM_BUS, last_bus);
    set_buses(hierarchy->upstream, UPSTREAM_BUS, DOWNSTREAM_BUS, last_bus);
    sim_bridge_open(hierarchy->root, &all);
    sim_bridge_open(hierarchy->upstream, &all);
    for (unsigned i = 0; i < count; i++) {
        struct sim_bridge_window window = sim_bridge_window(count, i, 1);
        restore_slot(hierarchy, i);
        set_buses(hierarchy->slots[i].port, DOWNSTREAM_BUS, FIRST_SLOT_BUS + i, FIRST_SLOT_BUS + i);
        sim_bridge_open(hierarchy->slots[i].port, &window);
        if (hierarchy->slots[i].endpoint)
            assign_endpoint(hierarchy, i);
    }
}

static int new_port(const struct vio_alloc *alloc, unsigned type, const struct sim_link *link,
                    struct sim_cfgspace **ret_port)
{
    struct sim_layout *layout = sim_pcie_port_layout(alloc, type, link);
    if (!layout)
        return VIO_ENOMEM;
    int err = sim_cfgspace_new_layout(layout, ret_port);
    sim_layout_unref(layout);
    return err;
}

static int new_downstream_ports(struct sim_hierarchy *hierarchy, const struct sim_link *link)
{
    struct sim_layout *layout = sim_pcie_port_layout(hierarchy->alloc, PCI_EXP_TYPE_DOWN, link);
    int err = layout ? 0 : VIO_ENOMEM;
    for (unsigned i = 0; i < hierarchy->count && !err; i++)
        err = sim_cfgspace_new_layout(layout, &hierarchy->slots[i].port);
    sim_layout_unref(layout);
    return err;
}

int sim_hierarchy_new(const struct vio_alloc *alloc, unsigned slots, const struct sim_link *link,
                      sim_hotplug_fn *fn, void *data, struct sim_hierarchy **ret_hierarchy)
{
    if (slots < 1 || slots > SIM_HIERARCHY_SLOTS_MAX || link->speed < 1 || link->speed > 6 ||
        link->width < 1 || link->width > 32)
        return VIO_EINVAL;
    struct sim_hierarchy *hierarchy =
        vio__calloc(alloc, 1, sizeof(*hierarchy) + slots * sizeof(hierarchy->slots[0]));
    if (!hierarchy)
        return VIO_ENOMEM;
    hierarchy->alloc = alloc;
    hierarchy->fn = fn;
    hierarchy->data = data;
    hierarchy->count = slots;
    int err = new_port(alloc, PCI_EXP_TYPE_ROOT, link, &hierarchy->root);
    if (!err)
        err = new_port(alloc, PCI_EXP_TYPE_UPSTREAM, link, &hierarchy->upstream);
    if (!err)
        err = new_downstream_ports(hierarchy, link);
    if (err) {
        sim_hierarchy_free(hierarchy);
        return err;
    }
    sim_hierarchy_reset(hierarchy);
    *ret_hierarchy = hierarchy;
    return 0;
}

void sim_hierarchy_free(struct sim_hierarchy *hierarchy)
{
    if (!hierarchy)
        return;
    for (unsigned i = 0; i < hierarchy->count; i++)
        sim_cfgspace_free(hierarchy->slots[i].port);
    sim_cfgspace_free(hierarchy->upstream);
    sim_cfgspace_free(hierarchy->root);
    vio__free(hierarchy->alloc, hierarchy);
}

unsigned sim_hierarchy_slots(const struct sim_hierarchy *hierarchy)
{
    return hierarchy->count;
}

int sim_hierarchy_free_slot(const struct sim_hierarchy *hierarchy)
{
    for (unsigned i = 0; i < hierarchy->count; i++)
        if (!hierarchy->slots[i].endpoint)
            return (int)i;
    return -1;
}

struct sim_cfgspace *sim_hierarchy_endpoint(const struct sim_hierarchy *hierarchy, unsigned slot)
{
    return slot < hierarchy->count ? hierarchy->slots[slot].endpoint : NULL;
}

sim_bdf sim_hierarchy_slot_bdf(const struct sim_hierarchy *hierarchy, unsigned slot)
{
    if (slot >= hierarchy->count)
        return 0;
    return SIM_BDF(sim_cfgspace_get(hierarchy->slots[slot].port, PCI_SECONDARY_BUS, 1), 0, 0);
}

const char *sim_hierarchy_label(const struct sim_hierarchy *hierarchy, unsigned slot)
{
    return slot < hierarchy->count ? hierarchy->slots[slot].label : "";
}

int sim_hierarchy_plug(struct sim_hierarchy *hierarchy, unsigned slot, struct sim_cfgspace *space,
                       const char *label)
{
    if (slot >= hierarchy->count)
        return VIO_EINVAL;
    struct slot *at = &hierarchy->slots[slot];
    if (at->endpoint)
        return VIO_EBUSY;
    at->endpoint = space;
    snprintf(at->label, sizeof(at->label), "%s", label ? label : "");
    set_power(at, true);
    sim_pcie_port_change(at->port, PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_DISABLE, 0);
    sim_pcie_port_link(at->port, space);
    sim_pcie_port_change(at->port, PCI_EXP_SLTSTA, 0,
                         PCI_EXP_SLTSTA_PDS | PCI_EXP_SLTSTA_PDC | PCI_EXP_SLTSTA_DLLSC);
    assign_endpoint(hierarchy, slot);
    tell(hierarchy, slot, SIM_HOTPLUG_PRESENCE);
    tell(hierarchy, slot, SIM_HOTPLUG_LINK);
    return 0;
}

/* A link that goes down unasked is an uncorrectable error, fatal unless the server says otherwise
 * (3.2.1, 7.8.4.2). */
static void record_surprise(struct sim_cfgspace *port)
{
    uint32_t status = sim_cfgspace_get(port, SIM_PORT_EXT_AER + PCI_AER_UNCOR_STATUS, 4);
    uint32_t severity = sim_cfgspace_get(port, SIM_PORT_EXT_AER + PCI_AER_UNCOR_SEVER, 4);
    bool is_fatal = severity & PCI_AER_UNCOR_SURPRISE;
    sim_cfgspace_set(port, SIM_PORT_EXT_AER + PCI_AER_UNCOR_STATUS, 4,
                     status | PCI_AER_UNCOR_SURPRISE);
    sim_pcie_port_change(port, PCI_EXP_DEVSTA, 0,
                         is_fatal ? PCI_EXP_DEVSTA_FATAL : PCI_EXP_DEVSTA_FATAL >> 1);
}

int sim_hierarchy_unplug(struct sim_hierarchy *hierarchy, unsigned slot, bool surprise)
{
    if (slot >= hierarchy->count)
        return VIO_EINVAL;
    struct slot *at = &hierarchy->slots[slot];
    if (!at->endpoint)
        return VIO_ENOENT;
    bool had_link = is_open(at);
    at->endpoint = NULL;
    at->label[0] = '\0';
    if (surprise)
        record_surprise(at->port);
    set_power(at, false);
    sim_pcie_port_link(at->port, NULL);
    sim_pcie_port_change(at->port, PCI_EXP_SLTSTA, PCI_EXP_SLTSTA_PDS,
                         PCI_EXP_SLTSTA_PDC | (had_link ? PCI_EXP_SLTSTA_DLLSC : 0));
    if (had_link)
        tell(hierarchy, slot, SIM_HOTPLUG_LINK);
    tell(hierarchy, slot, SIM_HOTPLUG_PRESENCE);
    return 0;
}

int sim_hierarchy_press_attention(struct sim_hierarchy *hierarchy, unsigned slot)
{
    if (slot >= hierarchy->count)
        return VIO_EINVAL;
    struct slot *at = &hierarchy->slots[slot];
    if (!at->endpoint)
        return VIO_ENOENT;
    sim_pcie_port_change(at->port, PCI_EXP_SLTCTL, PCI_EXP_SLTCTL_PIC, PCI_EXP_SLTCTL_BLINK);
    sim_pcie_port_change(at->port, PCI_EXP_SLTSTA, 0, PCI_EXP_SLTSTA_BUTTON);
    tell(hierarchy, slot, SIM_HOTPLUG_ATTENTION);
    return 0;
}

/* Whether a bridge forwards to this bus. */
static bool is_behind(const struct sim_cfgspace *port, unsigned bus)
{
    unsigned secondary = sim_cfgspace_get(port, PCI_SECONDARY_BUS, 1);
    return secondary && bus >= secondary && bus <= sim_cfgspace_get(port, PCI_SUBORDINATE_BUS, 1);
}

static bool is_secondary(const struct sim_cfgspace *port, unsigned bus)
{
    return sim_cfgspace_get(port, PCI_SECONDARY_BUS, 1) == bus;
}

/* Where an access of the server ends: the function, and the slot that it belongs to, as its port
 * or as its endpoint (-1: the root or upstream port). */
struct target {
    struct sim_cfgspace *space; /* NULL: nothing answers */
    int slot;
};

static struct target route(const struct sim_hierarchy *hierarchy, sim_bdf bdf)
{
    struct target none = {NULL, -1};
    unsigned bus = bdf >> 8;
    uint8_t devfn = (uint8_t)bdf;
    if (bus == 0)
        return bdf == ROOT_BDF ? (struct target){hierarchy->root, -1} : none;
    if (!is_behind(hierarchy->root, bus))
        return none;
    if (is_secondary(hierarchy->root, bus))
        return devfn == 0 ? (struct target){hierarchy->upstream, -1} : none;
    if (!is_behind(hierarchy->upstream, bus))
        return none;
    if (is_secondary(hierarchy->upstream, bus)) {
        int slot = slot_of_devfn(hierarchy, devfn);
        return slot < 0 ? none : (struct target){hierarchy->slots[slot].port, slot};
    }
    for (unsigned i = 0; i < hierarchy->count; i++) {
        const struct slot *slot = &hierarchy->slots[i];
        if (!is_behind(slot->port, bus))
            continue;
        bool answers = is_secondary(slot->port, bus) && devfn == 0 && is_open(slot);
        return answers ? (struct target){slot->endpoint, (int)i} : none;
    }
    return none;
}

void sim_hierarchy_read(const struct sim_hierarchy *hierarchy, sim_bdf bdf, size_t offset,
                        void *buf, size_t len)
{
    struct target target = route(hierarchy, bdf);
    if (target.space)
        sim_cfgspace_read(target.space, offset, buf, len);
    else
        memset(buf, 0xff, len);
}

/* The server has opened or closed the way to the endpoint. */
static void switch_link(struct sim_hierarchy *hierarchy, unsigned index, bool open)
{
    struct slot *slot = &hierarchy->slots[index];
    sim_cfgspace_reset(slot->endpoint);
    sim_pcie_port_link(slot->port, open ? slot->endpoint : NULL);
    sim_pcie_port_change(slot->port, PCI_EXP_SLTSTA, 0, PCI_EXP_SLTSTA_DLLSC);
    if (open)
        assign_endpoint(hierarchy, index);
    tell(hierarchy, index, SIM_HOTPLUG_LINK);
}

/* A write to slot control is a command, which completes at once. */
static void finish_command(struct sim_hierarchy *hierarchy, unsigned index, bool was_on)
{
    struct slot *slot = &hierarchy->slots[index];
    sim_pcie_port_change(slot->port, PCI_EXP_SLTSTA, 0, PCI_EXP_SLTSTA_CC);
    tell(hierarchy, index, SIM_HOTPLUG_COMMAND);
    if (is_on(slot) != was_on)
        tell(hierarchy, index, was_on ? SIM_HOTPLUG_POWER_OFF : SIM_HOTPLUG_POWER_ON);
}

/* A reset that a bridge sends down its link (7.5.1.3.13); whoever sent it enumerates again. */
static void reset_below(struct sim_hierarchy *hierarchy, struct sim_cfgspace *port, int slot)
{
    if (slot >= 0) {
        if (hierarchy->slots[slot].endpoint) {
            sim_cfgspace_reset(hierarchy->slots[slot].endpoint);
            if (is_open(&hierarchy->slots[slot]))
                sim_pcie_port_link(port, hierarchy->slots[slot].endpoint);
        }
        return;
    }
    if (port == hierarchy->root)
        sim_cfgspace_reset(hierarchy->upstream);
    for (unsigned i = 0; i < hierarchy->count; i++)
        restore_slot(hierarchy, i);
}

static void write_port(struct sim_hierarchy *hierarchy, struct target target, size_t offset,
                       const void *buf, size_t len)
{
    size_t control = SIM_PORT_CAP_EXPRESS + PCI_EXP_SLTCTL;
    struct slot *slot = target.slot >= 0 ? &hierarchy->slots[target.slot] : NULL;
    bool was_on = slot && is_on(slot), was_open = slot && is_open(slot);
    uint32_t before = sim_cfgspace_get(target.space, PCI_BRIDGE_CONTROL, 2);
    sim_cfgspace_write(target.space, offset, buf, len);
    uint32_t after = sim_cfgspace_get(target.space, PCI_BRIDGE_CONTROL, 2);
    if (after & ~before & PCI_BRIDGE_BUS_RESET)
        reset_below(hierarchy, target.space, target.slot);
    if (slot && slot->endpoint && is_open(slot) != was_open)
        switch_link(hierarchy, (unsigned)target.slot, !was_open);
    if (slot && offset < control + 2 && offset + len > control)
        finish_command(hierarchy, (unsigned)target.slot, was_on);
}

void sim_hierarchy_write(struct sim_hierarchy *hierarchy, sim_bdf bdf, size_t offset,
                         const void *buf, size_t len)
{
    if (offset >= SIM_CONFIG_SIZE)
        return;
    if (len > SIM_CONFIG_SIZE - offset)
        len = SIM_CONFIG_SIZE - offset;
    struct target target = route(hierarchy, bdf);
    if (!target.space)
        return;
    bool is_endpoint = target.slot >= 0 && target.space == hierarchy->slots[target.slot].endpoint;
    if (!is_endpoint) {
        write_port(hierarchy, target, offset, buf, len);
        return;
    }
    sim_cfgspace_write(target.space, offset, buf, len);
    sim_pcie_port_link(hierarchy->slots[target.slot].port,
                       target.space); /* it may have reset itself */
}

size_t sim_hierarchy_list(const struct sim_hierarchy *hierarchy, sim_bdf *ret_bdfs, size_t max)
{
    size_t count = 0;
    for (unsigned bus = 0; bus < 256; bus++) {
        bool is_bus = bus == 0 || is_behind(hierarchy->root, bus);
        for (unsigned devfn = 0; is_bus && devfn < 256; devfn++) {
            sim_bdf bdf = (sim_bdf)(bus << 8 | devfn);
            if (!route(hierarchy, bdf).space)
                continue;
            if (count < max)
                ret_bdfs[count] = bdf;
            count++;
        }
    }
    return count;
}
