/* SPDX-License-Identifier: MIT */
#include "tests/store/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/random.h"

#define SECTOR 512

/* Something done to a file that is not synced yet. */
struct change {
    struct change *next;
    enum { CHANGE_WRITE, CHANGE_TRUNCATE, CHANGE_DELETE } kind;
    uint64_t offset; /* or the new size */
    size_t size;
    uint8_t data[];
};

/* What a file is on the disk. */
struct image {
    bool exists;
    uint8_t *data;
    size_t size;
};

struct node {
    struct node *next;
    struct image image;
    struct change *first, **last;
    char path[];
};

struct vfs {
    sqlite3_vfs base;
    sqlite3_vfs *inner;
    pthread_mutex_t lock; /* of all below */
    struct node *nodes;
    struct vio_prng prng;
    uint64_t counts[8];
    bool crashed;
    int number; /* errno value of the last failure that was made */

    struct {
        unsigned kinds;
        uint64_t left; /* calls until it happens; 0: never */
        bool crash, forever;
        int code, number;
        void (*die)(void);
    } plan;
};

struct handle {
    sqlite3_file base;
    struct vfs *vfs;
    struct node *node; /* NULL: a temporary file */
    sqlite3_file *inner;
};

enum verdict { PASS, FAIL, CRASH };

/* -- Images ----------------------------------------------------------------------------------- */

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static void resize(struct image *image, size_t size)
{
    image->data = must(realloc(image->data, size + 1));
    if (size > image->size)
        memset(image->data + image->size, 0, size - image->size);
    image->size = size;
    image->exists = true;
}

static void overwrite(struct image *image, uint64_t offset, const uint8_t *data, size_t size)
{
    if (offset + size > image->size)
        resize(image, offset + size);
    memcpy(image->data + offset, data, size);
    image->exists = true;
}

static void apply(struct image *image, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_WRITE:
        overwrite(image, change->offset, change->data, change->size);
        break;
    case CHANGE_TRUNCATE:
        resize(image, change->offset);
        break;
    case CHANGE_DELETE:
        resize(image, 0);
        image->exists = false;
        break;
    }
}

/* Some of its sectors. */
static void apply_torn(struct vfs *vfs, struct image *image, const struct change *change)
{
    size_t done = 0;

    if (change->kind != CHANGE_WRITE)
        return;
    while (done < change->size) {
        size_t room = SECTOR - (change->offset + done) % SECTOR;
        size_t size = change->size - done < room ? change->size - done : room;

        if (vio__prng_next(&vfs->prng) % 2 == 0)
            overwrite(image, change->offset + done, change->data + done, size);
        done += size;
    }
}

static void record(struct node *node, int kind, uint64_t offset, const void *data, size_t size)
{
    struct change *change = must(calloc(1, sizeof(*change) + size));

    change->kind = (unsigned)kind;
    change->offset = offset;
    change->size = size;
    if (size > 0)
        memcpy(change->data, data, size);
    *node->last = change;
    node->last = &change->next;
}

static void sync_node(struct node *node)
{
    struct change *change = node->first;

    while (change != NULL) {
        struct change *next = change->next;

        apply(&node->image, change);
        free(change);
        change = next;
    }
    node->first = NULL;
    node->last = &node->first;
}

/* -- Nodes ------------------------------------------------------------------------------------ */

static struct node *find_node(struct vfs *vfs, const char *path)
{
    struct node *node = vfs->nodes;

    while (node != NULL && strcmp(node->path, path) != 0)
        node = node->next;
    return node;
}

static struct node *add_node(struct vfs *vfs, const char *path)
{
    struct node *node = must(calloc(1, sizeof(*node) + strlen(path) + 1));

    strcpy(node->path, path);
    node->last = &node->first;
    node->next = vfs->nodes;
    vfs->nodes = node;
    return node;
}

static void drop_nodes(struct vfs *vfs)
{
    struct node *node = vfs->nodes;

    while (node != NULL) {
        struct node *next = node->next;

        sync_node(node);
        free(node->image.data);
        free(node);
        node = next;
    }
    vfs->nodes = NULL;
}

/* Reads a file that was there before anybody opened it: all of it is on the disk. */
static void read_image(struct node *node, sqlite3_file *inner)
{
    sqlite3_int64 size = 0;

    inner->pMethods->xFileSize(inner, &size);
    resize(&node->image, (size_t)size);
    if (size > 0)
        inner->pMethods->xRead(inner, node->image.data, (int)size, 0);
}

/* -- Crashing --------------------------------------------------------------------------------- */

