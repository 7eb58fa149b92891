/* SPDX-License-Identifier: MIT */
/*
 * In the ranges of pools, what is used is marked in the pools: while the index has it, a change
 * claims it, or a hold is on it. Whoever lets go of an identity looks whether another of these
 * still has it.
 */
#include "lib/store/identities.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/identity.h"
#include "lib/store/identities_parts.h"

#define LESSEE       1 /* the store, of all blocks */
#define RANDOM_TRIES 8
#define NS_PER_S     UINT64_C(1000000000)

int vio__identities_new(const struct vio_alloc *alloc, const struct vio_identity_index *index,
                        struct vio_identities **ret_identities)
{
    struct vio_identities *identities = vio__calloc(alloc, 1, sizeof(*identities));

    if (!identities)
        return VIO_ENOMEM;
    if (vio__pools_new(alloc, &identities->pools) != 0) {
        vio__free(alloc, identities);
        return VIO_ENOMEM;
    }
    identities->alloc = alloc;
    identities->index = *index;
    identities->table.alloc = alloc;
    vio__dlist_init(&identities->expired);
    *ret_identities = identities;
    return 0;
}

void vio__identities_free(struct vio_identities *identities)
{
    struct vio__identity *identity = NULL;
    size_t bucket = 0;

    if (!identities)
        return;
    while ((identity = vio__identity_next(&identities->table, &bucket, identity)))
        vio__free(identities->alloc, identity->held);
    VIO_DLIST_FOREACH (node, &identities->expired)
        vio__free(identities->alloc, VIO_CONTAINER_OF(node, struct vio_held, expired));
    vio__identity_table_free(&identities->table);
    vio__pools_free(identities->pools);
    vio__free(identities->alloc, identities);
}

void vio__identities_set_store(struct vio_identities *identities,
                               const uint8_t store[VIO_UUID_SIZE])
{
    memcpy(identities->store, store, VIO_UUID_SIZE);
}

int vio__identities_complain(vio_pool_complain complain, void *user, int code, const char *fmt, ...)
{
    char text[384];
    va_list args;

    if (!complain)
        return code;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    complain(user, code, text);
    return code;
}

/* -- Claims ------------------------------------------------------------------------------------ */

int vio__identities_claim(struct vio_identities *identities, const struct vio_address *address,
                          const uint8_t owner[VIO_UUID_SIZE], bool confirmed)
{
    struct vio__identity *identity = vio__identity_get(&identities->table, address);

    if (!identity)
        return VIO_ENOMEM;
    if (vio__pools_mark(identities->pools, address) != 0) {
        vio__identity_release(&identities->table, identity);
        return VIO_ENOMEM;
    }
    if (identity->claims++ == 0) {
        memcpy(identity->owner, owner, VIO_UUID_SIZE);
        identity->confirmed = confirmed;
    }
    return 0;
}

void vio__identities_release(struct vio_identities *identities, struct vio__identity *identity)
{
    const struct vio_address address = identity->address;

    if (vio__identity_release(&identities->table, identity))
        vio__identities_settle(identities, &address);
}

void vio__identities_drop(struct vio_identities *identities, const struct vio_address *address)
{
    struct vio__identity *identity = vio__identity_find(&identities->table, address);

    if (!identity || identity->claims == 0)
        return;
    identity->claims--;
    vio__identities_release(identities, identity);
}

void vio__identities_doubt(struct vio_identities *identities, const struct vio_address *address)
{
    struct vio__identity *identity = vio__identity_find(&identities->table, address);

    if (identity)
        identity->confirmed = false;
}

bool vio__identities_who_has(const struct vio_identities *identities,
                             const struct vio_address *address, uint8_t ret_uuid[VIO_UUID_SIZE])
{
    const struct vio__identity *identity = vio__identity_find(&identities->table, address);

    if (!identity || identity->claims == 0)
        return identities->index.who(identities->index.user, address, ret_uuid);
    memcpy(ret_uuid, identity->owner, VIO_UUID_SIZE);
    return true;
}

int vio__identities_found(struct vio_identities *identities, const struct vio_address *address)
{
    int status = vio__pools_mark(identities->pools, address);

    if (status == 0)
        vio__pools_given(identities->pools, address);
    return status;
}

void vio__identities_settle(struct vio_identities *identities, const struct vio_address *address)
{
    uint8_t uuid[VIO_UUID_SIZE];

    if (!vio__identity_find(&identities->table, address) &&
        !identities->index.who(identities->index.user, address, uuid))
        vio__pools_unmark(identities->pools, address);
}

