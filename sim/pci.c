/* SPDX-License-Identifier: MIT */
#include "sim/pci.h"

#include "sim/adapter.h"

unsigned sim_pci_next_cap(const uint8_t *image, unsigned offset)
{
    if (!(sim_get16(image + PCI_STATUS) & PCI_STATUS_CAPS))
        return 0;
    unsigned next = image[offset ? offset + 1 : PCI_CAPABILITIES] & ~3u;
    return next >= 0x40 ? next : 0;
}

unsigned sim_pci_next_ext_cap(const uint8_t *image, unsigned offset)
{
    if (!offset)
        return sim_get32(image + 0x100) && sim_get32(image + 0x100) != UINT32_MAX ? 0x100 : 0;
    unsigned next = sim_get32(image + offset) >> 20 & ~3u;
    return next >= 0x100 && next < SIM_CONFIG_SIZE ? next : 0;
}

unsigned sim_pci_find_cap(const uint8_t *image, uint8_t id)
{
    unsigned offset = 0;
    for (int i = 0; i < SIM_PCI_CAPS_MAX && (offset = sim_pci_next_cap(image, offset)); i++)
        if (image[offset] == id)
            return offset;
    return 0;
}

unsigned sim_pci_find_ext_cap(const uint8_t *image, uint16_t id)
{
    unsigned offset = 0;
    for (int i = 0; i < SIM_PCI_EXT_CAPS_MAX && (offset = sim_pci_next_ext_cap(image, offset)); i++)
        if (sim_get16(image + offset) == id)
            return offset;
    return 0;
}
