/* SPDX-License-Identifier: MIT */
/*
 * How a store keeps what it is told to: rows of bytes with integer keys, and the change sets that
 * made them. All of it runs on the loop's thread unless it says otherwise; a `done` comes exactly
 * once for each call that returned 0, later, never inside the call. Only one call is outstanding
 * at a time.
 */
#ifndef VIO_LIB_STORE_BACKEND_H
#define VIO_LIB_STORE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/uuid.h"

struct vio_backend;
struct vio_loop;

enum vio_row_kind {
    VIO_ROW_VADAPTER = 1,
    VIO_ROW_POOL = 2,
    VIO_ROW_HOLD = 3,
    VIO_ROW_CHASSIS = 4,
};

/* One object. */
struct vio_row {
    uint64_t id; /* over all kinds; 0: a new one, set by the backend before `done` */
    enum vio_row_kind kind;
    const void *body; /* NULL: there is none any more */
    size_t size;
};

enum vio_entry_state {
    VIO_ENTRY_OPEN = 1,
    VIO_ENTRY_DONE = 2,
    VIO_ENTRY_UNDONE = 3,
    VIO_ENTRY_BLOCKED = 4,
};

#define VIO_TOKEN_SIZE 16

/* A change set as it is kept: the journal while it is open, the history afterwards. */
struct vio_entry {
    uint64_t id; /* ascending; 0: a new one, set by the backend before `done` */
    enum vio_entry_state state;
    uint64_t time;                 /* ns since 1970 */
    uint8_t token[VIO_TOKEN_SIZE]; /* all zero: none */
    char author[64];
    const void *body;
    size_t size;
};

/* What one transaction writes. An entry whose id is not 0 replaces state and body of that one. */
struct vio_write {
    struct vio_row *rows;
    size_t num_rows;
    struct vio_entry *entries;
    size_t num_entries;
};

/* Which entries to read; 0 and all zero: any. */
struct vio_history_query {
    uint8_t token[VIO_TOKEN_SIZE];
    uint64_t since, until; /* ns since 1970: from, and before */
    uint64_t before;       /* entries with lower ids; 0: from the newest on */
    size_t limit;          /* 0: all */
    bool unfinished;       /* all that are OPEN or BLOCKED, in any order; nothing else is asked */
};

struct vio_backend_config {
    bool read_only;
    bool create; /* where there is none */
};

typedef void (*vio_backend_done)(void *user, int status);

/* Take what was read, which lives during the call only. Other than 0 ends the reading with it. */
typedef int (*vio_backend_row)(void *user, const struct vio_row *row);
typedef int (*vio_backend_entry)(void *user, const struct vio_entry *entry);

/*
 * Other processes changed these rows: each one once, as it is now. On the loop's thread, inside the
 * transaction, before `write` (NULL: a refresh) is written. The callee takes the rows in and takes
 * out of `write` what they made invalid; it may leave it empty. Other than 0: nothing was taken in;
 * the transaction is rolled back, ends with that, and the rows come again with the next call.
 */
typedef int (*vio_backend_foreign)(void *user, const struct vio_row *rows, size_t count,
                                   struct vio_write *write);

struct vio_backend_ops {
    const char *name;

    /* `location` is what follows "name:" in the store's URI. Once this returned 0, *ret_backend is
     * to be closed, whatever `done` says. */
    int (*open)(struct vio_loop *loop, const char *location,
                const struct vio_backend_config *config, vio_backend_done done, void *user,
                struct vio_backend **ret_backend);
    void (*close)(struct vio_backend *backend, vio_backend_done done, void *user);

    /* The last failure in one line: what failed, where, and what is allowed or to be done. "" where
     * there was none. */
    const char *(*error)(const struct vio_backend *backend);
    const uint8_t *(*uuid)(const struct vio_backend *backend); /* once it is open */

    /* All rows, then the entries that are OPEN or BLOCKED, oldest first. The callbacks may run on
     * another thread: nobody else touches their user before `done`. */
    int (*load)(struct vio_backend *backend, vio_backend_row row, vio_backend_entry entry,
                vio_backend_done done, void *user);

    /* All of it or nothing is durable when `done` comes; `write` lives until then. */
    int (*commit)(struct vio_backend *backend, struct vio_write *write, vio_backend_foreign foreign,
                  vio_backend_done done, void *user);

    /* Reads what others changed; writes nothing. */
    int (*refresh)(struct vio_backend *backend, vio_backend_foreign foreign, vio_backend_done done,
                   void *user);

    /* Newest first; `entry` on the loop's thread. */
    int (*history)(struct vio_backend *backend, const struct vio_history_query *query,
                   vio_backend_entry entry, vio_backend_done done, void *user);

    /* Forgets entries older than a time (ns since 1970; 0: all), but the `keep` newest; never those
     * that are OPEN or BLOCKED. */
    int (*prune)(struct vio_backend *backend, uint64_t before, uint64_t keep, vio_backend_done done,
                 void *user);

    int (*backup)(struct vio_backend *backend, const char *path, vio_backend_done done, void *user);
    int (*check)(struct vio_backend *backend, bool full, vio_backend_done done, void *user);

    /* This process alone uses the in-process chassis of that UUID. VIO_EOWNED. */
    int (*lock)(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE],
                vio_backend_done done, void *user);
    void (*unlock)(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE]);
};

extern const struct vio_backend_ops vio__backend_memory;
extern const struct vio_backend_ops
    vio__backend_sqlite; /* location: PATH, for tests PATH?vfs=NAME */

#endif
