/* SPDX-License-Identifier: MIT */
/*
 * The address map that firmware would give a server's hierarchy. Each slot owns a fixed part of
 * three spaces, so that a function plugged in later finds room without moving the others:
 * 32-bit memory from 2 GiB on, 64-bit prefetchable memory from 256 GiB on, and I/O for the first
 * fifteen slots.
 */
#ifndef SIM_WINDOW_H
#define SIM_WINDOW_H

#include <stdint.h>

#include "sim/cfgspace.h"

struct sim_range {
    uint64_t base;
    uint64_t size; /* 0: none */
};

struct sim_window {
    struct sim_range io, memory, prefetch;
};

/* What `count` slots from `first` on own, of `slots` in all. */
struct sim_window sim_window_of(unsigned slots, unsigned first, unsigned count);

/* Programs the window registers of a bridge and switches forwarding on. */
void sim_window_open(struct sim_cfgspace *bridge, const struct sim_window *window);

/* Sizes the BARs and the ROM of an endpoint, gives each an address within the window, the largest
 * first, and switches decoding on. What does not fit stays unassigned. */
void sim_window_assign(struct sim_cfgspace *endpoint, const struct sim_window *window);

#endif
