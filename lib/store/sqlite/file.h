/* SPDX-License-Identifier: MIT */
/*
 * A store's file: one SQLite connection with its state, used by one thread at a time. Between the
 * files of lib/store/sqlite; nobody else includes it, but for tests.
 *
 * What returns int ends with 0 or a negative VIO_E...; then `error` has the line for the user.
 */
#ifndef VIO_LIB_STORE_SQLITE_FILE_H
#define VIO_LIB_STORE_SQLITE_FILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/alloc.h"
#include "lib/base/buf.h"
#include "lib/base/uuid.h"
#include "lib/store/backend.h"

#define VIO_FILE_APPLICATION 0x56494f53 /* "VIOS" */
#define VIO_FILE_ERROR_SIZE  1024

/* How long somebody else may keep the file locked, s. */
#define VIO_FILE_PATIENCE    5

/* What is prepared once per connection. */
#define VIO_SQL_MAP(X)                                                                      \
    X(BEGIN_WRITE, "BEGIN IMMEDIATE")                                                       \
    X(BEGIN_READ, "BEGIN")                                                                  \
    X(COMMIT, "COMMIT")                                                                     \
    X(ROLLBACK, "ROLLBACK")                                                                 \
    X(DATA_VERSION, "PRAGMA data_version")                                                  \
    X(USER_VERSION, "PRAGMA user_version")                                                  \
    X(LOG_LAST, "SELECT seq, refs FROM log ORDER BY seq DESC LIMIT 1")                      \
    X(LOG_FROM, "SELECT seq, refs FROM log WHERE seq >= ?1 ORDER BY seq")                   \
    X(LOG_ADD, "INSERT INTO log(seq, refs) VALUES(?1, ?2)")                                 \
    X(LOG_TRIM, "DELETE FROM log WHERE seq <= ?1")                                          \
    X(ROW_GET, "SELECT id, kind, body FROM object WHERE id = ?1")                           \
    X(ROW_ALL, "SELECT id, kind, body FROM object ORDER BY id")                             \
    X(ROW_ADD, "INSERT INTO object(id, kind, body) VALUES(?1, ?2, ?3)")                     \
    X(ROW_SET, "UPDATE object SET body = ?3 WHERE id = ?1 AND kind = ?2")                   \
    X(ROW_DROP, "DELETE FROM object WHERE id = ?1 AND kind = ?2")                           \
    X(ENTRY_ADD, "INSERT INTO change(id, state, time, token, author, body)"                 \
                 " VALUES(?1, ?2, ?3, ?4, ?5, ?6)")                                         \
    X(ENTRY_SET, "UPDATE change SET state = ?2, body = ?3 WHERE id = ?1")                   \
    X(ENTRY_OPEN, "SELECT id, state, time, token, author, body FROM change"                 \
                  " WHERE state IN (1, 4) ORDER BY id")                                     \
    X(ENTRY_LIST, "SELECT id, state, time, token, author, body FROM change"                 \
                  " WHERE time >= ?1 AND time < ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4")  \
    X(ENTRY_TOKEN, "SELECT id, state, time, token, author, body FROM change"                \
                   " WHERE time >= ?1 AND time < ?2 AND id < ?3 AND token IS NOT NULL"      \
                   " AND token = ?5 ORDER BY id DESC LIMIT ?4")                             \
    X(ENTRY_PRUNE, "DELETE FROM change WHERE state NOT IN (1, 4) AND (?1 = 0 OR time < ?1)" \
                   " AND id <= (SELECT id FROM change ORDER BY id DESC LIMIT 1 OFFSET ?2)")

enum vio_sql {
#define VIO_SQL_ENUM(name, text) VIO_SQL_##name,
    VIO_SQL_MAP(VIO_SQL_ENUM)
#undef VIO_SQL_ENUM
        VIO_SQL_COUNT
};

