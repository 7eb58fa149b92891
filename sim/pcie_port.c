/* SPDX-License-Identifier: MIT */
#include "sim/pcie_port.h"

#include "sim/pci.h"

static void set_header(struct sim_layout *layout, uint16_t device)
{
    sim_layout_constant(layout, PCI_VENDOR_ID, 2, SIM_PORT_VENDOR);
    sim_layout_constant(layout, PCI_DEVICE_ID, 2, device);
    sim_layout_field(layout, PCI_COMMAND, 2, PCI_COMMAND_WRITABLE, 0);
    sim_layout_constant(layout, PCI_STATUS, 2, PCI_STATUS_CAPS);
    sim_layout_status(layout, PCI_STATUS, 2, PCI_STATUS_CLEAR);
    sim_layout_constant(layout, PCI_REVISION, 4, PCI_CLASS_BRIDGE << 8 | 0x01);
    sim_layout_field(layout, PCI_CACHE_LINE, 1, 0xff, 0);
    sim_layout_constant(layout, PCI_HEADER_TYPE, 1, 0x01);
    sim_layout_field(layout, PCI_PRIMARY_BUS, 4, 0x00ffffff, 0);
    sim_layout_field(layout, PCI_IO_BASE, 2, 0xf0f0, 0);
    sim_layout_status(layout, PCI_SECONDARY_STATUS, 2, PCI_STATUS_CLEAR);
    sim_layout_field(layout, PCI_MEM_BASE, 4, 0xfff0fff0, 0);
    sim_layout_constant(layout, PCI_PREF_BASE, 4, 0x00010001); /* 64-bit addresses */
    sim_layout_field(layout, PCI_PREF_BASE, 4, 0xfff0fff0, 0);
    sim_layout_field(layout, PCI_PREF_BASE_HIGH, 4, 0xffffffff, 0);
    sim_layout_field(layout, PCI_PREF_LIMIT_HIGH, 4, 0xffffffff, 0);
    sim_layout_constant(layout, PCI_CAPABILITIES, 1, SIM_PORT_CAP_PM);
    sim_layout_field(layout, PCI_INTERRUPT_LINE, 1, 0xff, 0);
    sim_layout_constant(layout, PCI_INTERRUPT_PIN, 1, 1);
    sim_layout_field(layout, PCI_BRIDGE_CONTROL, 2, 0x005f, 0);
}

static void set_slot(struct sim_layout *layout)
{
    unsigned exp = SIM_PORT_CAP_EXPRESS;
    /* Attention button and indicator, power controller and indicator, surprise, hot plug; 25 W. */
    sim_layout_constant(layout, exp + PCI_EXP_SLTCAP, 4, 0x0000007b | 250u << 7 | 1u << 15);
    /* Both indicators off and the slot's power off, until something is plugged in. */
    sim_layout_field(layout, exp + PCI_EXP_SLTCTL, 2, 0x17fb,
                     0x00c0 | PCI_EXP_SLTCTL_PIC | PCI_EXP_SLTCTL_OFF);
    sim_layout_status(layout, exp + PCI_EXP_SLTSTA, 2, 0x011f);
}

static void set_express(struct sim_layout *layout, unsigned type, const struct sim_link *link)
{
    unsigned exp = SIM_PORT_CAP_EXPRESS;
    bool down = type == PCI_EXP_TYPE_DOWN;
    uint32_t speeds = ((1u << link->speed) - 1) << 1; /* this generation and all before it */
    /* A downstream port reports surprise removal and whether its link is up. */
    uint32_t lnkcap = link->speed | (uint32_t)link->width << 4 | 1u << 22 | (down ? 3u << 19 : 0);

    sim_layout_constant(layout, exp + PCI_EXP_FLAGS, 2,
                        2 | type << 4 | (down ? PCI_EXP_FLAGS_SLOT : 0));
    sim_layout_constant(layout, exp + PCI_EXP_DEVCAP, 4, 0x00008021); /* 256 bytes, 8-bit tags */
    sim_layout_constant(layout, exp + PCI_EXP_LNKCAP, 4, lnkcap);
    sim_layout_constant(layout, exp + PCI_EXP_LNKSTA, 2, PCI_EXP_LNKSTA_CLOCK);
    if (!down)
        sim_layout_constant(layout, exp + PCI_EXP_LNKSTA, 2,
                            PCI_EXP_LNKSTA_CLOCK | (lnkcap & 0x3ff));
    sim_layout_constant(layout, exp + PCI_EXP_LNKCAP2, 4, speeds);
    sim_layout_express(layout, exp);
    if (type != PCI_EXP_TYPE_UPSTREAM)
        sim_layout_field(layout, exp + PCI_EXP_LNKCTL, 2, PCI_EXP_LNKCTL_DISABLE, 0);
    if (down)
        set_slot(layout);
    if (type == PCI_EXP_TYPE_ROOT) {
        sim_layout_field(layout, exp + 0x1c, 2, 0x000f, 0);          /* root control */
        sim_layout_status(layout, exp + 0x20, 4, UINT32_C(1) << 16); /* root status: PME */
    }
}

