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
            vio__item_uncheck(&prepared->items[--good]);
    }
}

void vio__store_replay(struct vio_store *store)
{
    look_again(store, store->written);
    look_again(store, store->queued);
    judge_again(store, store->written);
    judge_again(store, store->queued);
}

/* -- Rows -------------------------------------------------------------------------------------- */

/* Copies the bodies, so that nothing can fail later but for what no file may contain. */
static int copy_rows(struct vio_store *store, const struct vio_row *rows, size_t count,
                     struct vio_row *copies)
{
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++) {
        void *body;

        copies[i] = rows[i];
        if (!rows[i].body)
            continue;
        copies[i].body = NULL;
        status = vio__store_check_row(store, &rows[i]);
        if (status != 0)
            break;
        body = vio__index_body(store->index, rows[i].size);
        if (!body)
            return VIO_ENOMEM;
        memcpy(body, rows[i].body, rows[i].size);
        copies[i].body = body;
    }
    return status;
}

static void drop_copies(struct vio_store *store, struct vio_row *copies, size_t count)
{
    for (size_t i = 0; i < count; i++)
        vio__index_drop_body(store->index, (void *)copies[i].body, copies[i].size);
}

/* Takes out what the rows replace, then puts them, as names may have been exchanged. */
static int replace_rows(struct vio_store *store, struct vio_row *copies, size_t count)
{
    int status = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t number = vio__index_find_row(store->index, copies[i].id);

        if (number != 0)
            vio__index_remove(store->index, number);
    }
    for (size_t i = 0; i < count && status == 0; i++) {
        if (!copies[i].body)
            continue;
        status = vio__store_check_rivals(store, &copies[i]);
        if (status == 0) {
            vio__index_put(store->index, &copies[i]);
            copies[i].body = NULL;
        }
    }
    return status;
}

static int take_rows(struct vio_store *store, const struct vio_row *rows, size_t count,
                     struct vio_row *copies)
{
    size_t bodies = 0;
    int status = copy_rows(store, rows, count, copies);

    for (size_t i = 0; i < count; i++)
        bodies += copies[i].body != NULL;
    if (status == 0)
        status = vio__index_reserve(store->index, bodies);
    if (status == 0) {
        status = replace_rows(store, copies, count);
        store->broken = status;
    }
    drop_copies(store, copies, count);
    return status;
}

int vio__store_take_foreign(void *user, const struct vio_row *rows, size_t count,
                            struct vio_write *write)
{
    struct vio_store *store = user;
    struct vio_row *copies = vio__calloc(store->alloc, count, sizeof(*copies));
    int status = copies ? take_rows(store, rows, count, copies) : VIO_ENOMEM;

    vio__free(store->alloc, copies);
    if (status != 0)
        return status;
    vio__store_replay(store);
    if (write)
        vio__store_assemble(store);
    return 0;
}