/* How the file is read and written. */
enum vio_file_view {
    VIO_VIEW_NONE = 0,
    VIO_VIEW_WRITE = 1,  /* with all locks */
    VIO_VIEW_SHARED = 2, /* to read, beside somebody who writes: with locks, writing nothing */
    VIO_VIEW_STILL = 3   /* to read while nobody writes: SQLite's immutable */
};

struct vio_file {
    const struct vio_alloc *alloc;
    struct vio_backend_config config;
    char *path;
    char *vfs;  /* of SQLite; NULL: its default */
    int lock;   /* descriptor of PATH-lock; -1: none */
    bool alone; /* nobody else had it open for writing when it was opened */

    sqlite3 *db;
    enum vio_file_view view;
    struct stat seen; /* of the file, in VIO_VIEW_STILL */
    struct stat wal;  /* of PATH-wal, in VIO_VIEW_WRITE */
    sqlite3_stmt *statements[VIO_SQL_COUNT];

    uint8_t uuid[VIO_UUID_SIZE];
    uint64_t seq;     /* of the log's last row that was read or written */
    uint64_t top_row; /* highest id ever given to a row, and to an entry */
    uint64_t top_entry;
    int64_t version; /* PRAGMA data_version as of seq; -1: unknown */

    int broken; /* why nothing may be written any more; 0: it may */
    char error[VIO_FILE_ERROR_SIZE];
};

/* -- error.c ---------------------------------------------------------------------------------- */

