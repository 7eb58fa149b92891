/* SPDX-License-Identifier: MIT */
/* Edits of what only the store keeps: pools, and holds on identities. They take no steps. */
#ifndef VIO_LIB_ENGINE_KEPT_H
#define VIO_LIB_ENGINE_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/domain/pool.h"
#include "lib/store/objects.h"
#include "lib/store/store.h"

struct vio_change;
struct vio_item;

/* What a change does to a pool or to the hold on an identity. */
struct vio_kept {
    enum vio_row_kind kind;
    struct vio_pool_info *before, *after; /* of a POOL; NULL: there is none */
    struct vio_hold hold;                 /* of a HOLD: the one there was, or is to be */
    bool had, has;                        /* whether there was one, and is to be one */
    bool commits;
    bool claimed; /* the identity, until the change ends */
};

bool vio__kept_is(const struct vio_item *item); /* an edit of such */

/* Its name in the queue: of no vAdapter. */
#define VIO_KEPT_KEY_SIZE 80
void vio__kept_key(const struct vio_item *item, char ret_key[VIO_KEPT_KEY_SIZE]);

/* Plans one edit. VIO_ENOMEM and such; problems are added. */
int vio__kept_plan(struct vio_item *item);

/* The record that makes it so, and the one that undoes that. */
void vio__kept_record(const struct vio_kept *kept, bool back, struct vio_record *ret_record);

/* Where it is still as the change made it: the record that undoes that. False: there is nothing. */
bool vio__kept_restore(const struct vio__store *store, const struct vio_kept *kept, uint64_t now,
                       struct vio_record *ret_record);

/* Gives up what it refers to. */
void vio__kept_clear(struct vio_kept *kept);

/* Gives back the identities that the plan claimed. */
void vio__kept_unclaim(struct vio_change *change);

/* Gives back all that the plan took. */
void vio__kept_drop(struct vio_change *change);

#endif
