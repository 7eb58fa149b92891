/* SPDX-License-Identifier: MIT */
/* The store that keeps nothing beyond its process: objects are in the store's index alone, change
 * sets are kept here. */
#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "lib/store/backend.h"

struct kept {
    struct vio_dlist node;
    struct vio_entry entry; /* its body follows in the same memory */
};

struct vio_backend {
    struct vio_loop *loop;
    const struct vio_alloc *alloc;
    uint8_t uuid[VIO_UUID_SIZE];
    struct kept **entries; /* ascending ids */
    size_t num_entries, capacity;
    uint64_t last_row, last_entry;
    const char *error;

    /* The one call that is outstanding. */
    struct vio_post post;
    int (*work)(struct vio_backend *backend);
    vio_backend_done done;
    void *user;
    struct vio_write *write;
    struct vio_dlist written; /* kept entries of `write`, in its order */
    struct vio_history_query query;
    vio_backend_entry entry;
    uint64_t prune_before, prune_keep;
};

static struct kept *kept_of(struct vio_dlist *node)
{
    return VIO_CONTAINER_OF(node, struct kept, node);
}

static void drop_written(struct vio_backend *backend)
{
    struct vio_dlist *node;

    while ((node = vio__dlist_pop(&backend->written)) != NULL)
        vio__free(backend->alloc, kept_of(node));
}

/* -- Calls ------------------------------------------------------------------------------------- */

static void run(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);

    backend->done(backend->user, backend->work ? backend->work(backend) : 0);
}

/* Has `work` (NULL: nothing) done a turn of the loop later. */
static int start(struct vio_backend *backend, int (*work)(struct vio_backend *backend),
                 vio_backend_done done, void *user)
{
    backend->post.fn = run;
    backend->work = work;
    backend->done = done;
    backend->user = user;
    return vio__loop_post(backend->loop, &backend->post);
}

static int open_memory(struct vio_loop *loop, const char *location,
                       const struct vio_backend_config *config, vio_backend_done done, void *user,
                       struct vio_backend **ret_backend)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_backend *backend = vio__calloc(alloc, 1, sizeof(*backend));
    int status;

    (void)location;
    (void)config;
    if (!backend)
        return VIO_ENOMEM;
    backend->loop = loop;
    backend->alloc = alloc;
    backend->error = "";
    vio__dlist_init(&backend->written);
    status = vio__uuid_random(backend->uuid);
    if (status == 0)
        status = start(backend, NULL, done, user);
    if (status != 0) {
        vio__free(alloc, backend);
        return status;
    }
    *ret_backend = backend;
    return 0;
}

static void run_close(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);
    vio_backend_done done = backend->done;
    void *user = backend->user;

    for (size_t i = 0; i < backend->num_entries; i++)
        vio__free(backend->alloc, backend->entries[i]);
    vio__free(backend->alloc, backend->entries);
    vio__free(backend->alloc, backend);
    done(user, 0);
}

static void close_memory(struct vio_backend *backend, vio_backend_done done, void *user)
{
    backend->post.fn = run_close;
    backend->done = done;
    backend->user = user;
    if (vio__loop_post(backend->loop, &backend->post) != 0)
        run_close(&backend->post);
}

static const char *error_of(const struct vio_backend *backend)
{
    return backend->error;
}

static const uint8_t *uuid_of(const struct vio_backend *backend)
{
    return backend->uuid;
}

static int load(struct vio_backend *backend, vio_backend_row row, vio_backend_entry entry,
                vio_backend_done done, void *user)
{
    (void)row;
    (void)entry;
    return start(backend, NULL, done, user);
}

/* -- Writing ----------------------------------------------------------------------------------- */

static int keep(struct vio_backend *backend, const struct vio_entry *entry)
{
    struct kept *kept = vio__alloc(backend->alloc, sizeof(*kept) + entry->size);

    if (!kept)
        return VIO_ENOMEM;
    kept->entry = *entry;
    kept->entry.body = kept + 1;
    if (entry->size > 0)
        memcpy(kept + 1, entry->body, entry->size);
    vio__dlist_append(&backend->written, &kept->node);
    return 0;
}

static int make_room(struct vio_backend *backend, size_t count)
{
    size_t capacity = backend->capacity * 2 + count;
    struct kept **grown;

    if (backend->num_entries + count <= backend->capacity)
        return 0;
    grown = vio__realloc(backend->alloc, backend->entries, capacity, sizeof(struct kept *));
    if (!grown)
        return VIO_ENOMEM;
    backend->entries = grown;
    backend->capacity = capacity;
    return 0;
}

/* Where the entry of that id is, or the first one with a higher id. No further back than if nothing
 * was pruned between it and the last. */
