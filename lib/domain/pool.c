/* SPDX-License-Identifier: MIT */
#include "lib/domain/pool.h"

#include <stddef.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/identity.h"
#include "lib/domain/name.h"

int vio__pool_new(const struct vio_alloc *alloc, struct vio_pool_info **ret_pool)
{
    struct vio_pool_info *pool = vio__calloc(alloc, 1, sizeof(*pool));

    if (!pool)
        return VIO_ENOMEM;
    vio__ref_init(&pool->ref);
    pool->alloc = alloc ? *alloc : vio__alloc_default();
    pool->order = VIO_POOL_ORDER_LOWEST;
    *ret_pool = pool;
    return 0;
}

static int copy_ranges(const struct vio_alloc *alloc, const struct vio_pool_ranges *from,
                       struct vio_pool_ranges *ranges)
{
    if (from->count == 0)
        return 0;
    ranges->range = vio__memdup(alloc, from->range, from->count * sizeof(from->range[0]));
    if (!ranges->range)
        return VIO_ENOMEM;
    ranges->count = from->count;
    return 0;
}

int vio__pool_copy(const struct vio_pool_info *from, struct vio_pool_info **ret_pool)
{
    struct vio_pool_info *pool;
    int status = vio__pool_new(&from->alloc, &pool);

    if (status != 0)
        return status;
    memcpy(pool->uuid, from->uuid, sizeof(pool->uuid));
    memcpy(pool->name, from->name, sizeof(pool->name));
    pool->generation = from->generation;
    pool->purpose = from->purpose;
    pool->order = from->order;
    pool->quarantine = from->quarantine;
    status = copy_ranges(&pool->alloc, &from->ranges, &pool->ranges);
    if (status == 0)
        status = copy_ranges(&pool->alloc, &from->exclusions, &pool->exclusions);
    if (status == 0)
        status = copy_ranges(&pool->alloc, &from->externals, &pool->externals);
    if (status == 0)
        status = vio__labels_copy(&pool->alloc, &from->labels, &pool->labels);
    if (status == 0 && from->description)
        status = vio__pool_set_description(pool, from->description);
    if (status != 0) {
        vio__pool_unref(pool);
        return status;
    }
    *ret_pool = pool;
    return 0;
}

struct vio_pool_info *vio__pool_ref(struct vio_pool_info *pool)
{
    vio__ref_get(&pool->ref);
    return pool;
}

void vio__pool_unref(struct vio_pool_info *pool)
{
    struct vio_alloc alloc;

    if (!pool || !vio__ref_put(&pool->ref))
        return;
    alloc = pool->alloc;
    vio__free(&alloc, pool->ranges.range);
    vio__free(&alloc, pool->exclusions.range);
    vio__free(&alloc, pool->externals.range);
    vio__labels_clear(&alloc, &pool->labels);
    vio__free(&alloc, pool->description);
    vio__free(&alloc, pool);
}

int vio__pool_set_description(struct vio_pool_info *pool, const char *text)
{
    char *copy = NULL;

    if (*text) {
        copy = vio__strdup(&pool->alloc, text);
        if (!copy)
            return VIO_ENOMEM;
    }
    vio__free(&pool->alloc, pool->description);
    pool->description = copy;
    return 0;
}

uint64_t vio__pool_size(const struct vio_pool_info *pool)
{
    uint64_t size = 0;

    for (size_t i = 0; i < pool->ranges.count; i++) {
        uint64_t high, first, last;

        vio__hwaddr_split(&pool->ranges.range[i].first, &high, &first);
        vio__hwaddr_split(&pool->ranges.range[i].last, &high, &last);
        if (last - first >= UINT64_MAX - size)
            return UINT64_MAX;
        size += last - first + 1;
    }
    return size;
}

static bool same_ranges(const struct vio_pool_ranges *a, const struct vio_pool_ranges *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->range, b->range, a->count * sizeof(a->range[0])) == 0);
}

bool vio__pool_equal(const struct vio_pool_info *a, const struct vio_pool_info *b)
{
    return memcmp(a->uuid, b->uuid, sizeof(a->uuid)) == 0 && strcmp(a->name, b->name) == 0 &&
           a->purpose == b->purpose && a->order == b->order && a->quarantine == b->quarantine &&
           same_ranges(&a->ranges, &b->ranges) && same_ranges(&a->exclusions, &b->exclusions) &&
           same_ranges(&a->externals, &b->externals) &&
           strcmp(a->description ? a->description : "", b->description ? b->description : "") ==
               0 &&
           vio__labels_equal(&a->labels, &b->labels);
}