/* In another order, as nothing says which comes first. */
static void shuffle(struct vfs *vfs, struct node *node)
{
    size_t count = 0, i = 0;
    struct change **all;

    for (struct change *change = node->first; change != NULL; change = change->next)
        count++;
    if (count < 2)
        return;
    all = must(calloc(count, sizeof(struct change *)));
    for (struct change *change = node->first; change != NULL; change = change->next)
        all[i++] = change;
    for (i = count - 1; i > 0; i--) {
        size_t j = (size_t)(vio__prng_below(&vfs->prng, i + 1));
        struct change *other = all[i];

        all[i] = all[j];
        all[j] = other;
    }
    for (i = 0; i < count; i++)
        all[i]->next = i + 1 < count ? all[i + 1] : NULL;
    node->first = all[0];
    free(all);
}

static void write_file(const struct node *node)
{
    int fd;

    if (!node->image.exists) {
        unlink(node->path);
        return;
    }
    fd = open(node->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (node->image.size > 0 &&
        write(fd, node->image.data, node->image.size) != (ssize_t)node->image.size)
        abort();
    close(fd);
}

static void remove_index(const struct node *node)
{
    size_t length = strlen(node->path);
    char path[4096];

    if (length < 4 || length >= sizeof(path) || strcmp(node->path + length - 4, "-wal") != 0)
        return;
    memcpy(path, node->path, length - 3);
    memcpy(path + length - 3, "shm", 4);
    unlink(path);
}

static void lose(struct vfs *vfs, struct node *node)
{
    struct change *change;

    if (vio__prng_next(&vfs->prng) % 2 == 0)
        shuffle(vfs, node);
    for (change = node->first; change != NULL; change = change->next) {
        unsigned luck = (unsigned)(vio__prng_next(&vfs->prng) % 4);

        if (luck < 2)
            apply(&node->image, change);
        else if (luck == 2)
            apply_torn(vfs, &node->image, change);
    }
    while ((change = node->first) != NULL) {
        node->first = change->next;
        free(change);
    }
    node->last = &node->first;
    write_file(node);
    remove_index(node);
}

static void crash(struct vfs *vfs)
{
    if (vfs->crashed)
        return;
    vfs->crashed = true;
    for (struct node *node = vfs->nodes; node != NULL; node = node->next)
        lose(vfs, node);
    if (vfs->plan.die != NULL)
        vfs->plan.die();
}

/* -- Calls ------------------------------------------------------------------------------------ */

/* What becomes of a call; to be followed by leave(). */
static enum verdict enter(struct vfs *vfs, unsigned kind)
{
    enum verdict verdict = PASS;

    pthread_mutex_lock(&vfs->lock);
    if (vfs->crashed)
        return kind & (VFS_LOCK | VFS_READ | VFS_SHM) ? PASS : FAIL;
    for (unsigned i = 0; i < 8; i++)
        if (kind == 1u << i)
            vfs->counts[i]++;
    if (vfs->plan.left == 0 || !(vfs->plan.kinds & kind))
        return PASS;
    if (vfs->plan.left > 1) {
        vfs->plan.left--;
        return PASS;
    }
    verdict = vfs->plan.crash ? CRASH : FAIL;
    if (!vfs->plan.forever)
        vfs->plan.left = 0;
    vfs->number = vfs->plan.number;
    return verdict;
}

static int leave(struct vfs *vfs, int rc)
{
    pthread_mutex_unlock(&vfs->lock);
    return rc;
}

static int failure(const struct vfs *vfs)
{
    return vfs->crashed || vfs->plan.code == 0 ? SQLITE_IOERR : vfs->plan.code;
}

static struct handle *handle_of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static int on_close(sqlite3_file *file)
{
    struct handle *handle = handle_of(file);

    return handle->inner->pMethods->xClose(handle->inner);
}

static int on_read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    struct handle *handle = handle_of(file);

    if (enter(handle->vfs, VFS_READ) != PASS)
        return leave(handle->vfs, failure(handle->vfs));
    return leave(handle->vfs, handle->inner->pMethods->xRead(handle->inner, data, size, offset));
}

static int on_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    struct handle *handle = handle_of(file);
    enum verdict verdict = enter(handle->vfs, VFS_WRITE);

    if (verdict != FAIL && handle->node != NULL)
        record(handle->node, CHANGE_WRITE, (uint64_t)offset, data, (size_t)size);
    if (verdict == CRASH)
        crash(handle->vfs);
    if (verdict != PASS)
        return leave(handle->vfs, failure(handle->vfs));
    return leave(handle->vfs, handle->inner->pMethods->xWrite(handle->inner, data, size, offset));
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct handle *handle = handle_of(file);
    enum verdict verdict = enter(handle->vfs, VFS_TRUNCATE);

    if (verdict != FAIL && handle->node != NULL)
        record(handle->node, CHANGE_TRUNCATE, (uint64_t)size, NULL, 0);
    if (verdict == CRASH)
        crash(handle->vfs);
    if (verdict != PASS)
        return leave(handle->vfs, failure(handle->vfs));
    return leave(handle->vfs, handle->inner->pMethods->xTruncate(handle->inner, size));
}

