/* SPDX-License-Identifier: MIT */
/*
 * A live PCI Express configuration space: what a server reads and writes of one function. Three
 * images of 4 KiB carry all of it: the bytes, which bits the server may write, and which of those
 * clear when one is written. A BAR is sized by the same masks: its low bits are not writable.
 */
#ifndef SIM_CFGSPACE_H
#define SIM_CFGSPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/adapter.h"

struct sim_cfgspace;
struct sim_layout;

/*
 * The space of one function of `adapter` as its server sees it: ids, class, BARs and capabilities
 * of the card, unassigned BARs, nothing enabled, SR-IOV and ARI unlinked, a single function.
 * Keeps nothing of the adapter. Returns 0, VIO_ENOMEM.
 */
int sim_cfgspace_new(const struct sim_adapter *adapter, struct sim_cfgspace **ret_space);
/* The space of anything else, such as a port; shares `layout`. Returns 0, VIO_ENOMEM. */
int sim_cfgspace_new_layout(struct sim_layout *layout, struct sim_cfgspace **ret_space);
void sim_cfgspace_free(struct sim_cfgspace *space); /* NULL is fine */

/* Reads `len` bytes (any number); bytes past the end read as ones. */
void sim_cfgspace_read(const struct sim_cfgspace *space, size_t offset, void *buf, size_t len);
/* Writes as a server does: only writable bits change, bytes past the end are ignored. A write that
 * asks for a function-level reset, or leaves D3hot on a function that resets there, resets. */
void sim_cfgspace_write(struct sim_cfgspace *space, size_t offset, const void *buf, size_t len);

/* Little-endian access to a naturally aligned field; len is 1, 2 or 4. */
uint32_t sim_cfgspace_get(const struct sim_cfgspace *space, size_t offset, unsigned len);
void sim_cfgspace_put(struct sim_cfgspace *space, size_t offset, unsigned len, uint32_t value);

/* Back to the state after power-on: nothing enabled, BARs unassigned. */
void sim_cfgspace_reset(struct sim_cfgspace *space);

/* Offset of the first capability with this id, 0 if there is none. */
unsigned sim_cfgspace_find_cap(const struct sim_cfgspace *space, uint8_t id);
unsigned sim_cfgspace_find_ext_cap(const struct sim_cfgspace *space, uint16_t id);

/* What the device side does: sets bytes whatever the masks say, until the next reset. */
void sim_cfgspace_set(struct sim_cfgspace *space, size_t offset, unsigned len, uint32_t value);

#endif
