/* SPDX-License-Identifier: MIT */
/*
 * Who has which identity, and which is given next: the pools, the claims of changes under way, and
 * the holds (quarantined, reserved by hand, external), joined with what the store's index knows.
 * All of it runs on the loop's thread. `now` is the store's clock in ns; holds that are over are
 * forgotten when somebody looks.
 *
 * What is called when, by the engine:
 *   - at planning: draw() or take() for each identity that an object is to have and for each that
 *     it has; where hold() then tells of a hold, which the object may take, the commit deletes it
 *     by a record of its own;
 *   - when the change has ended (applied, undone, or refused): drop() each. What a commit has made
 *     visible meanwhile is ASSIGNED from then on, as its change is over; what none has is free;
 *   - a change whose outcome is in doubt keeps its claims, which makes them RESERVED; recovery,
 * which finds such objects committed, takes them with take() and then says doubt();
 *   - in the commit that removes an object, or gives it another identity: the hold that retire()
 *     makes, as a record;
 *   - a pool, or a hold by hand: a record. check_pool() tells at planning what its commit would
 *     refuse; take() or draw() (then drop()) what a reservation's would.
 * and by the store:
 *   - for a record of a vAdapter: take() when it is queued, drop() when it has become visible or
 * was given up; settle() for the addresses that it does not have any more;
 *   - for a record of a vAdapter whose address is in a default pool that was not kept yet, which
 *     unkept_pool() tells: one more row, of that pool with generation 1;
 *   - for a record of a pool: prepare_pool(), then commit_pool() or abandon_pool(); for one of a
 *     hold prepare_hold(), then commit_hold() or abandon_hold(), or remove_hold();
 *   - rows that are loaded, or come from another process: the same, but found() for vAdapters,
 * whose failure is the only one; they come in ascending order of their keys, so that sequential
 * pools go on after the identity that was given last;
 *   - in each transaction: deletes the rows that expired_row() tells, which no more holds anything.
 */
#ifndef VIO_LIB_STORE_IDENTITIES_H
#define VIO_LIB_STORE_IDENTITIES_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/identity.h>

#include "lib/base/uuid.h"
#include "lib/domain/pool.h"
#include "lib/store/objects.h"

struct vio_identities;

/* The committed vAdapters, as the store has indexed them. */
struct vio_identity_index {
    /* Who has it, as identity or node address; false: nobody. */
    bool (*who)(void *user, const struct vio_address *address, uint8_t ret_uuid[VIO_UUID_SIZE]);

    /* The name of a vAdapter, for messages; false: there is none. */
    bool (*name)(void *user, const uint8_t uuid[VIO_UUID_SIZE], char ret_name[VIO_NAME_SIZE]);

    /* Calls `used` for each such address of that kind; other than 0 ends it, and is returned. Asked
     * when a pool gets ranges that it had not. */
    int (*each)(void *user, int kind,
                int (*used)(void *used_user, const struct vio_address *address), void *used_user);
    void *user;
};

/* `index` is copied. VIO_ENOMEM. */
int vio__identities_new(const struct vio_alloc *alloc, const struct vio_identity_index *index,
                        struct vio_identities **ret_identities);
void vio__identities_free(struct vio_identities *identities); /* NULL is fine */

/* The store's UUID, as soon as it is known: default pools are made of it. */
void vio__identities_set_store(struct vio_identities *identities,
                               const uint8_t store[VIO_UUID_SIZE]);

/* -- Claims ------------------------------------------------------------------------------------ */

/* Whose an identity is to be. */
struct vio_claimant {
    uint8_t uuid[VIO_UUID_SIZE];
    const char *name; /* a previous owner, or one for whom it is reserved, has it too */
};

/*
 * Draws a free identity from a pool (NULL or "": the purpose's default pool) and claims it.
 *
 * Complains (NULL: in silence) with VIO_ENOENT (no such pool), VIO_EINVAL (it is of another
 * purpose; WWN gives both WWNN and WWPN, but see draw_pair), VIO_EFULL. VIO_ENOMEM and VIO_EIO (no
 * random bytes) are returned without a complaint.
 */
int vio__identities_draw(struct vio_identities *identities, const char *pool,
                         enum vio_pool_purpose purpose, const struct vio_claimant *claimant,
                         uint64_t now, vio_pool_complain complain, void *user,
                         struct vio_address *ret_address);

/* Draws a node name and a port name, both or none: from a pool of purpose WWN, or (NULL or "") from
 * the two default pools. As draw(). */
int vio__identities_draw_pair(struct vio_identities *identities, const char *pool,
                              const struct vio_claimant *claimant, uint64_t now,
                              vio_pool_complain complain, void *user, struct vio_address *ret_node,
                              struct vio_address *ret_port);

/*
 * Claims an identity given by hand, or one more time what the claimant has or claims.
 *
 * Complains with VIO_EADDR (it may not be given at all), VIO_EDUPLICATE (another object has or
 * claims it, or something outside the store does), VIO_ESTATE (quarantined or reserved for somebody
 * else, excluded, or about to be). VIO_ENOMEM.
 */
int vio__identities_take(struct vio_identities *identities, const struct vio_address *address,
                         const struct vio_claimant *claimant, uint64_t now,
                         vio_pool_complain complain, void *user);

/* Gives back one claim; never fails. */
void vio__identities_drop(struct vio_identities *identities, const struct vio_address *address);

/* What is claimed and committed counts as not confirmed until the claim is dropped. */
void vio__identities_doubt(struct vio_identities *identities, const struct vio_address *address);

