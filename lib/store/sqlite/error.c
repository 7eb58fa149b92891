/* SPDX-License-Identifier: MIT */
/* From what SQLite and the system say to one of our codes and a line that says what to do. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/store/sqlite/file.h"

int vio__file_fail(struct vio_file *file, int code, const char *fmt, ...)
{
    int used = snprintf(file->error, sizeof(file->error), "%s: ", file->path);
    va_list args;

    va_start(args, fmt);
    if (used > 0 && (size_t)used < sizeof(file->error))
        vsnprintf(file->error + used, sizeof(file->error) - (size_t)used, fmt, args);
    va_end(args);
    return code;
}

static bool is_disk_full(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

static const char *describe(int number)
{
    const char *text = number != 0 ? strerrordesc_np(number) : NULL;

    return text != NULL ? text : "no reason given";
}

int vio__file_fail_errno(struct vio_file *file, int number, const char *doing, const char *path)
{
    switch (number) {
    case EACCES:
    case EPERM:
    case EROFS:
        return vio__file_fail(file, VIO_EPERM,
                              "%s %s: %s; make file and folder writable for this user, or open the "
                              "store to read only",
                              doing, path, describe(number));
    case ENOENT:
    case ENOTDIR:
        return vio__file_fail(file, VIO_ENOENT,
                              "%s %s: %s; check the path, and make the folder first", doing, path,
                              describe(number));
    case ENAMETOOLONG:
    case ELOOP:
        return vio__file_fail(file, VIO_EINVAL, "%s %s: %s; name a file", doing, path,
                              describe(number));
    case EEXIST:
        return vio__file_fail(file, VIO_EEXIST, "%s %s: it exists already; name one that does not",
                              doing, path);
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return vio__file_fail(file, VIO_ENOMEM, "%s %s: %s; try again with fewer files open", doing,
                              path, describe(number));
    default:
        if (is_disk_full(number))
            return vio__file_fail(file, VIO_EDISK, "%s %s: %s; make room, then try again", doing,
                                  path, describe(number));
        return vio__file_fail(file, VIO_EIO, "%s %s: %s; check the file system", doing, path,
                              describe(number));
    }
}

static int fail_io(struct vio_file *file, int rc, const char *doing)
{
    int number = file->db != NULL ? sqlite3_system_errno(file->db) : 0;

    if (rc == SQLITE_IOERR_NOMEM || rc == SQLITE_IOERR_SHMMAP)
        return vio__file_fail(file, VIO_ENOMEM, "%s: out of memory; try again", doing);
    if (is_disk_full(number))
        return vio__file_fail_errno(file, ENOSPC, doing, "the file");
    return vio__file_fail(file, VIO_EIO, "%s: %s (%s); check the disk, then open the store anew",
                          doing, sqlite3_errstr(rc), describe(number));
}

static int fail_open(struct vio_file *file, const char *doing)
{
    int number = file->db != NULL ? sqlite3_system_errno(file->db) : 0;

    if (number == 0)
        return vio__file_fail(file, VIO_EIO,
                              "%s: the file or one beside it cannot be opened; check file and "
                              "folder",
                              doing);
    return vio__file_fail_errno(file, number, doing, "the file or one beside it");
}

int vio__file_fail_sqlite(struct vio_file *file, int rc, const char *doing)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return vio__file_fail(
            file, VIO_EBUSY,
            "%s: another process has kept it locked for %d s; try again when that "
            "process is done with it",
            doing, VIO_FILE_PATIENCE);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return vio__file_fail(file, VIO_EPERM,
                              "%s: it cannot be written; make file and folder writable for this "
                              "user, or open the store to read only",
                              doing);
    case SQLITE_CANTOPEN:
        return fail_open(file, doing);
    case SQLITE_FULL:
        return vio__file_fail(file, VIO_EDISK, "%s: the disk is full; make room, then try again",
                              doing);
    case SQLITE_IOERR:
        return fail_io(file, rc, doing);
    case SQLITE_NOMEM:
        return vio__file_fail(file, VIO_ENOMEM, "%s: out of memory; try again", doing);
    case SQLITE_TOOBIG:
        return vio__file_fail(file, VIO_ELIMIT, "%s: too much at once for one row", doing);
    case SQLITE_NOTADB:
        return vio__file_fail(
            file, VIO_ECORRUPT,
            "this is not a store, or its beginning is damaged; name another file, "
            "or put a backup in its place");
    case SQLITE_MISUSE:
        return vio__file_fail(file, VIO_EINTERNAL, "%s: %s", doing, sqlite3_errstr(rc));
    default:
        return vio__file_fail(file, VIO_ECORRUPT,
                              "%s: it is damaged (%s); put a backup in its place", doing,
                              file->db != NULL ? sqlite3_errmsg(file->db) : sqlite3_errstr(rc));
    }
}