/* The error's line, "PATH: " before it; returns `code`. */
int vio__file_fail(struct vio_file *file, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for what SQLite (an extended result code) or the system (an errno value) said. */
int vio__file_fail_sqlite(struct vio_file *file, int rc, const char *doing);
int vio__file_fail_errno(struct vio_file *file, int number, const char *doing, const char *path);

/* -- connection.c: opening, statements, transactions --------------------------------------------
 */

/* `location`: PATH or PATH?vfs=NAME. VIO_EINVAL, VIO_ENOMEM. */
int vio__file_new(const struct vio_alloc *alloc, const char *location,
                  const struct vio_backend_config *config, struct vio_file **ret_file);
void vio__file_free(struct vio_file *file); /* closes it */

/* A connection to `path` with these URI parameters; the settings that each connection needs are
 * made. Closed with sqlite3_close() also after an error. */
int vio__file_connect(struct vio_file *file, const char *path, const char *parameters, int flags,
                      sqlite3 **ret_db);
void vio__file_disconnect(struct vio_file *file);

/* Reset, with nothing bound. */
int vio__file_statement(struct vio_file *file, enum vio_sql which, sqlite3_stmt **ret_statement);

/* 1: there is a row; 0: there is none any more, and the statement is reset, as after an error. */
int vio__file_step(struct vio_file *file, sqlite3_stmt *statement, const char *doing);

int vio__file_run(struct vio_file *file, enum vio_sql which, const char *doing);
int vio__file_number(struct vio_file *file, const char *sql, int64_t *ret_value);
int vio__file_exec(struct vio_file *file, const char *sql, const char *doing);
int vio__file_commit(struct vio_file *file);
void vio__file_rollback(struct vio_file *file); /* where there is a transaction */

/* -- open.c: the states in which the file is found ----------------------------------------------
 */

int vio__file_open(struct vio_file *file);

/* The file that the path names is still the one that is open. VIO_EGONE. */
int vio__file_check_place(struct vio_file *file);

/* Before reading: the view is the right one for what others do with the file. */
int vio__file_look(struct vio_file *file);

/* Looks, then begins a transaction, whose view of the file stays the same. */
int vio__file_begin_read(struct vio_file *file);

/* After reading, which ended with `status`: the same, or VIO_EBUSY where it cannot be trusted, as
 * somebody wrote meanwhile. */
int vio__file_looked(struct vio_file *file, int status);

/* -- lock.c: PATH-lock -------------------------------------------------------------------------
 */

int vio__file_lock_open(struct vio_file *file);  /* sets `alone` */
int vio__file_lock_share(struct vio_file *file); /* others may open it from now on */
void vio__file_lock_close(struct vio_file *file);
int vio__file_lock_uuid(struct vio_file *file, const uint8_t uuid[VIO_UUID_SIZE]);
void vio__file_unlock_uuid(struct vio_file *file, const uint8_t uuid[VIO_UUID_SIZE]);

/* -- schema.c ---------------------------------------------------------------------------------- */

/* steps[i] is the SQL that takes a file of version i to version i + 1. */
struct vio_schema {
    const char *const *steps;
    size_t count;
};

extern const struct vio_schema vio__file_schema;

/* VIO_ECORRUPT, VIO_EPROTO, VIO_EVERSION; nothing but the first bytes is looked at. */
int vio__file_check_header(struct vio_file *file, const struct vio_schema *schema);

/* Makes or migrates the tables, where that is allowed; else checks that they are there. */
int vio__file_check_schema(struct vio_file *file, const struct vio_schema *schema);
int vio__file_read_uuid(struct vio_file *file);

/* -- rows.c ------------------------------------------------------------------------------------ */

/* Rows that were read, in one piece of memory. */
struct vio_rows {
    struct vio_row *rows;
    size_t count, capacity;
    struct vio_buf bytes;
};

void vio__rows_init(struct vio_rows *rows, const struct vio_alloc *alloc);
void vio__rows_free(struct vio_rows *rows);
int vio__rows_add(struct vio_rows *rows, const struct vio_row *row); /* VIO_ENOMEM */
void vio__rows_finish(struct vio_rows *rows); /* the bodies are where the rows say now */

/* The row at a statement with the columns id, kind, body. */
int vio__file_row(struct vio_file *file, sqlite3_stmt *statement, struct vio_row *ret_row);

/* In a transaction. Ids of new rows and entries are set. */
int vio__file_write(struct vio_file *file, struct vio_write *write);

/* Rows, then entries; the log's end is known afterwards. */
int vio__file_load(struct vio_file *file, vio_backend_row row, vio_backend_entry entry, void *user);

/* -- log.c ------------------------------------------------------------------------------------- */

#define VIO_LOG_KEEP 16384 /* rows of the log that stay at least */

/* The end of the log, as it is in this transaction. */
struct vio_log_end {
    uint64_t seq, top_row, top_entry;
};

int vio__file_log_end(struct vio_file *file, struct vio_log_end *ret_end);

/* In a transaction: what others changed since file->seq; takes nothing over. */
int vio__file_changes(struct vio_file *file, struct vio_rows *rows, struct vio_log_end *ret_end);

/* In a transaction: says what it changes. `refs`: from vio__log_ref. */
void vio__log_ref(struct vio_buf *refs, const struct vio_row *row);
int vio__file_log_add(struct vio_file *file, const struct vio_log_end *end,
                      const struct vio_buf *refs);

/* Whether anybody else has written since; reads nothing but a counter. */
int vio__file_poll(struct vio_file *file, int64_t *ret_version);

/* -- history.c --------------------------------------------------------------------------------- */

int vio__file_entry(struct vio_file *file, sqlite3_stmt *statement, struct vio_entry *ret_entry);
int vio__file_put_entry(struct vio_file *file, const struct vio_entry *entry, bool is_new);

struct vio_entries {
    struct vio_entry *entries;
    size_t count, capacity;
    struct vio_buf bytes;
};

void vio__entries_init(struct vio_entries *entries, const struct vio_alloc *alloc);
void vio__entries_free(struct vio_entries *entries);
int vio__file_history(struct vio_file *file, const struct vio_history_query *query,
                      struct vio_entries *entries);
int vio__file_prune(struct vio_file *file, uint64_t before, uint64_t keep);

/* -- keep.c: backup and check ------------------------------------------------------------------ */

int vio__file_backup(struct vio_file *file, const char *path);
int vio__file_check(struct vio_file *file, bool full);

#endif
