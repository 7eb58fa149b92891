/* SPDX-License-Identifier: MIT */
#include "lib/store/identity_table.h"

#include "lib/domain/hwaddr.h"

#define BUCKETS_MIN 64u

void vio__identity_table_free(struct vio_identity_table *table)
{
    for (size_t i = 0; i < table->num_buckets; i++) {
        while (table->bucket[i]) {
            struct vio__identity *identity = table->bucket[i];

            table->bucket[i] = identity->next;
            vio__free(table->alloc, identity);
        }
    }
    vio__free(table->alloc, table->bucket);
    table->bucket = NULL;
    table->num_buckets = 0;
}

/* The finalizer of MurmurHash3 (public domain). Addresses are drawn here or given by an
 * administrator: none are chosen to collide. */
static size_t bucket_of(const struct vio_address *address, size_t num_buckets)
{
    uint64_t high, low;

    vio__hwaddr_split(address, &high, &low);
    low ^= high * 0x9e3779b97f4a7c15U + address->kind;
    low = (low ^ low >> 33) * 0xff51afd7ed558ccdU;
    low = (low ^ low >> 33) * 0xc4ceb9fe1a85ec53U;
    return (size_t)(low ^ low >> 33) & (num_buckets - 1);
}

/* Doubles the buckets. Where memory is out the table stays as it is, which is slower only. */
static void grow(struct vio_identity_table *table)
{
    size_t num_buckets = table->num_buckets > 0 ? 2 * table->num_buckets : BUCKETS_MIN;
    struct vio__identity **bucket =
        vio__calloc(table->alloc, num_buckets, sizeof(struct vio__identity *));

    if (!bucket)
        return;
    for (size_t i = 0; i < table->num_buckets; i++) {
        while (table->bucket[i]) {
            struct vio__identity *identity = table->bucket[i];
            size_t to = bucket_of(&identity->address, num_buckets);

            table->bucket[i] = identity->next;
            identity->next = bucket[to];
            bucket[to] = identity;
        }
    }
    vio__free(table->alloc, table->bucket);
    table->bucket = bucket;
    table->num_buckets = num_buckets;
}

struct vio__identity *vio__identity_find(const struct vio_identity_table *table,
                                         const struct vio_address *address)
{
    struct vio__identity *identity;

    if (table->count == 0)
        return NULL;
    identity = table->bucket[bucket_of(address, table->num_buckets)];
    while (identity && vio__hwaddr_compare(&identity->address, address) != 0)
        identity = identity->next;
    return identity;
}

struct vio__identity *vio__identity_get(struct vio_identity_table *table,
                                        const struct vio_address *address)
{
    struct vio__identity *identity = vio__identity_find(table, address);
    size_t bucket;

    if (identity)
        return identity;
    if (table->count >= table->num_buckets)
        grow(table);
    if (table->num_buckets == 0)
        return NULL;
    identity = vio__calloc(table->alloc, 1, sizeof(*identity));
    if (!identity)
        return NULL;
    bucket = bucket_of(address, table->num_buckets);
    identity->address = *address;
    identity->next = table->bucket[bucket];
    table->bucket[bucket] = identity;
    table->count++;
    return identity;
}

bool vio__identity_release(struct vio_identity_table *table, struct vio__identity *identity)
{
    struct vio__identity **place;

    if (identity->claims > 0 || identity->prepared > 0 || identity->held)
        return false;
    place = &table->bucket[bucket_of(&identity->address, table->num_buckets)];
    while (*place != identity)
        place = &(*place)->next;
    *place = identity->next;
    table->count--;
    vio__free(table->alloc, identity);
    return true;
}

struct vio__identity *vio__identity_next(const struct vio_identity_table *table, size_t *bucket,
                                         const struct vio__identity *last)
{
    struct vio__identity *next = last ? last->next : NULL;

    while (!next && *bucket < table->num_buckets)
        next = table->bucket[(*bucket)++];
    return next;
}
