/* SPDX-License-Identifier: MIT */
/*
 * The engine of one chassis: every change is checked, planned, committed to the store, applied
 * through the driver and verified, in this order and by this path alone.
 *
 * All of it runs on the loop's thread unless it says otherwise.
 */
#ifndef VIO_LIB_ENGINE_ENGINE_H
#define VIO_LIB_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/domain/inventory.h"
#include "lib/driver/driver.h"

struct vio_backend_ops;
struct vio_engine;
struct vio_hub;
struct vio_ledger;
struct vio_ledgers;
struct vio_loop;

struct vio_engine_config {
    const struct vio_driver_ops *driver;
    struct vio_ledgers *ledgers;           /* of the context */
    struct vio_ledger *ledger;             /* of the store that is open; NULL: the one of `store` */
    const char *store;                     /* its URI; NULL: "memory:" */
    const struct vio_backend_ops *backend; /* of it; NULL: by its scheme */
    const char *uri;
    const char *holder;
    bool read_only;
    bool take_over;
    bool adopt;       /* functions that say whose they are become vAdapters */
    bool keep_lost;   /* functions that the chassis lost when it started again are not restored */
    bool repair;      /* drift is removed by itself */
    uint64_t wait;    /* for a live owner to leave, ns */
    uint64_t timeout; /* of one command, ns */
};

/* `text`: one line about a failure, or "". */
typedef void (*vio_engine_done)(void *user, int status, const char *text);

/* From any thread. Copies the configuration. VIO_ENOMEM. */
int vio__engine_new(struct vio_loop *loop, const struct vio_engine_config *config,
                    struct vio_engine **ret_engine);

/* From any thread, while it is not open: never opened, the opening failed, or closed. */
void vio__engine_free(struct vio_engine *engine); /* NULL is fine */

/* Connects, becomes the owner, loads the store, observes, recovers, restores and adopts. Where it
 * fails, nothing is left open. `done` comes later. VIO_ENOMEM and what the driver says. */
int vio__engine_open(struct vio_engine *engine, vio_engine_done done, void *user);

/* Has an opening that is under way end with `why`, soon. */
void vio__engine_abort(struct vio_engine *engine, int why);

/* Refuses new changes, ends those under way with VIO_ECLOSED, gives the lease back, then `done`.
 * Once, after an opening that succeeded. */
void vio__engine_close(struct vio_engine *engine, vio_engine_done done, void *user);

bool vio__engine_is_closing(const struct vio_engine *engine);
bool vio__engine_is_read_only(const struct vio_engine *engine);
struct vio_ledger *vio__engine_ledger(const struct vio_engine *engine); /* while it is open */
struct vio_driver *vio__engine_driver(const struct vio_engine *engine);
const struct vio_driver_ops *vio__engine_ops(const struct vio_engine *engine);

/* From any thread, all the time: where its events go. */
struct vio_hub *vio__engine_hub(const struct vio_engine *engine);

/* The snapshot of what is known now. VIO_ENOMEM. */
int vio__engine_inventory(struct vio_engine *engine, struct vio_inventory **ret_inventory);

#endif