static void set_caps(struct sim_layout *layout, unsigned type, const struct sim_link *link)
{
    sim_layout_constant(layout, SIM_PORT_CAP_PM, 4,
                        PCI_CAP_PM | SIM_PORT_CAP_MSI << 8 | 0xc803u << 16);
    sim_layout_constant(layout, SIM_PORT_CAP_PM + 4, 4, 0x0008); /* keeps its state in D3hot */
    sim_layout_pm(layout, SIM_PORT_CAP_PM);
    sim_layout_constant(layout, SIM_PORT_CAP_MSI, 4,
                        PCI_CAP_MSI | SIM_PORT_CAP_EXPRESS << 8 | 0x0080u << 16);
    sim_layout_msi(layout, SIM_PORT_CAP_MSI);
    sim_layout_constant(layout, SIM_PORT_CAP_EXPRESS, 2,
                        PCI_CAP_EXPRESS | SIM_PORT_CAP_SUBSYSTEM << 8);
    set_express(layout, type, link);
    uint32_t device = sim_get16(sim_layout_bytes(layout) + PCI_DEVICE_ID);
    sim_layout_constant(layout, SIM_PORT_CAP_SUBSYSTEM, 4, PCI_CAP_SUBSYSTEM);
    sim_layout_constant(layout, SIM_PORT_CAP_SUBSYSTEM + 4, 4, device << 16 | SIM_PORT_VENDOR);
}

static void set_ext_caps(struct sim_layout *layout, unsigned type, const struct sim_link *link)
{
    bool has_acs = type != PCI_EXP_TYPE_UPSTREAM;
    bool has_secondary = link->speed >= 3; /* equalization, from 8 GT/s on (7.7.3) */
    uint32_t last = has_secondary ? SIM_PORT_EXT_SECONDARY : 0;
    uint32_t after_aer = has_acs ? SIM_PORT_EXT_ACS : last;

    sim_layout_constant(layout, SIM_PORT_EXT_AER, 4, PCI_EXT_AER | 2u << 16 | after_aer << 20);
    sim_layout_aer(layout, SIM_PORT_EXT_AER);
    if (type == PCI_EXP_TYPE_ROOT) {
        sim_layout_field(layout, SIM_PORT_EXT_AER + 0x2c, 4, 0x7, 0); /* root error command */
        sim_layout_status(layout, SIM_PORT_EXT_AER + 0x30, 4, 0x7f);  /* root error status */
    }
    if (has_acs) {
        /* Source validation, blocking, request and completion redirect, upstream forwarding. */
        sim_layout_constant(layout, SIM_PORT_EXT_ACS, 4, PCI_EXT_ACS | 1u << 16 | last << 20);
        sim_layout_constant(layout, SIM_PORT_EXT_ACS + 4, 2, 0x001f);
        sim_layout_acs(layout, SIM_PORT_EXT_ACS);
    }
    if (has_secondary)
        sim_layout_constant(layout, SIM_PORT_EXT_SECONDARY, 4, PCI_EXT_SECONDARY | 1u << 16);
}

struct sim_layout *sim_pcie_port_layout(const struct vio_alloc *alloc, unsigned type,
                                        const struct sim_link *link)
{
    struct sim_layout *layout = sim_layout_new(alloc, NULL);
    if (!layout)
        return NULL;
    set_header(layout, type == PCI_EXP_TYPE_ROOT       ? SIM_PORT_DEVICE_ROOT
                       : type == PCI_EXP_TYPE_UPSTREAM ? SIM_PORT_DEVICE_UPSTREAM
                                                       : SIM_PORT_DEVICE_DOWNSTREAM);
    set_caps(layout, type, link);
    set_ext_caps(layout, type, link);
    return layout;
}

uint32_t sim_pcie_port_get(const struct sim_cfgspace *port, unsigned reg, unsigned len)
{
    return sim_cfgspace_get(port, SIM_PORT_CAP_EXPRESS + reg, len);
}

void sim_pcie_port_set(struct sim_cfgspace *port, unsigned reg, unsigned len, uint32_t value)
{
    sim_cfgspace_set(port, SIM_PORT_CAP_EXPRESS + reg, len, value);
}

void sim_pcie_port_change(struct sim_cfgspace *port, unsigned reg, uint16_t clear, uint16_t set)
{
    uint32_t value = sim_pcie_port_get(port, reg, 2);
    sim_pcie_port_set(port, reg, 2, (value & ~(uint32_t)clear) | set);
}

uint16_t sim_pcie_link_common(uint32_t lnkcap_a, uint32_t lnkcap_b)
{
    uint32_t speed_a = lnkcap_a & 0xf, speed_b = lnkcap_b & 0xf;
    uint32_t width_a = lnkcap_a & 0x3f0, width_b = lnkcap_b & 0x3f0;
    return (uint16_t)((speed_a < speed_b ? speed_a : speed_b) |
                      (width_a < width_b ? width_a : width_b));
}

void sim_pcie_port_link(struct sim_cfgspace *port, struct sim_cfgspace *peer)
{
    if (!peer) {
        sim_pcie_port_change(port, PCI_EXP_LNKSTA, 0x3ff | PCI_EXP_LNKSTA_ACTIVE, 1);
        return;
    }
    unsigned exp = sim_cfgspace_find_cap(peer, PCI_CAP_EXPRESS);
    uint32_t own = sim_pcie_port_get(port, PCI_EXP_LNKCAP, 4);
    uint16_t link = (uint16_t)(own & 0x3ff);
    if (exp) {
        link = sim_pcie_link_common(own, sim_cfgspace_get(peer, exp + PCI_EXP_LNKCAP, 4));
        uint32_t status = sim_cfgspace_get(peer, exp + PCI_EXP_LNKSTA, 2);
        sim_cfgspace_set(peer, exp + PCI_EXP_LNKSTA, 2, (status & ~0x3ffu) | link);
    }
    sim_pcie_port_change(port, PCI_EXP_LNKSTA, 0x3ff, link | PCI_EXP_LNKSTA_ACTIVE);
}
