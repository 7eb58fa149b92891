/* SPDX-License-Identifier: MIT */
#include "sim/adapter.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "sim/adapter_parts.h"
#include "sim/layout.h"
#include "sim/pci.h"

struct sim_adapter {
    const struct vio_alloc *alloc;
    struct sim_adapter_parts parts;
    struct sim_pci_id id;
    enum sim_adapter_kind kind;
    struct sim_layout *layout;
};

static struct sim_pci_id read_id(const uint8_t *image)
{
    return (struct sim_pci_id){
        .vendor = sim_get16(image + PCI_VENDOR_ID),
        .device = sim_get16(image + PCI_DEVICE_ID),
        .subvendor = sim_get16(image + PCI_SUBVENDOR_ID),
        .subdevice = sim_get16(image + PCI_SUBDEVICE_ID),
        .class_code = sim_get32(image + PCI_REVISION) >> 8,
        .revision = image[PCI_REVISION],
    };
}

static enum sim_adapter_kind kind_of(uint32_t class_code)
{
    if (class_code >> 16 == PCI_CLASS_NETWORK)
        return SIM_ADAPTER_NIC;
    if (class_code >> 8 == PCI_CLASS_FIBRE_CHANNEL)
        return SIM_ADAPTER_HBA;
    return class_code >> 16 == PCI_CLASS_STORAGE ? SIM_ADAPTER_DISK : SIM_ADAPTER_OTHER;
}

/* What a link of this Link Status carries one way, in Mbit/s. */
static uint32_t link_rate(const uint8_t *image)
{
    static const uint32_t lane[] = {0, 2000, 4000, 7877, 15754, 31508, 63015};
    unsigned exp = sim_pci_find_cap(image, PCI_CAP_EXPRESS);
    uint32_t cap = exp ? sim_get32(image + exp + PCI_EXP_LNKCAP) : 0;
    uint32_t speed = (cap & 0xf) < 7 ? cap & 0xf : 6;
    return lane[speed] * (cap >> 4 & 0x3f);
}

static uint32_t usual_speed(const struct sim_adapter_parts *parts, uint32_t class_code)
{
    switch (kind_of(class_code)) {
    case SIM_ADAPTER_NIC:
        return link_rate(parts->image) >= 16000 ? 10000 : 1000;
    case SIM_ADAPTER_HBA:
        return 8000;
    case SIM_ADAPTER_DISK:
        if (class_code >> 8 != 0x0108 || !link_rate(parts->image))
            return 6000;
        return link_rate(parts->image); /* NVMe: the link is the port */
    default:
        return 1000;
    }
}

void sim_adapter_parts_complete(struct sim_adapter_parts *parts)
{
    uint32_t class_code = sim_get32(parts->image + PCI_REVISION) >> 8;
    bool is_disk = kind_of(class_code) == SIM_ADAPTER_DISK;
    if (!parts->functions)
        parts->functions = 32;
    if (!parts->ports)
        parts->ports = 1;
    if (!parts->port_speed)
        parts->port_speed = usual_speed(parts, class_code);
    if (!parts->capacity && is_disk)
        parts->capacity = UINT64_C(1) << 40;
    if (!is_disk)
        parts->capacity = 0;
}

