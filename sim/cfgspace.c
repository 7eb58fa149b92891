/* SPDX-License-Identifier: MIT */
#include "sim/cfgspace.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "sim/layout.h"
#include "sim/pci.h"

struct sim_cfgspace {
    struct sim_layout *layout;
    uint8_t bytes[SIM_CONFIG_SIZE];
};

int sim_cfgspace_new_layout(struct sim_layout *layout, struct sim_cfgspace **ret_space)
{
    struct sim_cfgspace *space = vio__calloc(sim_layout_alloc(layout), 1, sizeof(*space));
    if (!space)
        return VIO_ENOMEM;
    space->layout = sim_layout_ref(layout);
    sim_cfgspace_reset(space);
    *ret_space = space;
    return 0;
}

int sim_cfgspace_new(const struct sim_adapter *adapter, struct sim_cfgspace **ret_space)
{
    return sim_cfgspace_new_layout(sim_adapter_layout(adapter), ret_space);
}

void sim_cfgspace_free(struct sim_cfgspace *space)
{
    if (!space)
        return;
    struct sim_layout *layout = space->layout;
    vio__free(sim_layout_alloc(layout), space);
    sim_layout_unref(layout);
}

void sim_cfgspace_reset(struct sim_cfgspace *space)
{
    memcpy(space->bytes, sim_layout_bytes(space->layout), SIM_CONFIG_SIZE);
}

void sim_cfgspace_read(const struct sim_cfgspace *space, size_t offset, void *buf, size_t len)
{
    size_t there = offset >= SIM_CONFIG_SIZE ? 0 : SIM_CONFIG_SIZE - offset;
    size_t n = len < there ? len : there;
    if (n)
        memcpy(buf, space->bytes + offset, n);
    if (len > n)
        memset((uint8_t *)buf + n, 0xff, len - n);
}

static bool touches(size_t offset, size_t len, size_t field, size_t field_len)
{
    return offset < field + field_len && field < offset + len;
}

/* Applies the power states that the function has (7.5.2.2): a write of another one is ignored.
 * Returns whether the function reset itself on leaving D3hot. */
static bool settle_power(struct sim_cfgspace *space, unsigned pm, uint8_t before)
{
    uint16_t pmc = sim_get16(space->bytes + pm + 2);
    uint8_t *status = &space->bytes[pm + 4];
    unsigned state = *status & 3u;
    bool known = state == 0 || state == 3 || (pmc & (state == 1 ? 0x0200 : 0x0400));
    if (!known)
        *status = (uint8_t)((*status & ~3u) | before);
    bool keeps = *status & 0x08; /* No_Soft_Reset */
    return before == 3 && (*status & 3u) == 0 && !keeps;
}

/* Vital product data is empty: its first item is the end tag. The transfer is over at once. */
static void settle_vpd(struct sim_cfgspace *space, unsigned vpd)
{
    uint16_t address = sim_get16(space->bytes + vpd + 2);
    bool is_write = address & 0x8000;
    sim_put16(space->bytes + vpd + 2, address ^ 0x8000);
    if (!is_write)
        sim_put32(space->bytes + vpd + 4, (address & 0x7ffc) ? 0 : 0x78);
}

/* What a write makes the function do besides storing bits. Returns whether it resets. */
static bool settle(struct sim_cfgspace *space, size_t offset, const uint8_t *buf, size_t len,
                   unsigned pm, uint8_t power)
{
    const uint8_t *bytes = space->bytes;
    unsigned vpd = sim_pci_find_cap(bytes, PCI_CAP_VPD);
    if (vpd && vpd <= 0xf8 && touches(offset, len, vpd + 3, 1))
        settle_vpd(space, vpd);

    bool reset = pm && settle_power(space, pm, power);
    unsigned exp = sim_pci_find_cap(bytes, PCI_CAP_EXPRESS);
    if (exp && (sim_get32(bytes + exp + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_FLR) &&
        touches(offset, len, exp + PCI_EXP_DEVCTL + 1, 1))
        reset |= buf[exp + PCI_EXP_DEVCTL + 1 - offset] >> 7;
    unsigned af = sim_pci_find_cap(bytes, PCI_CAP_AF);
    if (af && (bytes[af + 3] & 0x02) && touches(offset, len, af + 4, 1))
        reset |= buf[af + 4 - offset] & 0x01;
    return reset;
}

void sim_cfgspace_write(struct sim_cfgspace *space, size_t offset, const void *buf, size_t len)
{
    if (offset >= SIM_CONFIG_SIZE)
        return;
    if (len > SIM_CONFIG_SIZE - offset)
        len = SIM_CONFIG_SIZE - offset;
    const uint8_t *from = buf;
    const uint8_t *writable = sim_layout_writable(space->layout) + offset;
    const uint8_t *clearable = sim_layout_clearable(space->layout) + offset;
    unsigned pm = sim_pci_find_cap(space->bytes, PCI_CAP_PM);
    uint8_t power = pm ? space->bytes[pm + 4] & 3 : 0;

    for (size_t i = 0; i < len; i++) {
        uint8_t *byte = &space->bytes[offset + i];
        *byte = (uint8_t)((*byte & ~writable[i]) | (from[i] & writable[i]));
        *byte &= (uint8_t) ~(from[i] & clearable[i]);
    }
    if (offset + len > 0x40 && offset < 0x100 && settle(space, offset, from, len, pm, power))
        sim_cfgspace_reset(space);
}

uint32_t sim_cfgspace_get(const struct sim_cfgspace *space, size_t offset, unsigned len)
{
    uint8_t bytes[4] = {0};
    sim_cfgspace_read(space, offset, bytes, len < 4 ? len : 4);
    return sim_get32(bytes);
}

void sim_cfgspace_put(struct sim_cfgspace *space, size_t offset, unsigned len, uint32_t value)
{
    uint8_t bytes[4];
    sim_put32(bytes, value);
    sim_cfgspace_write(space, offset, bytes, len < 4 ? len : 4);
}

void sim_cfgspace_set(struct sim_cfgspace *space, size_t offset, unsigned len, uint32_t value)
{
    for (unsigned i = 0; i < len && offset + i < SIM_CONFIG_SIZE; i++, value >>= 8)
        space->bytes[offset + i] = (uint8_t)value;
}

unsigned sim_cfgspace_find_cap(const struct sim_cfgspace *space, uint8_t id)
{
    return sim_pci_find_cap(space->bytes, id);
}

unsigned sim_cfgspace_find_ext_cap(const struct sim_cfgspace *space, uint16_t id)
{
    return sim_pci_find_ext_cap(space->bytes, id);
}
