/* SPDX-License-Identifier: MIT */
/*
 * What many config spaces have in common: the bytes after a reset, and which bits a server may
 * write or clear. Built once, then shared by reference (by one thread) and not changed again.
 */
#ifndef SIM_LAYOUT_H
#define SIM_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/adapter.h"

struct sim_layout;
struct vio_alloc;

/* Starts as `image` (SIM_CONFIG_SIZE bytes; NULL: zero), all of it read-only. `alloc` outlives it.
 * NULL: no memory. */
struct sim_layout *sim_layout_new(const struct vio_alloc *alloc, const uint8_t *image);
struct sim_layout *sim_layout_ref(struct sim_layout *layout);
void sim_layout_unref(struct sim_layout *layout); /* NULL is fine */

/* The layout of one function of a card whose own config space is `image`, as sim_cfgspace_new()
 * describes it. NULL: no memory. */
struct sim_layout *sim_layout_of_function(const struct vio_alloc *alloc, const uint8_t *image,
                                          const struct sim_bar *bars, uint64_t rom_size);

/* A field of `len` bytes (1, 2 or 4): the bits of `writable` read and write and are `initial` after
 * a reset; the others keep what the image has. Fields past the end are ignored. */
void sim_layout_field(struct sim_layout *layout, size_t offset, unsigned len, uint32_t writable,
                      uint32_t initial);
/* A field whose bits of `clear` are zero after a reset and clear when a one is written. */
void sim_layout_status(struct sim_layout *layout, size_t offset, unsigned len, uint32_t clear);
/* A field that only reads. */
void sim_layout_constant(struct sim_layout *layout, size_t offset, unsigned len, uint32_t value);

const struct vio_alloc *sim_layout_alloc(const struct sim_layout *layout);

/* SIM_CONFIG_SIZE bytes each. */
const uint8_t *sim_layout_bytes(const struct sim_layout *layout);
const uint8_t *sim_layout_writable(const struct sim_layout *layout);
const uint8_t *sim_layout_clearable(const struct sim_layout *layout);

/* Fields of the common capabilities, for functions and ports alike; `offset` is the capability's.
 */
void sim_layout_pm(struct sim_layout *layout, unsigned offset);
void sim_layout_msi(struct sim_layout *layout, unsigned offset);
void sim_layout_express(struct sim_layout *layout, unsigned offset);
void sim_layout_aer(struct sim_layout *layout, unsigned offset);
void sim_layout_acs(struct sim_layout *layout, unsigned offset);

#endif
