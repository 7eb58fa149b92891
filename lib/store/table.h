/* SPDX-License-Identifier: MIT */
/*
 * A hash table of small numbers, 4 bytes a slot, at least a quarter of them empty. It knows neither
 * keys nor hashes: whoever keeps the objects that the numbers stand for does. 8 bits of the hash
 * beside each number tell most of the strangers apart without a look at their objects.
 */
#ifndef VIO_LIB_STORE_TABLE_H
#define VIO_LIB_STORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"

#define VIO_TABLE_NUMBERS (UINT32_C(1) << 24) /* numbers are 1 to this less 1 */

struct vio_table {
    uint32_t *slots;
    size_t capacity; /* 0 or a power of two */
    size_t used;
};

/* The hash of a number that is in the table. */
typedef uint64_t (*vio_table_hash)(const void *user, uint32_t number);

/* How many slots are needed for so many numbers, and whether there are as many. */
size_t vio__table_capacity(size_t numbers);
bool vio__table_has_room(const struct vio_table *table, size_t numbers);

/* An empty table with that capacity. VIO_ENOMEM. */
int vio__table_new(const struct vio_alloc *alloc, size_t capacity, struct vio_table *ret_table);
void vio__table_free(const struct vio_alloc *alloc, struct vio_table *table);

/* Has the memory that is about to be needed for a hash come nearer. */
void vio__table_prefetch(const struct vio_table *table, uint64_t hash);

/* There must be room for it. */
void vio__table_insert(struct vio_table *table, uint64_t hash, uint32_t number);

/* It must be there. */
void vio__table_remove(struct vio_table *table, uint64_t hash, uint32_t number,
                       vio_table_hash hash_of, const void *user);

/* Puts a number of the same key, and so of the same hash, in the place of another. */
void vio__table_replace(struct vio_table *table, uint64_t hash, uint32_t former, uint32_t number);

/* The numbers whose hash may be this one, one after the other; 0 at the end. `*place` starts as
 * `hash`. */
uint32_t vio__table_next(const struct vio_table *table, uint64_t hash, uint64_t *place);

#endif
