/* SPDX-License-Identifier: MIT */
/* What identities.c, identity_holds.c and identity_pools.c share. */
#ifndef VIO_LIB_STORE_IDENTITIES_PARTS_H
#define VIO_LIB_STORE_IDENTITIES_PARTS_H

#include "lib/base/dlist.h"
#include "lib/base/heap.h"
#include "lib/domain/pools.h"
#include "lib/store/identities.h"
#include "lib/store/identity_table.h"
#include "lib/store/objects.h"

struct vio_held {
    struct vio_hold hold;
    uint64_t row;
    struct vio__identity *identity; /* NULL: it is over */
    struct vio_heap_node node;      /* by hold.until, unless that is never */
    struct vio_dlist expired;
};

struct vio_identities {
    const struct vio_alloc *alloc;
    struct vio_identity_index index;
    uint8_t store[VIO_UUID_SIZE];
    struct vio_pools *pools;
    struct vio_identity_table table;
    struct vio_heap over;     /* what is over next */
    struct vio_dlist expired; /* whose rows are still there */
};

/* Takes one claim, where nobody else has one. VIO_ENOMEM. */
int vio__identities_claim(struct vio_identities *identities, const struct vio_address *address,
                          const uint8_t owner[VIO_UUID_SIZE], bool confirmed);

/* Forgets the holds that are over. */
void vio__identities_expire(struct vio_identities *identities, uint64_t now);

/* Frees what is only in the table if nobody needs it. */
void vio__identities_release(struct vio_identities *identities, struct vio__identity *identity);

/* Complains, if anybody listens; returns `code`. */
int vio__identities_complain(vio_pool_complain complain, void *user, int code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
