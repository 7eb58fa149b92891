/* SPDX-License-Identifier: MIT */
/* Why identities are not free although no vAdapter has them. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/store/identities.h"
#include "lib/store/identities_parts.h"

#define NS_PER_S UINT64_C(1000000000)

bool vio__identities_retire(const struct vio_identities *identities,
                            const struct vio_address *address, const uint8_t uuid[VIO_UUID_SIZE],
                            const char *name, uint64_t now, struct vio_hold *ret_hold)
{
    const struct vio_pool_info *pool = vio__pools_of(identities->pools, address);

    if (!pool || pool->quarantine == 0)
        return false;
    *ret_hold = (struct vio_hold){.address = *address,
                                  .state = VIO_IDENTITY_QUARANTINED,
                                  .until = now + pool->quarantine * NS_PER_S};
    snprintf(ret_hold->owner, sizeof(ret_hold->owner), "%s", name);
    memcpy(ret_hold->previous, uuid, VIO_UUID_SIZE);
    return true;
}

static const struct vio_held *held_of(const struct vio_identities *identities,
                                      const struct vio_address *address)
{
    const struct vio__identity *identity = vio__identity_find(&identities->table, address);

    return identity ? identity->held : NULL;
}

const struct vio_hold *vio__identities_hold(struct vio_identities *identities,
                                            const struct vio_address *address, uint64_t now)
{
    const struct vio_held *held;

    vio__identities_expire(identities, now);
    held = held_of(identities, address);
    return held ? &held->hold : NULL;
}

int vio__identities_each_hold(struct vio_identities *identities, uint64_t now,
                              int (*fn)(void *user, const struct vio_hold *hold), void *user)
{
    struct vio__identity *identity = NULL;
    size_t bucket = 0;
    int status = 0;

    vio__identities_expire(identities, now);
    while (status == 0 &&
           (identity = vio__identity_next(&identities->table, &bucket, identity)) != NULL)
        if (identity->held)
            status = fn(user, &identity->held->hold);
    return status;
}

uint64_t vio__identities_hold_row(const struct vio_identities *identities,
                                  const struct vio_address *address)
{
    const struct vio_held *held = held_of(identities, address);

    return held ? held->row : 0;
}

/* Takes a hold off its identity, which the caller releases. */
static void detach(struct vio_identities *identities, struct vio_held *held)
{
    vio__heap_remove(&identities->over, &held->node);
    held->identity->held = NULL;
    held->identity = NULL;
}

int vio__identities_prepare_hold(struct vio_identities *identities, const struct vio_hold *hold,
                                 struct vio_held **ret_held)
{
    struct vio_held *held = vio__calloc(identities->alloc, 1, sizeof(*held));
    struct vio__identity *identity =
        held ? vio__identity_get(&identities->table, &hold->address) : NULL;

    if (!identity || vio__pools_mark(identities->pools, &hold->address) != 0) {
        if (identity)
            vio__identity_release(&identities->table, identity);
        vio__free(identities->alloc, held);
        return VIO_ENOMEM;
    }
    held->hold = *hold;
    held->identity = identity;
    vio__dlist_init(&held->expired);
    identity->prepared++;
    *ret_held = held;
    return 0;
}

void vio__identities_commit_hold(struct vio_identities *identities, struct vio_held *held,
                                 uint64_t row)
{
    struct vio__identity *identity = held->identity;
    struct vio_held *former = identity->held;

    if (former) {
        detach(identities, former);
        vio__free(identities->alloc, former);
    }
    identity->prepared--;
    identity->held = held;
    held->row = row;
    if (held->hold.until != 0)
        vio__heap_insert(&identities->over, &held->node, held->hold.until);
}

void vio__identities_abandon_hold(struct vio_identities *identities, struct vio_held *held)
{
    held->identity->prepared--;
    vio__identities_release(identities, held->identity);
    vio__free(identities->alloc, held);
}

void vio__identities_remove_hold(struct vio_identities *identities,
                                 const struct vio_address *address)
{
    struct vio__identity *identity = vio__identity_find(&identities->table, address);
    struct vio_held *held = identity ? identity->held : NULL;

    if (!held)
        return;
    detach(identities, held);
    vio__free(identities->alloc, held);
    vio__identities_release(identities, identity);
}

void vio__identities_expire(struct vio_identities *identities, uint64_t now)
{
    struct vio_heap_node *node;

    while ((node = vio__heap_min(&identities->over)) && node->key <= now) {
        struct vio_held *held = VIO_CONTAINER_OF(node, struct vio_held, node);
        struct vio__identity *identity = held->identity;

        detach(identities, held);
        if (held->row != 0)
            vio__dlist_append(&identities->expired, &held->expired);
        else
            vio__free(identities->alloc, held);
        vio__identities_release(identities, identity);
    }
}

uint64_t vio__identities_expired_row(struct vio_identities *identities, uint64_t now)
{
    struct vio_dlist *node;
    struct vio_held *held;
    uint64_t row;

    vio__identities_expire(identities, now);
    node = vio__dlist_pop(&identities->expired);
    if (!node)
        return 0;
    held = VIO_CONTAINER_OF(node, struct vio_held, expired);
    row = held->row;
    vio__free(identities->alloc, held);
    return row;
}
