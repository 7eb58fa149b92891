/* SPDX-License-Identifier: MIT */
/* The pools of a store, and what state each identity is in. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/store/identities.h"
#include "lib/store/identities_parts.h"

/* -- Pools ------------------------------------------------------------------------------------- */

size_t vio__identities_num_pools(const struct vio_identities *identities)
{
    return vio__pools_count(identities->pools);
}

struct vio_pool_info *vio__identities_pool_at(const struct vio_identities *identities, size_t index)
{
    return vio__pools_at(identities->pools, index);
}

struct vio_pool_info *vio__identities_pool(const struct vio_identities *identities,
                                           const uint8_t uuid[VIO_UUID_SIZE])
{
    return vio__pools_find(identities->pools, uuid);
}

/* All used identities of a kind: those in the index, then those in the table. */
static int each_used(void *user, int kind,
                     int (*used)(void *used_user, const struct vio_address *address),
                     void *used_user)
{
    struct vio_identities *identities = user;
    struct vio__identity *identity = NULL;
    size_t bucket = 0;
    int status = identities->index.each(identities->index.user, kind, used, used_user);

    while (status == 0 &&
           (identity = vio__identity_next(&identities->table, &bucket, identity)) != NULL)
        if (identity->address.kind == kind)
            status = used(used_user, &identity->address);
    return status;
}

int vio__identities_prepare_pool(struct vio_identities *identities,
                                 const uint8_t uuid[VIO_UUID_SIZE], struct vio_pool_info *after,
                                 uint64_t now, vio_pool_complain complain, void *user,
                                 struct vio_pools_change **ret_change)
{
    const struct vio_pools_users users = {.each = each_used, .user = identities};

    vio__identities_expire(identities, now);
    return vio__pools_prepare(identities->pools, uuid, after, &users, complain, user, ret_change);
}

void vio__identities_commit_pool(struct vio_identities *identities, struct vio_pools_change *change)
{
    vio__pools_commit(identities->pools, change);
}

void vio__identities_abandon_pool(struct vio_identities *identities,
                                  struct vio_pools_change *change)
{
    vio__pools_abandon(identities->pools, change);
}

int vio__identities_check_pool(struct vio_identities *identities, const uint8_t uuid[VIO_UUID_SIZE],
                               struct vio_pool_info *after, uint64_t now,
                               vio_pool_complain complain, void *user)
{
    struct vio_pools_change *change;
    int status =
        vio__identities_prepare_pool(identities, uuid, after, now, complain, user, &change);

    if (status == 0)
        vio__identities_abandon_pool(identities, change);
    return status;
}

static enum vio_pool_purpose default_purpose(const char *name)
{
    for (int purpose = VIO_POOL_MAC; purpose <= VIO_POOL_UUID; purpose++)
        if (strcmp(vio__pool_default_name((enum vio_pool_purpose)purpose), name) == 0)
            return (enum vio_pool_purpose)purpose;
    return VIO_POOL_UNKNOWN;
}

int vio__identities_find_pool(struct vio_identities *identities, const char *name,
                              struct vio_pool_info **ret_pool)
{
    struct vio_pool_info *pool = vio__pools_find_name(identities->pools, name);
    enum vio_pool_purpose purpose = pool ? pool->purpose : default_purpose(name);
    struct vio_pools_change *change;
    int status;

    if (!pool) {
        if (purpose == VIO_POOL_UNKNOWN)
            return VIO_ENOENT;
        status = vio__pool_default(identities->alloc, identities->store, purpose, &pool);
        if (status != 0)
            return status;
        status = vio__identities_prepare_pool(identities, pool->uuid, pool, 0, NULL, NULL, &change);
        vio__pool_unref(pool); /* the pools have it */
        if (status != 0)
            return status;
        vio__identities_commit_pool(identities, change);
    }
    *ret_pool = pool;
    return 0;
}

struct vio_pool_info *vio__identities_unkept_pool(const struct vio_identities *identities,
                                                  const struct vio_address *address)
{
    struct vio_pool_info *pool = vio__pools_of(identities->pools, address);

    return pool && pool->generation == 0 ? pool : NULL;
}

/* -- Looking ----------------------------------------------------------------------------------- */

/* Who has it, or claims it, and whether that is confirmed. */
static bool look_at_owner(const struct vio_identities *identities,
                          const struct vio__identity *identity, struct vio_identity_info *info)
{
    const struct vio_identity_index *index = &identities->index;

    if (!vio__identities_who_has(identities, &info->address, info->owner_uuid))
        return false;
    if (!index->name(index->user, info->owner_uuid, info->owner))
        info->owner[0] = '\0';
    info->state = identity && identity->claims > 0 && !identity->confirmed ? VIO_IDENTITY_RESERVED
                                                                           : VIO_IDENTITY_ASSIGNED;
    return true;
}

static void look_at_hold(const struct vio_hold *hold, struct vio_identity_info *info)
{
    info->state = hold->state;
    info->until = hold->until;
    if (hold->state != VIO_IDENTITY_QUARANTINED) {
        memcpy(info->owner, hold->owner, sizeof(info->owner));
        return;
    }
    memcpy(info->previous, hold->owner, sizeof(info->previous));
    memcpy(info->previous_uuid, hold->previous, VIO_UUID_SIZE);
}

