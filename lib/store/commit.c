/* SPDX-License-Identifier: MIT */
/*
 * Commits on their way to the backend and into the index. What a commit needs is taken when it is
 * queued, so that nothing can fail once it is durable. While one transaction is being written, the
 * commits that come gather for the next.
 */
#include <string.h>

#include <libvio/error.h>

#include "lib/store/internal.h"
#include "lib/store/item.h"

static struct vio_commit *commit_of(struct vio_dlist *node)
{
    return VIO_CONTAINER_OF(node, struct vio_commit, node);
}

/* -- The transaction --------------------------------------------------------------------------- */

/* Of several records of one object, the last one is written. */
static void find_last(const struct vio_batch *batch)
{
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_prepared *prepared = commit_of(node)->prepared;

        for (size_t i = 0; prepared->status == 0 && i < prepared->count; i++)
            prepared->items[i].pending->last = &prepared->items[i];
    }
}

static void write_item(struct vio_store *store, struct vio_item *item)
{
    uint64_t row = vio__item_row(store, item);

    item->row = VIO_NO_ROW;
    if (item->pending->last != item || (row == 0 && !item->body))
        return;
    item->row = store->write.num_rows;
    store->write.rows[store->write.num_rows++] = (struct vio_row){
        .id = row, .kind = item->record->kind, .body = item->body, .size = item->size};
}

void vio__store_assemble(struct vio_store *store)
{
    struct vio_batch *batch = store->written;

    store->write = (struct vio_write){.rows = batch->rows, .entries = batch->entries};
    find_last(batch);
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_commit *commit = commit_of(node);

        if (commit->prepared->status != 0)
            continue;
        for (size_t i = 0; i < commit->count; i++)
            write_item(store, &commit->prepared->items[i]);
        if (commit->entry)
            store->write.entries[store->write.num_entries++] = *commit->entry;
    }
}

/* What was written becomes visible. */
static void apply(struct vio_store *store, struct vio_commit *commit, size_t *entry)
{
    for (size_t i = 0; i < commit->count; i++) {
        struct vio_item *item = &commit->prepared->items[i];
        uint64_t row = item->row == VIO_NO_ROW ? 0 : store->write.rows[item->row].id;

        if (item->pending->last == item)
            vio__item_apply(store, item, row);
    }
    if (commit->entry)
        commit->entry->id = store->write.entries[(*entry)++].id;
}

/* -- Ending ------------------------------------------------------------------------------------ */

static void free_prepared(struct vio_store *store, struct vio_commit *commit)
{
    for (size_t i = commit->prepared->count; i-- > 0;)
        vio__item_free(store, &commit->prepared->items[i]);
    vio__free(store->alloc, commit->prepared);
    commit->prepared = NULL;
}

static void empty_batch(struct vio_batch *batch, struct vio_dlist *commits)
{
    vio__dlist_init(commits);
    vio__dlist_splice(commits, &batch->commits);
    batch->num_records = 0;
    batch->num_entries = 0;
}

/* Ends all commits of the batch that was written, or was not. */
static void end_batch(struct vio_store *store, int status)
{
    struct vio_dlist commits;
    struct vio_dlist *node;
    size_t entry = 0;

    VIO_DLIST_FOREACH (at, &store->written->commits) {
        struct vio_commit *commit = commit_of(at);

        if (commit->prepared->status == 0 && status == 0)
            apply(store, commit, &entry);
        else if (commit->prepared->status == 0)
            commit->prepared->status = status;
    }
    empty_batch(store->written, &commits);
    VIO_DLIST_FOREACH (at, &commits) {
        struct vio_commit *commit = commit_of(at);
        int ended = commit->prepared->status;

        free_prepared(store, commit);
        commit->status = ended;
    }
    if (status != 0)
        vio__store_replay(store);
    store->busy = false;
    while ((node = vio__dlist_pop(&commits)) != NULL)
        commit_of(node)->done(commit_of(node)->user, commit_of(node)->status);
}

static void on_written(void *user, int status)
{
    struct vio_store *store = user;

    end_batch(store, status);
    vio__store_pump(store);
}

/* -- Beginning --------------------------------------------------------------------------------- */

static void start_batch(struct vio_store *store)
{
    struct vio_batch *batch = store->queued;
    int status = store->broken;

    store->queued = store->written;
    store->written = batch;
    store->num_eager = 0;
    store->busy = true;
    vio__store_assemble(store);
    if (store->write.num_rows == 0 && store->write.num_entries == 0) {
        end_batch(store, 0);
        return;
    }
    if (status == 0) {
        store->text[0] = '\0';
        status = store->ops->commit(store->backend, &store->write, vio__store_take_foreign,
                                    on_written, store);
    }
    if (status != 0)
        end_batch(store, status);
}

