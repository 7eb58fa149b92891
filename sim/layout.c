/* SPDX-License-Identifier: MIT */
#include "sim/layout.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/alloc.h"
#include "sim/pci.h"

struct sim_layout {
    const struct vio_alloc *alloc;
    unsigned refs;
    uint8_t bytes[SIM_CONFIG_SIZE];
    uint8_t writable[SIM_CONFIG_SIZE];
    uint8_t clearable[SIM_CONFIG_SIZE];
};

struct sim_layout *sim_layout_new(const struct vio_alloc *alloc, const uint8_t *image)
{
    struct sim_layout *layout = vio__calloc(alloc, 1, sizeof(*layout));
    if (!layout)
        return NULL;
    layout->alloc = alloc;
    layout->refs = 1;
    if (image)
        memcpy(layout->bytes, image, SIM_CONFIG_SIZE);
    return layout;
}

struct sim_layout *sim_layout_ref(struct sim_layout *layout)
{
    layout->refs++;
    return layout;
}

void sim_layout_unref(struct sim_layout *layout)
{
    if (layout && --layout->refs == 0)
        vio__free(layout->alloc, layout);
}

void sim_layout_field(struct sim_layout *layout, size_t offset, unsigned len, uint32_t writable,
                      uint32_t initial)
{
    if (offset + len > SIM_CONFIG_SIZE)
        return;
    for (unsigned i = 0; i < len; i++, writable >>= 8, initial >>= 8) {
        uint8_t mask = (uint8_t)writable;
        uint8_t *byte = &layout->bytes[offset + i];
        *byte = (uint8_t)((*byte & ~mask) | ((uint8_t)initial & mask));
        layout->writable[offset + i] |= mask;
    }
}

void sim_layout_status(struct sim_layout *layout, size_t offset, unsigned len, uint32_t clear)
{
    if (offset + len > SIM_CONFIG_SIZE)
        return;
    for (unsigned i = 0; i < len; i++, clear >>= 8) {
        layout->bytes[offset + i] &= (uint8_t)~clear;
        layout->clearable[offset + i] |= (uint8_t)clear;
    }
}

void sim_layout_constant(struct sim_layout *layout, size_t offset, unsigned len, uint32_t value)
{
    if (offset + len > SIM_CONFIG_SIZE)
        return;
    for (unsigned i = 0; i < len; i++, value >>= 8)
        layout->bytes[offset + i] = (uint8_t)value;
}

const struct vio_alloc *sim_layout_alloc(const struct sim_layout *layout)
{
    return layout->alloc;
}

const uint8_t *sim_layout_bytes(const struct sim_layout *layout)
{
    return layout->bytes;
}

const uint8_t *sim_layout_writable(const struct sim_layout *layout)
{
    return layout->writable;
}

const uint8_t *sim_layout_clearable(const struct sim_layout *layout)
{
    return layout->clearable;
}

/* Power management (7.5.2): the power state, and PME where it is supported. */
void sim_layout_pm(struct sim_layout *layout, unsigned offset)
{
    uint16_t pmc = sim_get16(layout->bytes + offset + 2);
    uint16_t pme = pmc & 0xf800 ? 0x0100 : 0;
    sim_layout_field(layout, offset + 4, 2, 0x0003u | pme, 0);
    sim_layout_status(layout, offset + 4, 2, pme ? 0x8000 : 0);
}

/* MSI (7.7.1): enable and vector count, address, data, and masks of the vectors there are. */
void sim_layout_msi(struct sim_layout *layout, unsigned offset)
{
    uint16_t control = sim_get16(layout->bytes + offset + 2);
    unsigned log = (control >> 1 & 7) > 5 ? 5 : control >> 1 & 7;
    uint32_t vectors = (uint32_t)((UINT64_C(1) << (1u << log)) - 1);
    sim_layout_field(layout, offset + 2, 2, 0x0071, 0);
    sim_layout_field(layout, offset + 4, 4, 0xfffffffc, 0);
    offset += 8;
    if (control & 0x0080) {
        sim_layout_field(layout, offset, 4, 0xffffffff, 0);
        offset += 4;
    }
    sim_layout_field(layout, offset, 2, 0xffff, 0);
    if (control & 0x0100) {
        sim_layout_field(layout, offset + 4, 4, vectors, 0);
        sim_layout_constant(layout, offset + 8, 4, 0);
    }
}

