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
            if (!prepared->items[i].left_out)
                prepared->items[i].pending->last = &prepared->items[i];
    }
}

static void write_item(struct vio__store *store, struct vio_item *item)
{
    uint64_t row = vio__item_row(store, item);

    item->row = VIO_NO_ROW;
    if (item->left_out || item->pending->last != item || (row == 0 && !item->body))
        return;
    item->row = store->write.num_rows;
    store->write.rows[store->write.num_rows++] = (struct vio_row){
        .id = row, .kind = item->record->kind, .body = item->body, .size = item->size};
}

/* A hold that is over, unless its row has become another one, or is being changed. */
static bool write_expired(struct vio__store *store, uint64_t id)
{
    uint32_t number = vio__index_find_row(store->index, id);
    struct vio_row row;

    if (number == 0)
        return false;
    row = vio__index_row(store->index, number);
    if (row.kind != VIO_ROW_HOLD || vio__item_is_pending(store, &row))
        return false;
    store->write.rows[store->write.num_rows++] = (struct vio_row){.id = id, .kind = row.kind};
    return true;
}

static void gather_expired(struct vio__store *store)
{
    uint64_t now = vio__store_now(store);

    while (store->num_expired < VIO_EXPIRED_MAX) {
        uint64_t row = vio__identities_expired_row(store->identities, now);

        if (row == 0)
            return;
        store->expired[store->num_expired++] = row;
    }
}

static void forget_expired(struct vio__store *store)
{
    for (size_t i = 0; i < store->num_expired; i++)
        vio__index_remove(store->index, vio__index_find_row(store->index, store->expired[i]));
    store->num_expired = 0;
}

/* They go with what is written anyway. */
static void write_all_expired(struct vio__store *store)
{
    size_t count = store->num_expired;

    if (store->write.num_rows == 0)
        return;
    store->num_expired = 0;
    for (size_t i = 0; i < count; i++)
        if (write_expired(store, store->expired[i]))
            store->expired[store->num_expired++] = store->expired[i];
}

/* Makes the transaction of all commits of the batch that are still good. */
void vio__store_assemble(struct vio__store *store)
{
    struct vio_batch *batch = store->written;

    store->write = (struct vio_write){.rows = batch->rows, .entries = batch->entries};
    find_last(batch);
    VIO_DLIST_FOREACH (node, &batch->commits) {
        struct vio_commit *commit = commit_of(node);

        if (commit->prepared->status != 0)
            continue;
        for (size_t i = 0; i < commit->prepared->count; i++)
            write_item(store, &commit->prepared->items[i]);
        if (commit->entry)
            store->write.entries[store->write.num_entries++] = *commit->entry;
    }
    write_all_expired(store);
}

/* What was written becomes visible. */
static void apply(struct vio__store *store, struct vio_commit *commit, size_t *entry)
{
    store->version++;
    for (size_t i = 0; i < commit->prepared->count; i++) {
        struct vio_item *item = &commit->prepared->items[i];
        uint64_t row = item->row == VIO_NO_ROW ? 0 : store->write.rows[item->row].id;

        if (!item->left_out && item->pending->last == item)
            vio__item_apply(store, item, row);
    }
    if (commit->entry)
        commit->entry->id = store->write.entries[(*entry)++].id;
}

/* -- Ending ------------------------------------------------------------------------------------ */

static void free_prepared(struct vio__store *store, struct vio_commit *commit)
{
    for (size_t i = commit->prepared->count; i-- > 0;)
        vio__item_free(store, &commit->prepared->items[i]);
    for (size_t i = 0; i < commit->prepared->num_implied; i++)
        vio__pool_unref((struct vio_pool_info *)commit->prepared->implied[i].object);
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
static void end_batch(struct vio__store *store, int status)
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
    if (status == 0 && store->write.num_rows > 0)
        forget_expired(store);
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
    struct vio__store *store = user;

    end_batch(store, status);
    vio__store_pump(store);
}

/* -- Beginning --------------------------------------------------------------------------------- */

static void start_batch(struct vio__store *store)
{
    struct vio_batch *batch = store->queued;
    int status = store->broken;

    store->queued = store->written;
    store->written = batch;
    store->num_eager = 0;
    store->busy = true;
    gather_expired(store);
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
static bool batch_is_due(const struct vio__store *store)
{
    return store->num_eager > 0 || (!vio__dlist_empty(&store->queued->commits) &&
                                    (store->closing || !vio__dlist_empty(&store->tasks)));
}

void vio__store_pump(struct vio__store *store)
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
    struct vio__store *store = VIO_CONTAINER_OF(post, struct vio__store, post);

    store->posted = false;
    vio__store_pump(store);
}