/* A crash may come before it or after it. */
static int on_sync(sqlite3_file *file, int flags)
{
    struct handle *handle = handle_of(file);
    enum verdict verdict = enter(handle->vfs, VFS_SYNC);

    (void)flags;
    if (handle->node != NULL &&
        (verdict == PASS || (verdict == CRASH && vio__prng_next(&handle->vfs->prng) % 2 == 0)))
        sync_node(handle->node);
    if (verdict == CRASH)
        crash(handle->vfs);
    return leave(handle->vfs, verdict == PASS ? SQLITE_OK : failure(handle->vfs));
}

static int on_file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return handle_of(file)->inner->pMethods->xFileSize(handle_of(file)->inner, ret_size);
}

static int on_lock(sqlite3_file *file, int level)
{
    struct handle *handle = handle_of(file);

    if (enter(handle->vfs, VFS_LOCK) != PASS)
        return leave(handle->vfs, failure(handle->vfs));
    return leave(handle->vfs, handle->inner->pMethods->xLock(handle->inner, level));
}

static int on_unlock(sqlite3_file *file, int level)
{
    return handle_of(file)->inner->pMethods->xUnlock(handle_of(file)->inner, level);
}

static int on_check_lock(sqlite3_file *file, int *ret_locked)
{
    return handle_of(file)->inner->pMethods->xCheckReservedLock(handle_of(file)->inner, ret_locked);
}

static int on_control(sqlite3_file *file, int op, void *arg)
{
    return handle_of(file)->inner->pMethods->xFileControl(handle_of(file)->inner, op, arg);
}

static int on_sector_size(sqlite3_file *file)
{
    return handle_of(file)->inner->pMethods->xSectorSize(handle_of(file)->inner);
}

static int on_characteristics(sqlite3_file *file)
{
    return handle_of(file)->inner->pMethods->xDeviceCharacteristics(handle_of(file)->inner);
}

static int on_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_map)
{
    struct handle *handle = handle_of(file);

    if (enter(handle->vfs, VFS_SHM) != PASS)
        return leave(handle->vfs, failure(handle->vfs));
    return leave(handle->vfs,
                 handle->inner->pMethods->xShmMap(handle->inner, page, size, extend, ret_map));
}

static int on_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    struct handle *handle = handle_of(file);

    if ((flags & SQLITE_SHM_LOCK) != 0) {
        if (enter(handle->vfs, VFS_LOCK) != PASS)
            return leave(handle->vfs, failure(handle->vfs));
        leave(handle->vfs, SQLITE_OK);
    }
    return handle->inner->pMethods->xShmLock(handle->inner, offset, count, flags);
}

static void on_shm_barrier(sqlite3_file *file)
{
    handle_of(file)->inner->pMethods->xShmBarrier(handle_of(file)->inner);
}

