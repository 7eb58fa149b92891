/* SPDX-License-Identifier: MIT */
/* What rows mean to the identities, for the files of this folder alone. */
#ifndef VIO_LIB_STORE_EFFECT_H
#define VIO_LIB_STORE_EFFECT_H

#include "lib/store/backend.h"
#include "lib/store/identities.h"

struct vio__store;

/* What a row that is about to be put or deleted needs. */
struct vio_effect {
    struct vio_pools_change *pool;
    struct vio_held *held;
    struct vio_address former[2]; /* of the vAdapter that it replaces; kind 0: none */
};

/* `object`: of that kind, or NULL. VIO_ENOMEM; of pools, what vio__identities_prepare_pool() says.
 */
int vio__effect_prepare(struct vio__store *store, enum vio_row_kind kind,
                        const uint8_t uuid[VIO_UUID_SIZE], const void *object,
                        struct vio_effect *effect);
void vio__effect_abandon(struct vio__store *store, struct vio_effect *effect);

/* The same for a row that was read: VIO_ECORRUPT where its pool contradicts others. */
int vio__effect_prepare_row(struct vio__store *store, const struct vio_row *row,
                            struct vio_effect *effect);

/* Before the index changes: remembers what the row in its place has. */
void vio__effect_remember(struct vio__store *store, uint32_t number, struct vio_effect *effect);

/* After the index has changed; `row`: its key, `address`: of a hold that is deleted, or NULL. */
void vio__effect_apply(struct vio__store *store, uint64_t row, const struct vio_address *deleted,
                       struct vio_effect *effect);

/* The index as identities see it. */
struct vio_identity_index vio__effect_index(struct vio__store *store);

#endif
