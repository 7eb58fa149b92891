/* SPDX-License-Identifier: MIT */
#include "tests/store/fake.h"

#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "tests/support/test.h"

struct vio_backend {
    struct vio_loop *loop;
    struct vio_post post;
    int (*work)(struct vio_backend *backend);
    vio_backend_done done;
    vio_backend_foreign foreign;
    vio_backend_row row;
    vio_backend_entry entry;
    void *user;
    struct vio_write *write;
};

struct fake_file fake_file;

void fake_reset(void)
{
    memset(&fake_file, 0, sizeof(fake_file));
}

struct fake_row *fake_find(uint64_t id)
{
    for (size_t i = 0; i < FAKE_ROWS; i++)
        if (fake_file.rows[i].id == id)
            return &fake_file.rows[i];
    return NULL;
}

size_t fake_count(void)
{
    size_t count = 0;

    for (size_t i = 0; i < FAKE_ROWS; i++)
        count += fake_file.rows[i].id != 0;
    return count;
}

static void put(uint64_t id, enum vio_row_kind kind, const void *body, size_t size)
{
    struct fake_row *row = fake_find(id);

    if (!row)
        row = fake_find(0);
    assert_non_null(row);
    assert_true(size <= FAKE_BODY);
    memset(row, 0, sizeof(*row));
    if (!body)
        return;
    row->id = id;
    row->kind = kind;
    memcpy(row->body, body, size);
    row->size = size;
}

void fake_foreign_set(uint64_t id, enum vio_row_kind kind, const void *body, size_t size)
{
    struct fake_row *row = &fake_file.foreign[fake_file.num_foreign++];

    put(id, kind, body, size);
    *row = (struct fake_row){.id = id, .kind = kind, .size = body ? size : 0};
    if (body)
        memcpy(row->body, body, size);
}

uint64_t fake_foreign_add(enum vio_row_kind kind, const void *body, size_t size)
{
    fake_foreign_set(++fake_file.last_row, kind, body, size);
    return fake_file.last_row;
}

/* -- Calls ------------------------------------------------------------------------------------- */

static bool fails_now(void)
{
    return fake_file.fail_at != 0 && fake_file.calls == fake_file.fail_at;
}

static void run(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);
    bool fails = fails_now() && fake_file.fail_late;

    backend->done(backend->user, fails ? VIO_EIO : backend->work ? backend->work(backend) : 0);
}

static int start(struct vio_backend *backend, int (*work)(struct vio_backend *backend),
                 vio_backend_done done, void *user)
{
    fake_file.calls++;
    if (fails_now() && !fake_file.fail_late)
        return VIO_EIO;
    backend->work = work;
    backend->done = done;
    backend->user = user;
    backend->post.fn = run;
    return vio__loop_post(backend->loop, &backend->post);
}

static int open_fake(struct vio_loop *loop, const char *location,
                     const struct vio_backend_config *config, vio_backend_done done, void *user,
                     struct vio_backend **ret_backend)
{
    struct vio_backend *backend = calloc(1, sizeof(*backend));
    int status;

    (void)location;
    (void)config;
    assert_non_null(backend);
    backend->loop = loop;
    status = start(backend, NULL, done, user);
    if (status != 0)
        free(backend);
    else
        *ret_backend = backend;
    return status;
}

static void run_close(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);
    vio_backend_done done = backend->done;
    void *user = backend->user;

    free(backend);
    done(user, 0);
}

static void close_fake(struct vio_backend *backend, vio_backend_done done, void *user)
{
    backend->done = done;
    backend->user = user;
    backend->post.fn = run_close;
    assert_int_equal(vio__loop_post(backend->loop, &backend->post), 0);
}

static const char *error_of(const struct vio_backend *backend)
{
    (void)backend;
    return "the file failed";
}

static const uint8_t *uuid_of(const struct vio_backend *backend)
{
    static const uint8_t uuid[VIO_UUID_SIZE] = {1};

    (void)backend;
    return uuid;
}

static struct vio_row row_of(const struct fake_row *row)
{
    return (struct vio_row){.id = row->id,
                            .kind = row->kind,
                            .body = row->size > 0 ? row->body : NULL,
                            .size = row->size};
}

static int do_load(struct vio_backend *backend)
{
    int status = 0;

    fake_file.num_foreign = 0;
    for (size_t i = 0; i < FAKE_ROWS && status == 0; i++) {
        struct vio_row row = row_of(&fake_file.rows[i]);

        if (row.id != 0)
            status = backend->row(backend->user, &row);
    }
    for (size_t i = 0; i < fake_file.num_entries && status == 0; i++)
        if (fake_file.entries[i].state == VIO_ENTRY_OPEN)
            status = backend->entry(backend->user, &fake_file.entries[i]);
    return status;
}

static int load(struct vio_backend *backend, vio_backend_row row, vio_backend_entry entry,
                vio_backend_done done, void *user)
{
    backend->row = row;
    backend->entry = entry;
    return start(backend, do_load, done, user);
}

/* -- Writing ----------------------------------------------------------------------------------- */

static int tell(struct vio_backend *backend)
{
    struct vio_row rows[FAKE_ROWS];
    int status;

    if (fake_file.num_foreign == 0)
        return 0;
    for (size_t i = 0; i < fake_file.num_foreign; i++)
        rows[i] = row_of(&fake_file.foreign[i]);
    status = backend->foreign(backend->user, rows, fake_file.num_foreign, backend->write);
    if (status == 0)
        fake_file.num_foreign = 0;
    return status;
}

static int do_commit(struct vio_backend *backend)
{
    struct vio_write *write = backend->write;
    int status = tell(backend);

    if (status != 0)
        return status;
    fake_file.transactions += write->num_rows + write->num_entries > 0;
    fake_file.rows_written += (unsigned)write->num_rows;
    for (size_t i = 0; i < write->num_rows; i++) {
        struct vio_row *row = &write->rows[i];

        assert_true(row->id != 0 || row->body);
        if (row->id == 0)
            row->id = ++fake_file.last_row;
        put(row->id, row->kind, row->body, row->size);
    }
    for (size_t i = 0; i < write->num_entries; i++) {
        struct vio_entry *entry = &write->entries[i];

        if (entry->id == 0)
            entry->id = ++fake_file.num_entries;
        fake_file.entries[entry->id - 1] = *entry;
        fake_file.entries[entry->id - 1].size = 0;
        fake_file.entries[entry->id - 1].body = NULL;
    }
    return 0;
}

static int commit(struct vio_backend *backend, struct vio_write *write, vio_backend_foreign foreign,
                  vio_backend_done done, void *user)
{
    void (*meanwhile)(void) = fake_file.meanwhile;

    backend->write = write;
    backend->foreign = foreign;
    fake_file.meanwhile = NULL;
    if (meanwhile)
        meanwhile();
    return start(backend, do_commit, done, user);
}

static int refresh(struct vio_backend *backend, vio_backend_foreign foreign, vio_backend_done done,
                   void *user)
{
    backend->write = NULL;
    backend->foreign = foreign;
    return start(backend, tell, done, user);
}

const struct vio_backend_ops fake_backend = {
    .name = "fake",
    .open = open_fake,
    .close = close_fake,
    .error = error_of,
    .uuid = uuid_of,
    .load = load,
    .commit = commit,
    .refresh = refresh,
};
