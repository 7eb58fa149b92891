/* SPDX-License-Identifier: MIT */
/*
 * The ledger of a store: what every change of its desired state goes through, whatever chassis it
 * touches. All users of one store in a context share one ledger, and so wait for each other's
 * changes.
 *
 * All of it runs on the loop's thread unless it says otherwise.
 */
#ifndef VIO_LIB_ENGINE_LEDGER_H
#define VIO_LIB_ENGINE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "lib/store/store.h"

struct vio_engine;
struct vio_ledger;

/* The ledgers of a context. From any thread: made with it; freed when all were given back. */
struct vio_ledgers;

int vio__ledgers_new(struct vio_loop *loop, struct vio_ledgers **ret_ledgers); /* VIO_ENOMEM */
void vio__ledgers_free(struct vio_ledgers *ledgers);                           /* NULL is fine */

struct vio_ledger_config {
    const char *uri; /* "memory:" (never shared), "memory:NAME", "sqlite:…" */
    const struct vio_backend_ops *backend; /* NULL: by the URI's scheme */
    bool read_only;
    bool create;        /* where there is none */
    uint64_t retention; /* of vDisks that were removed, ns; 0: seven days */
};

/* One who uses a ledger: a member of him. */
struct vio_ledger_use {
    struct vio_ledger *ledger; /* NULL: none */

    /* For the ledger alone. */
    struct vio_dlist node;
    void (*done)(struct vio_ledger_use *use, int status, const char *text);
    struct vio_post post;
    bool waiting, posted, leaving;
    int status;
};

/*
 * Opens the ledger of a store, or shares the one that is open. `done` comes later, never inside
 * the call, with one line about a failure; once this returned 0, the use is to be put, whatever
 * `done` says and also before it comes, which it then does not.
 *
 * VIO_EPARSE: no kind of store has the URI's scheme. VIO_ENOMEM and what the store says.
 */
int vio__ledger_get(struct vio_ledgers *ledgers, const struct vio_ledger_config *config,
                    struct vio_ledger_use *use,
                    void (*done)(struct vio_ledger_use *use, int status, const char *text));

/* One more use of an open one. */
void vio__ledger_share(struct vio_ledger *ledger, struct vio_ledger_use *use);

/* Gives it back; the last one closes the store. `done` (which may be NULL) comes later, with
 * use->ledger NULL. Changes under way are to have ended. */
void vio__ledger_put(struct vio_ledger_use *use,
                     void (*done)(struct vio_ledger_use *use, int status, const char *text));

const char *vio__ledger_uri(const struct vio_ledger *ledger);
bool vio__ledger_is_read_only(const struct vio_ledger *ledger);
bool vio__ledger_is_memory(const struct vio_ledger *ledger);
struct vio__store *vio__ledger_store(const struct vio_ledger *ledger);

/* ns since 1970, or the loop's where its time is virtual. */
uint64_t vio__ledger_now(const struct vio_ledger *ledger);

/* Ends all changes under way that touch no chassis: their user closes. */
void vio__ledger_cancel(struct vio_ledger *ledger, int why);

/* -- History ----------------------------------------------------------------------------------- */

struct vio_plan;

/* One look into the history: a member of who looks. */
struct vio_lookup {
    /* Given. */
    struct vio_ledger *ledger;
    struct vio_history_query query;

    /* Newest first; the entry lives during the call only. Other than 0 ends the looking with it. */
    int (*found)(struct vio_lookup *lookup, const struct vio_entry *entry);
    void (*done)(struct vio_lookup *lookup, int status); /* later, never inside the call */
};

/* The caller has filled it. Changes that have ended are shown as such. VIO_ENOMEM and what the
 * store says. */
int vio__lookup_start(struct vio_lookup *lookup);

/* The plan that an entry keeps, with what became of it. VIO_ECORRUPT, VIO_EVERSION, VIO_ENOMEM. */
int vio__lookup_plan(const struct vio_ledger *ledger, const struct vio_entry *entry,
                     struct vio_plan **ret_plan);

#endif
