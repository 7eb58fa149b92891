/* SPDX-License-Identifier: MIT */
/*
 * The log: how the processes that share a file learn of each other's changes. Each transaction adds
 * one row to it: the highest ids that were ever given, to a row and to an entry, then a reference
 * to each row that it wrote; little-endian numbers of 64 bits. No id is given twice, so a reader
 * that finds the log cut off before what it knows can tell by the ids what is gone.
 */
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/cursor.h"
#include "lib/store/sqlite/file.h"

#define TOPS_SIZE 16
#define REF_SIZE  8

/* How often the log is cut, in transactions: each cut writes pages of its own. */
#define CUT_EVERY 1024

/* -- Writing ---------------------------------------------------------------------------------- */

static uint64_t pack_ref(uint64_t id, unsigned kind)
{
    return id << 8 | kind;
}

void vio__log_ref(struct vio_buf *refs, const struct vio_row *row)
{
    if (refs->size == 0)
        vio__buf_append_zeros(refs, TOPS_SIZE);
    vio__buf_append_le64(refs, pack_ref(row->id, row->kind));
}

static int add_row(struct vio_file *file, uint64_t seq, const void *data, size_t size)
{
    sqlite3_stmt *statement;
    int status = vio__file_statement(file, VIO_SQL_LOG_ADD, &statement);

    if (status < 0)
        return status;
    sqlite3_bind_int64(statement, 1, (int64_t)seq);
    sqlite3_bind_blob64(statement, 2, data, size, SQLITE_STATIC);
    status = vio__file_step(file, statement, "writing");
    sqlite3_clear_bindings(statement);
    return status;
}

static int cut(struct vio_file *file, uint64_t seq)
{
    sqlite3_stmt *statement;
    int status;

    if (seq % CUT_EVERY != 0 || seq <= VIO_LOG_KEEP)
        return 0;
    status = vio__file_statement(file, VIO_SQL_LOG_TRIM, &statement);
    if (status < 0)
        return status;
    sqlite3_bind_int64(statement, 1, (int64_t)(seq - VIO_LOG_KEEP));
    return vio__file_step(file, statement, "writing");
}

int vio__file_log_add(struct vio_file *file, const struct vio_log_end *end,
                      const struct vio_buf *refs)
{
    struct vio_buf data;
    int status;

    vio__buf_init(&data, file->alloc, SIZE_MAX - 1);
    vio__buf_append_le64(&data, end->top_row);
    vio__buf_append_le64(&data, end->top_entry);
    if (refs->size > TOPS_SIZE)
        vio__buf_append(&data, refs->data + TOPS_SIZE, refs->size - TOPS_SIZE);
    status = refs->status != 0 ? refs->status : data.status;
    if (status < 0)
        vio__file_fail(file, status, "writing: out of memory; try again");
    else
        status = add_row(file, end->seq, data.data, data.size);
    vio__buf_free(&data);
    return status < 0 ? status : cut(file, end->seq);
}

/* -- Reading ---------------------------------------------------------------------------------- */

static int fail_log(struct vio_file *file)
{
    return vio__file_fail(file, VIO_ECORRUPT, "its log is damaged; put a backup in its place");
}

/* A row of the log: where it ends, and a cursor at its references. */
static int read_log_row(struct vio_file *file, sqlite3_stmt *statement, struct vio_log_end *ret_end,
                        struct vio_cursor *ret_refs)
{
    int64_t seq = sqlite3_column_int64(statement, 0);
    const void *data = sqlite3_column_blob(statement, 1);
    int size = sqlite3_column_bytes(statement, 1);

    if (seq <= 0 || data == NULL || size < TOPS_SIZE || (size - TOPS_SIZE) % REF_SIZE != 0)
        return fail_log(file);
    vio__cursor_init(ret_refs, data, (size_t)size);
    ret_end->seq = (uint64_t)seq;
    ret_end->top_row = vio__cursor_le64(ret_refs);
    ret_end->top_entry = vio__cursor_le64(ret_refs);
    return ret_end->top_row > INT64_MAX >> 8 || ret_end->top_entry > INT64_MAX >> 8 ? fail_log(file)
                                                                                    : 0;
}

int vio__file_log_end(struct vio_file *file, struct vio_log_end *ret_end)
{
    sqlite3_stmt *statement;
    struct vio_cursor refs;
    int status = vio__file_statement(file, VIO_SQL_LOG_LAST, &statement);

    if (status == 0)
        status = vio__file_step(file, statement, "reading its log");
    if (status < 0)
        return status;
    if (status == 0)
        return fail_log(file);
    status = read_log_row(file, statement, ret_end, &refs);
    sqlite3_reset(statement);
    return status;
}

