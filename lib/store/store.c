/* SPDX-License-Identifier: MIT */
#include "lib/store/store.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/hash.h"
#include "lib/domain/hwaddr.h"
#include "lib/loop/loop.h"

#define MAX_OBJECTS (UINT32_C(1) << 24)

/* A place in the index; made before the commit, so that nothing can fail after it. */
struct slot {
    struct vio_vadapter_info *vadapter; /* NULL while its first commit is under way */
};

struct vio_store {
    struct vio_loop *loop;
    const struct vio_alloc *alloc;
    const struct vio_backend_ops *ops;
    struct vio_backend *backend;
    struct vio_hash *objects; /* slots by UUID */
    struct vio_claims *claims;
    struct vio_dlist queue; /* of commits; the first is with the backend */
    bool running;           /* commits are taken from the queue */
    struct vio_write write; /* of the commit that is with the backend */
    vio_store_opened opened;
    vio_store_done done; /* of the closing */
    void *user;
    bool closing;
};

static struct slot *slot_of(const struct vio_store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    return vio__hash_get(store->objects, uuid, VIO_UUID_SIZE);
}

static struct vio_vadapter_info *current(const struct vio_store *store,
                                         const uint8_t uuid[VIO_UUID_SIZE])
{
    struct slot *slot = slot_of(store, uuid);

    return slot ? slot->vadapter : NULL;
}

/* -- One record -------------------------------------------------------------------------------- */

/* Takes all that applying it will need. */
static int prepare(struct vio_store *store, const struct vio_record *record)
{
    const struct vio_vadapter_info *present = current(store, record->uuid);
    struct slot *slot = slot_of(store, record->uuid);
    int status;

    if (record->kind != VIO_ROW_VADAPTER)
        return VIO_ENOTSUP;
    if ((present ? present->generation : 0) != record->replaces)
        return VIO_ESTALE;
    if (!record->object)
        return 0;
    status = vio__claims_take(store->claims, record->object);
    if (status != 0 || slot)
        return status;
    slot = vio__calloc(store->alloc, 1, sizeof(*slot));
    if (slot && vio__hash_put(store->objects, record->uuid, VIO_UUID_SIZE, slot) == 0)
        return 0;
    vio__free(store->alloc, slot);
    vio__claims_drop(store->claims, record->object);
    return VIO_ENOMEM;
}

static void remove_slot(struct vio_store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    vio__free(store->alloc, vio__hash_remove(store->objects, uuid, VIO_UUID_SIZE));
}

/* Undoes prepare(). */
static void give_up(struct vio_store *store, const struct vio_record *record)
{
    struct slot *slot = slot_of(store, record->uuid);

    if (!record->object)
        return;
    vio__claims_drop(store->claims, record->object);
    if (!slot->vadapter)
        remove_slot(store, record->uuid);
}

static void apply(struct vio_store *store, const struct vio_record *record)
{
    struct slot *slot = slot_of(store, record->uuid);

    if (!slot)
        return;
    if (slot->vadapter) {
        vio__claims_drop(store->claims, slot->vadapter);
        vio__vadapter_unref(slot->vadapter);
    }
    if (record->object)
        slot->vadapter = vio__vadapter_ref((struct vio_vadapter_info *)record->object);
    else
        remove_slot(store, record->uuid);
}

/* -- Opening and closing ----------------------------------------------------------------------- */

static void free_store(struct vio_store *store)
{
    if (store->objects) {
        VIO_HASH_FOREACH (iter, store->objects) {
            struct slot *slot = iter.value;

            vio__vadapter_unref(slot->vadapter);
            vio__free(store->alloc, slot);
        }
    }
    vio__hash_free(store->objects, NULL);
    vio__claims_free(store->claims);
    vio__free(store->alloc, store);
}

static int take_row(void *user, const struct vio_row *row)
{
    (void)user;
    (void)row;
    return VIO_EVERSION;
}

