/* SPDX-License-Identifier: MIT */
/*
 * The pools of a store together: which values are used, and which is drawn next. Pure: it knows
 * neither who uses a value nor why.
 *
 * A pool's ranges are cut into blocks, at most VIO_POOL_BLOCKS of one range, of a power of two
 * values each. Values are drawn from blocks alone that the drawer has leased. The store is the only
 * lessee today, and vio__pools_draw() leases what it needs next at once, the lowest first (or, in
 * sequential order, the next), so that the blocks do not show. Where one pool is shared by the
 * stores of many managers, each of them leases blocks from the shared store with one transaction
 * of their own, keeps them, and draws from them without asking anybody: it calls
 * vio__pools_lease_block() for the blocks that it was given, with what is used of them, and draws
 * with `lease` false, which is VIO_EAGAIN when it is to ask for more. It returns blocks that it
 * needs no more. Values given by hand belong to no block: they are checked at the shared store.
 */
#ifndef VIO_LIB_DOMAIN_POOLS_H
#define VIO_LIB_DOMAIN_POOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/identity.h>

#include "lib/domain/pool.h"

#define VIO_POOL_BLOCKS 256 /* of a range that is not changed */
#define VIO_POOL_BLOCK_SIZE \
    (UINT64_C(1) << 12) /* values, at least, but for the last one of a range */

struct vio_pools;
struct vio_pools_change;

int vio__pools_new(const struct vio_alloc *alloc, struct vio_pools **ret_pools); /* VIO_ENOMEM */
void vio__pools_free(struct vio_pools *pools);                                   /* NULL: fine */

/* -- Which there are --------------------------------------------------------------------------- */

size_t vio__pools_count(const struct vio_pools *pools);

/* Borrowed, until the pool is changed. NULL: none. */
struct vio_pool_info *vio__pools_at(const struct vio_pools *pools, size_t index);
struct vio_pool_info *vio__pools_find(const struct vio_pools *pools,
                                      const uint8_t uuid[VIO_UUID_SIZE]);
struct vio_pool_info *vio__pools_find_name(const struct vio_pools *pools, const char *name);

/* The pool in whose ranges an address is. */
struct vio_pool_info *vio__pools_of(const struct vio_pools *pools,
                                    const struct vio_address *address);

/* -- Changing one ------------------------------------------------------------------------------ */

/* Tells the used addresses of that kind: calls `used` for each; other than 0 ends it, and is
 * returned. */
struct vio_pools_users {
    int (*each)(void *user, int kind,
                int (*used)(void *used_user, const struct vio_address *address), void *used_user);
    void *user;
};

/*
 * Prepares that the pool `uuid` becomes `after` (NULL: is no more). Everything is refused that
 * contradicts what is used or other pools, also those that are being changed; each complaint says
 * what: VIO_EEXIST (name, overlap), VIO_EBUSY (used values that would lose their pool or become
 * excluded or external; another purpose while values are used; the pool is being changed already),
 * and what vio__pool_check() says. VIO_ENOMEM is returned without one. The first code is returned.
 *
 * Until it is committed or abandoned, neither of which can fail, the pool gives what both the old
 * and the new one may give.
 */
int vio__pools_prepare(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                       struct vio_pool_info *after, const struct vio_pools_users *users,
                       vio_pool_complain complain, void *user,
                       struct vio_pools_change **ret_change);
void vio__pools_commit(struct vio_pools *pools, struct vio_pools_change *change);
void vio__pools_abandon(struct vio_pools *pools, struct vio_pools_change *change);

/* -- Using values ------------------------------------------------------------------------------ */

/* Marks an address as used, which it may be already; where no pool has it, nothing is to be
 * marked. VIO_ENOMEM. */
int vio__pools_mark(struct vio_pools *pools, const struct vio_address *address);
void vio__pools_unmark(struct vio_pools *pools, const struct vio_address *address);

/* In a pool of sequential order, go on after this one. */
void vio__pools_given(struct vio_pools *pools, const struct vio_address *address);

/* Whether the pool that an address is in keeps it from being drawn, and how: FREE (it does not),
 * EXCLUDED, EXTERNAL, or UNKNOWN while a change is under way that would. */
enum vio_identity_state vio__pools_bars(const struct vio_pools *pools,
                                        const struct vio_address *address);

/* Draws the next free value and marks it as used, from the blocks of `lessee` (not 0), or, with
 * `lease`, from blocks that nobody has yet. VIO_EFULL: none is free; VIO_EAGAIN: without `lease`,
 * where there are such blocks. VIO_ENOENT: no such pool. VIO_ENOMEM. */
int vio__pools_draw(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE], uint64_t lessee,
                    bool lease, struct vio_address *ret_address);

/* How many values in the ranges of a pool are marked as used. */
uint64_t vio__pools_used(const struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE]);

/* The next address after `after` (NULL: from the first) in a pool that is used, excluded or
 * external; false at the end. */
bool vio__pools_next(const struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                     const struct vio_address *after, struct vio_address *ret_address);

/* -- Blocks ------------------------------------------------------------------------------------ */

/* Leases the next block that nobody has. VIO_EFULL: there is none; VIO_ENOENT: no such pool. */
int vio__pools_lease_block(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                           uint64_t lessee, struct vio_pool_range *ret_block);

/* Gives back the block that begins with `first`; what is used of it stays so. VIO_ENOENT: the
 * lessee has no such block. */
int vio__pools_return_block(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                            uint64_t lessee, const struct vio_address *first);

#endif
