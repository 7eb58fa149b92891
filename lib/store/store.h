/* SPDX-License-Identifier: MIT */
/*
 * A store: the desired state, all of it indexed in memory, each change of it durable as a whole
 * before it is seen. How it is kept is the backend's business.
 *
 * All of it runs on the loop's thread.
 */
#ifndef VIO_LIB_STORE_STORE_H
#define VIO_LIB_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/dlist.h"
#include "lib/domain/vadapter.h"
#include "lib/store/backend.h"
#include "lib/store/claims.h"

struct vio_loop;
struct vio_store;

typedef void (*vio_store_done)(void *user, int status);

/* Opens and loads. `done` comes later; once this returned 0, *ret_store is to be closed, whatever
 * `done` says. VIO_ENOMEM and what the backend says. */
int vio__store_open(struct vio_loop *loop, const struct vio_backend_ops *ops, const char *location,
                    vio_store_done done, void *user, struct vio_store **ret_store);

/* `done` may be NULL. Commits that are queued end first. */
void vio__store_close(struct vio_store *store, vio_store_done done, void *user);

const uint8_t *vio__store_uuid(const struct vio_store *store);
struct vio_claims *vio__store_claims(struct vio_store *store);

/* Committed objects only; borrowed until the next turn of the loop. NULL: none. */
struct vio_vadapter_info *vio__store_find(const struct vio_store *store,
                                          const uint8_t uuid[VIO_UUID_SIZE]);
struct vio_vadapter_info *vio__store_find_name(const struct vio_store *store, const char *name);
size_t vio__store_count(const struct vio_store *store);

/* An array of borrowed objects, to be freed with the loop's alloc. VIO_ENOMEM. */
int vio__store_list(const struct vio_store *store, struct vio_vadapter_info ***ret_vadapters,
                    size_t *ret_count);

/* One commit, kept by the caller until `done`. */
struct vio_commit {
    struct vio_dlist node;
    const struct vio_record *records;
    size_t count;
    vio_store_done done;
    void *user;
};

/*
 * Makes the records durable and then visible, all or none; commits keep their order.
 *
 * VIO_ESTALE when a record replaces another generation than there is; VIO_EEXIST when another
 * object has its name or identity, or claims it; VIO_ENOMEM. Then, and when `done` says other than
 * 0, nothing has changed.
 */
int vio__store_commit(struct vio_store *store, struct vio_commit *commit);

#endif
