/* SPDX-License-Identifier: MIT */
/* Rows that other processes changed, and what they do to the commits that are queued. */
#include <string.h>

#include <libvio/error.h>

#include "lib/store/internal.h"
#include "lib/store/item.h"

/* -- Commits ----------------------------------------------------------------------------------- */

static struct vio_prepared *prepared_of(struct vio_dlist *node)
{
    return VIO_CONTAINER_OF(node, struct vio_commit, node)->prepared;
}

/* Lets go of what may stand in the way of others' rows. */
static void release(struct vio_store *store, const struct vio_batch *batch)
{
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_prepared *prepared = prepared_of(node);

        for (size_t i = 0; i < prepared->count; i++)
            vio__item_release(store, &prepared->items[i]);
    }
}

static void look_again(const struct vio_store *store, const struct vio_batch *batch)
{
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_prepared *prepared = prepared_of(node);

        for (size_t i = 0; i < prepared->count; i++)
            vio__item_reset(store, &prepared->items[i]);
    }
}

static void judge_again(struct vio_store *store, const struct vio_batch *batch)
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

void vio__store_replay(struct vio_store *store)
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
    struct vio_address deleted; /* the hold that it was; kind 0: none */
};

/* Copies a row, so that nothing can fail later but for what no file may contain. */
static int receive(struct vio_store *store, const struct vio_row *row, struct arrival *arrival)
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
    return vio__effect_prepare_row(store, row, &arrival->effect);
}

/* Takes the row out that this one replaces. */
static int depart(struct vio_store *store, struct arrival *arrival)
{
    uint32_t number = vio__index_find_row(store->index, arrival->row.id);
    struct vio_hold hold;
    struct vio_row row;
    int status = 0;

    if (number == 0)
        return 0;
    row = vio__index_row(store->index, number);
    vio__effect_remember(store, number, &arrival->effect);
    if (row.kind == VIO_ROW_HOLD && vio__codec_hold(row.body, row.size, &hold) == 0)
        arrival->deleted = hold.address;
    if (row.kind == VIO_ROW_POOL && !arrival->row.body)
        status = vio__effect_prepare(store, VIO_ROW_POOL,
                                     vio__codec_key(row.kind, row.body, VIO_KEY_ID).data, NULL,
                                     &arrival->effect);
    vio__index_remove(store->index, number);
    return status;
}

static int arrive(struct vio_store *store, struct arrival *arrival)
{
    uint64_t id = arrival->row.id;
    int status = arrival->row.body ? vio__store_check_rivals(store, &arrival->row) : 0;

    if (status != 0)
        return status;
    if (arrival->row.body)
        vio__index_put(store->index, &arrival->row);
    arrival->row.body = NULL;
    vio__effect_apply(
        store, id, arrival->deleted.kind != 0 && !arrival->effect.held ? &arrival->deleted : NULL,
        &arrival->effect);
    return 0;
}

/* Takes out what the rows replace, then puts them, as names may have been exchanged. */
static int replace_rows(struct vio_store *store, struct arrival *arrivals, size_t count)
{
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++)
        status = depart(store, &arrivals[i]);
    for (size_t i = 0; i < count && status == 0; i++)
        status = arrive(store, &arrivals[i]);
    return status;
}

static int take_rows(struct vio_store *store, const struct vio_row *rows, size_t count,
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
    }
    for (size_t i = 0; i < count; i++) {
        vio__effect_abandon(store, &arrivals[i].effect);
        vio__index_drop_body(store->index, (void *)arrivals[i].row.body, arrivals[i].row.size);
    }
    return status;
}

int vio__store_take_foreign(void *user, const struct vio_row *rows, size_t count,
                            struct vio_write *write)
{
    struct vio_store *store = user;
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
