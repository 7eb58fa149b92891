/* SPDX-License-Identifier: MIT */
/*
 * The backend on a file. Each call is a job of the loop's worker thread, which alone touches the
 * file while a call is outstanding. A commit that finds rows of others goes back to the loop's
 * thread in the middle, with its transaction open, to have them taken in.
 */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/loop/worker.h"
#include "lib/store/sqlite/file.h"

struct vio_backend {
    struct vio_loop *loop;
    struct vio_file *file;
    struct vio_job job;
    bool open;
    char error[VIO_FILE_ERROR_SIZE]; /* of the last call that failed */

    /* Of the call under way. */
    int (*work)(struct vio_backend *backend);
    int status;
    char text[VIO_FILE_ERROR_SIZE]; /* of its failure */
    vio_backend_done done;
    void *user;
    vio_backend_foreign foreign_fn;
    vio_backend_row row_fn;
    vio_backend_entry entry_fn;
    struct vio_write *write;
    struct vio_history_query query;
    uint64_t before, keep;
    bool full;
    char *path;

    /* What it found. */
    struct vio_rows rows;
    struct vio_log_end end;
    int64_t version;
    struct vio_entries entries;
};

/* -- Calls ------------------------------------------------------------------------------------ */

static void run_work(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);

    backend->status = backend->work(backend);
    if (backend->status < 0)
        memcpy(backend->text, backend->file->error, sizeof(backend->text));
}

static void finish(struct vio_backend *backend, int status)
{
    vio__free(vio__loop_alloc(backend->loop), backend->path);
    backend->path = NULL;
    if (status < 0)
        memcpy(backend->error, backend->text, sizeof(backend->error));
    vio__rows_free(&backend->rows);
    vio__entries_free(&backend->entries);
    backend->done(backend->user, status);
}

static void on_done(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);

    finish(backend, backend->status);
}

static int submit(struct vio_backend *backend, int (*work)(struct vio_backend *backend),
                  void (*done)(struct vio_job *job))
{
    backend->work = work;
    backend->job.work = run_work;
    backend->job.done = done;
    return vio__worker_submit(backend->loop, &backend->job);
}

static int call(struct vio_backend *backend, int (*work)(struct vio_backend *backend),
                void (*on_end)(struct vio_job *job), vio_backend_done done, void *user)
{
    backend->done = done;
    backend->user = user;
    return submit(backend, work, on_end);
}

/* -- Opening and closing ---------------------------------------------------------------------- */

static void free_backend(struct vio_backend *backend)
{
    vio__file_free(backend->file);
    vio__free(vio__loop_alloc(backend->loop), backend);
}

static int open_work(struct vio_backend *backend)
{
    return vio__file_open(backend->file);
}

static void on_open(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);

    backend->open = backend->status == 0;
    finish(backend, backend->status);
}

static int open_file(struct vio_loop *loop, const char *location,
                     const struct vio_backend_config *config, vio_backend_done done, void *user,
                     struct vio_backend **ret_backend)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_backend *backend = vio__calloc(alloc, 1, sizeof(*backend));
    int status;

    if (backend == NULL)
        return VIO_ENOMEM;
    status = vio__file_new(alloc, location, config, &backend->file);
    if (status < 0) {
        vio__free(alloc, backend);
        return status;
    }
    backend->loop = loop;
    vio__rows_init(&backend->rows, alloc);
    vio__entries_init(&backend->entries, alloc);
    status = call(backend, open_work, on_open, done, user);
    if (status < 0) {
        free_backend(backend);
        return status;
    }
    *ret_backend = backend;
    return 0;
}

static int close_work(struct vio_backend *backend)
{
    vio__file_rollback(backend->file);
    vio__file_disconnect(backend->file);
    return 0;
}

static void on_closed(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);
    vio_backend_done done = backend->done;
    void *user = backend->user;

    free_backend(backend);
    done(user, 0);
}

static void close_file(struct vio_backend *backend, vio_backend_done done, void *user)
{
    if (call(backend, close_work, on_closed, done, user) < 0)
        on_closed(&backend->job); /* there is no worker, so the file is closed in here */
}

static const char *error_of(const struct vio_backend *backend)
{
    return backend->error;
}

static const uint8_t *uuid_of(const struct vio_backend *backend)
{
    return backend->file->uuid;
}

/* -- Loading ---------------------------------------------------------------------------------- */

static int load_work(struct vio_backend *backend)
{
    struct vio_file *file = backend->file;
    int status = vio__file_load(file, backend->row_fn, backend->entry_fn, backend->user);

    return vio__file_looked(file, status);
}

