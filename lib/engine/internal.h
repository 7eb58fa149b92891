/* SPDX-License-Identifier: MIT */
/* The engine's state, for the files of this folder alone. */
#ifndef VIO_LIB_ENGINE_INTERNAL_H
#define VIO_LIB_ENGINE_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/hash.h"
#include "lib/domain/actual.h"
#include "lib/domain/placement.h"
#include "lib/driver/driver.h"
#include "lib/engine/engine.h"
#include "lib/engine/heal.h"
#include "lib/engine/hub.h"
#include "lib/engine/ledger.h"
#include "lib/engine/look.h"
#include "lib/engine/turns.h"
#include "lib/engine/unfinished.h"
#include "lib/store/store.h"

#define VIO_ENGINE_TEXT 512
#define VIO_ENTRY_MAX   (UINT32_C(1) << 24) /* bytes of what a change keeps in the store */

struct vio_ledgers {
    struct vio_loop *loop;
    struct vio_dlist all;
};

struct vio_ledger {
    struct vio_dlist node;
    struct vio_loop *loop;
    const struct vio_alloc *alloc;
    char *uri;
    bool read_only, memory, opening, open, closing;
    struct vio_dlist uses;
    struct vio_dlist engines; /* open ones */

    struct vio__store *store;
    struct vio_turns *turns;
    struct vio_turn_group group; /* of those that name no chassis */
    struct vio_dlist changes;    /* under way */
    struct vio_dlist unfinished; /* see unfinished.h */
    struct vio_dlist recoveries; /* that wait for those of them under way */
    size_t recovering;
    uint64_t retention;                     /* of vDisks that were removed, ns */
    struct vio_hash *creating;              /* UUIDs of vAdapters that are not acknowledged yet */
    uint64_t next_name[4];                  /* by kind */
    struct vio_buf plan_bytes, entry_bytes; /* where they are written, before they are kept */
};

struct vio_engine {
    struct vio_loop *loop;
    const struct vio_alloc *alloc;
    const struct vio_driver_ops *ops;
    struct vio_ledgers *ledgers;
    char *uri, *holder, *store_uri;
    const struct vio_backend_ops *backend;
    bool read_only, take_over, adopt, restore, repair;
    uint64_t wait, timeout; /* ns */

    struct vio_driver *driver;
    struct vio_ledger_use use;
    struct vio_ledger *given; /* to be used; NULL: the one of `store_uri` */
    struct vio_dlist node;    /* of the ledger's engines */
    struct vio_actual *actual;
    struct vio_hub *hub;

    struct vio_dlist observes; /* of users, under way */
    struct vio_dlist heals;    /* under way */
    struct vio_heal heal;      /* of nobody but the engine */

    /* See reconcile.h. */
    bool repairing, repair_again;
    uint64_t repair_delay; /* ns */
    struct vio_timer repair_timer;

    struct vio_promise *promises;
    size_t num_promises;

    struct vio_turn_group group;
    struct vio_lookout lookout;
    bool stale;   /* something happened that the actual state does not show yet */
    bool purging; /* vDisks whose time is over */
    bool fenced;  /* somebody took the chassis over, or it has started again */
    bool ready;   /* it has opened */
    bool locked;  /* no other process uses the chassis, which is inside this one */
    bool closing;

    /* Opening and closing. */
    struct vio_timer timer;
    uint64_t wait_until;
    int pending; /* calls that have not come back */
    int why;     /* the opening is to end with this */
    vio_engine_done done;
    void *user;
    struct vio_look first_look;
    struct vio_lookup lookup; /* of what was left open */
    struct vio_recovery recovery;
    struct vio_commit commit; /* of what is adopted */
    struct vio_record *records;
    char text[VIO_ENGINE_TEXT];
};

/* The store that it uses; NULL before that is open. */
static inline struct vio__store *vio__engine_store(const struct vio_engine *engine)
{
    return engine->use.ledger ? engine->use.ledger->store : NULL;
}

/* The UUID of its chassis; NULL before it was observed. */
const uint8_t *vio__engine_uuid(const struct vio_engine *engine);

/* The open engine of that chassis; NULL. */
struct vio_engine *vio__ledger_engine(const struct vio_ledger *ledger,
                                      const uint8_t chassis[VIO_UUID_SIZE]);

/* Ends the closing of each engine of the ledger with which nothing is under way any more. */
void vio__ledger_settle(struct vio_ledger *ledger);

/* notices.c */
void vio__engine_notice(void *user, const struct vio_notice *notice);

/* adopt.c: records of vAdapters for functions that say whose they are; to be freed by the caller,
 * with the vAdapters in them. VIO_ENOMEM. */
int vio__adopt(struct vio_engine *engine, struct vio_record **ret_records, size_t *ret_count);
void vio__adopt_free(struct vio_engine *engine, struct vio_record *records, size_t count);

/* The driver's last failure as a line, or the status' own. */
void vio__engine_explain(struct vio_engine *engine, int status, char *text, size_t size);

/* Ends the closing, if nothing is under way any more. */
void vio__engine_settle(struct vio_engine *engine);

#endif