/* What Device Control 2 may switch on, by Device Capabilities 2 (7.5.3.15 and 7.5.3.16). */
static uint32_t devctl2_bits(uint32_t cap)
{
    uint32_t bits = 0x0300; /* ID-based ordering */
    bits |= cap & 0x000f ? 0x000f : 0;
    bits |= cap & 0x0010;
    bits |= cap & 0x0800 ? 0x0400 : 0;     /* LTR */
    bits |= cap & (1u << 17) ? 0x1000 : 0; /* 10-bit tags */
    return bits;
}

/* PCI Express (7.5.3): device and link control, which every port type has. */
void sim_layout_express(struct sim_layout *layout, unsigned offset)
{
    const uint8_t *cap = layout->bytes + offset;
    uint32_t devcap = sim_get32(cap + PCI_EXP_DEVCAP);
    uint32_t devctl = 0x78ff;             /* errors, ordering, payload, no-snoop, read request */
    devctl |= devcap & 0x20 ? 0x0100 : 0; /* extended tags */
    devctl |= devcap & 0x18 ? 0x0200 : 0; /* phantom functions */
    sim_layout_field(layout, offset + PCI_EXP_DEVCTL, 2, devctl, 0x2810);
    sim_layout_status(layout, offset + PCI_EXP_DEVSTA, 2, 0x000f);

    uint32_t lnkctl = 0x00cb;
    lnkctl |= sim_get32(cap + PCI_EXP_LNKCAP) & (1u << 18) ? 0x0100 : 0; /* clock management */
    sim_layout_field(layout, offset + PCI_EXP_LNKCTL, 2, lnkctl, 0);
    bool has_second = (sim_get16(cap + PCI_EXP_FLAGS) & PCI_EXP_FLAGS_VERSION) >= 2;
    if (!has_second || offset + PCI_EXP_LNKCTL2 + 2 > 0x100)
        return;
    sim_layout_field(layout, offset + PCI_EXP_DEVCTL2, 2,
                     devctl2_bits(sim_get32(cap + PCI_EXP_DEVCAP2)), 0);
    uint32_t speed = sim_get32(cap + PCI_EXP_LNKCAP) & 0xf;
    sim_layout_field(layout, offset + PCI_EXP_LNKCTL2, 2, 0xffbf, speed);
}

/* Advanced error reporting (7.8.4). */
void sim_layout_aer(struct sim_layout *layout, unsigned offset)
{
    uint32_t control = sim_get32(layout->bytes + offset + PCI_AER_CONTROL);
    sim_layout_status(layout, offset + PCI_AER_UNCOR_STATUS, 4, PCI_AER_UNCOR_BITS);
    sim_layout_field(layout, offset + PCI_AER_UNCOR_MASK, 4, PCI_AER_UNCOR_BITS, 0);
    sim_layout_field(layout, offset + PCI_AER_UNCOR_SEVER, 4, PCI_AER_UNCOR_BITS,
                     PCI_AER_UNCOR_FATAL);
    sim_layout_status(layout, offset + PCI_AER_COR_STATUS, 4, PCI_AER_COR_BITS);
    sim_layout_field(layout, offset + PCI_AER_COR_MASK, 4, PCI_AER_COR_BITS, PCI_AER_COR_ADVISORY);
    sim_layout_constant(layout, offset + PCI_AER_CONTROL, 1, control & 0xe0);
    sim_layout_field(layout, offset + PCI_AER_CONTROL, 4,
                     (control & 0x20 ? 0x40 : 0) | (control & 0x80 ? 0x100 : 0), 0);
    for (unsigned i = 0; i < 16; i += 4)
        sim_layout_constant(layout, offset + PCI_AER_LOG + i, 4, 0);
}

/* Access control services (7.7.8): each control bit follows its capability bit. */
void sim_layout_acs(struct sim_layout *layout, unsigned offset)
{
    sim_layout_field(layout, offset + 6, 2, sim_get16(layout->bytes + offset + 4) & 0x7f, 0);
}