static int load(struct vio_backend *backend, vio_backend_row row, vio_backend_entry entry,
                vio_backend_done done, void *user)
{
    if (!backend->open)
        return VIO_ESTATE;
    backend->row_fn = row;
    backend->entry_fn = entry;
    return call(backend, load_work, on_done, done, user);
}

static int refuse_writing(struct vio_backend *backend)
{
    snprintf(backend->error, sizeof(backend->error),
             "%s: the store is open to read only; open it to write", backend->file->path);
    return VIO_EPERM;
}

/* -- Committing ------------------------------------------------------------------------------- */

/* What was found is the callee's now. */
static int take_over(struct vio_backend *backend)
{
    struct vio_file *file = backend->file;
    int status = 0;

    if (backend->rows.count > 0)
        status = backend->foreign_fn(backend->user, backend->rows.rows, backend->rows.count,
                                     backend->write);
    if (status != 0) {
        snprintf(backend->text, sizeof(backend->text),
                 "%s: what others wrote cannot be taken in: %s", file->path, vio_strerror(status));
        return status < 0 ? status : VIO_EINTERNAL;
    }
    file->seq = backend->end.seq;
    file->top_row = backend->end.top_row;
    file->top_entry = backend->end.top_entry;
    return 0;
}

static int write_work(struct vio_backend *backend)
{
    const struct vio_write *write = backend->write;

    if (backend->status == 0 && (write->num_rows > 0 || write->num_entries > 0))
        return vio__file_write(backend->file, backend->write);
    vio__file_rollback(backend->file);
    if (backend->status < 0) /* of taking over, whose line is the call's */
        memcpy(backend->file->error, backend->text, sizeof(backend->text));
    return backend->status;
}

/* With nothing of others to take in, it is written at once. */
static int commit_work(struct vio_backend *backend)
{
    struct vio_file *file = backend->file;
    int status = file->broken;

    if (status == 0)
        status = vio__file_check_place(file);
    if (status == 0)
        status = vio__file_run(file, VIO_SQL_BEGIN_WRITE, "committing");
    if (status < 0)
        return status;
    status = vio__file_changes(file, &backend->rows, &backend->end);
    if (status < 0) {
        vio__file_rollback(file);
        return status;
    }
    if (backend->rows.count > 0)
        return 0;
    file->seq = backend->end.seq;
    file->top_row = backend->end.top_row;
    file->top_entry = backend->end.top_entry;
    backend->status = 0;
    return write_work(backend);
}

static void on_begun(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);

    if (backend->status < 0 || backend->rows.count == 0) {
        finish(backend, backend->status);
        return;
    }
    backend->status = take_over(backend);
    if (submit(backend, write_work, on_done) < 0) /* cannot be, as this job is not over */
        finish(backend, write_work(backend));
}

static int commit(struct vio_backend *backend, struct vio_write *write, vio_backend_foreign foreign,
                  vio_backend_done done, void *user)
{
    if (!backend->open)
        return VIO_ESTATE;
    if (backend->file->config.read_only)
        return refuse_writing(backend);
    backend->write = write;
    backend->foreign_fn = foreign;
    return call(backend, commit_work, on_begun, done, user);
}

/* -- Refreshing ------------------------------------------------------------------------------- */

static int refresh_work(struct vio_backend *backend)
{
    struct vio_file *file = backend->file;
    int status = vio__file_begin_read(file);

    if (status == 0)
        status = vio__file_poll(file, &backend->version);
    if (status == 0 && backend->version != file->version)
        status = vio__file_changes(file, &backend->rows, &backend->end);
    vio__file_rollback(file);
    status = vio__file_looked(file, status);
    return status;
}

static void on_refreshed(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);
    int status = backend->status;

    if (status == 0 && backend->version != backend->file->version) {
        status = take_over(backend);
        if (status == 0)
            backend->file->version = backend->version;
    }
    finish(backend, status);
}

static int refresh(struct vio_backend *backend, vio_backend_foreign foreign, vio_backend_done done,
                   void *user)
{
    if (!backend->open)
        return VIO_ESTATE;
    backend->write = NULL;
    backend->foreign_fn = foreign;
    return call(backend, refresh_work, on_refreshed, done, user);
}

/* -- History ---------------------------------------------------------------------------------- */

static int history_work(struct vio_backend *backend)
{
    return vio__file_history(backend->file, &backend->query, &backend->entries);
}

static void on_history(struct vio_job *job)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(job, struct vio_backend, job);
    int status = backend->status;

    for (size_t i = 0; status == 0 && i < backend->entries.count; i++)
        status = backend->entry_fn(backend->user, &backend->entries.entries[i]);
    if (status != 0 && backend->status == 0)
        snprintf(backend->text, sizeof(backend->text), "%s: a change cannot be read: %s",
                 backend->file->path, vio_strerror(status));
    finish(backend, status);
}

