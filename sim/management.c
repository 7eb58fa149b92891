/* SPDX-License-Identifier: MIT */
/* The PCI configuration space of the management function itself; each client has one. */
#include <string.h>

#include <libvio/error.h>

#include "sim/pci.h"
#include "sim/state.h"

/* Where the capabilities are. */
#define PM      0x40
#define EXPRESS 0x50
#define MSIX    0x90
#define VSEC    0x100

static void writable(struct sim_client *client, unsigned offset, unsigned size, uint32_t mask)
{
    for (unsigned i = 0; i < size; i++)
        client->config_mask[offset + i] = (uint8_t)(mask >> 8 * i);
}

/* A 64-bit memory BAR takes two registers; its size is what cannot be written. */
static void put_bar(struct sim_client *client, unsigned bar, uint32_t flags)
{
    unsigned at = PCI_BAR0 + 4 * bar;

    sim_put32(client->config + at, PCI_BAR_MEM64 | flags);
    writable(client, at, 4, ~(uint32_t)(sim_bar_size(bar) - 1));
    writable(client, at + 4, 4, UINT32_MAX);
}

static void put_header(struct sim_client *client)
{
    uint8_t *c = client->config;

    sim_put16(c + PCI_VENDOR_ID, VIO_HW_PCI_VENDOR);
    sim_put16(c + PCI_DEVICE_ID, VIO_HW_PCI_DEVICE);
    sim_put16(c + PCI_STATUS, PCI_STATUS_CAPS);
    sim_put32(c + PCI_REVISION, VIO_HW_PCI_CLASS << 8 | VIO_HW_VERSION_MAJOR);
    sim_put16(c + PCI_SUBVENDOR_ID, VIO_HW_PCI_VENDOR);
    sim_put16(c + PCI_SUBDEVICE_ID, VIO_HW_PCI_DEVICE);
    c[PCI_CAPABILITIES] = PM;
    writable(client, PCI_COMMAND, 2,
             PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | 0x0440 /* parity, interrupt disable */);
    writable(client, PCI_CACHE_LINE, 1, 0xff);
    writable(client, PCI_INTERRUPT_LINE, 1, 0xff);
    put_bar(client, VIO_HW_BAR_REGISTERS, 0);
    put_bar(client, VIO_HW_BAR_RINGS, PCI_BAR_PREFETCH);
    put_bar(client, VIO_HW_BAR_MSIX, 0);
}

/* Power management (PCI-PM 3.2): version 3, D0 and D3hot, no soft reset. */
static void put_pm(struct sim_client *client)
{
    client->config[PM] = PCI_CAP_PM;
    client->config[PM + 1] = EXPRESS;
    sim_put16(client->config + PM + 2, 0x0003);
    sim_put16(client->config + PM + 4, 0x0008);
    writable(client, PM + 4, 2, 0x0003);
}

/* An endpoint (PCIe base 7.5.3) on a link of 8 GT/s and four lanes, with function level reset. */
static void put_express(struct sim_client *client)
{
    uint8_t *c = client->config + EXPRESS;

    c[0] = PCI_CAP_EXPRESS;
    c[1] = MSIX;
    sim_put16(c + PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_ENDPOINT << 4);
    sim_put32(c + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLR | 0x8000 /* role-based errors */ | 1);
    sim_put16(c + PCI_EXP_DEVCTL, 0x2810);
    writable(client, EXPRESS + PCI_EXP_DEVCTL, 2, 0x78ff);
    sim_put32(c + PCI_EXP_LNKCAP, 3 | 4 << 4);
    sim_put16(c + PCI_EXP_LNKSTA, 3 | 4 << 4);
    writable(client, EXPRESS + PCI_EXP_LNKCTL, 2, 0x00c3);
    sim_put32(c + PCI_EXP_LNKCAP2, 0x0e); /* 2.5, 5 and 8 GT/s */
    sim_put16(c + PCI_EXP_LNKCTL2, 3);
}

static void put_msix(struct sim_client *client)
{
    uint8_t *c = client->config + MSIX;

    c[0] = PCI_CAP_MSIX;
    sim_put16(c + 2, VIO_HW_VECTORS - 1);
    sim_put32(c + 4, VIO_HW_MSIX_TABLE | VIO_HW_BAR_MSIX);
    sim_put32(c + 8, VIO_HW_MSIX_PBA | VIO_HW_BAR_MSIX);
    writable(client, MSIX + 2, 2, 0xc000); /* enable, mask all */
}

static void put_vsec(struct sim_client *client)
{
    uint8_t *c = client->config + VSEC;

    sim_put32(c, PCI_EXT_VENDOR | 1u << 16);
    sim_put32(c + 4,
              VIO_HW_VSEC_ID | VIO_HW_VSEC_REVISION << 16 | (uint32_t)VIO_HW_VSEC_LENGTH << 20);
    sim_put32(c + VIO_HW_VSEC_VERSION, SIM_GET32(client->sim->global, GLOBAL_VERSION));
    sim_put32(c + VIO_HW_VSEC_BARS,
              VIO_HW_BAR_REGISTERS | VIO_HW_BAR_RINGS << 4 | VIO_HW_BAR_MSIX << 8);
    sim_put32(c + VIO_HW_VSEC_MAGIC, VIO_HW_MAGIC);
    sim_put32(c + VIO_HW_VSEC_QUEUES, client->sim->queues);
}

void sim_management_init(struct sim_client *client)
{
    memset(client->config, 0, sizeof client->config);
    memset(client->config_mask, 0, sizeof client->config_mask);
    memset(client->msix, 0, sizeof client->msix);
    put_header(client);
    put_pm(client);
    put_express(client);
    put_msix(client);
    put_vsec(client);
    for (unsigned vector = 0; vector < VIO_HW_VECTORS; vector++) /* masked: PCIe base 7.7.2.8 */
        client->msix[VIO_HW_MSIX_TABLE + 16 * vector + 12] = 1;
}

static bool in_config(size_t offset, size_t size)
{
    return offset <= SIM_CONFIG_SIZE && size <= SIM_CONFIG_SIZE - offset;
}

int sim_client_config_read(struct sim_client *client, size_t offset, void *data, size_t size)
{
    if (!in_config(offset, size))
        return VIO_EINVAL;
    sim_enter(client->sim);
    memcpy(data, client->config + offset, size);
    sim_leave(client->sim);
    return 0;
}

/* Whether the write sets the bit that initiates a function level reset. */
static bool asks_for_reset(size_t offset, const uint8_t *data, size_t size)
{
    size_t at = EXPRESS + PCI_EXP_DEVCTL + 1;

    return at >= offset && at - offset < size && (data[at - offset] & PCI_EXP_DEVCTL_FLR >> 8);
}

int sim_client_config_write(struct sim_client *client, size_t offset, const void *data, size_t size)
{
    const uint8_t *bytes = data;

    if (!in_config(offset, size))
        return VIO_EINVAL;
    if (asks_for_reset(offset, bytes, size)) {
        sim_client_reset(client);
        return 0;
    }
    sim_enter(client->sim);
    for (size_t i = 0; i < size; i++) {
        uint8_t mask = client->config_mask[offset + i];
        uint8_t *at = &client->config[offset + i];

        *at = (uint8_t)((*at & ~mask) | (bytes[i] & mask));
    }
    sim_leave(client->sim);
    return 0;
}
