/* SPDX-License-Identifier: MIT */
/*
 * How a store keeps what it is told to, in terms of records. All of it runs on the loop's thread; a
 * `done` comes exactly once for each call that returned 0, later, never inside the call. Only one
 * commit is outstanding at a time.
 */
#ifndef VIO_LIB_STORE_BACKEND_H
#define VIO_LIB_STORE_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/uuid.h"
#include "lib/domain/vadapter.h"

struct vio_backend;
struct vio_loop;

/* One object: put, or deleted. */
struct vio_record {
    uint8_t uuid[VIO_UUID_SIZE];
    uint64_t replaces;                  /* generation of the one there is; 0: there is none */
    struct vio_vadapter_info *vadapter; /* NULL: there is none any more */
};

typedef void (*vio_backend_done)(void *user, int status);

/* Takes a record that was loaded; other than 0 ends the loading. */
typedef int (*vio_backend_loaded)(void *user, const struct vio_record *record);

struct vio_backend_ops {
    const char *name;

    /* `location` is what follows "name:" in the store's URI. Once this returned 0, *ret_backend is
     * to be closed, whatever `done` says. */
    int (*open)(struct vio_loop *loop, const char *location, vio_backend_done done, void *user,
                struct vio_backend **ret_backend);
    void (*close)(struct vio_backend *backend, vio_backend_done done, void *user);
    const uint8_t *(*uuid)(const struct vio_backend *backend); /* once it is open */

    int (*load)(struct vio_backend *backend, vio_backend_loaded loaded, vio_backend_done done,
                void *user);

    /* All of the records or none are durable when `done` comes; they live until then. */
    int (*commit)(struct vio_backend *backend, const struct vio_record *records, size_t count,
                  vio_backend_done done, void *user);
};

extern const struct vio_backend_ops vio__backend_memory;

#endif
