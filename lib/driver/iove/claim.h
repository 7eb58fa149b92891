/* SPDX-License-Identifier: MIT */
/* Claiming a free queue set and bringing it into use, or giving it back. */
#ifndef VIO_LIB_DRIVER_IOVE_CLAIM_H
#define VIO_LIB_DRIVER_IOVE_CLAIM_H

#include <stdint.h>

#include "lib/driver/iove/limits.h"
#include "lib/driver/iove/part.h"

struct vio_loop;
struct vio_iove_claim;

#define VIO_IOVE_QUEUE_REGS 0x90 /* bytes of the QUEUE block that are read */

typedef void (*vio_iove_claim_done)(void *user, int status);

/* VIO_ENOMEM, VIO_EIO (no random number). */
int vio__iove_claim_new(struct vio_loop *loop, struct vio_transport *transport,
                        struct vio_iove_claim **ret_claim);
void vio__iove_claim_free(struct vio_iove_claim *claim); /* not while it is at work; NULL is fine */

/*
 * Claims a set, one of an earlier claim included, and enables it with rings of at most `depth`
 * commands and `events` events. Ends with VIO_EBUSY (every set is in use), VIO_EPROTO, VIO_EDEVICE
 * (the set does not come up), or what the transport says; `error` then says more.
 */
int vio__iove_claim_start(struct vio_iove_claim *claim, const struct vio_iove_limits *limits,
                          uint32_t depth, uint32_t events, vio_iove_claim_done done, void *user);
const char *vio__iove_claim_error(const struct vio_iove_claim *claim);

/* After success. */
uint32_t vio__iove_claim_index(const struct vio_iove_claim *claim);
uint64_t vio__iove_claim_owner(const struct vio_iove_claim *claim);
uint64_t vio__iove_claim_base(const struct vio_iove_claim *claim); /* of its registers in BAR 0 */
uint64_t vio__iove_claim_sequence(const struct vio_iove_claim *claim); /* of the next event */
const struct vio_iove_layout *vio__iove_claim_layout(const struct vio_iove_claim *claim);
struct vio_iove_part *vio__iove_claim_take_part(struct vio_iove_claim *claim);

/* Writes one register of the claimed set; a failure comes as the transport's loss. */
void vio__iove_claim_post(struct vio_iove_claim *claim, uint32_t offset, uint64_t value,
                          size_t size);

/* Resets the set, which frees it. */
void vio__iove_claim_release(struct vio_iove_claim *claim);

#endif
