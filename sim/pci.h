/* SPDX-License-Identifier: MIT */
/*
 * Offsets and bits of PCI Express configuration space that the software chassis gives a meaning
 * to. Section numbers are of the PCI Express Base Specification, revision 5.0.
 */
#ifndef SIM_PCI_H
#define SIM_PCI_H

#include <stdint.h>

/* Common header (7.5.1.1) */
#define PCI_VENDOR_ID           0x00
#define PCI_DEVICE_ID           0x02
#define PCI_COMMAND             0x04
#define PCI_COMMAND_IO          0x0001
#define PCI_COMMAND_MEMORY      0x0002
#define PCI_COMMAND_MASTER      0x0004
#define PCI_COMMAND_WRITABLE    0x0547 /* I/O, memory, master, parity, SERR#, interrupt disable */
#define PCI_STATUS              0x06
#define PCI_STATUS_CAPS         0x0010
#define PCI_STATUS_CLEAR        0xf900 /* error bits, cleared by writing one */
#define PCI_REVISION            0x08
#define PCI_CLASS               0x09 /* programming interface, sub-class, base class */
#define PCI_CACHE_LINE          0x0c
#define PCI_HEADER_TYPE         0x0e
#define PCI_HEADER_MULTI        0x80
#define PCI_CAPABILITIES        0x34
#define PCI_INTERRUPT_LINE      0x3c
#define PCI_INTERRUPT_PIN       0x3d

/* Type 0 header (7.5.1.2) */
#define PCI_BAR0                0x10
#define PCI_BAR_IO              0x1
#define PCI_BAR_MEM64           0x4
#define PCI_BAR_PREFETCH        0x8
#define PCI_SUBVENDOR_ID        0x2c
#define PCI_SUBDEVICE_ID        0x2e
#define PCI_ROM                 0x30
#define PCI_ROM_ENABLE          0x1

/* Type 1 header (7.5.1.3) */
#define PCI_PRIMARY_BUS         0x18
#define PCI_SECONDARY_BUS       0x19
#define PCI_SUBORDINATE_BUS     0x1a
#define PCI_IO_BASE             0x1c
#define PCI_IO_LIMIT            0x1d
#define PCI_SECONDARY_STATUS    0x1e
#define PCI_MEM_BASE            0x20
#define PCI_MEM_LIMIT           0x22
#define PCI_PREF_BASE           0x24
#define PCI_PREF_LIMIT          0x26
#define PCI_PREF_BASE_HIGH      0x28
#define PCI_PREF_LIMIT_HIGH     0x2c
#define PCI_BRIDGE_CONTROL      0x3e
#define PCI_BRIDGE_BUS_RESET    0x0040

/* Capability ids (PCI Code and ID Assignment Specification, 2) */
#define PCI_CAP_PM              0x01
#define PCI_CAP_VPD             0x03
#define PCI_CAP_MSI             0x05
#define PCI_CAP_VENDOR          0x09
#define PCI_CAP_SUBSYSTEM       0x0d
#define PCI_CAP_EXPRESS         0x10
#define PCI_CAP_MSIX            0x11
#define PCI_CAP_AF              0x13
#define PCI_CAP_EA              0x14

/* Extended capability ids (as above, 3) */
#define PCI_EXT_AER             0x0001
#define PCI_EXT_SERIAL          0x0003
#define PCI_EXT_VENDOR          0x000b
#define PCI_EXT_ACS             0x000d
#define PCI_EXT_ARI             0x000e
#define PCI_EXT_ATS             0x000f
#define PCI_EXT_SRIOV           0x0010
#define PCI_EXT_MRIOV           0x0011
#define PCI_EXT_LTR             0x0018
#define PCI_EXT_SECONDARY       0x0019
#define PCI_EXT_PASID           0x001b
#define PCI_EXT_VF_REBAR        0x0024

