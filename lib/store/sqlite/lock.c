/* SPDX-License-Identifier: MIT */
/*
 * PATH-lock: what SQLite's own locks do not tell. Byte 0 is held by all who have the store open to
 * write, alone while they look whether it was closed cleanly; each further byte stands for a
 * chassis inside some process. The locks belong to the open file description: they work between two
 * contexts of one process, and closing another descriptor of the file does not drop them.
 *
 * The store itself must never be opened and closed beside SQLite, which would drop SQLite's locks
 * of this whole process.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/store/place.h"
#include "lib/store/sqlite/file.h"

#define NAP 2000000L /* ns */

static int set_lock(int fd, short type, uint64_t byte)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)byte, .l_len = 1};

    return fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

/* The system's store is readable for a group, everybody else's for its owner alone. */
static void set_mode(const struct vio_file *file, int fd)
{
    struct group group, *found = NULL;
    char buffer[4096];

    if (!vio__place_is_system(file->path)) {
        fchmod(fd, S_IRUSR | S_IWUSR);
        return;
    }
    if (getgrnam_r("vio", &group, buffer, sizeof(buffer), &found) == 0 && found != NULL &&
        fchown(fd, (uid_t)-1, group.gr_gid) == 0)
        fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP);
    else
        fchmod(fd, S_IRUSR | S_IWUSR);
}

static int open_lock(struct vio_file *file, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

    if (fd >= 0)
        set_mode(file, fd);
    else if (errno == EEXIST)
        fd = open(path, O_RDWR | O_CLOEXEC);
    return fd;
}

static int wait_for_share(int fd)
{
    struct timespec nap = {.tv_nsec = NAP};
    int error = set_lock(fd, F_RDLCK, 0);

    for (long i = 0; error != 0 && i < VIO_FILE_PATIENCE * (1000000000L / NAP); i++) {
        nanosleep(&nap, NULL);
        error = set_lock(fd, F_RDLCK, 0);
    }
    return error;
}

int vio__file_lock_open(struct vio_file *file)
{
    char path[4096 + 8];
    int error;

    if (snprintf(path, sizeof(path), "%s-lock", file->path) >= (int)sizeof(path))
        return vio__file_fail(file, VIO_EINVAL, "the path is too long");
    file->lock = open_lock(file, path);
    if (file->lock < 0)
        return vio__file_fail_errno(file, errno, "opening", path);
    error = set_lock(file->lock, F_WRLCK, 0);
    file->alone = error == 0;
    if (error == EAGAIN || error == EACCES)
        error = wait_for_share(file->lock);
    if (error == EAGAIN || error == EACCES)
        return vio__file_fail_sqlite(file, SQLITE_BUSY, "opening");
    return error == 0 ? 0 : vio__file_fail_errno(file, error, "locking", path);
}

int vio__file_lock_share(struct vio_file *file)
{
    int error = set_lock(file->lock, F_RDLCK, 0);

    return error == 0 ? 0 : vio__file_fail_errno(file, error, "locking", "the lock file");
}

void vio__file_lock_close(struct vio_file *file)
{
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
}

/* UUIDs are random or as good, so that a part of one is enough. */
static uint64_t byte_of(const uint8_t uuid[VIO_UUID_SIZE])
{
    uint64_t low = 0, high = 0;

    memcpy(&low, uuid, sizeof(low));
    memcpy(&high, uuid + sizeof(low), sizeof(high));
    return ((low ^ (high * UINT64_C(0x9e3779b97f4a7c15))) >> 2) + 1;
}

int vio__file_lock_uuid(struct vio_file *file, const uint8_t uuid[VIO_UUID_SIZE])
{
    int error;

    if (file->lock < 0)
        return vio__file_fail(file, VIO_EPERM,
                              "a store that is open to read only cannot own a chassis; open it to "
                              "write");
    error = set_lock(file->lock, F_WRLCK, byte_of(uuid));
    if (error == EAGAIN || error == EACCES)
        return vio__file_fail(
            file, VIO_EOWNED,
            "another process uses this chassis with this store; end that process, "
            "or use vio-chassisd to share the chassis");
    return error == 0 ? 0 : vio__file_fail_errno(file, error, "locking", "the lock file");
}

void vio__file_unlock_uuid(struct vio_file *file, const uint8_t uuid[VIO_UUID_SIZE])
{
    if (file->lock >= 0)
        set_lock(file->lock, F_UNLCK, byte_of(uuid));
}
