/* SPDX-License-Identifier: MIT */
/*
 * A store: the desired state, all of it indexed in memory, each change of it durable as a whole
 * before it is seen. How it is kept is the backend's business.
 *
 * All of it runs on the loop's thread. Objects that are found are new references, made from what is
 * kept: VIO_ENOENT where there is none, VIO_ENOMEM. They show what is committed.
 */
#ifndef VIO_LIB_STORE_STORE_H
#define VIO_LIB_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>

#include "lib/base/dlist.h"
#include "lib/domain/vadapter.h"
#include "lib/store/backend.h"
#include "lib/store/claims.h"
#include "lib/store/identities.h"
#include "lib/store/objects.h"

struct vio_loop;
struct vio_pool_info;
/* Users have a struct vio_store of their own: one use of this one. */
struct vio__store;

typedef void (*vio_store_done)(void *user, int status);

/* `text`: one line about a failure, or "". */
typedef void (*vio_store_opened)(void *user, int status, const char *text);

/* Opens and loads. `done` comes later; once this returned 0, *ret_store is to be closed, whatever
 * `done` says. `config` is copied. VIO_ENOMEM and what the backend says; VIO_ECORRUPT and
 * VIO_EVERSION for rows that are damaged, contradict each other, or come from a later version. */
int vio__store_open(struct vio_loop *loop, const struct vio_backend_ops *ops, const char *location,
                    const struct vio_backend_config *config, vio_store_opened done, void *user,
                    struct vio__store **ret_store);

/* `done` may be NULL. Commits that are queued end first, lazy ones too. */
void vio__store_close(struct vio__store *store, vio_store_done done, void *user);

struct vio_loop *vio__store_loop(const struct vio__store *store);
const uint8_t *vio__store_uuid(const struct vio__store *store);
const char *vio__store_error(
    const struct vio__store *store); /* the last failure in a line, or "" */
struct vio_claims *vio__store_claims(struct vio__store *store);
struct vio_identities *vio__store_identities(const struct vio__store *store);

/* Grows with each change that becomes visible here. */
uint64_t vio__store_version(const struct vio__store *store);

/* The store's clock: ns since 1970, or the loop's virtual time. */
uint64_t vio__store_now(const struct vio__store *store);

/* -- vAdapters --------------------------------------------------------------------------------- */

int vio__store_find(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                    struct vio_vadapter_info **ret_vadapter);
int vio__store_find_name(const struct vio__store *store, const char *name,
                         struct vio_vadapter_info **ret_vadapter);

/* By its identity, or by the node address of a vHBA. */
int vio__store_find_address(const struct vio__store *store, const struct vio_address *address,
                            struct vio_vadapter_info **ret_vadapter);

/* Without making anything. */
bool vio__store_has(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE]);
uint64_t vio__store_generation(const struct vio__store *store,
                               const uint8_t uuid[VIO_UUID_SIZE]); /* 0: there is none */
size_t vio__store_count(const struct vio__store *store);

/* Those of a chassis (NULL: of all), to be given back with vio__store_free_list(). VIO_ENOMEM. */
int vio__store_list(const struct vio__store *store, const uint8_t *chassis,
                    struct vio_vadapter_info ***ret_vadapters, size_t *ret_count);
void vio__store_free_list(const struct vio__store *store, struct vio_vadapter_info **vadapters,
                          size_t count);

/* Those in a server, and those on an adapter, of a chassis. */
int vio__store_list_server(const struct vio__store *store, const uint8_t chassis[VIO_UUID_SIZE],
                           uint32_t server, struct vio_vadapter_info ***ret_vadapters,
                           size_t *ret_count);
int vio__store_list_adapter(const struct vio__store *store, const uint8_t chassis[VIO_UUID_SIZE],
                            uint32_t adapter, struct vio_vadapter_info ***ret_vadapters,
                            size_t *ret_count);

/* -- Chassis ----------------------------------------------------------------------------------- */

/* The chassis that the store has met; VIO_ENOENT. */
int vio__store_met(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                   struct vio_met *ret_met);

/* All of them, to be freed with the loop's alloc. VIO_ENOMEM. */
int vio__store_mets(const struct vio__store *store, struct vio_met **ret_mets, size_t *ret_count);

/* -- Changing ---------------------------------------------------------------------------------- */

/* One object: put, or deleted. */
struct vio_record {
    enum vio_row_kind kind;
    uint8_t uuid[VIO_UUID_SIZE]; /* not of a HOLD */
    struct vio_address address;  /* of a HOLD */
    uint64_t replaces;  /* generation of the one there is; 0: there is none. VADAPTER, POOL */
    const void *object; /* vio_vadapter_info, vio_pool_info, vio_hold, vio_met; NULL: deleted */
};

/* One commit, kept by the caller with all that it points to until `done`. */
struct vio_commit {
    struct vio_dlist node;
    const struct vio_record *records;
    size_t count;
    struct vio_entry *entry; /* may be NULL; a new one's id is set before `done` */
    bool lazy; /* it costs no transaction of its own: it goes with the next one, at the latest when
                  the store closes */
    vio_store_done done;
    void *user;

    /* The store's own. */
    struct vio_prepared *prepared;
    int status;
};

/*
 * Makes the records durable and then visible, all or none; commits keep their order. Those that are
 * queued while one is being written share the next transaction.
 *
 * VIO_ESTALE when a record replaces another generation than there is; VIO_EEXIST when another
 * object has its name, VIO_EDUPLICATE when another has its identity, or claims it; VIO_ENOMEM.
 * Then, and when `done` says other than 0, nothing has changed. `done` says these too, where
 * another process was faster.
 */
int vio__store_commit(struct vio__store *store, struct vio_commit *commit);

/* -- The file ---------------------------------------------------------------------------------- */

/* The change sets that were left open, or blocked, when the store was loaded, oldest first. */
const struct vio_entry *vio__store_open_entries(const struct vio__store *store, size_t *ret_count);

/* As the backend says of each; they wait for the commits that are queued. `query` is copied. */
int vio__store_refresh(struct vio__store *store, vio_store_done done, void *user);
int vio__store_history(struct vio__store *store, const struct vio_history_query *query,
                       vio_backend_entry entry, vio_store_done done, void *user);
int vio__store_prune(struct vio__store *store, uint64_t before, uint64_t keep, vio_store_done done,
                     void *user);
int vio__store_backup(struct vio__store *store, const char *path, vio_store_done done, void *user);
int vio__store_check(struct vio__store *store, bool full, vio_store_done done, void *user);

/* This process alone uses the chassis of that UUID, which is inside it. VIO_EOWNED. */
int vio__store_lock(struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                    vio_store_done done, void *user);
void vio__store_unlock(struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE]);

#endif
