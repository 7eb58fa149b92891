/* SPDX-License-Identifier: MIT */
/* From the bytes of a dump to a card: above all, how large its regions are. */
#include <stdio.h>
#include <string.h>

#include "sim/adapter_parts.h"
#include "sim/dump.h"
#include "sim/pci.h"

/* Registers that hold base addresses: of the function, or of its VFs (at another offset). */
struct bases {
    const uint8_t *at;
    const struct sim_bar *described; /* of the same card's description, or NULL */
};

static enum sim_bar_type type_of(uint32_t value, unsigned index)
{
    if (value & PCI_BAR_IO)
        return SIM_BAR_IO;
    return (value & 0x6) == PCI_BAR_MEM64 && index + 1 < SIM_BARS ? SIM_BAR_MEM64 : SIM_BAR_MEM32;
}

static uint64_t address_of(const struct bases *bases, unsigned index, enum sim_bar_type type)
{
    uint32_t low = sim_get32(bases->at + 4 * index);
    uint64_t high = type == SIM_BAR_MEM64 ? sim_get32(bases->at + 4 * index + 4) : 0;
    return high << 32 | (low & ~(uint32_t)(type == SIM_BAR_IO ? 0x3 : 0xf));
}

static bool is_size_allowed(enum sim_bar_type type, uint64_t size)
{
    uint64_t max = type == SIM_BAR_IO      ? 0x10000
                   : type == SIM_BAR_MEM32 ? UINT64_C(0x80000000)
                                           : UINT64_C(0x10000000000);
    return size >= (type == SIM_BAR_IO ? 4u : 16u) && size <= max && !(size & (size - 1));
}

/* Bytes of region `index` that the MSI-X structures need (7.7.2), 0 if they are elsewhere. */
static uint64_t msix_need(const uint8_t *image, unsigned index)
{
    unsigned cap = sim_pci_find_cap(image, PCI_CAP_MSIX);
    if (!cap || cap > 0xf4)
        return 0;
    uint64_t vectors = (sim_get16(image + cap + 2) & 0x7ffu) + 1;
    uint32_t table = sim_get32(image + cap + 4), pending = sim_get32(image + cap + 8);
    uint64_t need = 0;
    if ((table & 7) == index)
        need = (table & ~7u) + vectors * 16;
    if ((pending & 7) == index && (pending & ~7u) + (vectors + 63) / 64 * 8 > need)
        need = (pending & ~7u) + (vectors + 63) / 64 * 8;
    return need <= 256u << 20 ? need : 0;
}

/* How far it is to the next region of the same space; UINT64_MAX: there is none. */
static uint64_t room_of(const struct bases *bases, unsigned index, enum sim_bar_type type)
{
    uint64_t own = address_of(bases, index, type), room = UINT64_MAX;
    for (unsigned i = 0; i < SIM_BARS; i++) {
        enum sim_bar_type other = type_of(sim_get32(bases->at + 4 * i), i);
        uint64_t address = address_of(bases, i, other);
        if ((other == SIM_BAR_IO) == (type == SIM_BAR_IO) && address > own && address - own < room)
            room = address - own;
        i += other == SIM_BAR_MEM64;
    }
    return room;
}

/* No line tells the size. It divides the address and ends before the next region; cards rarely have
 * more than these limits, and never less than what their interrupt table takes. */
static uint64_t guess_size(const struct bases *bases, unsigned index, const struct sim_bar *bar,
                           uint64_t need)
{
    uint64_t address = address_of(bases, index, bar->type);
    uint64_t limit = bar->type == SIM_BAR_IO ? 0x100 : bar->prefetchable ? 16u << 20 : 1u << 20;
    if (!address)
        limit = bar->type == SIM_BAR_IO ? 0x20 : 0x4000;
    uint64_t room = room_of(bases, index, bar->type);
    uint64_t min = bar->type == SIM_BAR_IO ? 4 : 16;
    uint64_t size = limit;
    while (size > min && ((address & (size - 1)) || size > room))
        size /= 2;
    while (size < need && bar->type != SIM_BAR_IO)
        size *= 2;
    return size;
}

static uint64_t told_size(const struct sim_dump *dump, unsigned index, uint64_t address)
{
    for (unsigned i = 0; i < dump->region_count; i++) {
        const struct sim_dump_region *region = &dump->regions[i];
        if (region->index >= 0 ? region->index == (int)index
                               : address && region->address == address)
            return region->size;
    }
    return 0;
}

/* The register's type is what the dump shows; a register of zeros is what the description says. */
static struct sim_bar read_bar(const struct bases *bases, unsigned index, uint64_t told,
                               uint64_t need)
{
    uint32_t value = sim_get32(bases->at + 4 * index);
    const struct sim_bar *described = bases->described ? &bases->described[index] : NULL;
    struct sim_bar bar = {0};
    if (!value)
        return described ? *described : bar;
    bar.type = type_of(value, index);
    bar.prefetchable = bar.type != SIM_BAR_IO && (value & PCI_BAR_PREFETCH);
    bool fits = described && (described->type == SIM_BAR_IO) == (bar.type == SIM_BAR_IO) &&
                is_size_allowed(bar.type, described->size) &&
                !(address_of(bases, index, bar.type) & (described->size - 1));
    bar.size = is_size_allowed(bar.type, told) ? told
               : fits                          ? described->size
                                               : guess_size(bases, index, &bar, need);
    return bar;
}