/* Counts up the last three of `count` two-digit bytes in text such as "00:1b:21:00:00:00". */
static void count_up(char *text, unsigned count, uint32_t by)
{
    size_t len = strlen(text);
    unsigned low;
    unsigned b[3];
    int end = 0;
    if (len != count * 3 - 1 ||
        sscanf(text + len - 8, "%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &end) != 3 || end != 8)
        return;
    low = (b[0] << 16 | b[1] << 8 | b[2]) + by;
    snprintf(text + len - 8, 9, "%02x:%02x:%02x", low >> 16 & 0xff, low >> 8 & 0xff, low & 0xff);
}

void sim_adapter_parts_number(struct sim_adapter_parts *parts, unsigned number)
{
    uint32_t by = number << 8;
    count_up(parts->identity, 6, by);
    count_up(parts->identity, 8, by);
    unsigned serial = sim_pci_find_ext_cap(parts->image, PCI_EXT_SERIAL);
    if (!serial || serial + 12 > SIM_CONFIG_SIZE)
        return;
    uint8_t *low = parts->image + serial + 4;
    uint32_t value = (sim_get32(low) & 0x00ffffff) + by;
    sim_put32(low, (sim_get32(low) & 0xff000000) | (value & 0x00ffffff));
}

int sim_adapter_new(const struct vio_alloc *alloc, const struct sim_adapter_parts *parts,
                    struct sim_adapter **ret_adapter)
{
    struct sim_adapter *adapter = vio__calloc(alloc, 1, sizeof(*adapter));
    if (!adapter)
        return VIO_ENOMEM;
    adapter->alloc = alloc;
    adapter->parts = *parts;
    adapter->id = read_id(parts->image);
    adapter->kind = kind_of(adapter->id.class_code);
    adapter->layout = sim_layout_of_function(alloc, parts->image, parts->bars, parts->rom_size);
    if (!adapter->layout) {
        vio__free(alloc, adapter);
        return VIO_ENOMEM;
    }
    *ret_adapter = adapter;
    return 0;
}

void sim_adapter_free(struct sim_adapter *adapter)
{
    if (!adapter)
        return;
    sim_layout_unref(adapter->layout);
    vio__free(adapter->alloc, adapter);
}

const char *sim_adapter_name(const struct sim_adapter *adapter)
{
    return adapter->parts.name;
}

const char *sim_adapter_model(const struct sim_adapter *adapter)
{
    return adapter->parts.model;
}

const char *sim_adapter_identity(const struct sim_adapter *adapter)
{
    return adapter->parts.identity;
}

enum sim_adapter_kind sim_adapter_kind(const struct sim_adapter *adapter)
{
    return adapter->kind;
}

enum sim_adapter_sharing sim_adapter_sharing(const struct sim_adapter *adapter)
{
    if (adapter->kind == SIM_ADAPTER_OTHER)
        return SIM_SHARING_NONE;
    return adapter->parts.sriov.total_vfs ? SIM_SHARING_SRIOV : SIM_SHARING_PROXIED;
}

unsigned sim_adapter_functions_max(const struct sim_adapter *adapter)
{
    switch (sim_adapter_sharing(adapter)) {
    case SIM_SHARING_SRIOV:
        return adapter->parts.sriov.total_vfs;
    case SIM_SHARING_PROXIED:
        return adapter->parts.functions;
    default:
        return 0;
    }
}

unsigned sim_adapter_ports(const struct sim_adapter *adapter)
{
    return adapter->parts.ports;
}

uint32_t sim_adapter_port_speed(const struct sim_adapter *adapter)
{
    return adapter->parts.port_speed;
}

uint64_t sim_adapter_capacity(const struct sim_adapter *adapter)
{
    return adapter->parts.capacity;
}

const struct sim_pci_id *sim_adapter_pci_id(const struct sim_adapter *adapter)
{
    return &adapter->id;
}

const struct sim_bar *sim_adapter_bar(const struct sim_adapter *adapter, unsigned index)
{
    return index < SIM_BARS ? &adapter->parts.bars[index] : NULL;
}

uint64_t sim_adapter_rom_size(const struct sim_adapter *adapter)
{
    return adapter->parts.rom_size;
}

const struct sim_sriov *sim_adapter_sriov(const struct sim_adapter *adapter)
{
    return &adapter->parts.sriov;
}

bool sim_adapter_has_ari(const struct sim_adapter *adapter)
{
    return sim_pci_find_ext_cap(adapter->parts.image, PCI_EXT_ARI) != 0;
}

const uint8_t *sim_adapter_image(const struct sim_adapter *adapter)
{
    return adapter->parts.image;
}

struct sim_layout *sim_adapter_layout(const struct sim_adapter *adapter)
{
    return adapter->layout;
}
