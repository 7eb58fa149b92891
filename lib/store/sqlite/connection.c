/* SPDX-License-Identifier: MIT */
/* One SQLite connection: its settings, statements and transactions. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libvio/error.h>

#include "lib/store/sqlite/file.h"

#define LENGTH_MAX (64 << 20) /* of a row, bytes */

static const char *const texts[] = {
#define SQL_TEXT(name, text) text,
    VIO_SQL_MAP(SQL_TEXT)
#undef SQL_TEXT
};

/* -- Opening ---------------------------------------------------------------------------------- */

/* As SQLite's own handler, but it looks more often: others hold the lock for a commit only. */
static int on_busy(void *user, int count)
{
    struct timespec nap = {.tv_nsec = 200000L * (count < 10 ? count + 1 : 10)};
    uint64_t waited = 0;

    (void)user;
    for (int i = 0; i < count && i < 10; i++)
        waited += 200000U * (unsigned)(i + 1);
    if (count > 10)
        waited += 2000000U * (uint64_t)(count - 10);
    if (waited > VIO_FILE_PATIENCE * UINT64_C(1000000000))
        return 0;
    nanosleep(&nap, NULL);
    return 1;
}

/* What a stranger may have put into the file is data, never code. */
static void distrust(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

/* "file:" and what is special there as %XX; a relative path never looks like a name of SQLite's. */
static char *make_uri(const struct vio_alloc *alloc, const char *path, const char *parameters)
{
    struct vio_buf uri;
    char *text;

    vio__buf_init(&uri, alloc, 1 << 20);
    vio__buf_append_str(&uri, path[0] == '/' ? "file://" : "file:./");
    for (const char *c = path; *c != '\0'; c++) {
        if (strchr("%?#&", *c) != NULL)
            vio__buf_printf(&uri, "%%%02X", (unsigned char)*c);
        else
            vio__buf_append_u8(&uri, (uint8_t)*c);
    }
    vio__buf_append_str(&uri, parameters);
    text = vio__buf_steal(&uri);
    vio__buf_free(&uri);
    return text;
}

/* Which errno it was is known to the connection that failed. */
static int fail_connect(struct vio_file *file, sqlite3 *db, int rc, const char *path)
{
    sqlite3 *own = file->db;
    char doing[256];
    int status;

    if (rc == SQLITE_ERROR)
        return vio__file_fail(file, VIO_EINVAL, "opening: %s",
                              db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
    snprintf(doing, sizeof(doing), "opening %s", path);
    file->db = db;
    status = vio__file_fail_sqlite(file, rc, doing);
    file->db = own;
    return status;
}

int vio__file_connect(struct vio_file *file, const char *path, const char *parameters, int flags,
                      sqlite3 **ret_db)
{
    char *uri = make_uri(file->alloc, path, parameters);
    int rc;

    if (uri == NULL)
        return vio__file_fail(file, VIO_ENOMEM, "opening: out of memory; try again");
    rc = sqlite3_open_v2(uri, ret_db,
                         flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                         file->vfs);
    vio__free(file->alloc, uri);
    if (rc != SQLITE_OK)
        return fail_connect(file, *ret_db, rc, path);
    distrust(*ret_db);
    sqlite3_busy_handler(*ret_db, on_busy, NULL);
    return 0;
}

void vio__file_disconnect(struct vio_file *file)
{
    for (int i = 0; i < VIO_SQL_COUNT; i++) {
        sqlite3_finalize(file->statements[i]);
        file->statements[i] = NULL;
    }
    sqlite3_close(file->db);
    file->db = NULL;
    file->view = VIO_VIEW_NONE;
    file->version = -1;
}

/* -- Statements ------------------------------------------------------------------------------- */

int vio__file_statement(struct vio_file *file, enum vio_sql which, sqlite3_stmt **ret_statement)
{
    sqlite3_stmt **statement = &file->statements[which];
    int rc = SQLITE_OK;

    if (*statement == NULL)
        rc = sqlite3_prepare_v3(file->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
                                NULL);
    if (rc != SQLITE_OK)
        return vio__file_fail_sqlite(file, rc, "reading its tables");
    *ret_statement = *statement;
    return 0;
}

int vio__file_step(struct vio_file *file, sqlite3_stmt *statement, const char *doing)
{
    int rc = sqlite3_step(statement);
    int status;

    if (rc == SQLITE_ROW)
        return 1;
    status = rc == SQLITE_DONE ? 0 : vio__file_fail_sqlite(file, rc, doing);
    sqlite3_reset(statement);
    return status;
}

int vio__file_run(struct vio_file *file, enum vio_sql which, const char *doing)
{
    sqlite3_stmt *statement = NULL;
    int status = vio__file_statement(file, which, &statement);

    if (status == 0)
        status = vio__file_step(file, statement, doing);
    if (status > 0)
        sqlite3_reset(statement);
    return status < 0 ? status : 0;
}

int vio__file_exec(struct vio_file *file, const char *sql, const char *doing)
{
    int rc = sqlite3_exec(file->db, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? 0 : vio__file_fail_sqlite(file, rc, doing);
}

int vio__file_number(struct vio_file *file, const char *sql, int64_t *ret_value)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *ret_value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc == SQLITE_ROW ? 0 : vio__file_fail_sqlite(file, rc, "reading");
}

/* -- Transactions ----------------------------------------------------------------------------- */

void vio__file_rollback(struct vio_file *file)
{
    sqlite3_stmt *statement;

    if (file->db == NULL || sqlite3_get_autocommit(file->db))
        return;
    if (vio__file_statement(file, VIO_SQL_ROLLBACK, &statement) == 0) {
        sqlite3_step(statement);
        sqlite3_reset(statement);
    }
}

/* A commit whose pages were written and not synced may come back after a crash. What is certain
 * is only that it is whole or not there, so nothing may build on either. */
static bool in_doubt(int rc)
{
    return (rc & 0xff) == SQLITE_IOERR && rc != SQLITE_IOERR_WRITE && rc != SQLITE_IOERR_READ &&
           rc != SQLITE_IOERR_NOMEM;
}

int vio__file_commit(struct vio_file *file)
{
    sqlite3_stmt *statement;
    int status = vio__file_statement(file, VIO_SQL_COMMIT, &statement);
    int rc;

    if (status < 0) {
        vio__file_rollback(file);
        return status;
    }
    rc = sqlite3_step(statement);
    if (rc != SQLITE_DONE) {
        status = vio__file_fail_sqlite(file, rc, "committing");
        if (in_doubt(rc) && file->view == VIO_VIEW_WRITE)
            file->broken = status;
    }
    sqlite3_reset(statement);
    if (status < 0)
        vio__file_rollback(file);
    return status;
}

/* -- Life ------------------------------------------------------------------------------------- */

int vio__file_new(const struct vio_alloc *alloc, const char *location,
                  const struct vio_backend_config *config, struct vio_file **ret_file)
{
    static const char vfs_key[] = "?vfs=";
    const char *vfs = strstr(location, vfs_key);
    size_t length = vfs != NULL ? (size_t)(vfs - location) : strlen(location);
    struct vio_file *file;

    if (length == 0)
        return VIO_EINVAL;
    file = vio__calloc(alloc, 1, sizeof(*file));
    if (file == NULL)
        return VIO_ENOMEM;
    file->alloc = alloc;
    file->config = *config;
    file->lock = -1;
    file->version = -1;
    file->path = vio__calloc(alloc, 1, length + 1);
    if (vfs != NULL)
        file->vfs = vio__strdup(alloc, vfs + sizeof(vfs_key) - 1);
    if (file->path == NULL || (vfs != NULL && file->vfs == NULL)) {
        vio__file_free(file);
        return VIO_ENOMEM;
    }
    memcpy(file->path, location, length);
    *ret_file = file;
    return 0;
}

void vio__file_free(struct vio_file *file)
{
    vio__file_rollback(file);
    vio__file_disconnect(file);
    vio__file_lock_close(file);
    vio__free(file->alloc, file->vfs);
    vio__free(file->alloc, file->path);
    vio__free(file->alloc, file);
}
