/* SPDX-License-Identifier: MIT */
#include "lib/store/effect.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/store/internal.h"

/* -- Addresses of packed rows ------------------------------------------------------------------ */

static struct vio_address address_of(const struct vio_row *row, enum vio_key_kind key)
{
    struct vio_key found = vio__codec_key(row->kind, row->body, key);
    struct vio_address address = {0};

    if (found.size == 0)
        return address;
    address.kind = found.data[0];
    address.length = (uint8_t)(found.size - 1);
    memcpy(address.bytes, found.data + 1, found.size - 1);
    return address;
}

/* -- The index, for identities ----------------------------------------------------------------- */

static bool who(void *user, const struct vio_address *address, uint8_t ret_uuid[VIO_UUID_SIZE])
{
    const struct vio__store *store = user;
    uint8_t key[VIO_KEY_SIZE];
    size_t size = vio__codec_address_key(address, key);
    uint32_t number = vio__index_find(store->index, VIO_ROW_VADAPTER, VIO_KEY_ADDRESS, key, size);
    struct vio_row row;

    if (number == 0)
        number = vio__index_find(store->index, VIO_ROW_VADAPTER, VIO_KEY_NODE, key, size);
    if (number == 0)
        return false;
    row = vio__index_row(store->index, number);
    memcpy(ret_uuid, vio__codec_key(row.kind, row.body, VIO_KEY_ID).data, VIO_UUID_SIZE);
    return true;
}

static bool name(void *user, const uint8_t uuid[VIO_UUID_SIZE], char ret_name[VIO_NAME_SIZE])
{
    const struct vio__store *store = user;
    uint32_t number =
        vio__index_find(store->index, VIO_ROW_VADAPTER, VIO_KEY_ID, uuid, VIO_UUID_SIZE);
    struct vio_row row;
    struct vio_key key;

    if (number == 0)
        return false;
    row = vio__index_row(store->index, number);
    key = vio__codec_key(row.kind, row.body, VIO_KEY_NAME);
    memcpy(ret_name, key.data, key.size);
    ret_name[key.size] = '\0';
    return true;
}

static int each(void *user, int kind,
                int (*used)(void *used_user, const struct vio_address *address), void *used_user)
{
    static const enum vio_key_kind keys[] = {VIO_KEY_ADDRESS, VIO_KEY_NODE};
    const struct vio__store *store = user;
    uint32_t number = 0;
    int status = 0;

    while (status == 0 && (number = vio__index_next(store->index, VIO_ROW_VADAPTER, number)) != 0) {
        struct vio_row row = vio__index_row(store->index, number);

        for (size_t i = 0; i < 2 && status == 0; i++) {
            struct vio_address address = address_of(&row, keys[i]);

            if (address.kind == kind)
                status = used(used_user, &address);
        }
    }
    return status;
}

struct vio_identity_index vio__effect_index(struct vio__store *store)
{
    return (struct vio_identity_index){.who = who, .name = name, .each = each, .user = store};
}

/* -- Effects ----------------------------------------------------------------------------------- */

int vio__effect_prepare(struct vio__store *store, enum vio_row_kind kind,
                        const uint8_t uuid[VIO_UUID_SIZE], const void *object,
                        struct vio_effect *effect)
{
    if (kind == VIO_ROW_POOL)
        return vio__identities_prepare_pool(store->identities, uuid, (struct vio_pool_info *)object,
                                            vio__store_now(store), NULL, NULL, &effect->pool);
    if (kind == VIO_ROW_HOLD && object)
        return vio__identities_prepare_hold(store->identities, object, &effect->held);
    return 0;
}

void vio__effect_abandon(struct vio__store *store, struct vio_effect *effect)
{
    if (effect->pool)
        vio__identities_abandon_pool(store->identities, effect->pool);
    if (effect->held)
        vio__identities_abandon_hold(store->identities, effect->held);
    effect->pool = NULL;
    effect->held = NULL;
}

static int prepare_found(struct vio__store *store, const struct vio_row *row)
{
    struct vio_address address = address_of(row, VIO_KEY_ADDRESS);
    struct vio_address node = address_of(row, VIO_KEY_NODE);
    int status = address.kind == 0 ? 0 : vio__identities_found(store->identities, &address);

    if (status == 0 && node.kind != 0)
        status = vio__identities_found(store->identities, &node);
    return status;
}

static int prepare_pool(struct vio__store *store, const struct vio_row *row,
                        struct vio_effect *effect)
{
    struct vio_pool_info *pool;
    int status = vio__codec_pool(store->alloc, row->body, row->size, &pool);

    if (status != 0)
        return status;
    status = vio__effect_prepare(store, VIO_ROW_POOL, pool->uuid, pool, effect);
    vio__pool_unref(pool);
    return status == 0 || status == VIO_ENOMEM ? status : VIO_ECORRUPT;
}

int vio__effect_prepare_row(struct vio__store *store, const struct vio_row *row,
                            struct vio_effect *effect)
{
    struct vio_hold hold;
    int status;

    switch (row->kind) {
    case VIO_ROW_VADAPTER:
        return prepare_found(store, row);
    case VIO_ROW_POOL:
        return prepare_pool(store, row, effect);
    case VIO_ROW_HOLD:
        status = vio__codec_hold(row->body, row->size, &hold);
        if (status != 0)
            return status;
        return vio__effect_prepare(store, VIO_ROW_HOLD, NULL, &hold, effect);
    case VIO_ROW_CHASSIS:
        break;
    }
    return 0;
}

void vio__effect_remember(struct vio__store *store, uint32_t number, struct vio_effect *effect)
{
    struct vio_row row;

    if (number == 0)
        return;
    row = vio__index_row(store->index, number);
    if (row.kind != VIO_ROW_VADAPTER)
        return;
    effect->former[0] = address_of(&row, VIO_KEY_ADDRESS);
    effect->former[1] = address_of(&row, VIO_KEY_NODE);
}

void vio__effect_apply(struct vio__store *store, uint64_t row, const struct vio_address *deleted,
                       struct vio_effect *effect)
{
    if (effect->pool)
        vio__identities_commit_pool(store->identities, effect->pool);
    if (effect->held)
        vio__identities_commit_hold(store->identities, effect->held, row);
    if (deleted)
        vio__identities_remove_hold(store->identities, deleted);
    effect->pool = NULL;
    effect->held = NULL;
    for (size_t i = 0; i < 2; i++)
        if (effect->former[i].kind != 0)
            vio__identities_settle(store->identities, &effect->former[i]);
}
