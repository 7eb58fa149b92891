/* SPDX-License-Identifier: MIT */
/* What a store asks of its backend beside commits: one after the other, after the commits that are
 * queued. */
#include <string.h>

#include <libvio/error.h>

#include "lib/store/internal.h"

struct task {
    struct vio_dlist node;
    struct vio__store *store;
    int (*start)(struct task *task);
    vio_store_done done;
    void *user;

    struct vio_history_query query;
    vio_backend_entry entry;
    uint64_t before, keep;
    bool full;
    uint8_t uuid[VIO_UUID_SIZE];
    char path[]; /* where it has one */
};

static void end(struct task *task, int status)
{
    vio_store_done done = task->done;
    void *user = task->user;

    task->store->busy = false;
    vio__free(task->store->alloc, task);
    done(user, status);
}

static void finish(void *user, int status)
{
    struct task *task = user;
    struct vio__store *store = task->store;

    end(task, status);
    vio__store_pump(store);
}

bool vio__store_start_task(struct vio__store *store)
{
    struct vio_dlist *node = vio__dlist_pop(&store->tasks);
    struct task *task;
    int status;

    if (!node)
        return false;
    task = VIO_CONTAINER_OF(node, struct task, node);
    store->busy = true;
    store->text[0] = '\0';
    status = task->start(task);
    if (status != 0)
        end(task, status);
    return true;
}

static int add(struct vio__store *store, const struct task *task, const char *path)
{
    size_t size = path ? strlen(path) + 1 : 0;
    struct task *added;
    int status;

    if (store->closing)
        return VIO_ECLOSED;
    added = vio__alloc(store->alloc, sizeof(*added) + size);
    if (!added)
        return VIO_ENOMEM;
    *added = *task;
    added->store = store;
    if (path)
        memcpy(added->path, path, size);
    vio__dlist_append(&store->tasks, &added->node);
    status = vio__store_pump_later(store);
    if (status != 0) {
        vio__dlist_remove(&added->node);
        vio__free(store->alloc, added);
    }
    return status;
}

/* -- Refresh ----------------------------------------------------------------------------------- */

static int take_foreign(void *user, const struct vio_row *rows, size_t count,
                        struct vio_write *write)
{
    struct task *task = user;

    return vio__store_take_foreign(task->store, rows, count, write);
}

static int start_refresh(struct task *task)
{
    return task->store->ops->refresh(task->store->backend, take_foreign, finish, task);
}

int vio__store_refresh(struct vio__store *store, vio_store_done done, void *user)
{
    const struct task task = {.start = start_refresh, .done = done, .user = user};

    return add(store, &task, NULL);
}

/* -- History ----------------------------------------------------------------------------------- */

static int take_entry(void *user, const struct vio_entry *entry)
{
    struct task *task = user;

    return task->entry(task->user, entry);
}

static int start_history(struct task *task)
{
    return task->store->ops->history(task->store->backend, &task->query, take_entry, finish, task);
}

int vio__store_history(struct vio__store *store, const struct vio_history_query *query,
                       vio_backend_entry entry, vio_store_done done, void *user)
{
    const struct task task = {
        .start = start_history, .query = *query, .entry = entry, .done = done, .user = user};

    return add(store, &task, NULL);
}

static int start_prune(struct task *task)
{
    return task->store->ops->prune(task->store->backend, task->before, task->keep, finish, task);
}

int vio__store_prune(struct vio__store *store, uint64_t before, uint64_t keep, vio_store_done done,
                     void *user)
{
    const struct task task = {
        .start = start_prune, .before = before, .keep = keep, .done = done, .user = user};

    return add(store, &task, NULL);
}

/* -- The file ---------------------------------------------------------------------------------- */

static int start_backup(struct task *task)
{
    return task->store->ops->backup(task->store->backend, task->path, finish, task);
}

int vio__store_backup(struct vio__store *store, const char *path, vio_store_done done, void *user)
{
    const struct task task = {.start = start_backup, .done = done, .user = user};

    return add(store, &task, path);
}

static int start_check(struct task *task)
{
    return task->store->ops->check(task->store->backend, task->full, finish, task);
}

int vio__store_check(struct vio__store *store, bool full, vio_store_done done, void *user)
{
    const struct task task = {.start = start_check, .full = full, .done = done, .user = user};

    return add(store, &task, NULL);
}

/* -- Chassis inside this process --------------------------------------------------------------- */

static int start_lock(struct task *task)
{
    return task->store->ops->lock(task->store->backend, task->uuid, finish, task);
}

int vio__store_lock(struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                    vio_store_done done, void *user)
{
    struct task task = {.start = start_lock, .done = done, .user = user};

    memcpy(task.uuid, uuid, sizeof(task.uuid));
    return add(store, &task, NULL);
}

void vio__store_unlock(struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    store->ops->unlock(store->backend, uuid);
}
