/* SPDX-License-Identifier: MIT */
/*
 * Changes that have neither happened nor not happened: found open in the store, or of which nobody
 * could tell how they ended. Their objects refuse edits, and keep their names and identities, until
 * it is known what is there.
 */
#ifndef VIO_LIB_ENGINE_UNFINISHED_H
#define VIO_LIB_ENGINE_UNFINISHED_H

#include <stdbool.h>

#include "lib/base/dlist.h"

struct vio_change;
struct vio_engine;
struct vio_ledger;
struct vio_lookup;
struct vio_unfinished;

int vio__unfinished_new(struct vio_ledger *ledger, struct vio_unfinished **ret); /* VIO_ENOMEM */
void vio__unfinished_free(struct vio_unfinished *unfinished); /* one not in use; NULL is fine */

/* The change ends, with its objects in doubt: takes over them, their claims and the journal.
 * `whole`: nothing of it was put back; else all that is not in doubt was, and may be others' now.
 */
void vio__unfinished_add(struct vio_change *change, bool whole);

/* Takes what the store says was left open on the chassis, which must be owned, so that nobody else
 * is at it any more. `done` comes later, with VIO_ENOMEM, VIO_ECORRUPT, VIO_EVERSION and what the
 * store says; these are returned too. */
int vio__unfinished_find(struct vio_engine *engine,
                         void (*done)(struct vio_lookup *lookup, int status));
void vio__unfinished_drop_all(struct vio_ledger *ledger);

/* Whether a vAdapter in doubt has that name, or was to have it. */
bool vio__unfinished_is_named(const struct vio_ledger *ledger, const char *name);

/* Who wants to know that all were resolved as far as they can be. */
struct vio_recovery {
    struct vio_dlist node;
    void (*done)(struct vio_recovery *recovery);
};

/* After an observation of that chassis: finishes what was found open, else undoes it, and undoes
 * what was in doubt, where all the chassis that it touches are open and owned. `done` comes later;
 * false, and it does not come, where there is nothing to do. */
bool vio__unfinished_recover(struct vio_engine *engine, struct vio_recovery *recovery);

#endif
