/* SPDX-License-Identifier: MIT */
#include "lib/store/item.h"

#include <string.h>

#include <libvio/error.h>

/* -- What is being changed --------------------------------------------------------------------- */

/* The key of the object in the table of those that are being changed. */
static size_t key_of(const struct vio_record *record, uint8_t ret_key[VIO_STORE_KEY])
{
    ret_key[0] = (uint8_t)record->kind;
    if (record->kind == VIO_ROW_HOLD)
        return 1 + vio__codec_address_key(&record->address, ret_key + 1);
    memcpy(ret_key + 1, record->uuid, VIO_UUID_SIZE);
    return 1 + VIO_UUID_SIZE;
}

static uint32_t number_of(const struct vio__store *store, const struct vio_pending *pending)
{
    return vio__index_find(store->index, (enum vio_row_kind)pending->key[0], VIO_KEY_ID,
                           pending->key + 1, pending->key_size - 1);
}

static uint64_t committed_generation(const struct vio__store *store,
                                     const struct vio_pending *pending)
{
    uint32_t number = number_of(store, pending);
    struct vio_row row;

    if (number == 0)
        return 0;
    row = vio__index_row(store->index, number);
    return vio__codec_generation(row.kind, row.body);
}

static void drop_pending(struct vio__store *store, struct vio_pending *pending)
{
    if (--pending->items > 0)
        return;
    vio__hash_remove(store->pending, pending->key, pending->key_size);
    vio__free(store->alloc, pending);
}

static int get_pending(struct vio__store *store, const struct vio_record *record,
                       struct vio_pending **ret_pending)
{
    uint8_t key[VIO_STORE_KEY];
    size_t size = key_of(record, key);
    struct vio_pending *pending = vio__hash_get(store->pending, key, size);
    int status;

    if (!pending) {
        pending = vio__calloc(store->alloc, 1, sizeof(*pending));
        if (!pending)
            return VIO_ENOMEM;
        memcpy(pending->key, key, size);
        pending->key_size = size;
        pending->generation = committed_generation(store, pending);
        status = vio__hash_put(store->pending, key, size, pending);
        if (status != 0) {
            vio__free(store->alloc, pending);
            return status;
        }
    }
    pending->items++;
    *ret_pending = pending;
    return 0;
}

bool vio__item_is_pending(const struct vio__store *store, const struct vio_row *row)
{
    struct vio_key id = vio__codec_key(row->kind, row->body, VIO_KEY_ID);
    uint8_t key[VIO_STORE_KEY];

    key[0] = (uint8_t)row->kind;
    memcpy(key + 1, id.data, id.size);
    return vio__hash_get(store->pending, key, 1 + id.size) != NULL;
}

/* -- Checking ---------------------------------------------------------------------------------- */

static bool has_generations(const struct vio_record *record)
{
    return record->kind == VIO_ROW_VADAPTER || record->kind == VIO_ROW_POOL;
}

int vio__item_check(struct vio__store *store, struct vio_item *item)
{
    const struct vio_record *record = item->record;
    enum vio_key_kind key;

    int status;

    item->former = item->pending->generation;
    item->left_out = item->implied && item->pending->generation != 0;
    if (item->left_out)
        return 0;
    if (has_generations(record) && record->replaces != item->pending->generation)
        return VIO_ESTALE;
    if (item->body && vio__index_rival(store->index, record->kind, item->body, &key) != 0)
        return key == VIO_KEY_NAME ? VIO_EEXIST : VIO_EDUPLICATE;
    status = vio__effect_prepare(store, record->kind, record->uuid, record->object, &item->effect);
    if (status != 0)
        return status;
    item->pending->generation = item->body ? vio__codec_generation(record->kind, item->body) : 0;
    return 0;
}

void vio__item_uncheck(struct vio__store *store, struct vio_item *item)
{
    vio__effect_abandon(store, &item->effect);
    item->pending->generation = item->former;
}

void vio__item_release(struct vio__store *store, struct vio_item *item)
{
    vio__effect_abandon(store, &item->effect);
}

void vio__item_reset(const struct vio__store *store, struct vio_item *item)
{
    item->pending->generation = committed_generation(store, item->pending);
}

uint64_t vio__item_row(const struct vio__store *store, const struct vio_item *item)
{
    uint32_t number = number_of(store, item->pending);

    return number == 0 ? 0 : vio__index_row(store->index, number).id;
}

/* -- Claims ------------------------------------------------------------------------------------ */

