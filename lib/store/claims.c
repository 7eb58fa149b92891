/* SPDX-License-Identifier: MIT */
#include "lib/store/claims.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/hash.h"
#include "lib/loop/loop.h"
#include "lib/store/index.h"
#include "lib/store/store.h"

#define MAX_CLAIMS (UINT32_C(1) << 26)

struct claim {
    uint8_t uuid[VIO_UUID_SIZE];
    uint32_t count;
};

struct vio_claims {
    const struct vio_alloc *alloc;
    const struct vio_index *index;
    const struct vio__store *store;
    struct vio_hash *names;
    uint8_t holder[VIO_UUID_SIZE]; /* of what was asked for last */
};

int vio__claims_new(const struct vio__store *store, const struct vio_index *index,
                    struct vio_claims **ret_claims)
{
    const struct vio_alloc *alloc = vio__loop_alloc(vio__store_loop(store));
    struct vio_claims *claims = vio__calloc(alloc, 1, sizeof(*claims));

    if (!claims)
        return VIO_ENOMEM;
    claims->alloc = alloc;
    claims->index = index;
    claims->store = store;
    if (vio__hash_new(alloc, MAX_CLAIMS, &claims->names) != 0) {
        vio__claims_free(claims);
        return VIO_ENOMEM;
    }
    *ret_claims = claims;
    return 0;
}

static void free_table(struct vio_claims *claims, struct vio_hash *table)
{
    if (table) {
        VIO_HASH_FOREACH (iter, table)
            vio__free(claims->alloc, iter.value);
    }
    vio__hash_free(table, NULL);
}

void vio__claims_free(struct vio_claims *claims)
{
    if (!claims)
        return;
    free_table(claims, claims->names);
    vio__free(claims->alloc, claims);
}

/* -- Who has it -------------------------------------------------------------------------------- */

static const uint8_t *claimant(const struct vio_hash *table, const void *key, size_t size)
{
    const struct claim *claim = vio__hash_get(table, key, size);

    return claim ? claim->uuid : NULL;
}

static const uint8_t *committed(const struct vio_claims *claims, enum vio_key_kind kind,
                                const void *key, size_t size)
{
    uint32_t number = vio__index_find(claims->index, VIO_ROW_VADAPTER, kind, key, size);

    if (number == 0)
        return NULL;
    return vio__codec_key(VIO_ROW_VADAPTER, vio__index_row(claims->index, number).body, VIO_KEY_ID)
        .data;
}

const uint8_t *vio__claims_who_named(const struct vio_claims *claims, const char *name)
{
    const uint8_t *uuid = claimant(claims->names, name, strlen(name));

    return uuid ? uuid : committed(claims, VIO_KEY_NAME, name, strlen(name));
}

const uint8_t *vio__claims_who_has(struct vio_claims *claims, const struct vio_address *address)
{
    if (!vio__identities_who_has(vio__store_identities(claims->store), address, claims->holder))
        return NULL;
    return claims->holder;
}

/* -- Claiming -----------------------------------------------------------------------------------
 */

/* `holder`: who has it now, or NULL. */
static int take(struct vio_claims *claims, struct vio_hash *table, const void *key, size_t size,
                const uint8_t *holder, const uint8_t uuid[VIO_UUID_SIZE])
{
    struct claim *claim = vio__hash_get(table, key, size);
    int status;

    if (holder && memcmp(holder, uuid, VIO_UUID_SIZE) != 0)
        return VIO_EEXIST;
    if (claim) {
        claim->count++;
        return 0;
    }
    claim = vio__alloc(claims->alloc, sizeof(*claim));
    if (!claim)
        return VIO_ENOMEM;
    memcpy(claim->uuid, uuid, VIO_UUID_SIZE);
    claim->count = 1;
    status = vio__hash_put(table, key, size, claim);
    if (status != 0)
        vio__free(claims->alloc, claim);
    return status;
}

static void drop(struct vio_claims *claims, struct vio_hash *table, const void *key, size_t size)
{
    struct claim *claim = vio__hash_get(table, key, size);

    if (!claim || --claim->count > 0)
        return;
    vio__hash_remove(table, key, size);
    vio__free(claims->alloc, claim);
}

int vio__claims_name(struct vio_claims *claims, const char *name, const uint8_t uuid[VIO_UUID_SIZE])
{
    return take(claims, claims->names, name, strlen(name), vio__claims_who_named(claims, name),
                uuid);
}

void vio__claims_drop_name(struct vio_claims *claims, const char *name)
{
    drop(claims, claims->names, name, strlen(name));
}

void vio__claims_drop_address(struct vio_claims *claims, const struct vio_address *address)
{
    vio__identities_drop(vio__store_identities(claims->store), address);
}

/* One of its addresses, which may be none. */
static int take_address(struct vio_claims *claims, const struct vio_address *address,
                        const struct vio_vadapter_info *vadapter)
{
    struct vio_claimant claimant = {.name = vadapter->name};

    if (address->kind == 0)
        return 0;
    memcpy(claimant.uuid, vadapter->uuid, VIO_UUID_SIZE);
    return vio__identities_take(vio__store_identities(claims->store), address, &claimant,
                                vio__store_now(claims->store), NULL, NULL);
}

int vio__claims_take(struct vio_claims *claims, const struct vio_vadapter_info *vadapter)
{
    int status = vio__claims_name(claims, vadapter->name, vadapter->uuid);

    if (status != 0)
        return status;
    status = take_address(claims, &vadapter->address, vadapter);
    if (status == 0) {
        status = take_address(claims, &vadapter->node_address, vadapter);
        if (status != 0)
            vio__claims_drop_address(claims, &vadapter->address);
    }
    if (status != 0)
        vio__claims_drop_name(claims, vadapter->name);
    return status;
}

void vio__claims_drop(struct vio_claims *claims, const struct vio_vadapter_info *vadapter)
{
    vio__claims_drop_name(claims, vadapter->name);
    vio__claims_drop_address(claims, &vadapter->address);
    vio__claims_drop_address(claims, &vadapter->node_address);
}
