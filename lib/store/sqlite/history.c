/* SPDX-License-Identifier: MIT */
/* Change sets: the journal and the history. */
#include <stdint.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/store/sqlite/file.h"

/* -- One entry -------------------------------------------------------------------------------- */

static int fail_entry(struct vio_file *file, int64_t id)
{
    return vio__file_fail(file, VIO_ECORRUPT, "change %lld is damaged; put a backup in its place",
                          (long long)id);
}

int vio__file_entry(struct vio_file *file, sqlite3_stmt *statement, struct vio_entry *ret_entry)
{
    int64_t id = sqlite3_column_int64(statement, 0);
    int64_t state = sqlite3_column_int64(statement, 1);
    int64_t time = sqlite3_column_int64(statement, 2);
    const void *token = sqlite3_column_blob(statement, 3);
    int token_size = sqlite3_column_bytes(statement, 3);
    const char *author = (const char *)sqlite3_column_text(statement, 4);
    int author_size = sqlite3_column_bytes(statement, 4);
    const void *body = sqlite3_column_blob(statement, 5);
    int size = sqlite3_column_bytes(statement, 5);
    struct vio_entry entry = {.id = (uint64_t)id,
                              .state = (enum vio_entry_state)state,
                              .time = (uint64_t)time,
                              .body = body,
                              .size = (size_t)size};

    if (id <= 0 || state < VIO_ENTRY_OPEN || state > VIO_ENTRY_BLOCKED || time < 0 ||
        author == NULL || (size_t)author_size >= sizeof(entry.author) || size < 0 ||
        (token != NULL && token_size != VIO_TOKEN_SIZE))
        return fail_entry(file, id);
    if (token != NULL)
        memcpy(entry.token, token, VIO_TOKEN_SIZE);
    memcpy(entry.author, author, (size_t)author_size);
    *ret_entry = entry;
    return 0;
}

static bool has_token(const uint8_t token[VIO_TOKEN_SIZE])
{
    static const uint8_t none[VIO_TOKEN_SIZE];

    return memcmp(token, none, VIO_TOKEN_SIZE) != 0;
}

static void bind_body(sqlite3_stmt *statement, int place, const struct vio_entry *entry)
{
    if (entry->size == 0)
        sqlite3_bind_zeroblob(statement, place, 0);
    else
        sqlite3_bind_blob64(statement, place, entry->body, entry->size, SQLITE_STATIC);
}

int vio__file_put_entry(struct vio_file *file, const struct vio_entry *entry, bool is_new)
{
    sqlite3_stmt *statement;
    int status =
        vio__file_statement(file, is_new ? VIO_SQL_ENTRY_ADD : VIO_SQL_ENTRY_SET, &statement);

    if (status < 0)
        return status;
    sqlite3_bind_int64(statement, 1, (int64_t)entry->id);
    sqlite3_bind_int64(statement, 2, entry->state);
    if (is_new) {
        sqlite3_bind_int64(statement, 3, (int64_t)(entry->time & INT64_MAX));
        if (has_token(entry->token))
            sqlite3_bind_blob(statement, 4, entry->token, VIO_TOKEN_SIZE, SQLITE_STATIC);
        sqlite3_bind_text(statement, 5, entry->author,
                          (int)strnlen(entry->author, sizeof(entry->author) - 1), SQLITE_STATIC);
    }
    bind_body(statement, is_new ? 6 : 3, entry);
    status = vio__file_step(file, statement, "writing");
    sqlite3_clear_bindings(statement);
    if (status == 0 && sqlite3_changes(file->db) != 1)
        status = vio__file_fail(file, VIO_ENOENT, "change %llu is not in the history any more",
                                (unsigned long long)entry->id);
    return status;
}

/* -- Many ------------------------------------------------------------------------------------- */

void vio__entries_init(struct vio_entries *entries, const struct vio_alloc *alloc)
{
    *entries = (struct vio_entries){0};
    vio__buf_init(&entries->bytes, alloc, SIZE_MAX - 1);
}

