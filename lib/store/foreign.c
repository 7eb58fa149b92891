/* SPDX-License-Identifier: MIT */
/* Rows that other processes changed, and what they do to the commits that are queued. */
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/pool.h"
#include "lib/store/internal.h"
#include "lib/store/item.h"

/* -- Commits ----------------------------------------------------------------------------------- */

static struct vio_prepared *prepared_of(struct vio_dlist *node)
{
    return VIO_CONTAINER_OF(node, struct vio_commit, node)->prepared;
}

/* Lets go of what may stand in the way of others' rows. */
static void release(struct vio__store *store, const struct vio_batch *batch)
{
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_prepared *prepared = prepared_of(node);

        for (size_t i = 0; i < prepared->count; i++)
            vio__item_release(store, &prepared->items[i]);
    }
}

static void look_again(const struct vio__store *store, const struct vio_batch *batch)
{
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_prepared *prepared = prepared_of(node);

        for (size_t i = 0; i < prepared->count; i++)
            vio__item_reset(store, &prepared->items[i]);
    }
}

static void judge_again(struct vio__store *store, const struct vio_batch *batch)
{
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_prepared *prepared = prepared_of(node);
        size_t good = 0;

        while (prepared->status == 0 && good < prepared->count) {
            prepared->status = vio__item_check(store, &prepared->items[good]);
            if (prepared->status == 0)
                good++;
        }
        while (prepared->status != 0 && good > 0)
            vio__item_uncheck(store, &prepared->items[--good]);
    }
}

void vio__store_replay(struct vio__store *store)
{
    release(store, store->written);
    release(store, store->queued);
    look_again(store, store->written);
    look_again(store, store->queued);
    judge_again(store, store->written);
    judge_again(store, store->queued);
}

/* -- Rows -------------------------------------------------------------------------------------- */

struct arrival {
    struct vio_row row; /* the body is the index's memory */
    struct vio_effect effect;
    struct vio_address deleted;  /* the hold that it was; kind 0: none */
    struct vio_pool_info *pool;  /* that it is; taken in last, as pools look at all that is used */
    uint8_t gone[VIO_UUID_SIZE]; /* the pool that it was, and is no more; nil: none */
};

/* Copies a row, so that little can fail later but for what no file may contain. */
static int receive(struct vio__store *store, const struct vio_row *row, struct arrival *arrival)
{
    void *body;
    int status;

    arrival->row = *row;
    if (!row->body)
        return 0;
    arrival->row.body = NULL;
    status = vio__store_check_row(store, row);
    if (status != 0)
        return status;
    body = vio__index_body(store->index, row->size);
    if (!body)
        return VIO_ENOMEM;
    arrival->row.body = memcpy(body, row->body, row->size);
    if (row->kind == VIO_ROW_POOL)
        return vio__codec_pool(store->alloc, row->body, row->size, &arrival->pool);
    return vio__effect_prepare_row(store, row, &arrival->effect);
}

/* Takes the row out that this one replaces. */
static void depart(struct vio__store *store, struct arrival *arrival)
{
    uint32_t number = vio__index_find_row(store->index, arrival->row.id);
    struct vio_hold hold;
    struct vio_row row;
    const uint8_t *id;

    if (number == 0)
        return;
    row = vio__index_row(store->index, number);
    id = vio__codec_key(row.kind, row.body, VIO_KEY_ID).data;
    vio__effect_remember(store, number, &arrival->effect);
    if (row.kind == VIO_ROW_HOLD && vio__codec_hold(row.body, row.size, &hold) == 0)
        arrival->deleted = hold.address;
    if (row.kind == VIO_ROW_POOL &&
        !(arrival->pool && memcmp(arrival->pool->uuid, id, VIO_UUID_SIZE) == 0))
        memcpy(arrival->gone, id, VIO_UUID_SIZE);
    vio__index_remove(store->index, number);
}