/* The UUID of the object that has or claims it; false where nobody does. */
bool vio__identities_who_has(const struct vio_identities *identities,
                             const struct vio_address *address, uint8_t ret_uuid[VIO_UUID_SIZE]);

/* -- What the index says ----------------------------------------------------------------------- */

/* The index is about to have this address of a vAdapter that was read. VIO_ENOMEM. */
int vio__identities_found(struct vio_identities *identities, const struct vio_address *address);

/* The index has, or has not any more, this address; never fails. */
void vio__identities_settle(struct vio_identities *identities, const struct vio_address *address);

/* -- Holds ------------------------------------------------------------------------------------- */

/* What `name`, the vAdapter `uuid`, leaves behind when it no longer has an address: true, with the
 * hold, where its pool says that it be quarantined. */
bool vio__identities_retire(const struct vio_identities *identities,
                            const struct vio_address *address, const uint8_t uuid[VIO_UUID_SIZE],
                            const char *name, uint64_t now, struct vio_hold *ret_hold);

/* The hold on an address, borrowed until the next call but this; NULL: none. */
const struct vio_hold *vio__identities_hold(struct vio_identities *identities,
                                            const struct vio_address *address, uint64_t now);

/* Calls `fn` for each hold that is not over, in no order; other than 0 ends it, and is returned. */
int vio__identities_each_hold(struct vio_identities *identities, uint64_t now,
                              int (*fn)(void *user, const struct vio_hold *hold), void *user);

/* The key of its row; 0: none. */
uint64_t vio__identities_hold_row(const struct vio_identities *identities,
                                  const struct vio_address *address);

/* A hold about to be committed, in place of the one that there may be on its address. VIO_ENOMEM;
 * the others cannot fail. */
struct vio_held;
int vio__identities_prepare_hold(struct vio_identities *identities, const struct vio_hold *hold,
                                 struct vio_held **ret_held);
void vio__identities_commit_hold(struct vio_identities *identities, struct vio_held *held,
                                 uint64_t row);
void vio__identities_abandon_hold(struct vio_identities *identities, struct vio_held *held);
void vio__identities_remove_hold(struct vio_identities *identities,
                                 const struct vio_address *address);

/* The key of a row whose hold is over, each one once; 0: no more. */
uint64_t vio__identities_expired_row(struct vio_identities *identities, uint64_t now);

/* -- Pools ------------------------------------------------------------------------------------- */

/* Pools that are kept, and default pools that have been used. Borrowed until they are changed. */
size_t vio__identities_num_pools(const struct vio_identities *identities);
struct vio_pool_info *vio__identities_pool_at(const struct vio_identities *identities,
                                              size_t index);
struct vio_pool_info *vio__identities_pool(const struct vio_identities *identities,
                                           const uint8_t uuid[VIO_UUID_SIZE]);

/* By its name; one of the default names makes the pool. VIO_ENOENT, VIO_ENOMEM; VIO_EEXIST: other
 * pools have a default pool's values. */
int vio__identities_find_pool(struct vio_identities *identities, const char *name,
                              struct vio_pool_info **ret_pool);

/* The pool that has an address and is not kept yet; NULL: none. */
struct vio_pool_info *vio__identities_unkept_pool(const struct vio_identities *identities,
                                                  const struct vio_address *address);

/* How many identities of a pool are in a state. FREE: what may be drawn. */
uint64_t vio__identities_count(struct vio_identities *identities, const uint8_t pool[VIO_UUID_SIZE],
                               enum vio_identity_state state, uint64_t now);

/* As vio__pools_prepare() and so on say of it; `after` NULL: the pool is removed. */
struct vio_pools_change;
int vio__identities_check_pool(struct vio_identities *identities, const uint8_t uuid[VIO_UUID_SIZE],
                               struct vio_pool_info *after, uint64_t now,
                               vio_pool_complain complain, void *user);
int vio__identities_prepare_pool(struct vio_identities *identities,
                                 const uint8_t uuid[VIO_UUID_SIZE], struct vio_pool_info *after,
                                 uint64_t now, vio_pool_complain complain, void *user,
                                 struct vio_pools_change **ret_change);
void vio__identities_commit_pool(struct vio_identities *identities,
                                 struct vio_pools_change *change);
void vio__identities_abandon_pool(struct vio_identities *identities,
                                  struct vio_pools_change *change);

/* -- Looking ----------------------------------------------------------------------------------- */

struct vio_identity_info {
    struct vio_address address;
    enum vio_identity_state state;
    char pool[VIO_NAME_SIZE];             /* "": in none */
    uint8_t owner_uuid[VIO_UUID_SIZE];    /* who has or claims it; all zero: nobody */
    char owner[VIO_NAME_SIZE];            /* his name, or for whom it is reserved; "": nobody */
    uint8_t previous_uuid[VIO_UUID_SIZE]; /* QUARANTINED: who had it */
    char previous[VIO_NAME_SIZE];
    uint64_t until; /* ns: when the hold is over; 0: never */
};

void vio__identities_look(struct vio_identities *identities, const struct vio_address *address,
                          uint64_t now, struct vio_identity_info *ret_info);

/* The next identity of a pool that is not free, after an address (NULL: from the first), and in
 * that state (UNKNOWN: any); false at the end. Random UUIDs, which are in no range, are not met. */
bool vio__identities_next(struct vio_identities *identities, const uint8_t pool[VIO_UUID_SIZE],
                          const struct vio_address *after, enum vio_identity_state state,
                          uint64_t now, struct vio_identity_info *ret_info);

#endif