int vio__file_poll(struct vio_file *file, int64_t *ret_version)
{
    sqlite3_stmt *statement;
    int status = vio__file_statement(file, VIO_SQL_DATA_VERSION, &statement);

    if (status == 0)
        status = vio__file_step(file, statement, "reading");
    if (status < 0)
        return status;
    *ret_version = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return 0;
}

static int compare_refs(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

/* Each row that the references name, once, as it is now. */
static int read_refs(struct vio_file *file, uint64_t *refs, size_t count, struct vio_rows *rows)
{
    sqlite3_stmt *statement;
    int status = vio__file_statement(file, VIO_SQL_ROW_GET, &statement);

    if (count > 0)
        qsort(refs, count, sizeof(*refs), compare_refs);
    for (size_t i = 0; status == 0 && i < count; i++) {
        struct vio_row row = {.id = refs[i] >> 8, .kind = (enum vio_row_kind)(refs[i] & 0xff)};

        if (i > 0 && refs[i] == refs[i - 1])
            continue;
        sqlite3_bind_int64(statement, 1, (int64_t)row.id);
        status = vio__file_step(file, statement, "reading");
        if (status > 0)
            status = vio__file_row(file, statement, &row);
        if (status == 0)
            status = vio__rows_add(rows, &row);
        sqlite3_reset(statement);
    }
    return status;
}

/* All that there is; each id without a row was deleted at some time. */
static int read_all(struct vio_file *file, uint64_t top, struct vio_rows *rows)
{
    sqlite3_stmt *statement;
    uint64_t next = 1;
    int status = vio__file_statement(file, VIO_SQL_ROW_ALL, &statement);
    int more = status;

    while (status == 0 && (more = vio__file_step(file, statement, "reading")) > 0) {
        struct vio_row row;

        status = vio__file_row(file, statement, &row);
        if (status == 0 && row.id > top)
            status = fail_log(file);
        for (; status == 0 && next < row.id; next++)
            status = vio__rows_add(rows, &(struct vio_row){.id = next});
        if (status == 0)
            status = vio__rows_add(rows, &row);
        next = row.id + 1;
    }
    if (status != 0)
        sqlite3_reset(statement);
    for (; status == 0 && more == 0 && next <= top; next++)
        status = vio__rows_add(rows, &(struct vio_row){.id = next});
    return status != 0 ? status : more;
}

/* Reads the log from the row on that is known; *ret_gap: it does not begin there. */
static int read_log(struct vio_file *file, struct vio_log_end *ret_end, struct vio_buf *refs,
                    bool *ret_gap)
{
    sqlite3_stmt *statement;
    struct vio_cursor cursor;
    int status = vio__file_statement(file, VIO_SQL_LOG_FROM, &statement);
    int more = status;

    *ret_end = (struct vio_log_end){0};
    *ret_gap = false;
    if (status == 0)
        sqlite3_bind_int64(statement, 1, (int64_t)file->seq);
    while (status == 0 && (more = vio__file_step(file, statement, "reading its log")) > 0) {
        bool first = ret_end->seq == 0;

        status = read_log_row(file, statement, ret_end, &cursor);
        *ret_gap = *ret_gap || (first && ret_end->seq != file->seq);
        while (status == 0 && ret_end->seq != file->seq && vio__cursor_left(&cursor) > 0) {
            uint64_t ref = vio__cursor_le64(&cursor);

            status = vio__buf_append(refs, &ref, sizeof(ref));
        }
    }
    if (status != 0)
        sqlite3_reset(statement);
    return status != 0 ? status : more;
}

/* Who changes the log may have changed the tables, too. */
static int check_version(struct vio_file *file)
{
    int64_t version;
    int status = vio__file_number(file, "PRAGMA user_version", &version);

    if (status == 0 && version != (int64_t)vio__file_schema.count)
        status = vio__file_fail(file, VIO_EVERSION,
                                "a newer libvio has brought it to version %lld; use that one",
                                (long long)version);
    return status;
}

int vio__file_changes(struct vio_file *file, struct vio_rows *rows, struct vio_log_end *ret_end)
{
    struct vio_buf refs;
    bool gap;
    int status;

    vio__buf_init(&refs, file->alloc, SIZE_MAX - 1);
    status = read_log(file, ret_end, &refs, &gap);
    if (status == 0 && ret_end->seq == 0)
        status = vio__file_fail(file, VIO_EGONE,
                                "an older copy was put in its place while it was open; close the "
                                "store and open what is there now");
    if (status == 0 && ret_end->seq != file->seq)
        status = check_version(file);
    if (status == 0 && gap)
        status = read_all(file, ret_end->top_row, rows);
    else if (status == 0)
        status = read_refs(file, (uint64_t *)(void *)refs.data, refs.size / sizeof(uint64_t), rows);
    if (status == VIO_ENOMEM)
        vio__file_fail(file, status, "reading: out of memory; try again");
    vio__buf_free(&refs);
    vio__rows_finish(rows);
    return status;
}
