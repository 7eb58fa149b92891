/* SPDX-License-Identifier: MIT */
/* Hash table with a maximum. Keys are bytes, copied; values are pointers that are not NULL and stay
 * the caller's. Entries are walked in the order in which they were put, and a walk survives any
 * change made during it: it meets each entry that stays exactly once, and those put meanwhile. */
#ifndef VIO_BASE_HASH_H
#define VIO_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/alloc.h"

struct vio_hash;

/* `max`: how many entries at most, at least 1. VIO_ENOMEM. */
int vio__hash_new(const struct vio_alloc *alloc, size_t max, struct vio_hash **ret_hash);

/* `free_value` (may be NULL) is called for each value. NULL `hash` is fine. */
void vio__hash_free(struct vio_hash *hash, void (*free_value)(void *value));

/* VIO_EEXIST (nothing is replaced), VIO_ELIMIT at the maximum, VIO_ENOMEM. */
int vio__hash_put(struct vio_hash *hash, const void *key, size_t size, void *value);

/* The value, or NULL. */
void *vio__hash_get(const struct vio_hash *hash, const void *key, size_t size);
void *vio__hash_remove(struct vio_hash *hash, const void *key, size_t size);

size_t vio__hash_count(const struct vio_hash *hash);

struct vio_hash_iter {
    const void *key;
    size_t key_size;
    void *value;
    uint64_t order; /* of the entry walked last; 0: none yet */
    size_t hint;    /* where it was */
};

/* Steps on; the value, or NULL at the end. Start with an iterator that is all zero. */
void *vio__hash_next(const struct vio_hash *hash, struct vio_hash_iter *iter);

/* `iter` is declared by the loop: VIO_HASH_FOREACH(iter, hash) { use(iter.value); } */
#define VIO_HASH_FOREACH(iter, hash) \
    for (struct vio_hash_iter iter = {0}; vio__hash_next((hash), &iter) != NULL;)

static inline int vio__hash_put_str(struct vio_hash *hash, const char *key, void *value)
{
    return vio__hash_put(hash, key, strlen(key), value);
}

static inline void *vio__hash_get_str(const struct vio_hash *hash, const char *key)
{
    return vio__hash_get(hash, key, strlen(key));
}

static inline void *vio__hash_remove_str(struct vio_hash *hash, const char *key)
{
    return vio__hash_remove(hash, key, strlen(key));
}

static inline int vio__hash_put_u64(struct vio_hash *hash, uint64_t key, void *value)
{
    return vio__hash_put(hash, &key, sizeof(key), value);
}

static inline void *vio__hash_get_u64(const struct vio_hash *hash, uint64_t key)
{
    return vio__hash_get(hash, &key, sizeof(key));
}

static inline void *vio__hash_remove_u64(struct vio_hash *hash, uint64_t key)
{
    return vio__hash_remove(hash, &key, sizeof(key));
}

#endif
