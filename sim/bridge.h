/* SPDX-License-Identifier: MIT */
/*
 * The address map that firmware would give a server's hierarchy. Each slot owns a fixed part of
 * three spaces, so that a function plugged in later finds room without moving the others: memory
 * from 1 GiB on, prefetchable memory from 2.25 GiB on, and I/O for the first fifteen slots. All of
 * it is below 4 GiB, where every server reaches it, and where the lspci of pciutils 3.9 does not
 * take the upper half of an address in a dump for one more region.
 */
#ifndef SIM_BRIDGE_H
#define SIM_BRIDGE_H

#include <stdint.h>

#include "sim/cfgspace.h"

struct sim_bridge_range {
    uint64_t base;
    uint64_t size; /* 0: none */
};

struct sim_bridge_window {
    struct sim_bridge_range io, memory, prefetch;
};

/* What `count` slots from `first` on own, of `slots` in all. */
struct sim_bridge_window sim_bridge_window(unsigned slots, unsigned first, unsigned count);

/* Programs the window registers of a bridge and switches forwarding on. */
void sim_bridge_open(struct sim_cfgspace *bridge, const struct sim_bridge_window *window);

/* Sizes the BARs and the ROM of an endpoint, gives each an address within the window, the largest
 * first, and switches decoding on. What does not fit stays unassigned. */
void sim_bridge_assign(struct sim_cfgspace *endpoint, const struct sim_bridge_window *window);

#endif