/* -- Names ------------------------------------------------------------------------------------- */

int vio__pool_address_kind(enum vio_pool_purpose purpose)
{
    switch (purpose) {
    case VIO_POOL_MAC:
        return VIO_ADDRESS_MAC48;
    case VIO_POOL_WWNN:
    case VIO_POOL_WWPN:
    case VIO_POOL_WWN:
        return VIO_ADDRESS_WWN;
    case VIO_POOL_UUID:
        return VIO_ADDRESS_UUID;
    case VIO_POOL_UNKNOWN:
        break;
    }
    return VIO_ADDRESS_UNKNOWN;
}

const char *vio__pool_purpose_name(enum vio_pool_purpose purpose)
{
    switch (purpose) {
    case VIO_POOL_MAC:
        return "mac";
    case VIO_POOL_WWNN:
        return "wwnn";
    case VIO_POOL_WWPN:
        return "wwpn";
    case VIO_POOL_UUID:
        return "uuid";
    case VIO_POOL_WWN:
        return "wwn";
    case VIO_POOL_UNKNOWN:
        break;
    }
    return "unknown";
}

const char *vio__pool_order_name(enum vio_pool_order order)
{
    switch (order) {
    case VIO_POOL_ORDER_LOWEST:
        return "lowest";
    case VIO_POOL_ORDER_SEQUENTIAL:
        return "sequential";
    case VIO_POOL_ORDER_UNKNOWN:
        break;
    }
    return "unknown";
}

/* -- Default pools ----------------------------------------------------------------------------- */

const char *vio__pool_default_name(enum vio_pool_purpose purpose)
{
    switch (purpose) {
    case VIO_POOL_MAC:
        return "default-mac";
    case VIO_POOL_WWNN:
        return "default-wwnn";
    case VIO_POOL_WWPN:
        return "default-wwpn";
    case VIO_POOL_UUID:
        return "default-uuid";
    case VIO_POOL_WWN:
    case VIO_POOL_UNKNOWN:
        break;
    }
    return NULL;
}

/* The range of all identities that identity.h makes; false for random ones. */
static bool default_range(const uint8_t store[VIO_UUID_SIZE], enum vio_pool_purpose purpose,
                          struct vio_pool_range *ret_range)
{
    if (purpose == VIO_POOL_MAC) {
        vio__identity_mac(store, 0, &ret_range->first);
        vio__identity_mac(store, VIO_IDENTITY_MACS - 1, &ret_range->last);
    } else if (purpose == VIO_POOL_WWNN) {
        vio__identity_wwnn(store, 0, &ret_range->first);
        vio__identity_wwnn(store, VIO_IDENTITY_WWNNS - 1, &ret_range->last);
    } else if (purpose == VIO_POOL_WWPN) {
        vio__identity_wwpn(store, 0, &ret_range->first);
        vio__identity_wwpn(store, VIO_IDENTITY_WWPNS - 1, &ret_range->last);
    } else {
        return false;
    }
    return true;
}

int vio__pool_default(const struct vio_alloc *alloc, const uint8_t store[VIO_UUID_SIZE],
                      enum vio_pool_purpose purpose, struct vio_pool_info **ret_pool)
{
    const char *name = vio__pool_default_name(purpose);
    struct vio_pool_range range;
    struct vio_pool_info *pool;
    int status;

    if (!name)
        return VIO_EINVAL;
    status = vio__pool_new(alloc, &pool);
    if (status != 0)
        return status;
    memcpy(pool->uuid, store, sizeof(pool->uuid)); /* another UUID of version 4, made of it */
    pool->uuid[VIO_UUID_SIZE - 1] ^= (uint8_t)purpose;
    memcpy(pool->name, name, strlen(name) + 1);
    pool->purpose = purpose;
    pool->order = VIO_POOL_ORDER_SEQUENTIAL;
    pool->quarantine = purpose == VIO_POOL_UUID ? 0 : VIO_POOL_DEFAULT_QUARANTINE;
    if (default_range(store, purpose, &range))
        status = vio__pool_ranges_append(&pool->alloc, &pool->ranges, &range);
    if (status != 0) {
        vio__pool_unref(pool);
        return status;
    }
    *ret_pool = pool;
    return 0;
}