/* PCI Express capability (7.5.3), offsets from its start */
#define PCI_EXP_FLAGS           0x02
#define PCI_EXP_FLAGS_VERSION   0x000f
#define PCI_EXP_FLAGS_TYPE      0x00f0
#define PCI_EXP_FLAGS_SLOT      0x0100
#define PCI_EXP_DEVCAP          0x04
#define PCI_EXP_DEVCAP_FLR      0x10000000
#define PCI_EXP_DEVCTL          0x08
#define PCI_EXP_DEVCTL_FLR      0x8000
#define PCI_EXP_DEVSTA          0x0a
#define PCI_EXP_DEVSTA_FATAL    0x0004
#define PCI_EXP_LNKCAP          0x0c
#define PCI_EXP_LNKCTL          0x10
#define PCI_EXP_LNKCTL_DISABLE  0x0010
#define PCI_EXP_LNKSTA          0x12
#define PCI_EXP_LNKSTA_CLOCK    0x1000
#define PCI_EXP_LNKSTA_ACTIVE   0x2000
#define PCI_EXP_SLTCAP          0x14
#define PCI_EXP_SLTCTL          0x18
#define PCI_EXP_SLTCTL_PIC      0x0300
#define PCI_EXP_SLTCTL_PIC_ON   0x0100
#define PCI_EXP_SLTCTL_BLINK    0x0200
#define PCI_EXP_SLTCTL_OFF      0x0400 /* power controller control: set is off */
#define PCI_EXP_SLTSTA          0x1a
#define PCI_EXP_SLTSTA_BUTTON   0x0001
#define PCI_EXP_SLTSTA_PDC      0x0008
#define PCI_EXP_SLTSTA_CC       0x0010
#define PCI_EXP_SLTSTA_PDS      0x0040
#define PCI_EXP_SLTSTA_DLLSC    0x0100
#define PCI_EXP_DEVCAP2         0x24
#define PCI_EXP_DEVCTL2         0x28
#define PCI_EXP_LNKCAP2         0x2c
#define PCI_EXP_LNKCTL2         0x30
#define PCI_EXP_TYPE_ENDPOINT   0x0
#define PCI_EXP_TYPE_ROOT       0x4
#define PCI_EXP_TYPE_UPSTREAM   0x5
#define PCI_EXP_TYPE_DOWN       0x6

/* Advanced error reporting (7.8.4), offsets from its start */
#define PCI_AER_UNCOR_STATUS    0x04
#define PCI_AER_UNCOR_MASK      0x08
#define PCI_AER_UNCOR_SEVER     0x0c
#define PCI_AER_COR_STATUS      0x10
#define PCI_AER_COR_MASK        0x14
#define PCI_AER_CONTROL         0x18
#define PCI_AER_LOG             0x1c
#define PCI_AER_UNCOR_BITS      0x07fff030
#define PCI_AER_UNCOR_SURPRISE  0x00000020
#define PCI_AER_UNCOR_FATAL     0x00462030 /* the severities that a reset sets */
#define PCI_AER_COR_BITS        0x0000f1c1
#define PCI_AER_COR_ADVISORY    0x00002000

/* Class codes (as the ids, 1) */
#define PCI_CLASS_NETWORK       0x02
#define PCI_CLASS_STORAGE       0x01
#define PCI_CLASS_FIBRE_CHANNEL 0x0c04
#define PCI_CLASS_BRIDGE        0x060400

static inline uint16_t sim_get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t sim_get32(const uint8_t *bytes)
{
    return (uint32_t)sim_get16(bytes) | (uint32_t)sim_get16(bytes + 2) << 16;
}

static inline void sim_put16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static inline void sim_put32(uint8_t *bytes, uint32_t value)
{
    sim_put16(bytes, (uint16_t)value);
    sim_put16(bytes + 2, (uint16_t)(value >> 16));
}

/* Offset of a capability in an image of 4 KiB, 0 if there is none. Chains that leave the space or
 * loop end the search. */
unsigned sim_pci_find_cap(const uint8_t *image, uint8_t id);
unsigned sim_pci_find_ext_cap(const uint8_t *image, uint16_t id);

/* Walks the chains: the next offset after `offset` (0: the first one), 0 at the end. A walk that
 * may loop needs a bound: there are at most 48 and 960 entries. */
unsigned sim_pci_next_cap(const uint8_t *image, unsigned offset);
unsigned sim_pci_next_ext_cap(const uint8_t *image, unsigned offset);
#define SIM_PCI_CAPS_MAX     48
#define SIM_PCI_EXT_CAPS_MAX 960

#endif