void vio__identities_look(struct vio_identities *identities, const struct vio_address *address,
                          uint64_t now, struct vio_identity_info *ret_info)
{
    struct vio_identity_info info = {.address = *address};
    const struct vio_pool_info *pool = vio__pools_of(identities->pools, address);
    const struct vio__identity *identity;

    vio__identities_expire(identities, now);
    identity = vio__identity_find(&identities->table, address);
    if (pool)
        memcpy(info.pool, pool->name, sizeof(info.pool));
    if (!look_at_owner(identities, identity, &info)) {
        if (identity && identity->held)
            look_at_hold(&identity->held->hold, &info);
        else
            info.state = vio__pools_bars(identities->pools, address);
        if (info.state == VIO_IDENTITY_UNKNOWN)
            info.state = VIO_IDENTITY_FREE;
    }
    *ret_info = info;
}

bool vio__identities_next(struct vio_identities *identities, const uint8_t pool[VIO_UUID_SIZE],
                          const struct vio_address *after, enum vio_identity_state state,
                          uint64_t now, struct vio_identity_info *ret_info)
{
    const struct vio_pool_info *info = vio__pools_find(identities->pools, pool);
    struct vio_address address;

    vio__identities_expire(identities, now);
    while (info && vio__pools_next(identities->pools, pool, after, &address)) {
        const struct vio_pool_range *barred = NULL;
        struct vio_identity_info found;

        vio__identities_look(identities, &address, now, &found);
        if (state == VIO_IDENTITY_UNKNOWN || found.state == state) {
            *ret_info = found;
            return true;
        }
        if (found.state == VIO_IDENTITY_EXCLUDED)
            barred = vio__pool_ranges_find(&info->exclusions, &address);
        else if (found.state == VIO_IDENTITY_EXTERNAL)
            barred = vio__pool_ranges_find(&info->externals, &address);
        if (barred) /* all of it is in the same state */
            address = barred->last;
        after = &address;
    }
    return false;
}

/* -- Counting ---------------------------------------------------------------------------------- */

/* How many values two lists of ranges have in common. */
static uint64_t common(const struct vio_pool_ranges *a, const struct vio_pool_ranges *b)
{
    uint64_t count = 0;

    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            uint64_t high[4], a_first, a_last, b_first, b_last;

            vio__hwaddr_split(&a->range[i].first, &high[0], &a_first);
            vio__hwaddr_split(&a->range[i].last, &high[1], &a_last);
            vio__hwaddr_split(&b->range[k].first, &high[2], &b_first);
            vio__hwaddr_split(&b->range[k].last, &high[3], &b_last);
            a_first = a_first > b_first ? a_first : b_first;
            a_last = a_last < b_last ? a_last : b_last;
            if (high[0] == high[2] && a_first <= a_last)
                count += a_last - a_first + 1;
        }
    }
    return count;
}

/* How many of a pool are in the table, in a state that is not ASSIGNED. */
static uint64_t count_table(const struct vio_identities *identities,
                            const struct vio_pool_info *pool, enum vio_identity_state state)
{
    const struct vio__identity *identity = NULL;
    uint64_t count = 0;
    size_t bucket = 0;

    while ((identity = vio__identity_next(&identities->table, &bucket, identity))) {
        enum vio_identity_state is = VIO_IDENTITY_UNKNOWN;

        if (identity->claims > 0)
            is = identity->confirmed ? VIO_IDENTITY_ASSIGNED : VIO_IDENTITY_RESERVED;
        else if (identity->held)
            is = identity->held->hold.state;
        if (is == state && vio__pools_of(identities->pools, &identity->address) == pool)
            count++;
    }
    return count;
}

static uint64_t minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

uint64_t vio__identities_count(struct vio_identities *identities, const uint8_t pool[VIO_UUID_SIZE],
                               enum vio_identity_state state, uint64_t now)
{
    const struct vio_pool_info *info = vio__pools_find(identities->pools, pool);
    uint64_t used, barred;

    if (!info)
        return 0;
    vio__identities_expire(identities, now);
    switch (state) {
    case VIO_IDENTITY_EXCLUDED:
        return common(&info->exclusions, &info->ranges);
    case VIO_IDENTITY_EXTERNAL:
        return common(&info->externals, &info->ranges) + count_table(identities, info, state);
    case VIO_IDENTITY_RESERVED:
    case VIO_IDENTITY_QUARANTINED:
        return count_table(identities, info, state);
    case VIO_IDENTITY_ASSIGNED:
        used = vio__pools_used(identities->pools, pool);
        used = minus(used, count_table(identities, info, VIO_IDENTITY_RESERVED));
        used = minus(used, count_table(identities, info, VIO_IDENTITY_QUARANTINED));
        return minus(used, count_table(identities, info, VIO_IDENTITY_EXTERNAL));
    case VIO_IDENTITY_FREE:
        barred = common(&info->exclusions, &info->ranges) + common(&info->externals, &info->ranges);
        return minus(minus(vio__pool_size(info), barred), vio__pools_used(identities->pools, pool));
    case VIO_IDENTITY_UNKNOWN:
        break;
    }
    return 0;
}