static size_t find(const struct vio_backend *backend, uint64_t id)
{
    size_t low = 0, high = backend->num_entries;

    if (high > 0 && backend->entries[high - 1]->entry.id - id < high)
        low = high - 1 - (size_t)(backend->entries[high - 1]->entry.id - id);
    if (low < high && backend->entries[low]->entry.id >= id)
        return low;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (backend->entries[middle]->entry.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Puts an entry where the one is that it replaces. */
static void replace(struct vio_backend *backend, struct kept *kept)
{
    size_t at = find(backend, kept->entry.id);
    struct kept *former = at < backend->num_entries ? backend->entries[at] : NULL;

    if (!former || former->entry.id != kept->entry.id) {
        vio__free(backend->alloc, kept); /* it was pruned */
        return;
    }
    kept->entry.time = former->entry.time;
    memcpy(kept->entry.token, former->entry.token, sizeof(kept->entry.token));
    memcpy(kept->entry.author, former->entry.author, sizeof(kept->entry.author));
    backend->entries[at] = kept;
    vio__free(backend->alloc, former);
}

static int write_all(struct vio_backend *backend)
{
    struct vio_write *write = backend->write;

    for (size_t i = 0; i < write->num_rows; i++)
        if (write->rows[i].id == 0)
            write->rows[i].id = ++backend->last_row;
    for (size_t i = 0; i < write->num_entries; i++) {
        struct kept *kept = kept_of(vio__dlist_pop(&backend->written));

        if (write->entries[i].id != 0) {
            replace(backend, kept);
            continue;
        }
        kept->entry.id = write->entries[i].id = ++backend->last_entry;
        backend->entries[backend->num_entries++] = kept;
    }
    return 0;
}

static int commit(struct vio_backend *backend, struct vio_write *write, vio_backend_foreign foreign,
                  vio_backend_done done, void *user)
{
    int status = make_room(backend, write->num_entries);

    (void)foreign; /* nobody else can see it */
    for (size_t i = 0; status == 0 && i < write->num_entries; i++)
        status = keep(backend, &write->entries[i]);
    backend->write = write;
    if (status == 0)
        status = start(backend, write_all, done, user);
    if (status != 0)
        drop_written(backend);
    return status;
}

static int refresh(struct vio_backend *backend, vio_backend_foreign foreign, vio_backend_done done,
                   void *user)
{
    (void)foreign;
    return start(backend, NULL, done, user);
}

/* -- History ----------------------------------------------------------------------------------- */

static bool matches(const struct vio_history_query *query, const struct vio_entry *entry)
{
    static const uint8_t any[VIO_TOKEN_SIZE];

    if (query->unfinished)
        return entry->state == VIO_ENTRY_OPEN || entry->state == VIO_ENTRY_BLOCKED;
    return (query->before == 0 || entry->id < query->before) && entry->time >= query->since &&
           (query->until == 0 || entry->time < query->until) &&
           (memcmp(query->token, any, sizeof(any)) == 0 ||
            memcmp(query->token, entry->token, sizeof(any)) == 0);
}

static int read_history(struct vio_backend *backend)
{
    const struct vio_history_query *query = &backend->query;
    size_t found = 0;
    int status = 0;

    for (size_t i = backend->num_entries; status == 0 && i-- > 0;) {
        const struct vio_entry *entry = &backend->entries[i]->entry;

        if (!matches(query, entry))
            continue;
        if (query->limit != 0 && found++ == query->limit)
            break;
        status = backend->entry(backend->user, entry);
    }
    return status;
}

static int history(struct vio_backend *backend, const struct vio_history_query *query,
                   vio_backend_entry entry, vio_backend_done done, void *user)
{
    backend->query = *query;
    backend->entry = entry;
    return start(backend, read_history, done, user);
}

static int forget(struct vio_backend *backend)
{
    size_t stay = 0;

    for (size_t i = 0; i < backend->num_entries; i++) {
        struct kept *kept = backend->entries[i];
        bool ended = kept->entry.state == VIO_ENTRY_DONE || kept->entry.state == VIO_ENTRY_UNDONE;
        bool newest = backend->num_entries - i <= backend->prune_keep;
        bool old = backend->prune_before == 0 || kept->entry.time < backend->prune_before;

        if (ended && old && !newest)
            vio__free(backend->alloc, kept);
        else
            backend->entries[stay++] = kept;
    }
    backend->num_entries = stay;
    return 0;
}

static int prune(struct vio_backend *backend, uint64_t before, uint64_t keep_newest,
                 vio_backend_done done, void *user)
{
    backend->prune_before = before;
    backend->prune_keep = keep_newest;
    return start(backend, forget, done, user);
}

/* -- The rest ---------------------------------------------------------------------------------- */

static int refuse_backup(struct vio_backend *backend)
{
    backend->error = "a store in memory cannot be backed up: export it, or use a sqlite: store";
    return VIO_ENOTSUP;
}

static int backup(struct vio_backend *backend, const char *path, vio_backend_done done, void *user)
{
    (void)path;
    return start(backend, refuse_backup, done, user);
}

static int check(struct vio_backend *backend, bool full, vio_backend_done done, void *user)
{
    (void)full;
    return start(backend, NULL, done, user);
}

/* Two of one process are told apart by their ledger. */
static int lock(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE],
                vio_backend_done done, void *user)
{
    (void)uuid;
    return start(backend, NULL, done, user);
}

static void unlock(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE])
{
    (void)backend;
    (void)uuid;
}

const struct vio_backend_ops vio__backend_memory = {
    .name = "memory",
    .open = open_memory,
    .close = close_memory,
    .error = error_of,
    .uuid = uuid_of,
    .load = load,
    .commit = commit,
    .refresh = refresh,
    .history = history,
    .prune = prune,
    .backup = backup,
    .check = check,
    .lock = lock,
    .unlock = unlock,
};
