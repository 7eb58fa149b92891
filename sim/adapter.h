/* SPDX-License-Identifier: MIT */
/*
 * A physical off-the-shelf card in a slot: its identity, its config space as the card's own first
 * function shows it, and how its functions can be shared. Built from a description
 * (vio-adapter(5)) or from the text of `lspci -xxxx`. Immutable once built.
 */
#ifndef SIM_ADAPTER_H
#define SIM_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/diag.h"

#define SIM_CONFIG_SIZE           4096 /* bytes of PCI Express configuration space (PCIe base 7.2.2) */
#define SIM_BARS                  6    /* base address registers of a type-0 header */
#define SIM_ADAPTER_NAME_MAX      63 /* bytes of UTF-8 in names, models and identities */
#define SIM_ADAPTER_PORTS_MAX     16
#define SIM_ADAPTER_FUNCTIONS_MAX 256 /* functions that one card can share */

struct sim_adapter;
struct sim_layout;
struct vio_alloc;

/* What its functions are to a server; from the class code. */
enum sim_adapter_kind {
    SIM_ADAPTER_OTHER = 0, /* a card that cannot be shared as any of the following */
    SIM_ADAPTER_NIC = 1,   /* class 02xx: shared as vNICs */
    SIM_ADAPTER_HBA = 2,   /* class 0c04 (Fibre Channel): shared as vHBAs */
    SIM_ADAPTER_DISK = 3,  /* class 01xx: shared as vDisks */
};

/* How its functions come to be. */
enum sim_adapter_sharing {
    SIM_SHARING_NONE = 0,    /* not at all: kind is SIM_ADAPTER_OTHER */
    SIM_SHARING_SRIOV = 1,   /* the card's own virtual functions */
    SIM_SHARING_PROXIED = 2, /* contexts that the VPC keeps on the card's behalf */
};

enum sim_bar_type {
    SIM_BAR_NONE = 0,
    SIM_BAR_IO = 1,
    SIM_BAR_MEM32 = 2,
    SIM_BAR_MEM64 = 3, /* takes this register and the next, which is SIM_BAR_NONE */
};

struct sim_bar {
    enum sim_bar_type type;
    bool prefetchable;
    uint64_t size; /* bytes, a power of two; 0 with SIM_BAR_NONE */
};

/* The SR-IOV capability (PCIe base 9.3.3); all zero for a card without one. */
struct sim_sriov {
    uint16_t total_vfs;
    uint16_t vf_offset;
    uint16_t vf_stride;
    uint16_t vf_device_id;
    struct sim_bar bar[SIM_BARS]; /* of one VF */
};

struct sim_pci_id {
    uint16_t vendor, device, subvendor, subdevice;
    uint32_t class_code; /* 24 bits: base class, sub-class, programming interface */
    uint8_t revision;
};

/*
 * Loads the card that `where` names: a path of a description or of a dump, or the name of a
 * description in `share_dir`/adapters (without ".yaml"). "DUMP@BDF" picks one function of a dump
 * ("dump.txt@0000:03:00.0", the domain may be left out); otherwise the dump's first network
 * function is taken, else Fibre Channel, else storage; a card of another class has to be named.
 * What a dump does not hold is completed from the description of the same vendor and device, if
 * there is one.
 *
 * `share_dir` may be NULL: then sim_share_find(). `alloc` (NULL: the C library's) outlives the
 * adapter and all that is made from it. Returns 0, VIO_ENOENT, VIO_EPARSE (diag says
 * "FILE:LINE: …"), VIO_EIO, VIO_ELIMIT (file too large), VIO_ENOMEM. The caller frees with
 * sim_adapter_free().
 */
int sim_adapter_load(const struct vio_alloc *alloc, const char *where, const char *share_dir,
                     struct sim_adapter **ret_adapter, struct sim_diag *diag);
void sim_adapter_free(struct sim_adapter *adapter); /* NULL is fine */

/* Strings stay valid for the adapter's life; identity and serial are "" when not known. */
const char *sim_adapter_name(const struct sim_adapter *adapter);     /* "intel-82599es" */
const char *sim_adapter_model(const struct sim_adapter *adapter);    /* for people */
const char *sim_adapter_identity(const struct sim_adapter *adapter); /* factory MAC or WWPN */

enum sim_adapter_kind sim_adapter_kind(const struct sim_adapter *adapter);
enum sim_adapter_sharing sim_adapter_sharing(const struct sim_adapter *adapter);
unsigned sim_adapter_functions_max(const struct sim_adapter *adapter); /* that can be shared */
unsigned sim_adapter_ports(const struct sim_adapter *adapter);
uint32_t sim_adapter_port_speed(const struct sim_adapter *adapter); /* Mbit/s, of each port */
uint64_t sim_adapter_capacity(const struct sim_adapter *adapter);   /* bytes; 0 unless storage */

const struct sim_pci_id *sim_adapter_pci_id(const struct sim_adapter *adapter);
const struct sim_bar *sim_adapter_bar(const struct sim_adapter *adapter, unsigned index);
uint64_t sim_adapter_rom_size(const struct sim_adapter *adapter); /* bytes; 0: none */
const struct sim_sriov *sim_adapter_sriov(const struct sim_adapter *adapter);
bool sim_adapter_has_ari(const struct sim_adapter *adapter);

/* The card's own config space, SIM_CONFIG_SIZE bytes, SR-IOV and all. */
const uint8_t *sim_adapter_image(const struct sim_adapter *adapter);
/* What every function of the card starts from; shared, so that many functions cost little. */
struct sim_layout *sim_adapter_layout(const struct sim_adapter *adapter);

#endif
