/* SPDX-License-Identifier: MIT */
/* The identities that are more than in the index: claimed by changes under way, or held. */
#ifndef VIO_LIB_STORE_IDENTITY_TABLE_H
#define VIO_LIB_STORE_IDENTITY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>

#include "lib/base/alloc.h"
#include "lib/base/uuid.h"

struct vio_held;

struct vio__identity {
    struct vio__identity *next; /* with the same hash */
    struct vio_address address;
    uint8_t owner[VIO_UUID_SIZE]; /* while it is claimed */
    uint32_t claims;
    uint32_t prepared; /* holds about to be committed */
    bool confirmed;    /* the owner had it when it was claimed */
    struct vio_held *held;
};

/* All zero but for `alloc` is an empty one. */
struct vio_identity_table {
    const struct vio_alloc *alloc;
    struct vio__identity **bucket;
    size_t num_buckets; /* a power of two */
    size_t count;
};

void vio__identity_table_free(struct vio_identity_table *table); /* and all that is in it */

struct vio__identity *vio__identity_find(const struct vio_identity_table *table,
                                         const struct vio_address *address);

/* The one with that address, made where there is none. NULL: memory is out. */
struct vio__identity *vio__identity_get(struct vio_identity_table *table,
                                        const struct vio_address *address);

/* Frees it if nobody claims or holds it: true. */
bool vio__identity_release(struct vio_identity_table *table, struct vio__identity *identity);

/* Walks all: start with *bucket 0 and NULL; NULL at the end. */
struct vio__identity *vio__identity_next(const struct vio_identity_table *table, size_t *bucket,
                                         const struct vio__identity *last);

#endif
