/* SPDX-License-Identifier: MIT */
/*
 * A VFS for SQLite that loses power. Files are real and lie where they always lie; in memory it
 * knows what of each was synced. A crash drops, tears (at 512 bytes) and reorders what was not, and
 * leaves the files as a machine would find them afterwards. Nothing is really synced.
 *
 * A store uses it by the location PATH?vfs=NAME. One process, any number of connections; from any
 * thread.
 */
#ifndef TESTS_STORE_VFS_H
#define TESTS_STORE_VFS_H

#include <stdbool.h>
#include <stdint.h>

struct vfs;

/* Kinds of calls, to be combined. */
enum {
    VFS_OPEN = 1 << 0,
    VFS_READ = 1 << 1,
    VFS_WRITE = 1 << 2,
    VFS_SYNC = 1 << 3,
    VFS_TRUNCATE = 1 << 4,
    VFS_DELETE = 1 << 5,
    VFS_LOCK = 1 << 6, /* of files and of the shared index */
    VFS_SHM = 1 << 7,  /* mapping the shared index */
    VFS_CHANGES = VFS_WRITE | VFS_SYNC | VFS_TRUNCATE | VFS_DELETE
};

/* NULL when SQLite has no memory. `name` is registered until vfs_free() and has to live as long. */
struct vfs *vfs_new(const char *name, uint64_t seed);
void vfs_free(struct vfs *vfs); /* all connections are closed */

/* How many calls of these kinds there have been. */
uint64_t vfs_count(struct vfs *vfs, unsigned kinds);

/* Have the nth call (from 1, counted from now on) of these kinds fail with a result code of SQLite,
 * it alone or all from it on. nth 0: none any more. `number`: the errno value that goes with it. */
void vfs_fail(struct vfs *vfs, unsigned kinds, uint64_t nth, int code, int number, bool forever);

/* Crash in the nth call of these kinds. `die`: called then, with the files as after the crash, and
 * may end the process; NULL: each call fails until vfs_revive(). */
void vfs_crash_at(struct vfs *vfs, unsigned kinds, uint64_t nth, void (*die)(void));

void vfs_crash(struct vfs *vfs); /* now */
bool vfs_crashed(struct vfs *vfs);

/* The power is back; all connections are closed. */
void vfs_revive(struct vfs *vfs);

#endif