void vio__entries_free(struct vio_entries *entries)
{
    vio__free(entries->bytes.alloc, entries->entries);
    vio__buf_free(&entries->bytes);
    vio__entries_init(entries, entries->bytes.alloc);
}

static int add_entry(struct vio_entries *entries, const struct vio_entry *entry)
{
    if (entries->count == entries->capacity) {
        size_t capacity = entries->capacity == 0 ? 16 : entries->capacity * 2;
        struct vio_entry *more =
            vio__realloc(entries->bytes.alloc, entries->entries, capacity, sizeof(*more));

        if (more == NULL)
            return VIO_ENOMEM;
        entries->entries = more;
        entries->capacity = capacity;
    }
    entries->entries[entries->count++] = *entry;
    return vio__buf_append(&entries->bytes, entry->body, entry->size);
}

static void place_bodies(struct vio_entries *entries)
{
    const uint8_t *body = entries->bytes.data;

    for (size_t i = 0; i < entries->count; i++) {
        entries->entries[i].body = body;
        if (entries->entries[i].size > 0)
            body += entries->entries[i].size;
    }
}

static int64_t bounded(uint64_t value, uint64_t none)
{
    return value == none || value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static int begin_history(struct vio_file *file, const struct vio_history_query *query,
                         sqlite3_stmt **ret_statement)
{
    bool by_token = has_token(query->token);
    sqlite3_stmt *statement;
    int status;

    if (query->unfinished)
        return vio__file_statement(file, VIO_SQL_ENTRY_OPEN, ret_statement);
    status =
        vio__file_statement(file, by_token ? VIO_SQL_ENTRY_TOKEN : VIO_SQL_ENTRY_LIST, &statement);
    if (status < 0)
        return status;
    sqlite3_bind_int64(statement, 1, bounded(query->since, UINT64_MAX));
    sqlite3_bind_int64(statement, 2, bounded(query->until, 0));
    sqlite3_bind_int64(statement, 3, bounded(query->before, 0));
    sqlite3_bind_int64(statement, 4, bounded(query->limit, 0));
    if (by_token)
        sqlite3_bind_blob(statement, 5, query->token, VIO_TOKEN_SIZE, SQLITE_STATIC);
    *ret_statement = statement;
    return 0;
}

static int read_history(struct vio_file *file, const struct vio_history_query *query,
                        struct vio_entries *entries)
{
    sqlite3_stmt *statement;
    int status = begin_history(file, query, &statement);
    int more = status;

    if (status < 0)
        return status;
    while (status == 0 && (more = vio__file_step(file, statement, "reading the history")) > 0) {
        struct vio_entry entry;

        status = vio__file_entry(file, statement, &entry);
        if (status == 0 && (status = add_entry(entries, &entry)) < 0)
            vio__file_fail(file, status, "reading the history: out of memory; ask for less");
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    place_bodies(entries);
    return status != 0 ? status : more;
}

int vio__file_history(struct vio_file *file, const struct vio_history_query *query,
                      struct vio_entries *entries)
{
    int status = vio__file_begin_read(file);

    if (status == 0)
        status = read_history(file, query, entries);
    vio__file_rollback(file);
    return vio__file_looked(file, status);
}

int vio__file_prune(struct vio_file *file, uint64_t before, uint64_t keep)
{
    sqlite3_stmt *statement;
    int status = vio__file_run(file, VIO_SQL_BEGIN_WRITE, "pruning the history");

    if (status < 0)
        return status;
    status = vio__file_statement(file, VIO_SQL_ENTRY_PRUNE, &statement);
    if (status == 0) {
        sqlite3_bind_int64(statement, 1, bounded(before, UINT64_MAX));
        sqlite3_bind_int64(statement, 2, bounded(keep, UINT64_MAX));
        status = vio__file_step(file, statement, "pruning the history");
    }
    if (status == 0)
        return vio__file_commit(file);
    vio__file_rollback(file);
    return status;
}
