/* SPDX-License-Identifier: MIT */
/* Backups and checks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/store/sqlite/file.h"

/* -- Check ------------------------------------------------------------------------------------ */

static int check_pages(struct vio_file *file, bool full)
{
    sqlite3_stmt *statement = NULL;
    const char *sql = full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
    int rc = sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL);
    const char *text = NULL;
    int status = 0;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(statement, 0);
    if (rc != SQLITE_ROW)
        status = vio__file_fail_sqlite(file, rc, "checking");
    else if (text == NULL || strcmp(text, "ok") != 0)
        status =
            vio__file_fail(file, VIO_ECORRUPT, "it is damaged (%.200s); put a backup in its place",
                           text != NULL ? text : "no answer");
    sqlite3_finalize(statement);
    return status;
}

/* What SQLite cannot know: the log ends with ids that are at least those that are used. */
static int check_ids(struct vio_file *file)
{
    struct vio_log_end end;
    int64_t row = 0, entry = 0;
    int status = vio__file_log_end(file, &end);

    if (status == 0)
        status = vio__file_number(file, "SELECT ifnull(max(id), 0) FROM object", &row);
    if (status == 0)
        status = vio__file_number(file, "SELECT ifnull(max(id), 0) FROM change", &entry);
    if (status == 0 && ((uint64_t)row > end.top_row || (uint64_t)entry > end.top_entry))
        status = vio__file_fail(file, VIO_ECORRUPT,
                                "its log does not fit its tables; put a backup in its place");
    return status;
}

int vio__file_check(struct vio_file *file, bool full)
{
    int status = vio__file_begin_read(file);

    if (status < 0)
        return status;
    status = check_pages(file, full);
    if (status == 0)
        status = check_ids(file);
    vio__file_rollback(file);
    return vio__file_looked(file, status);
}

/* -- Backup ----------------------------------------------------------------------------------- */

/* An empty file with mode and group of the store's, which nobody may have made before. */
static int make_target(struct vio_file *file, const char *path)
{
    struct stat source;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

    if (fd < 0)
        return vio__file_fail_errno(file, errno, "writing a backup to", path);
    if (stat(file->path, &source) == 0 && fchown(fd, (uid_t)-1, source.st_gid) == 0)
        fchmod(fd, source.st_mode & (S_IRUSR | S_IWUSR | S_IRGRP));
    close(fd);
    return 0;
}

static int sync_folder(struct vio_file *file, const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int fd;
    int error = 0;

    snprintf(folder, sizeof(folder), "%.*s", slash != NULL ? (int)(slash - path + 1) : 1,
             slash != NULL ? path : ".");
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return vio__file_fail_errno(file, errno, "opening", folder);
    if (fsync(fd) != 0)
        error = errno;
    close(fd);
    return error == 0 ? 0 : vio__file_fail_errno(file, error, "syncing", folder);
}

/* In one go, so that it is one state of the store; the target is synced when it is finished. */
static int copy(struct vio_file *file, sqlite3 *target, const char *path)
{
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", file->db, "main");
    char doing[256];
    int rc = backup != NULL ? sqlite3_backup_step(backup, -1) : sqlite3_extended_errcode(target);
    int end = sqlite3_backup_finish(backup);

    if (rc == SQLITE_DONE && end == SQLITE_OK)
        return 0;
    snprintf(doing, sizeof(doing), "writing a backup to %s", path);
    return vio__file_fail_sqlite(file, rc == SQLITE_DONE ? end : rc, doing);
}

int vio__file_backup(struct vio_file *file, const char *path)
{
    sqlite3 *target = NULL;
    int status = vio__file_look(file);

    if (status == 0)
        status = make_target(file, path);
    if (status < 0)
        return status;
    status = vio__file_connect(file, path, "", SQLITE_OPEN_READWRITE, &target);
    if (status == 0)
        status = copy(file, target, path);
    sqlite3_close(target);
    if (status == 0)
        status = sync_folder(file, path);
    status = vio__file_looked(file, status);
    if (status < 0)
        unlink(path);
    return status;
}
