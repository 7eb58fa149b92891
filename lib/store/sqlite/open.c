/* SPDX-License-Identifier: MIT */
/*
 * The states in which the file is found, and the view of it that fits. Who writes has SQLite's
 * locks and its journal, PATH-wal with the index PATH-shm. Who only reads writes nothing anywhere:
 * beside somebody who writes it uses what is there; otherwise it tells SQLite that nothing changes,
 * and looks itself whether that has remained true.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/store/place.h"
#include "lib/store/sqlite/file.h"

#define SECOND        UINT64_C(1000000000)

/* How long a reader waits, ns: while somebody has it locked, and while it may be that somebody is
 * only just opening or closing it. */
#define PATIENCE      (VIO_FILE_PATIENCE * SECOND)
#define VIEW_PATIENCE (SECOND / 2)

static const char settings[] = "PRAGMA synchronous=FULL;"
                               "PRAGMA secure_delete=OFF;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA journal_size_limit=16777216;";

/* -- What lies there -------------------------------------------------------------------------- */

static bool look_at(const struct vio_file *file, const char *suffix, struct stat *ret_stat)
{
    char path[4096 + 8];

    return snprintf(path, sizeof(path), "%s%s", file->path, suffix) < (int)sizeof(path) &&
           stat(path, ret_stat) == 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool same_content(const struct stat *a, const struct stat *b)
{
    return same_file(a, b) && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int vio__file_check_place(struct vio_file *file)
{
    struct stat wal;
    int moved = 0;

    sqlite3_file_control(file->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved)
        return vio__file_fail(file, VIO_EGONE,
                              "the file was removed or replaced while it was open; close the store "
                              "and open what is there now");
    if (file->view == VIO_VIEW_WRITE &&
        (!look_at(file, "-wal", &wal) || !same_file(&wal, &file->wal)))
        return vio__file_fail(file, VIO_EGONE,
                              "its journal beside it (-wal) was removed or replaced while it was "
                              "open; close the store and open it anew");
    return 0;
}

/* -- Reading only ----------------------------------------------------------------------------- */

static enum vio_file_view fitting_view(const struct vio_file *file)
{
    struct stat journal, index;
    bool has_index = look_at(file, "-shm", &index);

    if (look_at(file, "-wal", &journal) && (has_index || journal.st_size > 0))
        return VIO_VIEW_SHARED;
    return VIO_VIEW_STILL;
}

/* While it has a lock, nobody who closes the store takes its journal for done. */
static int hold_still(struct vio_file *file)
{
    sqlite3_file *handle = NULL;
    int rc = sqlite3_file_control(file->db, "main", SQLITE_FCNTL_FILE_POINTER, &handle);

    if (rc == SQLITE_OK)
        rc = handle->pMethods->xLock(handle, SQLITE_LOCK_SHARED);
    return rc == SQLITE_OK ? 0 : vio__file_fail_sqlite(file, rc, "reading");
}

static bool content_changed(const struct vio_file *file)
{
    struct stat now;

    return !look_at(file, "", &now) || !same_content(&now, &file->seen);
}

/* *ret_again: it may be otherwise in a moment. */
static int try_view(struct vio_file *file, bool *ret_again)
{
    enum vio_file_view view = fitting_view(file);
    const char *parameters = "?immutable=1";
    struct stat index;
    int status;

    *ret_again = false;
    if (view == VIO_VIEW_SHARED)
        parameters = look_at(file, "-shm", &index) ? "?readonly_shm=1" : "";
    if (!look_at(file, "", &file->seen))
        return vio__file_fail_errno(file, errno, "opening", "the file");
    vio__file_disconnect(file);
    status = vio__file_connect(file, file->path, parameters, SQLITE_OPEN_READONLY, &file->db);
    if (status == 0 && view == VIO_VIEW_STILL)
        status = hold_still(file);
    if (status == 0)
        status = vio__file_check_header(file, &vio__file_schema);
    if (status == 0)
        status = vio__file_exec(file, "PRAGMA cell_size_check=ON; PRAGMA user_version", "opening");
    if (view == VIO_VIEW_STILL && (content_changed(file) || fitting_view(file) != VIO_VIEW_STILL)) {
        *ret_again = true;
        return vio__file_fail(file, VIO_EBUSY, "another process began to write it; try again");
    }
    *ret_again = status == VIO_EBUSY || (status < 0 && view == VIO_VIEW_SHARED);
    file->view = status == 0 ? view : VIO_VIEW_NONE;
    return status;
}

static uint64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

/* Beside a writer that comes or goes, its journal may be there one moment and not the next. */
static int open_view(struct vio_file *file)
{
    struct timespec nap = {.tv_nsec = 2000000};
    uint64_t start = clock_ns();
    bool again;
    int status = try_view(file, &again);

    while (again && clock_ns() - start < (status == VIO_EBUSY ? PATIENCE : VIEW_PATIENCE)) {
        nanosleep(&nap, NULL);
        status = try_view(file, &again);
    }
    return status;
}

int vio__file_look(struct vio_file *file)
{
    if (file->view != VIO_VIEW_NONE) {
        int status = vio__file_check_place(file);

        if (status < 0 || file->view != VIO_VIEW_STILL ||
            (!content_changed(file) && fitting_view(file) == VIO_VIEW_STILL))
            return status;
    }
    return open_view(file);
}

/* A writer that is only just opening it may have its index not ready yet. */
int vio__file_begin_read(struct vio_file *file)
{
    struct timespec nap = {.tv_nsec = 2000000};
    uint64_t start = clock_ns();
    int status = vio__file_look(file);

    while (status == 0) {
        status = vio__file_run(file, VIO_SQL_BEGIN_READ, "reading");
        if (status == 0)
            status = vio__file_run(file, VIO_SQL_USER_VERSION, "reading");
        if (status == 0)
            break;
        vio__file_rollback(file);
        if (file->view != VIO_VIEW_SHARED || clock_ns() - start > VIEW_PATIENCE)
            break;
        nanosleep(&nap, NULL);
        status = open_view(file);
    }
    return status;
}

/* What others put into their journal does not matter to who does not look at it. */
int vio__file_looked(struct vio_file *file, int status)
{
    if (file->view != VIO_VIEW_STILL || !content_changed(file))
        return status;
    return vio__file_fail(file, VIO_EBUSY, "another process wrote it at the same time; try again");
}

static int open_to_read(struct vio_file *file)
{
    int status = vio__file_begin_read(file);

    if (status == 0)
        status = vio__file_check_schema(file, &vio__file_schema);
    if (status == 0)
        status = vio__file_read_uuid(file);
    vio__file_rollback(file);
    return vio__file_looked(file, status);
}

/* -- Writing ---------------------------------------------------------------------------------- */

/* SQLite gives a new file the mode of the lock file, but not its group; its journals follow it. */
static int give_group(struct vio_file *file)
{
    struct stat lock, own;

    if (!vio__place_is_system(file->path) || !look_at(file, "-lock", &lock) ||
        !look_at(file, "", &own) || own.st_gid == lock.st_gid ||
        chown(file->path, (uid_t)-1, lock.st_gid) == 0)
        return 0;
    return vio__file_fail_errno(file, errno, "setting the group of", file->path);
}

static int connect_to_write(struct vio_file *file)
{
    char parameters[4096 * 3 + 32];
    size_t used = (size_t)snprintf(parameters, sizeof(parameters), "?modeof=");
    struct stat journal;
    int status;

    for (const char *c = file->path; *c != '\0' && used + 16 < sizeof(parameters); c++)
        used += (size_t)snprintf(parameters + used, sizeof(parameters) - used,
                                 strchr("%?#&", *c) != NULL ? "%%%02X" : "%c", (unsigned char)*c);
    snprintf(parameters + used, sizeof(parameters) - used, "-lock");
    status = vio__file_connect(
        file, file->path, parameters,
        SQLITE_OPEN_READWRITE | (file->config.create ? SQLITE_OPEN_CREATE : 0), &file->db);
    if (status == 0 && sqlite3_db_readonly(file->db, "main") == 1)
        status = vio__file_fail_sqlite(file, SQLITE_READONLY, "opening");
    if (status == 0)
        status = give_group(file);
    if (status == 0 &&
        !look_at(file, "-journal", &journal)) /* else SQLite will undo what is torn */
        status = vio__file_check_header(file, &vio__file_schema);
    if (status == 0)
        status = vio__file_exec(file, settings, "opening");
    return status;
}

/* SQLite does not wait for others here by itself. */
static int use_journal(struct vio_file *file)
{
    struct timespec nap = {.tv_nsec = 2000000};
    int rc = sqlite3_exec(file->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);

    for (int i = 0; (rc & 0xff) == SQLITE_BUSY && i < VIO_FILE_PATIENCE * 500; i++) {
        nanosleep(&nap, NULL);
        rc = sqlite3_exec(file->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    }
    return rc == SQLITE_OK ? 0 : vio__file_fail_sqlite(file, rc, "opening");
}

/* The first reading opens the journal, whose place is known from then on. */
static int settle(struct vio_file *file, bool unclean)
{
    int status = vio__file_check_schema(file, &vio__file_schema);

    file->view = VIO_VIEW_WRITE;
    if (status == 0)
        status = use_journal(file);
    if (status == 0)
        status = vio__file_read_uuid(file);
    if (status == 0 && !look_at(file, "-wal", &file->wal))
        status = vio__file_check_place(file);
    if (status == 0 && unclean)
        status = vio__file_check(file, false);
    if (status == 0)
        status = vio__file_lock_share(file);
    return status;
}

static int open_to_write(struct vio_file *file)
{
    struct stat found;
    bool unclean;
    int error;
    int status;

    if (!file->config.create && !look_at(file, "", &found))
        return vio__file_fail_errno(file, errno, "opening", "the file");
    error = file->config.create ? vio__place_prepare(file->alloc, file->path) : 0;
    if (error != 0)
        return vio__file_fail_errno(file, error, "making the folder of", file->path);
    status = vio__file_lock_open(file);
    if (status < 0)
        return status;
    unclean = file->alone && look_at(file, "-wal", &found) && found.st_size > 0;
    status = connect_to_write(file);
    if (status == 0)
        status = settle(file, unclean);
    return status;
}

int vio__file_open(struct vio_file *file)
{
    struct stat found;
    int status;

    if (look_at(file, "", &found) && !S_ISREG(found.st_mode))
        return vio__file_fail(file, VIO_EINVAL, "this is not a file; name one for the store");
    status = file->config.read_only ? open_to_read(file) : open_to_write(file);
    if (status < 0) {
        vio__file_disconnect(file);
        vio__file_lock_close(file);
    }
    return status;
}