static int take_entry(void *user, const struct vio_entry *entry)
{
    (void)user;
    (void)entry;
    return VIO_EVERSION;
}

static void on_loaded(void *user, int status)
{
    struct vio_store *store = user;

    store->opened(store->user, status, status != 0 ? vio__store_error(store) : "");
}

static void on_open(void *user, int status)
{
    struct vio_store *store = user;

    if (status == 0)
        status = store->ops->load(store->backend, take_row, take_entry, on_loaded, store);
    if (status != 0)
        on_loaded(store, status);
}

int vio__store_open(struct vio_loop *loop, const struct vio_backend_ops *ops, const char *location,
                    const struct vio_backend_config *config, vio_store_opened done, void *user,
                    struct vio_store **ret_store)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_store *store = vio__calloc(alloc, 1, sizeof(*store));
    int status;

    if (!store)
        return VIO_ENOMEM;
    store->loop = loop;
    store->alloc = alloc;
    store->ops = ops;
    store->opened = done;
    store->user = user;
    vio__dlist_init(&store->queue);
    status = vio__hash_new(alloc, MAX_OBJECTS, &store->objects);
    if (status == 0)
        status = vio__claims_new(alloc, &store->claims);
    if (status == 0)
        status = ops->open(loop, location, config, on_open, store, &store->backend);
    if (status != 0) {
        free_store(store);
        return status;
    }
    *ret_store = store;
    return 0;
}

static void on_closed(void *user, int status)
{
    struct vio_store *store = user;
    vio_store_done done = store->done;
    void *done_user = store->user;

    free_store(store);
    if (done)
        done(done_user, status);
}

static void close_when_idle(struct vio_store *store)
{
    if (store->closing && !store->running)
        store->ops->close(store->backend, on_closed, store);
}

void vio__store_close(struct vio_store *store, vio_store_done done, void *user)
{
    store->closing = true;
    store->done = done;
    store->user = user;
    close_when_idle(store);
}

/* -- Reading ----------------------------------------------------------------------------------- */

const uint8_t *vio__store_uuid(const struct vio_store *store)
{
    return store->ops->uuid(store->backend);
}

struct vio_claims *vio__store_claims(struct vio_store *store)
{
    return store->claims;
}

const char *vio__store_error(const struct vio_store *store)
{
    return store->ops->error(store->backend);
}

int vio__store_find(const struct vio_store *store, const uint8_t uuid[VIO_UUID_SIZE],
                    struct vio_vadapter_info **ret_vadapter)
{
    struct vio_vadapter_info *vadapter = current(store, uuid);

    if (!vadapter)
        return VIO_ENOENT;
    *ret_vadapter = vio__vadapter_ref(vadapter);
    return 0;
}

int vio__store_find_name(const struct vio_store *store, const char *name,
                         struct vio_vadapter_info **ret_vadapter)
{
    const uint8_t *uuid = vio__claims_who_named(store->claims, name);
    struct vio_vadapter_info *vadapter = uuid ? current(store, uuid) : NULL;

    /* The name may be claimed by a change under way, for an object that has another one yet. */
    if (!vadapter || strcmp(vadapter->name, name) != 0)
        return VIO_ENOENT;
    *ret_vadapter = vio__vadapter_ref(vadapter);
    return 0;
}

int vio__store_find_address(const struct vio_store *store, const struct vio_address *address,
                            struct vio_vadapter_info **ret_vadapter)
{
    const uint8_t *uuid = vio__claims_who_has(store->claims, address);
    struct vio_vadapter_info *vadapter = uuid ? current(store, uuid) : NULL;

    if (!vadapter || vio__hwaddr_compare(&vadapter->address, address) != 0)
        return VIO_ENOENT;
    *ret_vadapter = vio__vadapter_ref(vadapter);
    return 0;
}

bool vio__store_has(const struct vio_store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    return current(store, uuid) != NULL;
}

