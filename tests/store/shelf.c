/* SPDX-License-Identifier: MIT */
#include "tests/store/shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "tests/support/board.h"
#include "tests/support/test.h"

void shelf_folder(char ret_path[256])
{
    const char *base = getenv("TMPDIR");

    snprintf(ret_path, 256, "%s/vio-store.XXXXXX", base != NULL ? base : P_tmpdir);
    assert_non_null(mkdtemp(ret_path));
}

void shelf_remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *item;
    char name[512];

    assert_non_null(folder);
    while ((item = readdir(folder)) != NULL) {
        snprintf(name, sizeof(name), "%s/%s", path, item->d_name);
        if (item->d_name[0] != '.' && unlink(name) != 0)
            shelf_remove_folder(name);
    }
    closedir(folder);
    rmdir(path);
}

/* -- Calls ------------------------------------------------------------------------------------ */

static void on_done(void *user, int status)
{
    struct shelf *shelf = user;

    shelf->status = status;
    shelf->done = true;
}

static int await(struct shelf *shelf, int status)
{
    if (status != 0)
        return status;
    board_await(shelf->loop, &shelf->done);
    shelf->done = false;
    return shelf->status;
}

static void keep(struct shelf *shelf, const struct vio_row *row)
{
    assert_in_range(row->id, 1, SHELF_ROWS - 1);
    assert_true(row->size < SHELF_TEXT);
    memset(shelf->texts[row->id], 0, SHELF_TEXT);
    if (row->body != NULL)
        memcpy(shelf->texts[row->id], row->body, row->size);
}

static int on_row(void *user, const struct vio_row *row)
{
    keep(user, row);
    return 0;
}

static int on_entry(void *user, const struct vio_entry *entry)
{
    struct shelf *shelf = user;

    assert_true(shelf->num_entries < 64);
    assert_true(entry->size < SHELF_TEXT);
    memset(shelf->bodies[shelf->num_entries], 0, SHELF_TEXT);
    if (entry->size > 0)
        memcpy(shelf->bodies[shelf->num_entries], entry->body, entry->size);
    shelf->entries[shelf->num_entries++] = *entry;
    return 0;
}

static int on_foreign(void *user, const struct vio_row *rows, size_t count, struct vio_write *write)
{
    struct shelf *shelf = user;

    assert_true(vio__loop_is_current(shelf->loop));
    if (shelf->refuse != 0) {
        int status = shelf->refuse;

        shelf->refuse = 0;
        return status;
    }
    for (size_t i = 0; i < count; i++)
        keep(shelf, &rows[i]);
    shelf->num_foreign += count;
    if (shelf->drop && write != NULL)
        write->num_rows = write->num_entries = 0;
    return 0;
}

int shelf_open(struct shelf *shelf, const char *path, bool read_only, bool create)
{
    struct vio_backend_config config = {.read_only = read_only, .create = create};

    memset(shelf, 0, sizeof(*shelf));
    shelf->loop = board_loop_new();
    return await(shelf, vio__backend_sqlite.open(shelf->loop, path, &config, on_done, shelf,
                                                 &shelf->backend));
}

void shelf_close(struct shelf *shelf)
{
    if (shelf->backend != NULL) {
        vio__backend_sqlite.close(shelf->backend, on_done, shelf);
        assert_int_equal(await(shelf, 0), 0);
    }
    board_loop_free(shelf->loop);
}

void shelf_start(struct shelf *shelf, const char *path)
{
    int status = shelf_open(shelf, path, false, true);

    if (status != 0)
        fail_msg("%s: %s", vio_error_name(status), shelf_error(shelf));
    status = shelf_load(shelf);
    if (status != 0)
        fail_msg("%s: %s", vio_error_name(status), shelf_error(shelf));
}

int shelf_load(struct shelf *shelf)
{
    shelf->num_entries = 0;
    memset(shelf->texts, 0, sizeof(shelf->texts));
    return await(shelf, vio__backend_sqlite.load(shelf->backend, on_row, on_entry, on_done, shelf));
}

int shelf_commit(struct shelf *shelf, struct vio_write *write)
{
    int status =
        await(shelf, vio__backend_sqlite.commit(shelf->backend, write, on_foreign, on_done, shelf));

    for (size_t i = 0; status == 0 && i < write->num_rows; i++)
        keep(shelf, &write->rows[i]);
    return status;
}

int shelf_refresh(struct shelf *shelf)
{
    return await(shelf, vio__backend_sqlite.refresh(shelf->backend, on_foreign, on_done, shelf));
}

int shelf_history(struct shelf *shelf, const struct vio_history_query *query)
{
    shelf->num_entries = 0;
    return await(shelf,
                 vio__backend_sqlite.history(shelf->backend, query, on_entry, on_done, shelf));
}

int shelf_prune(struct shelf *shelf, uint64_t before, uint64_t keep_newest)
{
    return await(shelf,
                 vio__backend_sqlite.prune(shelf->backend, before, keep_newest, on_done, shelf));
}

int shelf_backup(struct shelf *shelf, const char *path)
{
    return await(shelf, vio__backend_sqlite.backup(shelf->backend, path, on_done, shelf));
}

int shelf_check(struct shelf *shelf, bool full)
{
    return await(shelf, vio__backend_sqlite.check(shelf->backend, full, on_done, shelf));
}

int shelf_lock(struct shelf *shelf, const uint8_t uuid[16])
{
    return await(shelf, vio__backend_sqlite.lock(shelf->backend, uuid, on_done, shelf));
}

const char *shelf_error(const struct shelf *shelf)
{
    return vio__backend_sqlite.error(shelf->backend);
}

int shelf_set(struct shelf *shelf, uint64_t id, const char *text)
{
    struct vio_row row = {
        .id = id, .kind = VIO_ROW_VADAPTER, .body = text, .size = text != NULL ? strlen(text) : 0};

    return shelf_commit(shelf, &(struct vio_write){.rows = &row, .num_rows = 1});
}

int shelf_add(struct shelf *shelf, const char *text, uint64_t *ret_id)
{
    struct vio_row row = {.kind = VIO_ROW_VADAPTER, .body = text, .size = strlen(text)};
    int status = shelf_commit(shelf, &(struct vio_write){.rows = &row, .num_rows = 1});

    if (status == 0)
        *ret_id = row.id;
    else
        assert_true(row.id == 0);
    return status;
}

size_t shelf_count(const struct shelf *shelf)
{
    size_t count = 0;

    for (size_t i = 0; i < SHELF_ROWS; i++)
        count += shelf->texts[i][0] != '\0';
    return count;
}
