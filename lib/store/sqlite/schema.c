/* SPDX-License-Identifier: MIT */
/*
 * The tables and their versions. What is in the file's header, `application_id` and `user_version`,
 * says whose it is and how far it has come; each step of the schema takes it one version further.
 */
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libvio/error.h>

#include "lib/store/sqlite/file.h"

#define SQLITE_HEADER_SIZE 100

static const char *const steps[] = {
    /* 0 to 1 */
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE object(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE TABLE change(id INTEGER PRIMARY KEY, state INTEGER NOT NULL, time INTEGER NOT NULL,"
    " token BLOB, author TEXT NOT NULL, body BLOB NOT NULL);"
    "CREATE INDEX change_token ON change(token) WHERE token IS NOT NULL;"
    "CREATE INDEX change_open ON change(state) WHERE state IN (1, 4);"
    "CREATE TABLE log(seq INTEGER PRIMARY KEY, refs BLOB NOT NULL);",
};

const struct vio_schema vio__file_schema = {steps, sizeof(steps) / sizeof(steps[0])};

/* -- What the file is ------------------------------------------------------------------------- */

static int fail_foreign(struct vio_file *file)
{
    return vio__file_fail(
        file, VIO_EPROTO,
        "this is another application's database; name another file for the store");
}

static int fail_newer(struct vio_file *file, int64_t version, const struct vio_schema *schema)
{
    return vio__file_fail(file, VIO_EVERSION,
                          "it has version %lld, and this libvio knows versions up to %zu; use a "
                          "newer libvio",
                          (long long)version, schema->count);
}

static uint32_t be32(const uint8_t *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof(value));
    return be32toh(value);
}

/* Through SQLite's own descriptor: opening another would drop its locks when it is closed. */
int vio__file_check_header(struct vio_file *file, const struct vio_schema *schema)
{
    uint8_t header[SQLITE_HEADER_SIZE];
    sqlite3_file *handle = NULL;
    uint32_t application;
    int rc = sqlite3_file_control(file->db, "main", SQLITE_FCNTL_FILE_POINTER, &handle);

    if (rc == SQLITE_OK)
        rc = handle->pMethods->xRead(handle, header, sizeof(header), 0);
    if (rc == SQLITE_IOERR_SHORT_READ && be32(header) == 0)
        return 0; /* empty, or nothing but zeros */
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
        return vio__file_fail_sqlite(file, rc, "reading");
    if (memcmp(header, "SQLite format 3", 16) != 0)
        return vio__file_fail_sqlite(file, SQLITE_NOTADB, "reading");
    application = be32(header + 68);
    if (application != 0 && application != VIO_FILE_APPLICATION)
        return fail_foreign(file);
    if (application != 0 && be32(header + 60) > schema->count)
        return fail_newer(file, be32(header + 60), schema);
    return 0;
}

/* -- Making and migrating --------------------------------------------------------------------- */

static int write_meta(struct vio_file *file)
{
    struct timespec now;
    char text[VIO_UUID_TEXT_SIZE];
    char sql[256];
    uint8_t uuid[VIO_UUID_SIZE];
    int status = vio__uuid_random(uuid);

    if (status < 0)
        return vio__file_fail(file, status, "drawing its UUID failed");
    clock_gettime(CLOCK_REALTIME, &now);
    vio__uuid_format(uuid, text);
    snprintf(sql, sizeof(sql),
             "INSERT INTO meta(key, value) VALUES('uuid', '%s'), ('created', %lld%09ld);"
             "INSERT INTO log(seq, refs) VALUES(1, zeroblob(16));",
             text, (long long)now.tv_sec, now.tv_nsec);
    return vio__file_exec(file, sql, "making its tables");
}

/* A row of the log has others notice that it was migrated. */
static int tell_others(struct vio_file *file)
{
    return vio__file_exec(file,
                          "INSERT INTO log(seq, refs) SELECT seq + 1, substr(refs, 1, 16) FROM log"
                          " ORDER BY seq DESC LIMIT 1",
                          "migrating");
}

static int run_steps(struct vio_file *file, const struct vio_schema *schema, size_t version)
{
    char sql[96];
    int status = 0;

    for (size_t i = version; status == 0 && i < schema->count; i++)
        status = vio__file_exec(file, schema->steps[i], "making its tables");
    if (status == 0)
        status = version == 0 ? write_meta(file) : tell_others(file);
    snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%zu",
             VIO_FILE_APPLICATION, schema->count);
    if (status == 0)
        status = vio__file_exec(file, sql, "making its tables");
    return status;
}

struct identity {
    int64_t application, version, tables;
};

static int identify(struct vio_file *file, struct identity *ret_identity)
{
    int status = vio__file_number(file, "PRAGMA application_id", &ret_identity->application);

    if (status == 0)
        status = vio__file_number(file, "PRAGMA user_version", &ret_identity->version);
    if (status == 0)
        status =
            vio__file_number(file, "SELECT count(*) FROM sqlite_schema", &ret_identity->tables);
    return status;
}

/* 1: it is to be made or migrated. */
static int judge(struct vio_file *file, const struct vio_schema *schema,
                 const struct identity *identity)
{
    if (identity->application == 0 && identity->version == 0 && identity->tables == 0)
        return 1;
    if (identity->application != VIO_FILE_APPLICATION)
        return fail_foreign(file);
    if (identity->version < 1)
        return vio__file_fail(file, VIO_ECORRUPT,
                              "it has no version; it is damaged: put a backup in its place");
    if (identity->version > (int64_t)schema->count)
        return fail_newer(file, identity->version, schema);
    return identity->version < (int64_t)schema->count;
}

static int forbid(struct vio_file *file, const struct identity *identity)
{
    if (identity->version == 0 && (file->config.read_only || !file->config.create))
        return vio__file_fail(file, VIO_ENOENT,
                              "there is no store in it yet; open it to write and to create");
    if (identity->version > 0 && file->config.read_only)
        return vio__file_fail(file, VIO_EVERSION,
                              "it has the old version %lld; open it to write once, which brings it "
                              "up to date",
                              (long long)identity->version);
    return 0;
}

int vio__file_check_schema(struct vio_file *file, const struct vio_schema *schema)
{
    struct identity identity = {0};
    int status = identify(file, &identity);

    if (status == 0)
        status = judge(file, schema, &identity);
    if (status <= 0)
        return status;
    status = forbid(file, &identity);
    if (status == 0)
        status = vio__file_run(file, VIO_SQL_BEGIN_WRITE, "making its tables");
    if (status < 0)
        return status;
    status = identify(file, &identity); /* somebody else may have been first */
    if (status == 0)
        status = judge(file, schema, &identity);
    if (status > 0)
        status = run_steps(file, schema, (size_t)identity.version);
    if (status == 0)
        return vio__file_commit(file);
    vio__file_rollback(file);
    return status;
}

int vio__file_read_uuid(struct vio_file *file)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(file->db, "SELECT value FROM meta WHERE key = 'uuid'", -1,
                                &statement, NULL);
    const char *text = NULL;
    int status = 0;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(statement, 0);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = vio__file_fail_sqlite(file, rc, "reading its UUID");
    else if (text == NULL || vio__uuid_parse(text, file->uuid) < 0)
        status = vio__file_fail(file, VIO_ECORRUPT,
                                "it has no UUID; it is damaged: put a backup in its place");
    sqlite3_finalize(statement);
    return status;
}
