/* SPDX-License-Identifier: MIT */
/* A store's state, for the files of this folder alone. */
#ifndef VIO_LIB_STORE_INTERNAL_H
#define VIO_LIB_STORE_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/hash.h"
#include "lib/loop/loop.h"
#include "lib/store/effect.h"
#include "lib/store/index.h"
#include "lib/store/store.h"

#define VIO_STORE_TEXT  256

/* Holds that a transaction forgets by the way. */
#define VIO_EXPIRED_MAX 16

/* Kind and identity of an object. */
#define VIO_STORE_KEY   (1 + VIO_KEY_SIZE)

/* An object that commits which have not ended change. */
struct vio_pending {
    uint8_t key[VIO_STORE_KEY];
    size_t key_size;
    size_t items;          /* that change it */
    uint64_t generation;   /* after the last of them; 0: there is none then */
    struct vio_item *last; /* in the transaction that is being made */
};

/* A record on its way, with all that it will need. */
struct vio_item {
    const struct vio_record *record;
    struct vio_pending *pending;
    void *body; /* the index's memory; NULL: the object is deleted */
    size_t size;
    uint64_t former; /* pending->generation before it */
    size_t row;      /* of the write; VIO_NO_ROW: none */
    struct vio_effect effect;
    bool implied; /* nobody asked for it: where it cannot be, it is left out */
    bool left_out;
};
#define VIO_NO_ROW      SIZE_MAX
#define VIO_IMPLIED_MAX 4

struct vio_prepared {
    int status; /* other than 0: it is not written and ends with this */
    size_t count;
    struct vio_record implied[VIO_IMPLIED_MAX]; /* default pools that are used for the first time */
    size_t num_implied;
    struct vio_item items[];
};

/* Commits that share a transaction, and room for all that it may write. */
struct vio_batch {
    struct vio_dlist commits;
    size_t num_records, num_entries;
    struct vio_row *rows;
    struct vio_entry *entries;
    size_t max_rows, max_entries;
};

struct vio__store {
    struct vio_loop *loop;
    const struct vio_alloc *alloc;
    const struct vio_backend_ops *ops;
    struct vio_backend *backend;
    struct vio_index *index;
    struct vio_identities *identities;
    struct vio_claims *claims;
    uint64_t version;
    struct vio_entry *open_entries;
    size_t num_open_entries;

    struct vio_hash *pending; /* by key */
    struct vio_buf scratch;
    struct vio_batch batches[2];
    struct vio_batch *queued, *written;
    size_t num_eager; /* commits in `queued` that are not lazy */
    struct vio_write write;
    uint64_t expired[VIO_EXPIRED_MAX]; /* rows of holds that are over, to be deleted */
    size_t num_expired;
    struct vio_dlist tasks;
    bool busy;   /* the backend has a call */
    bool posted; /* `post` is under way */
    bool closing;
    uint64_t loading; /* the time, on the store's clock, while another thread may load; else 0 */
    int broken;       /* other than 0: the index is not what the file is, and nothing is written */
    struct vio_post post;

    vio_store_opened opened;
    vio_store_done done; /* of the closing */
    void *user;
    char text[VIO_STORE_TEXT]; /* of the store's own last failure, or "" */
};

/* commit.c: what a store's end does not need any more. */
int vio__store_init_commits(struct vio__store *store); /* VIO_ENOMEM */
void vio__store_free_commits(struct vio__store *store);

/* store.c: closes the backend, then frees the store. */
void vio__store_end(struct vio__store *store);

/* commit.c: gives the backend what is to be done next, if it has nothing to do. */
void vio__store_pump(struct vio__store *store);

/* commit.c: as above, a turn of the loop later, so that what is asked for in one turn goes
 * together. VIO_ECLOSED. */
int vio__store_pump_later(struct vio__store *store);

/* commit.c: makes the transaction of all commits of `written` that are still good. */
void vio__store_assemble(struct vio__store *store);

/* foreign.c: what commits were checked against is not so any more: checks them all again, in their
 * order. */
void vio__store_replay(struct vio__store *store);

/* foreign.c: a vio_backend_foreign. */
int vio__store_take_foreign(void *user, const struct vio_row *rows, size_t count,
                            struct vio_write *write);

/* task.c: gives the backend the first task that waits; false: none does. */
bool vio__store_start_task(struct vio__store *store);

/* store.c: whether the body of a row that was read is one: VIO_ECORRUPT, VIO_EVERSION; and whether
 * the row may stand beside the others: VIO_ECORRUPT. They set the store's text. */
int vio__store_check_row(struct vio__store *store, const struct vio_row *row);
int vio__store_check_rivals(struct vio__store *store, const struct vio_row *row);

#endif
