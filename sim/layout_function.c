/* SPDX-License-Identifier: MIT */
/* From a card's own config space to that of one function which a server sees. */
#include "sim/layout.h"

#include <stdbool.h>
#include <string.h>

#include "sim/pci.h"

/* Capabilities that make no sense to a server which has one function of the card: SR-IOV and what
 * refers to its VFs, ARI, multi-root; and fixed addresses (enhanced allocation) behind a bridge. */
static bool is_hidden(uint8_t id)
{
    return id == PCI_CAP_EA;
}

static unsigned hidden_ext_size(uint16_t id)
{
    switch (id) {
    case PCI_EXT_ARI:
        return 8;
    case PCI_EXT_SRIOV:
        return 0x40;
    case PCI_EXT_MRIOV:
        return 0x10;
    case PCI_EXT_VF_REBAR:
        return 0x34;
    default:
        return 0;
    }
}

/* Rebuilds the chain with the visible capabilities in their order. A chain that comes back to
 * where it was, or leaves its space, ends there. */
static void relink_caps(uint8_t *image)
{
    bool seen[256] = {false};
    unsigned link = PCI_CAPABILITIES;
    unsigned offset = sim_pci_next_cap(image, 0);
    while (offset && !seen[offset]) {
        seen[offset] = true;
        unsigned next = sim_pci_next_cap(image, offset);
        if (is_hidden(image[offset])) {
            image[offset] = image[offset + 1] = 0;
        } else {
            image[link] = (uint8_t)offset;
            link = offset + 1;
        }
        offset = next;
    }
    image[link] = 0;
    if (!image[PCI_CAPABILITIES])
        image[PCI_STATUS] &= (uint8_t)~PCI_STATUS_CAPS;
}

static void set_next_ext(uint8_t *image, unsigned offset, unsigned next)
{
    sim_put32(image + offset, (sim_get32(image + offset) & 0x000fffff) | next << 20);
}

/* Zeroes a hidden capability as far as no other capability of the chain begins. */
static void wipe_ext(uint8_t *image, const bool *starts, unsigned offset, unsigned size)
{
    for (unsigned i = 0; i < size && offset + i < SIM_CONFIG_SIZE; i += 4) {
        if (i && starts[(offset + i) / 4])
            break;
        sim_put32(image + offset + i, 0);
    }
}

/* The same for the extended chain. It always begins at 0x100, so a hidden capability there becomes
 * a null capability (id 0), which readers skip, unless it was the only one. */
static void relink_ext_caps(uint8_t *image)
{
    bool starts[SIM_CONFIG_SIZE / 4] = {false};
    uint16_t order[SIM_PCI_EXT_CAPS_MAX];
    unsigned count = 0, offset = 0;
    while (count < SIM_PCI_EXT_CAPS_MAX && (offset = sim_pci_next_ext_cap(image, offset)) &&
           sim_get32(image + offset) && !starts[offset / 4]) {
        starts[offset / 4] = true;
        order[count++] = (uint16_t)offset;
    }
    unsigned last = 0x100;
    for (unsigned i = 0; i < count; i++) {
        unsigned hidden = hidden_ext_size(sim_get16(image + order[i]));
        if (hidden)
            wipe_ext(image, starts, order[i], hidden);
        if (hidden || order[i] == 0x100)
            continue;
        set_next_ext(image, last, order[i]);
        last = order[i];
    }
    set_next_ext(image, last, 0);
    if (!count)
        sim_put32(image + 0x100, 0);
}

static void set_header(struct sim_layout *layout, const struct sim_bar *bars, uint64_t rom_size)
{
    uint32_t command = PCI_COMMAND_WRITABLE & ~(uint32_t)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
    for (unsigned i = 0; i < SIM_BARS; i++) {
        unsigned offset = PCI_BAR0 + 4 * i;
        uint64_t mask = ~(bars[i].size - 1);
        switch (bars[i].type) {
        case SIM_BAR_NONE:
            if (i == 0 || bars[i - 1].type != SIM_BAR_MEM64)
                sim_layout_constant(layout, offset, 4, 0);
            continue;
        case SIM_BAR_IO:
            command |= PCI_COMMAND_IO;
            sim_layout_constant(layout, offset, 4, PCI_BAR_IO);
            sim_layout_field(layout, offset, 4, (uint32_t)mask & 0xfffffffc, 0);
            continue;
        case SIM_BAR_MEM64:
            sim_layout_constant(layout, offset + 4, 4, 0);
            sim_layout_field(layout, offset + 4, 4, (uint32_t)(mask >> 32), 0);
            break;
        case SIM_BAR_MEM32:
            break;
        }
        command |= PCI_COMMAND_MEMORY;
        sim_layout_constant(layout, offset, 4,
                            (bars[i].type == SIM_BAR_MEM64 ? PCI_BAR_MEM64 : 0) |
                                (bars[i].prefetchable ? PCI_BAR_PREFETCH : 0));
        sim_layout_field(layout, offset, 4, (uint32_t)mask & 0xfffffff0, 0);
    }
    sim_layout_constant(layout, PCI_ROM, 4, 0);
    if (rom_size)
        sim_layout_field(layout, PCI_ROM, 4,
                         ((uint32_t) ~(rom_size - 1) & 0xfffff800) | PCI_ROM_ENABLE, 0);
    sim_layout_field(layout, PCI_COMMAND, 2, command, 0);
}