int vio__store_pump_later(struct vio__store *store)
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

static int make_room(struct vio__store *store, const struct vio_commit *commit)
{
    struct vio_batch *batch = store->queued;
    void *rows = batch->rows, *entries = batch->entries;
    int status = grow(store->alloc, &rows, &batch->max_rows,
                      batch->num_records + commit->count + VIO_IMPLIED_MAX + VIO_EXPIRED_MAX,
                      sizeof(struct vio_row));

    batch->rows = rows;
    if (status == 0)
        status = grow(store->alloc, &entries, &batch->max_entries, batch->num_entries + 1,
                      sizeof(struct vio_entry));
    batch->entries = entries;
    return status;
}

static int add_item(struct vio__store *store, struct vio_prepared *prepared,
                    const struct vio_record *record, bool implied)
{
    int status = vio__item_make(store, record, implied, &prepared->items[prepared->count]);

    if (status == 0)
        prepared->count++;
    return status;
}

/* A default pool is kept with the first commit that uses a value of it. */
static int add_pool(struct vio__store *store, struct vio_prepared *prepared,
                    const struct vio_address *address)
{
    struct vio_pool_info *unkept = vio__identities_unkept_pool(store->identities, address);
    struct vio_pool_info *pool;
    int status;

    for (size_t i = 0; unkept && i < prepared->num_implied; i++)
        if (memcmp(prepared->implied[i].uuid, unkept->uuid, VIO_UUID_SIZE) == 0)
            unkept = NULL;
    if (!unkept || prepared->num_implied == VIO_IMPLIED_MAX)
        return 0;
    status = vio__pool_copy(unkept, &pool);
    if (status != 0)
        return status;
    pool->generation = 1;
    prepared->implied[prepared->num_implied] =
        (struct vio_record){.kind = VIO_ROW_POOL, .object = pool};
    memcpy(prepared->implied[prepared->num_implied].uuid, pool->uuid, VIO_UUID_SIZE);
    prepared->num_implied++;
    return add_item(store, prepared, &prepared->implied[prepared->num_implied - 1], true);
}

static int add_pools(struct vio__store *store, struct vio_prepared *prepared,
                     const struct vio_record *record)
{
    const struct vio_vadapter_info *vadapter = record->object;
    int status = 0;

    if (record->kind != VIO_ROW_VADAPTER || !vadapter)
        return 0;
    if (vadapter->address.kind != 0)
        status = add_pool(store, prepared, &vadapter->address);
    if (status == 0 && vadapter->node_address.kind != 0)
        status = add_pool(store, prepared, &vadapter->node_address);
    return status;
}

static int prepare(struct vio__store *store, struct vio_commit *commit)
{
    size_t items = commit->count + VIO_IMPLIED_MAX;
    struct vio_prepared *prepared =
        vio__calloc(store->alloc, 1, sizeof(*prepared) + items * sizeof(prepared->items[0]));
    int status = prepared ? 0 : VIO_ENOMEM;

    if (status != 0)
        return status;
    commit->prepared = prepared;
    for (size_t i = 0; status == 0 && i < commit->count; i++)
        status = add_item(store, prepared, &commit->records[i], false);
    for (size_t i = 0; status == 0 && i < commit->count; i++)
        status = add_pools(store, prepared, &commit->records[i]);
    if (status == 0)
        return 0;
    for (size_t i = prepared->count; i-- > 0;)
        vio__item_uncheck(store, &prepared->items[i]);
    free_prepared(store, commit);
    return status;
}

int vio__store_commit(struct vio__store *store, struct vio_commit *commit)
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
    store->queued->num_records += commit->count + VIO_IMPLIED_MAX;
    store->queued->num_entries += commit->entry ? 1 : 0;
    store->num_eager += commit->lazy ? 0 : 1;
    return 0;
}

/* -- The store's parts ------------------------------------------------------------------------- */

int vio__store_init_commits(struct vio__store *store)
{
    vio__buf_init(&store->scratch, store->alloc, VIO_BODY_MAX);
    vio__dlist_init(&store->tasks);
    store->queued = &store->batches[0];
    store->written = &store->batches[1];
    vio__dlist_init(&store->queued->commits);
    vio__dlist_init(&store->written->commits);
    return vio__hash_new(store->alloc, VIO_PENDING_MAX, &store->pending);
}

void vio__store_free_commits(struct vio__store *store)
{
    for (size_t i = 0; i < 2; i++) {
        vio__free(store->alloc, store->batches[i].rows);
        vio__free(store->alloc, store->batches[i].entries);
    }
    vio__buf_free(&store->scratch);
    vio__hash_free(store->pending, NULL);
}