static int history(struct vio_backend *backend, const struct vio_history_query *query,
                   vio_backend_entry entry, vio_backend_done done, void *user)
{
    if (!backend->open)
        return VIO_ESTATE;
    backend->query = *query;
    backend->entry_fn = entry;
    return call(backend, history_work, on_history, done, user);
}

static int prune_work(struct vio_backend *backend)
{
    int status = backend->file->broken;

    if (status == 0)
        status = vio__file_check_place(backend->file);
    if (status == 0)
        status = vio__file_prune(backend->file, backend->before, backend->keep);
    return status;
}

static int prune(struct vio_backend *backend, uint64_t before, uint64_t keep, vio_backend_done done,
                 void *user)
{
    if (!backend->open)
        return VIO_ESTATE;
    if (backend->file->config.read_only)
        return refuse_writing(backend);
    backend->before = before;
    backend->keep = keep;
    return call(backend, prune_work, on_done, done, user);
}

/* -- Backup and check ------------------------------------------------------------------------- */

static int backup_work(struct vio_backend *backend)
{
    return vio__file_backup(backend->file, backend->path);
}

static int backup(struct vio_backend *backend, const char *path, vio_backend_done done, void *user)
{
    const struct vio_alloc *alloc = vio__loop_alloc(backend->loop);
    int status;

    if (!backend->open)
        return VIO_ESTATE;
    backend->path = vio__strdup(alloc, path);
    if (backend->path == NULL)
        return VIO_ENOMEM;
    status = call(backend, backup_work, on_done, done, user);
    if (status < 0) {
        vio__free(alloc, backend->path);
        backend->path = NULL;
    }
    return status;
}

static int check_work(struct vio_backend *backend)
{
    return vio__file_check(backend->file, backend->full);
}

static int check(struct vio_backend *backend, bool full, vio_backend_done done, void *user)
{
    if (!backend->open)
        return VIO_ESTATE;
    backend->full = full;
    return call(backend, check_work, on_done, done, user);
}

/* -- Chassis inside this process -------------------------------------------------------------- */

/* Beside the other calls, of which there is one at a time. */
struct lock_call {
    struct vio_job job;
    struct vio_backend *backend;
    uint8_t uuid[VIO_UUID_SIZE];
    vio_backend_done done;
    void *user;
    int status;
    char text[VIO_FILE_ERROR_SIZE];
};

static void lock_work(struct vio_job *job)
{
    struct lock_call *lock = VIO_CONTAINER_OF(job, struct lock_call, job);
    struct vio_file *file = lock->backend->file;

    lock->status = vio__file_lock_uuid(file, lock->uuid);
    if (lock->status < 0)
        memcpy(lock->text, file->error, sizeof(lock->text));
}

static void on_locked(struct vio_job *job)
{
    struct lock_call *lock = VIO_CONTAINER_OF(job, struct lock_call, job);
    struct vio_backend *backend = lock->backend;
    vio_backend_done done = lock->done;
    void *user = lock->user;
    int status = lock->status;

    if (status < 0)
        memcpy(backend->error, lock->text, sizeof(backend->error));
    vio__free(vio__loop_alloc(backend->loop), lock);
    done(user, status);
}

static int lock_uuid(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE],
                     vio_backend_done done, void *user)
{
    const struct vio_alloc *alloc = vio__loop_alloc(backend->loop);
    struct lock_call *lock;
    int status;

    if (!backend->open)
        return VIO_ESTATE;
    lock = vio__calloc(alloc, 1, sizeof(*lock));
    if (lock == NULL)
        return VIO_ENOMEM;
    lock->job.work = lock_work;
    lock->job.done = on_locked;
    lock->backend = backend;
    memcpy(lock->uuid, uuid, VIO_UUID_SIZE);
    lock->done = done;
    lock->user = user;
    status = vio__worker_submit(backend->loop, &lock->job);
    if (status < 0)
        vio__free(alloc, lock);
    return status;
}

static void unlock_uuid(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE])
{
    vio__file_unlock_uuid(backend->file, uuid);
}

const struct vio_backend_ops vio__backend_sqlite = {
    .name = "sqlite",
    .open = open_file,
    .close = close_file,
    .error = error_of,
    .uuid = uuid_of,
    .load = load,
    .commit = commit,
    .refresh = refresh,
    .history = history,
    .prune = prune,
    .backup = backup,
    .check = check,
    .lock = lock_uuid,
    .unlock = unlock_uuid,
};