uint64_t vio__store_generation(const struct vio_store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    const struct vio_vadapter_info *vadapter = current(store, uuid);

    return vadapter ? vadapter->generation : 0;
}

size_t vio__store_count(const struct vio_store *store)
{
    return vio__hash_count(store->objects);
}

int vio__store_list(const struct vio_store *store, const uint8_t *chassis,
                    struct vio_vadapter_info ***ret_vadapters, size_t *ret_count)
{
    struct vio_vadapter_info **vadapters =
        vio__calloc(store->alloc, vio__hash_count(store->objects), sizeof(*vadapters));
    size_t count = 0;

    if (!vadapters)
        return VIO_ENOMEM;
    VIO_HASH_FOREACH (iter, store->objects) {
        struct slot *slot = iter.value;

        if (slot->vadapter &&
            (!chassis || memcmp(slot->vadapter->chassis, chassis, VIO_UUID_SIZE) == 0))
            vadapters[count++] = vio__vadapter_ref(slot->vadapter);
    }
    *ret_vadapters = vadapters;
    *ret_count = count;
    return 0;
}

void vio__store_free_list(const struct vio_store *store, struct vio_vadapter_info **vadapters,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        vio__vadapter_unref(vadapters[i]);
    vio__free(store->alloc, vadapters);
}

const struct vio_entry *vio__store_open_entries(const struct vio_store *store, size_t *ret_count)
{
    (void)store;
    *ret_count = 0;
    return NULL;
}

/* -- Committing -------------------------------------------------------------------------------- */

static void on_committed(void *user, int status);

static int take_foreign(void *user, const struct vio_row *rows, size_t count,
                        struct vio_write *write)
{
    (void)user;
    (void)rows;
    (void)count;
    (void)write;
    return VIO_EVERSION;
}

/* Hands the first commit of the queue to the backend. */
static int start_first(struct vio_store *store)
{
    struct vio_commit *commit = VIO_CONTAINER_OF(store->queue.next, struct vio_commit, node);

    store->write =
        (struct vio_write){.entries = commit->entry, .num_entries = commit->entry ? 1 : 0};
    return store->ops->commit(store->backend, &store->write, take_foreign, on_committed, store);
}

/* Takes the first commit off the queue, with what became of it. */
static struct vio_commit *finish_first(struct vio_store *store, int status)
{
    struct vio_commit *commit =
        VIO_CONTAINER_OF(vio__dlist_pop(&store->queue), struct vio_commit, node);

    for (size_t i = 0; i < commit->count; i++) {
        if (status == 0)
            apply(store, &commit->records[i]);
        else
            give_up(store, &commit->records[i]);
    }
    return commit;
}

static void on_committed(void *user, int status)
{
    struct vio_store *store = user;
    struct vio_commit *commit = finish_first(store, status);

    commit->done(commit->user, status);
    while (!vio__dlist_empty(&store->queue)) {
        status = start_first(store);
        if (status == 0)
            return;
        commit = finish_first(store, status);
        commit->done(commit->user, status);
    }
    store->running = false;
    close_when_idle(store);
}

static int prepare_all(struct vio_store *store, const struct vio_commit *commit)
{
    size_t prepared = 0;
    int status = store->closing ? VIO_ECLOSED : 0;

    while (status == 0 && prepared < commit->count) {
        status = prepare(store, &commit->records[prepared]);
        if (status == 0)
            prepared++;
    }
    while (status != 0 && prepared > 0)
        give_up(store, &commit->records[--prepared]);
    return status;
}

int vio__store_commit(struct vio_store *store, struct vio_commit *commit)
{
    int status = prepare_all(store, commit);

    if (status != 0)
        return status;
    vio__dlist_append(&store->queue, &commit->node);
    if (store->running)
        return 0;
    status = start_first(store);
    store->running = status == 0;
    if (status != 0)
        finish_first(store, status);
    return status;
}
