/* SPDX-License-Identifier: MIT */
/* What an adapter is made of, as descriptions and dumps give it. */
#ifndef SIM_ADAPTER_PARTS_H
#define SIM_ADAPTER_PARTS_H

#include "sim/adapter.h"

struct sim_adapter_parts {
    char name[SIM_ADAPTER_NAME_MAX + 1];
    char model[SIM_ADAPTER_NAME_MAX + 1];
    char identity[SIM_ADAPTER_NAME_MAX + 1]; /* "" if not known */
    bool is_own_identity; /* read off the very card; not what a description makes up */
    uint8_t image[SIM_CONFIG_SIZE];
    struct sim_bar bars[SIM_BARS];
    uint64_t rom_size;
    struct sim_sriov sriov;
    unsigned functions;  /* that the VPC can proxy, where there is no SR-IOV */
    unsigned ports;      /* 0: not known */
    uint32_t port_speed; /* Mbit/s; 0: not known */
    uint64_t capacity;   /* bytes; 0: not known */
};

/* What cards of this class have where nobody says more; fills the fields that are 0. */
void sim_adapter_parts_complete(struct sim_adapter_parts *parts);

struct sim_dump;

/* Makes parts of a dump, with the description of the same card for what the dump does not hold;
 * NULL: there is none, so that sizes are judged from addresses and from what the capabilities point
 * at. */
void sim_adapter_parts_from_dump(const struct sim_dump *dump,
                                 const struct sim_adapter_parts *description,
                                 struct sim_adapter_parts *ret_parts);

int sim_adapter_new(const struct vio_alloc *alloc, const struct sim_adapter_parts *parts,
                    struct sim_adapter **ret_adapter);

/* As sim_adapter_load(), for one of many cards in a chassis, none of which may have the identity of
 * another: it is in slot `slot`, and the `copy`th from the same file; both from 0. */
int sim_adapter_load_number(const struct vio_alloc *alloc, const char *where, const char *share_dir,
                            unsigned slot, unsigned copy, struct sim_adapter **ret_adapter,
                            struct sim_diag *diag);

/* Counts the factory identity up by `number` * 256 in its last three bytes, and the device serial
 * number with it. */
void sim_adapter_parts_number(struct sim_adapter_parts *parts, unsigned number);

#endif