static void set_common(struct sim_layout *layout)
{
    sim_layout_constant(layout, PCI_COMMAND, 2, 0);
    sim_layout_status(layout, PCI_STATUS, 2, PCI_STATUS_CLEAR | 0x0008); /* no interrupt pending */
    sim_layout_field(layout, PCI_CACHE_LINE, 1, 0xff, 0);
    sim_layout_constant(layout, PCI_CACHE_LINE + 1, 1, 0); /* latency timer: 0 for PCI Express */
    sim_layout_constant(layout, PCI_HEADER_TYPE, 2, 0);    /* type 0, one function, no self-test */
    sim_layout_field(layout, PCI_INTERRUPT_LINE, 1, 0xff, 0);
}

/* The function is an endpoint on a link of its own, trained to what the card can do at most. */
static void set_express(struct sim_layout *layout, unsigned offset)
{
    const uint8_t *cap = sim_layout_bytes(layout) + offset;
    uint16_t flags = sim_get16(cap + PCI_EXP_FLAGS) & PCI_EXP_FLAGS_VERSION;
    sim_layout_constant(layout, offset + PCI_EXP_FLAGS, 2, flags | PCI_EXP_TYPE_ENDPOINT << 4);
    uint32_t link = sim_get32(cap + PCI_EXP_LNKCAP);
    if (!(link & 0xf) || !(link & 0x3f0)) /* the card was on no link: one lane of 2.5 GT/s */
        link = (link & ~UINT32_C(0x3ff)) | 0x011;
    sim_layout_constant(layout, offset + PCI_EXP_LNKCAP, 4, link);
    sim_layout_constant(layout, offset + PCI_EXP_LNKSTA, 2, (link & 0x3ff) | PCI_EXP_LNKSTA_CLOCK);
    sim_layout_express(layout, offset);
}

/* MSI is longer with 64-bit addresses, and again with masks (7.7.1). */
static unsigned msi_size(const uint8_t *cap)
{
    uint16_t control = sim_get16(cap + 2);
    return 10 + (control & 0x0080 ? 4 : 0) + (control & 0x0100 ? 10 : 0);
}

static void set_caps(struct sim_layout *layout)
{
    const uint8_t *image = sim_layout_bytes(layout);
    unsigned offset = 0;
    for (int i = 0; i < SIM_PCI_CAPS_MAX && (offset = sim_pci_next_cap(image, offset)); i++) {
        unsigned room = 0x100 - offset;
        if (image[offset] == PCI_CAP_PM && room >= 8)
            sim_layout_pm(layout, offset);
        else if (image[offset] == PCI_CAP_MSI && room >= 4 && room >= msi_size(image + offset))
            sim_layout_msi(layout, offset);
        else if (image[offset] == PCI_CAP_MSIX && room >= 12)
            sim_layout_field(layout, offset + 2, 2, 0xc000, 0);
        else if (image[offset] == PCI_CAP_EXPRESS && room >= 20)
            set_express(layout, offset);
        else if (image[offset] == PCI_CAP_VPD && room >= 8)
            sim_layout_field(layout, offset + 2, 2, 0xffff, 0);
    }
}

static void set_ext_caps(struct sim_layout *layout)
{
    const uint8_t *image = sim_layout_bytes(layout);
    unsigned offset = 0;
    for (int i = 0; i < SIM_PCI_EXT_CAPS_MAX && (offset = sim_pci_next_ext_cap(image, offset));
         i++) {
        unsigned room = SIM_CONFIG_SIZE - offset;
        uint16_t id = sim_get16(image + offset);
        if (id == PCI_EXT_AER && room >= 0x2c)
            sim_layout_aer(layout, offset);
        else if (id == PCI_EXT_ACS && room >= 8)
            sim_layout_acs(layout, offset);
        else if (id == PCI_EXT_ATS && room >= 8)
            sim_layout_field(layout, offset + 6, 2, 0x801f, 0);
        else if (id == PCI_EXT_PASID && room >= 8)
            sim_layout_field(layout, offset + 6, 2, 1u | (sim_get16(image + offset + 4) & 0x0006u),
                             0);
        else if (id == PCI_EXT_LTR && room >= 8)
            sim_layout_field(layout, offset + 4, 4, 0x1fff1fff, 0);
    }
}

struct sim_layout *sim_layout_of_function(const struct vio_alloc *alloc, const uint8_t *image,
                                          const struct sim_bar *bars, uint64_t rom_size)
{
    uint8_t bytes[SIM_CONFIG_SIZE];
    memcpy(bytes, image, sizeof(bytes));
    relink_caps(bytes);
    relink_ext_caps(bytes);
    struct sim_layout *layout = sim_layout_new(alloc, bytes);
    if (!layout)
        return NULL;
    set_common(layout);
    set_header(layout, bars, rom_size);
    set_caps(layout);
    set_ext_caps(layout);
    return layout;
}