static int arrive(struct vio__store *store, struct arrival *arrival)
{
    int status = arrival->row.body ? vio__store_check_rivals(store, &arrival->row) : 0;

    if (status != 0)
        return status;
    if (arrival->row.body)
        vio__index_put(store->index, &arrival->row);
    arrival->row.body = NULL;
    return 0;
}

static void settle(struct vio__store *store, struct arrival *arrival)
{
    bool ends_hold = arrival->deleted.kind != 0 && !arrival->effect.held;

    vio__effect_apply(store, arrival->row.id, ends_hold ? &arrival->deleted : NULL,
                      &arrival->effect);
}

static int change_pool(struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                       const struct vio_pool_info *pool)
{
    struct vio_effect effect = {0};
    int status = vio__effect_prepare(store, VIO_ROW_POOL, uuid, pool, &effect);

    if (status == 0)
        vio__effect_apply(store, 0, NULL, &effect);
    return status;
}

/* Whether there was one whose turn had come. */
static bool take_pool(struct vio__store *store, struct arrival *arrival, int *status)
{
    int gone = 0, come = 0;

    if (vio__uuid_is_nil(arrival->gone) && !arrival->pool)
        return false;
    if (!vio__uuid_is_nil(arrival->gone))
        gone = change_pool(store, arrival->gone, NULL);
    if (gone == 0)
        memset(arrival->gone, 0, VIO_UUID_SIZE);
    if (arrival->pool)
        come = change_pool(store, arrival->pool->uuid, arrival->pool);
    if (come == 0) {
        vio__pool_unref(arrival->pool);
        arrival->pool = NULL;
    }
    if (gone != 0 || come != 0)
        *status = gone != 0 ? gone : come;
    return gone == 0 && come == 0;
}

/* One pool may get what another one gives up, in any order. */
static int take_pools(struct vio__store *store, struct arrival *arrivals, size_t count)
{
    bool progress = true;
    int status = 0;

    while (progress) {
        progress = false;
        status = 0;
        for (size_t i = 0; i < count; i++)
            if (take_pool(store, &arrivals[i], &status))
                progress = true;
    }
    return status == 0 || status == VIO_ENOMEM ? status : VIO_ECORRUPT;
}

/* Takes out what the rows replace, then puts them, as names may have been exchanged. */
static int replace_rows(struct vio__store *store, struct arrival *arrivals, size_t count)
{
    int status = 0;

    for (size_t i = 0; i < count; i++)
        depart(store, &arrivals[i]);
    for (size_t i = 0; i < count && status == 0; i++)
        status = arrive(store, &arrivals[i]);
    for (size_t i = 0; i < count && status == 0; i++)
        settle(store, &arrivals[i]);
    return status == 0 ? take_pools(store, arrivals, count) : status;
}

static int take_rows(struct vio__store *store, const struct vio_row *rows, size_t count,
                     struct arrival *arrivals)
{
    size_t bodies = 0;
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++) {
        status = receive(store, &rows[i], &arrivals[i]);
        bodies += arrivals[i].row.body != NULL;
    }
    if (status == 0)
        status = vio__index_reserve(store->index, bodies);
    if (status == 0) {
        status = replace_rows(store, arrivals, count);
        store->broken = status;
        store->version++;
    }
    for (size_t i = 0; i < count; i++) {
        vio__effect_abandon(store, &arrivals[i].effect);
        vio__pool_unref(arrivals[i].pool);
        vio__index_drop_body(store->index, (void *)arrivals[i].row.body, arrivals[i].row.size);
    }
    return status;
}

int vio__store_take_foreign(void *user, const struct vio_row *rows, size_t count,
                            struct vio_write *write)
{
    struct vio__store *store = user;
    struct arrival *arrivals = vio__calloc(store->alloc, count, sizeof(*arrivals));
    int status = VIO_ENOMEM;

    if (!arrivals)
        return status;
    release(store, store->written);
    release(store, store->queued);
    status = take_rows(store, rows, count, arrivals);
    vio__free(store->alloc, arrivals);
    vio__store_replay(store);
    if (write)
        vio__store_assemble(store);
    return status;
}
