/* SPDX-License-Identifier: MIT */
#include "lib/store/claims.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/hash.h"

#define MAX_CLAIMS (UINT32_C(1) << 26)

struct claim {
    uint8_t uuid[VIO_UUID_SIZE];
    uint32_t count;
};

struct vio_claims {
    const struct vio_alloc *alloc;
    struct vio_hash *names, *addresses;
};

int vio__claims_new(const struct vio_alloc *alloc, struct vio_claims **ret_claims)
{
    struct vio_claims *claims = vio__calloc(alloc, 1, sizeof(*claims));

    if (!claims)
        return VIO_ENOMEM;
    claims->alloc = alloc;
    if (vio__hash_new(alloc, MAX_CLAIMS, &claims->names) != 0 ||
        vio__hash_new(alloc, MAX_CLAIMS, &claims->addresses) != 0) {
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
    free_table(claims, claims->addresses);
    vio__free(claims->alloc, claims);
}

static int take(struct vio_claims *claims, struct vio_hash *table, const void *key, size_t size,
                const uint8_t uuid[VIO_UUID_SIZE])
{
    struct claim *claim = vio__hash_get(table, key, size);
    int status;

    if (claim) {
        if (memcmp(claim->uuid, uuid, VIO_UUID_SIZE) != 0)
            return VIO_EEXIST;
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
    return take(claims, claims->names, name, strlen(name), uuid);
}

int vio__claims_address(struct vio_claims *claims, const struct vio_address *address,
                        const uint8_t uuid[VIO_UUID_SIZE])
{
    return take(claims, claims->addresses, address, sizeof(*address), uuid);
}

void vio__claims_drop_name(struct vio_claims *claims, const char *name)
{
    drop(claims, claims->names, name, strlen(name));
}

void vio__claims_drop_address(struct vio_claims *claims, const struct vio_address *address)
{
    drop(claims, claims->addresses, address, sizeof(*address));
}

int vio__claims_take(struct vio_claims *claims, const struct vio_vadapter_info *vadapter)
{
    int status = vio__claims_name(claims, vadapter->name, vadapter->uuid);

    if (status != 0 || vadapter->address.kind == 0)
        return status;
    status = vio__claims_address(claims, &vadapter->address, vadapter->uuid);
    if (status != 0)
        vio__claims_drop_name(claims, vadapter->name);
    return status;
}

void vio__claims_drop(struct vio_claims *claims, const struct vio_vadapter_info *vadapter)
{
    vio__claims_drop_name(claims, vadapter->name);
    if (vadapter->address.kind != 0)
        vio__claims_drop_address(claims, &vadapter->address);
}

static const uint8_t *who(const struct vio_hash *table, const void *key, size_t size)
{
    const struct claim *claim = vio__hash_get(table, key, size);

    return claim ? claim->uuid : NULL;
}

const uint8_t *vio__claims_who_named(const struct vio_claims *claims, const char *name)
{
    return who(claims->names, name, strlen(name));
}

const uint8_t *vio__claims_who_has(const struct vio_claims *claims,
                                   const struct vio_address *address)
{
    return who(claims->addresses, address, sizeof(*address));
}
