/* SPDX-License-Identifier: MIT */
#include "lib/api/pool.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/ref.h"
#include "lib/base/uuid.h"
#include "lib/loop/loop.h"
#include "lib/loop/req.h"
#include "lib/store/identities.h"
#include "lib/store/store.h"

#define STATES (VIO_IDENTITY_EXTERNAL + 1)

struct vio_pool {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    struct vio_pool_info *info;
    uint64_t counts[STATES];
};

int vio__pool_snapshot(const struct vio_ledger *ledger, struct vio_pool_info *info,
                       struct vio_pool **ret_pool)
{
    struct vio_identities *identities = vio__store_identities(vio__ledger_store(ledger));
    uint64_t now = vio__ledger_now(ledger);
    struct vio_pool *pool = vio__calloc(&info->alloc, 1, sizeof(*pool));

    if (!pool)
        return VIO_ENOMEM;
    vio__ref_init(&pool->ref);
    pool->alloc = info->alloc;
    pool->info = vio__pool_ref(info);
    for (int state = VIO_IDENTITY_FREE; state < STATES; state++)
        pool->counts[state] =
            vio__identities_count(identities, info->uuid, (enum vio_identity_state)state, now);
    *ret_pool = pool;
    return 0;
}

bool vio__pool_is(const struct vio_pool *pool, const char *name)
{
    uint8_t uuid[VIO_UUID_SIZE];

    return strcmp(pool->info->name, name) == 0 ||
           (vio__uuid_parse(name, uuid) == 0 && memcmp(pool->info->uuid, uuid, sizeof(uuid)) == 0);
}

struct vio_pool *vio_pool_ref(struct vio_pool *pool)
{
    if (pool)
        vio__ref_get(&pool->ref);
    return pool;
}

void vio_pool_unref(struct vio_pool *pool)
{
    struct vio_alloc alloc;

    if (!pool || !vio__ref_put(&pool->ref))
        return;
    alloc = pool->alloc;
    vio__pool_unref(pool->info);
    vio__free(&alloc, pool);
}

struct vio_pool *vio_req_get_pool(const struct vio_req *req)
{
    return req ? vio__req_result(req, "pool") : NULL;
}

/* -- What it is -------------------------------------------------------------------------------- */

const char *vio_pool_name(const struct vio_pool *pool)
{
    return pool ? pool->info->name : NULL;
}

int vio_pool_uuid(const struct vio_pool *pool, struct vio_address *ret_uuid)
{
    if (!pool || !ret_uuid)
        return VIO_EINVAL;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, pool->info->uuid, VIO_UUID_SIZE);
    return 0;
}

enum vio_pool_purpose vio_pool_purpose(const struct vio_pool *pool)
{
    return pool ? pool->info->purpose : VIO_POOL_UNKNOWN;
}

enum vio_pool_order vio_pool_order(const struct vio_pool *pool)
{
    return pool ? pool->info->order : VIO_POOL_ORDER_UNKNOWN;
}

uint32_t vio_pool_quarantine(const struct vio_pool *pool)
{
    return pool ? pool->info->quarantine : 0;
}

uint64_t vio_pool_size(const struct vio_pool *pool)
{
    return pool ? vio__pool_size(pool->info) : 0;
}

uint64_t vio_pool_count(const struct vio_pool *pool, enum vio_identity_state state)
{
    return pool && (int)state > 0 && (int)state < STATES ? pool->counts[state] : 0;
}

/* -- Its ranges -------------------------------------------------------------------------------- */

static int range_at(const struct vio_pool_ranges *ranges, size_t at, struct vio_address *ret_first,
                    struct vio_address *ret_last)
{
    if (!ret_first || !ret_last)
        return VIO_EINVAL;
    if (at >= ranges->count)
        return VIO_ENOENT;
    *ret_first = ranges->range[at].first;
    *ret_last = ranges->range[at].last;
    return 0;
}

size_t vio_pool_num_ranges(const struct vio_pool *pool)
{
    return pool ? pool->info->ranges.count : 0;
}

int vio_pool_range(const struct vio_pool *pool, size_t at, struct vio_address *ret_first,
                   struct vio_address *ret_last)
{
    return pool ? range_at(&pool->info->ranges, at, ret_first, ret_last) : VIO_EINVAL;
}

size_t vio_pool_num_exclusions(const struct vio_pool *pool)
{
    return pool ? pool->info->exclusions.count : 0;
}

int vio_pool_exclusion(const struct vio_pool *pool, size_t at, struct vio_address *ret_first,
                       struct vio_address *ret_last)
{
    return pool ? range_at(&pool->info->exclusions, at, ret_first, ret_last) : VIO_EINVAL;
}

size_t vio_pool_num_externals(const struct vio_pool *pool)
{
    return pool ? pool->info->externals.count : 0;
}

int vio_pool_external(const struct vio_pool *pool, size_t at, struct vio_address *ret_first,
                      struct vio_address *ret_last)
{
    return pool ? range_at(&pool->info->externals, at, ret_first, ret_last) : VIO_EINVAL;
}

/* -- What was written beside it ---------------------------------------------------------------- */

const char *vio_pool_description(const struct vio_pool *pool)
{
    if (!pool)
        return NULL;
    return pool->info->description ? pool->info->description : "";
}

size_t vio_pool_num_labels(const struct vio_pool *pool)
{
    return pool ? pool->info->labels.count : 0;
}

const char *vio_pool_label_key(const struct vio_pool *pool, size_t at)
{
    return at < vio_pool_num_labels(pool) ? pool->info->labels.label[at].key : NULL;
}

const char *vio_pool_label_value(const struct vio_pool *pool, size_t at)
{
    return at < vio_pool_num_labels(pool) ? pool->info->labels.label[at].value : NULL;
}

const char *vio_pool_label(const struct vio_pool *pool, const char *key)
{
    return pool && key ? vio__labels_get(&pool->info->labels, key) : NULL;
}

uint64_t vio_pool_generation(const struct vio_pool *pool)
{
    return pool ? pool->info->generation : 0;
}

const char *vio_pool_purpose_name(enum vio_pool_purpose purpose)
{
    return vio__pool_purpose_name(purpose);
}

const char *vio_pool_order_name(enum vio_pool_order order)
{
    return vio__pool_order_name(order);
}