static int claim_addresses(struct vio__store *store, const struct vio_vadapter_info *vadapter)
{
    struct vio_claimant claimant = {.name = vadapter->name};
    uint64_t now = vio__store_now(store);
    int status = 0;

    memcpy(claimant.uuid, vadapter->uuid, VIO_UUID_SIZE);
    if (vadapter->address.kind != 0)
        status =
            vio__identities_take(store->identities, &vadapter->address, &claimant, now, NULL, NULL);
    if (status != 0 || vadapter->node_address.kind == 0)
        return status;
    status = vio__identities_take(store->identities, &vadapter->node_address, &claimant, now, NULL,
                                  NULL);
    if (status != 0 && vadapter->address.kind != 0)
        vio__identities_drop(store->identities, &vadapter->address);
    return status;
}

static int claim(struct vio__store *store, const struct vio_record *record)
{
    const struct vio_vadapter_info *vadapter = record->object;
    int status;

    if (record->kind != VIO_ROW_VADAPTER)
        return 0;
    status = vio__claims_name(store->claims, vadapter->name, vadapter->uuid);
    if (status != 0)
        return status;
    status = claim_addresses(store, vadapter);
    if (status != 0)
        vio__claims_drop_name(store->claims, vadapter->name);
    return status;
}

static void unclaim(struct vio__store *store, const struct vio_record *record)
{
    const struct vio_vadapter_info *vadapter = record->object;

    if (record->kind != VIO_ROW_VADAPTER)
        return;
    vio__claims_drop_name(store->claims, vadapter->name);
    if (vadapter->address.kind != 0)
        vio__identities_drop(store->identities, &vadapter->address);
    if (vadapter->node_address.kind != 0)
        vio__identities_drop(store->identities, &vadapter->node_address);
}

/* -- Making ------------------------------------------------------------------------------------ */

/* The body, in the index's memory, and room for it. */
static int pack(struct vio__store *store, struct vio_item *item)
{
    const struct vio_record *record = item->record;
    int status;

    vio__buf_reset(&store->scratch);
    status = vio__codec_encode(record->kind, record->object, &store->scratch);
    if (status == 0)
        status = vio__index_reserve(store->index, 1);
    if (status != 0)
        return status;
    item->size = store->scratch.size;
    item->body = vio__index_body(store->index, item->size);
    if (!item->body) {
        vio__index_release(store->index, 1);
        return VIO_ENOMEM;
    }
    memcpy(item->body, store->scratch.data, item->size);
    return 0;
}

static void unpack(struct vio__store *store, struct vio_item *item)
{
    if (!item->body)
        return;
    vio__index_drop_body(store->index, item->body, item->size);
    vio__index_release(store->index, 1);
}

static int take(struct vio__store *store, struct vio_item *item)
{
    int status = item->record->object ? pack(store, item) : 0;

    if (status != 0)
        return status;
    status = vio__item_check(store, item);
    if (status == 0 && item->record->object) {
        status = claim(store, item->record);
        if (status != 0)
            vio__item_uncheck(store, item);
    }
    if (status != 0)
        unpack(store, item);
    return status;
}

int vio__item_make(struct vio__store *store, const struct vio_record *record, bool implied,
                   struct vio_item *ret_item)
{
    struct vio_item item = {.record = record, .row = VIO_NO_ROW, .implied = implied};
    int status = get_pending(store, record, &item.pending);

    if (status != 0)
        return status;
    status = take(store, &item);
    if (status != 0) {
        drop_pending(store, item.pending);
        return status;
    }
    *ret_item = item;
    return 0;
}

void vio__item_free(struct vio__store *store, struct vio_item *item)
{
    vio__effect_abandon(store, &item->effect);
    if (item->record->object)
        unclaim(store, item->record);
    unpack(store, item);
    drop_pending(store, item->pending);
}

void vio__item_apply(struct vio__store *store, struct vio_item *item, uint64_t row)
{
    uint32_t number = number_of(store, item->pending);
    bool ends_hold = item->record->kind == VIO_ROW_HOLD && !item->body;

    vio__effect_remember(store, number, &item->effect);
    if (item->body) {
        vio__index_put(store->index, &(struct vio_row){.id = row,
                                                       .kind = item->record->kind,
                                                       .body = item->body,
                                                       .size = item->size});
        item->body = NULL; /* the index's */
    } else if (number != 0) {
        vio__index_remove(store->index, number);
    }
    vio__effect_apply(store, row, ends_hold ? &item->record->address : NULL, &item->effect);
}
