/* SPDX-License-Identifier: MIT */
/* Objects as rows, and the writing of a transaction. */
#include <stdint.h>

#include <libvio/error.h>

#include "lib/store/sqlite/file.h"

/* -- Rows in memory --------------------------------------------------------------------------- */

void vio__rows_init(struct vio_rows *rows, const struct vio_alloc *alloc)
{
    *rows = (struct vio_rows){0};
    vio__buf_init(&rows->bytes, alloc, SIZE_MAX - 1);
}

void vio__rows_free(struct vio_rows *rows)
{
    vio__free(rows->bytes.alloc, rows->rows);
    vio__buf_free(&rows->bytes);
    vio__rows_init(rows, rows->bytes.alloc);
}

int vio__rows_add(struct vio_rows *rows, const struct vio_row *row)
{
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? 16 : rows->capacity * 2;
        struct vio_row *more = vio__realloc(rows->bytes.alloc, rows->rows, capacity, sizeof(*more));

        if (more == NULL)
            return VIO_ENOMEM;
        rows->rows = more;
        rows->capacity = capacity;
    }
    rows->rows[rows->count] = *row;
    rows->rows[rows->count++].body = NULL;
    return vio__buf_append(&rows->bytes, row->body, row->size);
}

/* The bytes stay in one place from here on. No body is empty, so size 0 says that it is none. */
void vio__rows_finish(struct vio_rows *rows)
{
    const uint8_t *body = rows->bytes.data;

    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].size == 0)
            continue;
        rows->rows[i].body = body;
        body += rows->rows[i].size;
    }
}

/* -- Reading ---------------------------------------------------------------------------------- */

int vio__file_row(struct vio_file *file, sqlite3_stmt *statement, struct vio_row *ret_row)
{
    int64_t id = sqlite3_column_int64(statement, 0);
    int64_t kind = sqlite3_column_int64(statement, 1);
    const void *body = sqlite3_column_blob(statement, 2);
    int size = sqlite3_column_bytes(statement, 2);

    if (id <= 0 || kind <= 0 || kind > UINT8_MAX || size <= 0 || body == NULL)
        return vio__file_fail(file, VIO_ECORRUPT,
                              "object %lld is damaged; put a backup in its place", (long long)id);
    *ret_row = (struct vio_row){
        .id = (uint64_t)id, .kind = (enum vio_row_kind)kind, .body = body, .size = (size_t)size};
    return 0;
}

static int load_rows(struct vio_file *file, vio_backend_row row_fn, void *user)
{
    sqlite3_stmt *statement;
    struct vio_row row;
    int status = vio__file_statement(file, VIO_SQL_ROW_ALL, &statement);

    if (status < 0)
        return status;
    while ((status = vio__file_step(file, statement, "reading")) > 0) {
        status = vio__file_row(file, statement, &row);
        if (status == 0) {
            status = row_fn(user, &row);
            if (status != 0)
                vio__file_fail(file, status, "object %llu cannot be taken in: %s",
                               (unsigned long long)row.id, vio_strerror(status));
        }
        if (status != 0) {
            sqlite3_reset(statement);
            return status;
        }
    }
    return status;
}

static int load_entries(struct vio_file *file, vio_backend_entry entry_fn, void *user)
{
    sqlite3_stmt *statement;
    struct vio_entry entry;
    int status = vio__file_statement(file, VIO_SQL_ENTRY_OPEN, &statement);

    if (status < 0)
        return status;
    while ((status = vio__file_step(file, statement, "reading")) > 0) {
        status = vio__file_entry(file, statement, &entry);
        if (status == 0)
            status = entry_fn(user, &entry);
        if (status != 0) {
            sqlite3_reset(statement);
            return status;
        }
    }
    return status;
}

int vio__file_load(struct vio_file *file, vio_backend_row row, vio_backend_entry entry, void *user)
{
    struct vio_log_end end;
    int64_t version;
    int status = vio__file_begin_read(file);

    if (status < 0)
        return status;
    status = vio__file_poll(file, &version);
    if (status == 0)
        status = vio__file_log_end(file, &end);
    if (status == 0)
        status = load_rows(file, row, user);
    if (status == 0)
        status = load_entries(file, entry, user);
    vio__file_rollback(file);
    if (status != 0)
        return status;
    file->seq = end.seq;
    file->top_row = end.top_row;
    file->top_entry = end.top_entry;
    file->version = version;
    return 0;
}

/* -- Writing ---------------------------------------------------------------------------------- */

static int put_row(struct vio_file *file, const struct vio_row *row, bool is_new)
{
    enum vio_sql which = row->body == NULL ? VIO_SQL_ROW_DROP
                         : is_new          ? VIO_SQL_ROW_ADD
                                           : VIO_SQL_ROW_SET;
    sqlite3_stmt *statement;
    int status = vio__file_statement(file, which, &statement);

    if (status < 0)
        return status;
    sqlite3_bind_int64(statement, 1, (int64_t)row->id);
    sqlite3_bind_int64(statement, 2, row->kind);
    if (row->body != NULL)
        sqlite3_bind_blob64(statement, 3, row->body, row->size, SQLITE_STATIC);
    status = vio__file_step(file, statement, "writing");
    sqlite3_clear_bindings(statement);
    if (status == 0 && sqlite3_changes(file->db) != 1)
        status = vio__file_fail(file, VIO_ECORRUPT,
                                "object %llu is not there any more; check the store, and put a "
                                "backup in its place",
                                (unsigned long long)row->id);
    return status;
}

static int write_rows(struct vio_file *file, struct vio_write *write, struct vio_log_end *end,
                      struct vio_buf *refs)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < write->num_rows; i++) {
        struct vio_row *row = &write->rows[i];
        bool is_new = row->id == 0;

        if (is_new && row->body == NULL)
            continue;
        if (is_new)
            row->id = ++end->top_row;
        vio__log_ref(refs, row);
        status = put_row(file, row, is_new);
    }
    return status;
}

static int write_entries(struct vio_file *file, struct vio_write *write, struct vio_log_end *end)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < write->num_entries; i++) {
        struct vio_entry *entry = &write->entries[i];
        bool is_new = entry->id == 0;

        if (is_new)
            entry->id = ++end->top_entry;
        status = vio__file_put_entry(file, entry, is_new);
    }
    return status;
}

/* What was not kept has no id. */
static void forget_ids(const struct vio_file *file, struct vio_write *write)
{
    for (size_t i = 0; i < write->num_rows; i++)
        if (write->rows[i].id > file->top_row)
            write->rows[i].id = 0;
    for (size_t i = 0; i < write->num_entries; i++)
        if (write->entries[i].id > file->top_entry)
            write->entries[i].id = 0;
}

int vio__file_write(struct vio_file *file, struct vio_write *write)
{
    struct vio_log_end end = {file->seq + 1, file->top_row, file->top_entry};
    struct vio_buf refs;
    int status;

    vio__buf_init(&refs, file->alloc, SIZE_MAX - 1);
    status = write_rows(file, write, &end, &refs);
    if (status == 0)
        status = write_entries(file, write, &end);
    if (status == 0)
        status = vio__file_log_add(file, &end, &refs);
    vio__buf_free(&refs);
    if (status == 0)
        status = vio__file_commit(file);
    else
        vio__file_rollback(file);
    if (status == 0)
        status = vio__file_check_place(file);
    if (status < 0) {
        forget_ids(file, write);
        return status;
    }
    file->seq = end.seq;
    file->top_row = end.top_row;
    file->top_entry = end.top_entry;
    return 0;
}
