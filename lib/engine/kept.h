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

/* Gives back what the plan took. */
void vio__kept_drop(struct vio_change *change);

#endif