/* -- Taking ------------------------------------------------------------------------------------ */

/* An identity that somebody wants. */
struct wish {
    struct vio_identities *identities;
    const struct vio_address *address;
    const struct vio_claimant *claimant;
    uint64_t now;
    vio_pool_complain complain;
    void *user;
    char text[VIO_ADDRESS_TEXT_SIZE];
};

static int refuse_owner(const struct wish *wish, const uint8_t owner[VIO_UUID_SIZE])
{
    const struct vio_identity_index *index = &wish->identities->index;
    char name[VIO_NAME_SIZE];

    if (!index->name(index->user, owner, name))
        snprintf(name, sizeof(name), "a vadapter that is being made");
    return vio__identities_complain(wish->complain, wish->user, VIO_EDUPLICATE,
                                    "%s is the identity of %s", wish->text, name);
}

static int check_hold(const struct wish *wish, const struct vio_hold *hold)
{
    const struct vio_claimant *claimant = wish->claimant;
    bool his = (*hold->owner && strcmp(hold->owner, claimant->name) == 0) ||
               (hold->state == VIO_IDENTITY_QUARANTINED &&
                memcmp(hold->previous, claimant->uuid, VIO_UUID_SIZE) == 0);

    if (hold->state == VIO_IDENTITY_EXTERNAL)
        return vio__identities_complain(wish->complain, wish->user, VIO_EDUPLICATE,
                                        "%s is in use outside the store: %s", wish->text,
                                        hold->owner);
    if (his)
        return 0;
    if (hold->state == VIO_IDENTITY_RESERVED)
        return vio__identities_complain(wish->complain, wish->user, VIO_ESTATE,
                                        "%s is reserved for %s", wish->text, hold->owner);
    return vio__identities_complain(
        wish->complain, wish->user, VIO_ESTATE,
        "%s is quarantined: until %" PRIu64 " s from now only %s, who had it, may have it",
        wish->text, (hold->until - wish->now + NS_PER_S - 1) / NS_PER_S, hold->owner);
}

static int check_bars(const struct wish *wish)
{
    const struct vio_pools *pools = wish->identities->pools;
    const struct vio_pool_info *pool = vio__pools_of(pools, wish->address);
    const char *name = pool ? pool->name : "";

    switch (vio__pools_bars(pools, wish->address)) {
    case VIO_IDENTITY_FREE:
        return 0;
    case VIO_IDENTITY_EXCLUDED:
        return vio__identities_complain(wish->complain, wish->user, VIO_ESTATE,
                                        "%s is excluded in pool \"%s\"", wish->text, name);
    case VIO_IDENTITY_EXTERNAL:
        return vio__identities_complain(
            wish->complain, wish->user, VIO_EDUPLICATE,
            "%s is external in pool \"%s\": something outside the store uses it", wish->text, name);
    default:
        return vio__identities_complain(wish->complain, wish->user, VIO_EBUSY,
                                        "%s is being taken out of what its pool gives", wish->text);
    }
}

static int take(struct wish *wish)
{
    struct vio_identities *identities = wish->identities;
    const struct vio__identity *identity;
    uint8_t owner[VIO_UUID_SIZE];
    int status = 0;

    if (vio__identities_who_has(identities, wish->address, owner)) {
        if (memcmp(owner, wish->claimant->uuid, VIO_UUID_SIZE) != 0)
            return refuse_owner(wish, owner);
        return vio__identities_claim(identities, wish->address, owner, true);
    }
    identity = vio__identity_find(&identities->table, wish->address);
    if (identity && identity->held)
        status = check_hold(wish, &identity->held->hold);
    else
        status = check_bars(wish);
    if (status != 0)
        return status;
    return vio__identities_claim(identities, wish->address, wish->claimant->uuid, false);
}

int vio__identities_take(struct vio_identities *identities, const struct vio_address *address,
                         const struct vio_claimant *claimant, uint64_t now,
                         vio_pool_complain complain, void *user)
{
    struct wish wish = {.identities = identities,
                        .address = address,
                        .claimant = claimant,
                        .now = now,
                        .complain = complain,
                        .user = user,
                        .text = "?"};

    (void)vio__hwaddr_format(address, wish.text, sizeof(wish.text));
    if (!vio__hwaddr_is_valid(address))
        return vio__identities_complain(
            complain, user, VIO_EADDR,
            "%s may not be given: no group addresses, nothing all zero, WWNs of NAA 1, 2, 5 or 6",
            wish.text);
    vio__identities_expire(identities, now);
    return take(&wish);
}