/* Lazy commits wait for company. */
static bool batch_is_due(const struct vio_store *store)
{
    return store->num_eager > 0 || (!vio__dlist_empty(&store->queued->commits) &&
                                    (store->closing || !vio__dlist_empty(&store->tasks)));
}

void vio__store_pump(struct vio_store *store)
{
    while (!store->busy) {
        if (batch_is_due(store))
            start_batch(store);
        else if (!vio__store_start_task(store))
            break;
    }
    if (!store->busy && store->closing && !store->posted)
        vio__store_end(store);
}

static void on_post(struct vio_post *post)
{
    struct vio_store *store = VIO_CONTAINER_OF(post, struct vio_store, post);

    store->posted = false;
    vio__store_pump(store);
}

int vio__store_pump_later(struct vio_store *store)
{
    int status;

    if (store->busy || store->posted)
        return 0;
    store->post.fn = on_post;
    status = vio__loop_post(store->loop, &store->post);
    store->posted = status == 0;
    return status;
}

/* -- Queueing ---------------------------------------------------------------------------------- */

static int grow(const struct vio_alloc *alloc, void **array, size_t *max, size_t wanted,
                size_t size)
{
    size_t capacity = 2 * wanted;
    void *grown;

    if (wanted <= *max)
        return 0;
    grown = vio__realloc(alloc, *array, capacity, size);
    if (!grown)
        return VIO_ENOMEM;
    *array = grown;
    *max = capacity;
    return 0;
}

static int make_room(struct vio_store *store, const struct vio_commit *commit)
{
    struct vio_batch *batch = store->queued;
    void *rows = batch->rows, *entries = batch->entries;
    int status = grow(store->alloc, &rows, &batch->max_rows, batch->num_records + commit->count,
                      sizeof(struct vio_row));

    batch->rows = rows;
    if (status == 0)
        status = grow(store->alloc, &entries, &batch->max_entries, batch->num_entries + 1,
                      sizeof(struct vio_entry));
    batch->entries = entries;
    return status;
}

static int prepare(struct vio_store *store, struct vio_commit *commit)
{
    struct vio_prepared *prepared = vio__calloc(
        store->alloc, 1, sizeof(*prepared) + commit->count * sizeof(prepared->items[0]));
    int status = prepared ? 0 : VIO_ENOMEM;

    if (status != 0)
        return status;
    commit->prepared = prepared;
    while (status == 0 && prepared->count < commit->count) {
        struct vio_item *item = &prepared->items[prepared->count];

        status = vio__item_make(store, &commit->records[prepared->count], item);
        if (status == 0)
            prepared->count++;
    }
    if (status == 0)
        return 0;
    for (size_t i = prepared->count; i-- > 0;)
        vio__item_uncheck(&prepared->items[i]);
    free_prepared(store, commit);
    return status;
}

int vio__store_commit(struct vio_store *store, struct vio_commit *commit)
{
    int status = store->closing ? VIO_ECLOSED : store->broken;

    if (status == 0)
        status = make_room(store, commit);
    if (status == 0)
        status = vio__store_pump_later(store);
    if (status == 0)
        status = prepare(store, commit);
    if (status != 0)
        return status;
    vio__dlist_append(&store->queued->commits, &commit->node);
    store->queued->num_records += commit->count;
    store->queued->num_entries += commit->entry ? 1 : 0;
    store->num_eager += commit->lazy ? 0 : 1;
    return 0;
}

/* -- The store's parts ------------------------------------------------------------------------- */

int vio__store_init_commits(struct vio_store *store)
{
    vio__buf_init(&store->scratch, store->alloc, VIO_BODY_MAX);
    vio__dlist_init(&store->tasks);
    store->queued = &store->batches[0];
    store->written = &store->batches[1];
    vio__dlist_init(&store->queued->commits);
    vio__dlist_init(&store->written->commits);
    return vio__hash_new(store->alloc, VIO_PENDING_MAX, &store->pending);
}

void vio__store_free_commits(struct vio_store *store)
{
    for (size_t i = 0; i < 2; i++) {
        vio__free(store->alloc, store->batches[i].rows);
        vio__free(store->alloc, store->batches[i].entries);
    }
    vio__buf_free(&store->scratch);
    vio__hash_free(store->pending, NULL);
}