static void read_bars(const struct sim_dump *dump, const struct sim_adapter_parts *description,
                      struct sim_adapter_parts *parts)
{
    struct bases bases = {dump->image + PCI_BAR0, description ? description->bars : NULL};
    for (unsigned i = 0; i < SIM_BARS; i++) {
        enum sim_bar_type type = type_of(sim_get32(bases.at + 4 * i), i);
        uint64_t told = told_size(dump, i, address_of(&bases, i, type));
        parts->bars[i] = read_bar(&bases, i, told, msix_need(dump->image, i));
        i += parts->bars[i].type == SIM_BAR_MEM64;
    }
}

static uint64_t read_rom(const struct sim_dump *dump, const struct sim_adapter_parts *description)
{
    uint32_t address = sim_get32(dump->image + PCI_ROM) & 0xfffff800;
    uint64_t size = dump->rom_size ? dump->rom_size : description ? description->rom_size : 0;
    if (size >= 2048 && size <= 16u << 20)
        return size;
    if (!address)
        return 0;
    for (size = 512u << 10; size > 2048 && (address & (size - 1));)
        size /= 2;
    return size;
}

static void read_sriov(const struct sim_adapter_parts *description, struct sim_adapter_parts *parts)
{
    unsigned cap = sim_pci_find_ext_cap(parts->image, PCI_EXT_SRIOV);
    if (!cap || cap + 0x40 > SIM_CONFIG_SIZE)
        return;
    const uint8_t *at = parts->image + cap;
    uint16_t total = sim_get16(at + 0x0e);
    parts->sriov = (struct sim_sriov){
        .total_vfs = total < SIM_ADAPTER_FUNCTIONS_MAX ? total : SIM_ADAPTER_FUNCTIONS_MAX,
        .vf_offset = sim_get16(at + 0x14),
        .vf_stride = sim_get16(at + 0x16),
        .vf_device_id = sim_get16(at + 0x1a),
    };
    struct bases bases = {at + 0x24, description ? description->sriov.bar : NULL};
    for (unsigned i = 0; i < SIM_BARS; i++) {
        parts->sriov.bar[i] = read_bar(&bases, i, 0, 0);
        i += parts->sriov.bar[i].type == SIM_BAR_MEM64;
    }
}

/* Ends the chain before a capability of which the dump has no bytes. */
static void cut_caps(uint8_t *image, size_t held)
{
    unsigned link = PCI_CAPABILITIES, offset = 0;
    for (int i = 0; i < SIM_PCI_CAPS_MAX && (offset = sim_pci_next_cap(image, offset)); i++) {
        if (offset >= held) {
            image[link] = 0;
            break;
        }
        link = offset + 1;
    }
    if (!image[PCI_CAPABILITIES])
        image[PCI_STATUS] &= (uint8_t)~PCI_STATUS_CAPS;
}

static void read_image(const struct sim_dump *dump, const struct sim_adapter_parts *description,
                       uint8_t *image)
{
    size_t held = dump->held;
    memcpy(image, dump->image, SIM_CONFIG_SIZE);
    bool same_chain =
        description && image[PCI_CAPABILITIES] == description->image[PCI_CAPABILITIES];
    if (held <= 256 && same_chain)
        memcpy(image + held, description->image + held, SIM_CONFIG_SIZE - held);
    else if (held < 256)
        cut_caps(image, held);
}

/* A network card's serial number is its MAC with ff-ff in the middle (EUI-64). */
static void read_identity(struct sim_adapter_parts *parts)
{
    unsigned cap = sim_pci_find_ext_cap(parts->image, PCI_EXT_SERIAL);
    if (!cap || cap + 12 > SIM_CONFIG_SIZE)
        return;
    const uint8_t *at = parts->image + cap + 4; /* the last byte first */
    bool is_mac = at[3] == 0xff && at[4] == 0xff && !(at[7] & 0x03) && (at[7] | at[6] | at[5]);
    if (!is_mac || parts->image[PCI_CLASS + 2] != PCI_CLASS_NETWORK)
        return;
    parts->is_own_identity = true;
    snprintf(parts->identity, sizeof(parts->identity), "%02x:%02x:%02x:%02x:%02x:%02x", at[7],
             at[6], at[5], at[2], at[1], at[0]);
}

/* "8086:10fb", which lspci -n prints in place of a name. */
static bool is_numeric(const char *title)
{
    return strlen(title) == 9 && strspn(title, "0123456789abcdef:") == 9;
}

void sim_adapter_parts_from_dump(const struct sim_dump *dump,
                                 const struct sim_adapter_parts *description,
                                 struct sim_adapter_parts *ret_parts)
{
    struct sim_adapter_parts parts = {0};
    if (description)
        parts = *description;
    memset(parts.bars, 0, sizeof(parts.bars));
    memset(&parts.sriov, 0, sizeof(parts.sriov));
    if (dump->title[0] && (!description || !is_numeric(dump->title)))
        memcpy(parts.model, dump->title, sizeof(parts.model));
    read_image(dump, description, parts.image);
    read_bars(dump, description, &parts);
    read_sriov(description, &parts);
    parts.rom_size = read_rom(dump, description);
    if (dump->held == SIM_CONFIG_SIZE)
        read_identity(&parts);
    sim_adapter_parts_complete(&parts);
    *ret_parts = parts;
}