/* -- Drawing ----------------------------------------------------------------------------------- */

/* One that nobody has: a random UUID. */
static int make_random(const struct vio_identities *identities, struct vio_address *ret_address)
{
    for (int i = 0; i < RANDOM_TRIES; i++) {
        struct vio_address address;
        uint8_t random[VIO_UUID_SIZE], owner[VIO_UUID_SIZE];
        int status = vio__uuid_random(random);

        if (status != 0)
            return status;
        vio__identity_uuid(identities->store, random, &address);
        if (vio__identities_who_has(identities, &address, owner) ||
            vio__identity_find(&identities->table, &address) ||
            vio__pools_of(identities->pools, &address))
            continue;
        *ret_address = address;
        return 0;
    }
    return VIO_EFULL;
}

static int draw_from(struct vio_identities *identities, const struct vio_pool_info *pool,
                     const struct vio_claimant *claimant, vio_pool_complain complain, void *user,
                     struct vio_address *ret_address)
{
    struct vio_address address;
    int status;

    if (pool->purpose == VIO_POOL_UUID && pool->ranges.count == 0)
        status = make_random(identities, &address);
    else
        status = vio__pools_draw(identities->pools, pool->uuid, LESSEE, true, &address);
    if (status == VIO_EFULL)
        return vio__identities_complain(complain, user, VIO_EFULL,
                                        "pool \"%s\" has no free identity", pool->name);
    if (status != 0)
        return status;
    status = vio__identities_claim(identities, &address, claimant->uuid, false);
    if (status != 0)
        vio__identities_settle(identities, &address);
    else
        *ret_address = address;
    return status;
}

/* The pool that is meant, for that purpose. */
static int find_source(struct vio_identities *identities, const char *name,
                       enum vio_pool_purpose purpose, vio_pool_complain complain, void *user,
                       struct vio_pool_info **ret_pool)
{
    const char *sought = name && *name ? name : vio__pool_default_name(purpose);
    struct vio_pool_info *pool;
    int status;

    if (!sought)
        return vio__identities_complain(complain, user, VIO_EINVAL,
                                        "there is no default pool of purpose %s",
                                        vio__pool_purpose_name(purpose));
    status = vio__identities_find_pool(identities, sought, &pool);
    if (status == VIO_ENOENT)
        return vio__identities_complain(complain, user, status, "there is no pool \"%s\"", sought);
    if (status == VIO_EEXIST)
        return vio__identities_complain(
            complain, user, status, "pool \"%s\" cannot be made: other pools have its identities",
            sought);
    if (status != 0)
        return status;
    if (pool->purpose != purpose &&
        !(pool->purpose == VIO_POOL_WWN && (purpose == VIO_POOL_WWNN || purpose == VIO_POOL_WWPN)))
        return vio__identities_complain(
            complain, user, VIO_EINVAL, "pool \"%s\" is of purpose %s: one of purpose %s is needed",
            sought, vio__pool_purpose_name(pool->purpose), vio__pool_purpose_name(purpose));
    *ret_pool = pool;
    return 0;
}

int vio__identities_draw(struct vio_identities *identities, const char *pool,
                         enum vio_pool_purpose purpose, const struct vio_claimant *claimant,
                         uint64_t now, vio_pool_complain complain, void *user,
                         struct vio_address *ret_address)
{
    struct vio_pool_info *source = NULL;
    int status = find_source(identities, pool, purpose, complain, user, &source);

    if (status != 0)
        return status;
    vio__identities_expire(identities, now);
    return draw_from(identities, source, claimant, complain, user, ret_address);
}

int vio__identities_draw_pair(struct vio_identities *identities, const char *pool,
                              const struct vio_claimant *claimant, uint64_t now,
                              vio_pool_complain complain, void *user, struct vio_address *ret_node,
                              struct vio_address *ret_port)
{
    const bool one = pool && *pool;
    struct vio_address node, port;
    int status = vio__identities_draw(identities, pool, one ? VIO_POOL_WWN : VIO_POOL_WWNN,
                                      claimant, now, complain, user, &node);

    if (status != 0)
        return status;
    status = vio__identities_draw(identities, pool, one ? VIO_POOL_WWN : VIO_POOL_WWPN, claimant,
                                  now, complain, user, &port);
    if (status != 0) {
        vio__identities_drop(identities, &node);
        return status;
    }
    *ret_node = node;
    *ret_port = port;
    return 0;
}