static int on_shm_unmap(sqlite3_file *file, int delete_it)
{
    return handle_of(file)->inner->pMethods->xShmUnmap(handle_of(file)->inner, delete_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_file_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

/* -- The VFS ---------------------------------------------------------------------------------- */

static struct vfs *vfs_of(sqlite3_vfs *base)
{
    return base->pAppData;
}

static int on_open(sqlite3_vfs *base, const char *path, sqlite3_file *file, int flags,
                   int *ret_flags)
{
    struct vfs *vfs = vfs_of(base);
    struct handle *handle = handle_of(file);
    bool tracked =
        path != NULL &&
        (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    bool existed = tracked && access(path, F_OK) == 0;
    int rc;

    file->pMethods = NULL;
    if (enter(vfs, VFS_OPEN) != PASS)
        return leave(vfs, vfs->crashed ? SQLITE_CANTOPEN : failure(vfs));
    handle->vfs = vfs;
    handle->inner = (sqlite3_file *)(handle + 1);
    rc = vfs->inner->xOpen(vfs->inner, path, handle->inner, flags, ret_flags);
    if (rc != SQLITE_OK)
        return leave(vfs, rc);
    handle->node = tracked ? find_node(vfs, path) : NULL;
    if (tracked && handle->node == NULL) {
        handle->node = add_node(vfs, path);
        if (existed)
            read_image(handle->node, handle->inner);
    }
    file->pMethods = &methods;
    return leave(vfs, SQLITE_OK);
}

static int on_delete(sqlite3_vfs *base, const char *path, int sync_folder)
{
    struct vfs *vfs = vfs_of(base);
    enum verdict verdict = enter(vfs, VFS_DELETE);
    struct node *node = find_node(vfs, path);

    if (verdict != FAIL && node != NULL) {
        record(node, CHANGE_DELETE, 0, NULL, 0);
        if (sync_folder && verdict == PASS)
            sync_node(node);
    }
    if (verdict == CRASH)
        crash(vfs);
    if (verdict != PASS)
        return leave(vfs, failure(vfs));
    return leave(vfs, vfs->inner->xDelete(vfs->inner, path, 0));
}

static int on_access(sqlite3_vfs *base, const char *path, int flags, int *ret_result)
{
    return vfs_of(base)->inner->xAccess(vfs_of(base)->inner, path, flags, ret_result);
}

static int on_full_path(sqlite3_vfs *base, const char *path, int size, char *ret_path)
{
    return vfs_of(base)->inner->xFullPathname(vfs_of(base)->inner, path, size, ret_path);
}

static int on_random(sqlite3_vfs *base, int size, char *ret_bytes)
{
    return vfs_of(base)->inner->xRandomness(vfs_of(base)->inner, size, ret_bytes);
}

static int on_sleep(sqlite3_vfs *base, int microseconds)
{
    return vfs_of(base)->inner->xSleep(vfs_of(base)->inner, microseconds);
}

static int on_time(sqlite3_vfs *base, double *ret_time)
{
    return vfs_of(base)->inner->xCurrentTime(vfs_of(base)->inner, ret_time);
}

static int on_last_error(sqlite3_vfs *base, int size, char *text)
{
    struct vfs *vfs = vfs_of(base);

    return vfs->number != 0 ? vfs->number : vfs->inner->xGetLastError(vfs->inner, size, text);
}

struct vfs *vfs_new(const char *name, uint64_t seed)
{
    struct vfs *vfs = must(calloc(1, sizeof(*vfs)));

    vfs->inner = sqlite3_vfs_find(NULL);
    vfs->base = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = (int)sizeof(struct handle) + vfs->inner->szOsFile,
        .mxPathname = vfs->inner->mxPathname,
        .zName = name,
        .pAppData = vfs,
        .xOpen = on_open,
        .xDelete = on_delete,
        .xAccess = on_access,
        .xFullPathname = on_full_path,
        .xRandomness = on_random,
        .xSleep = on_sleep,
        .xCurrentTime = on_time,
        .xGetLastError = on_last_error,
    };
    pthread_mutex_init(&vfs->lock, NULL);
    vio__prng_seed(&vfs->prng, seed);
    if (sqlite3_vfs_register(&vfs->base, 0) == SQLITE_OK)
        return vfs;
    free(vfs);
    return NULL;
}

void vfs_free(struct vfs *vfs)
{
    sqlite3_vfs_unregister(&vfs->base);
    drop_nodes(vfs);
    pthread_mutex_destroy(&vfs->lock);
    free(vfs);
}

uint64_t vfs_count(struct vfs *vfs, unsigned kinds)
{
    uint64_t count = 0;

    pthread_mutex_lock(&vfs->lock);
    for (unsigned i = 0; i < 8; i++)
        count += kinds & 1u << i ? vfs->counts[i] : 0;
    pthread_mutex_unlock(&vfs->lock);
    return count;
}

void vfs_fail(struct vfs *vfs, unsigned kinds, uint64_t nth, int code, int number, bool forever)
{
    pthread_mutex_lock(&vfs->lock);
    memset(&vfs->plan, 0, sizeof(vfs->plan));
    vfs->plan.kinds = kinds;
    vfs->plan.left = nth;
    vfs->plan.code = code;
    vfs->plan.number = number;
    vfs->plan.forever = forever;
    vfs->number = 0;
    pthread_mutex_unlock(&vfs->lock);
}

void vfs_crash_at(struct vfs *vfs, unsigned kinds, uint64_t nth, void (*die)(void))
{
    pthread_mutex_lock(&vfs->lock);
    memset(&vfs->plan, 0, sizeof(vfs->plan));
    vfs->plan.kinds = kinds;
    vfs->plan.left = nth;
    vfs->plan.crash = true;
    vfs->plan.die = die;
    pthread_mutex_unlock(&vfs->lock);
}

void vfs_crash(struct vfs *vfs)
{
    pthread_mutex_lock(&vfs->lock);
    crash(vfs);
    pthread_mutex_unlock(&vfs->lock);
}

bool vfs_crashed(struct vfs *vfs)
{
    bool crashed;

    pthread_mutex_lock(&vfs->lock);
    crashed = vfs->crashed;
    pthread_mutex_unlock(&vfs->lock);
    return crashed;
}

void vfs_revive(struct vfs *vfs)
{
    pthread_mutex_lock(&vfs->lock);
    drop_nodes(vfs);
    vfs->crashed = false;
    vfs->number = 0;
    memset(&vfs->plan, 0, sizeof(vfs->plan));
    pthread_mutex_unlock(&vfs->lock);
}
