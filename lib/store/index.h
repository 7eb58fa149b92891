/* SPDX-License-Identifier: MIT */
/*
 * All rows of a store in memory, packed as their bodies, and found by each of their keys. Rows have
 * small numbers here, which stay theirs while they are in the index.
 *
 * Whatever needs memory is reserved beforehand, so that putting and removing cannot fail.
 */
#ifndef VIO_LIB_STORE_INDEX_H
#define VIO_LIB_STORE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"
#include "lib/store/backend.h"
#include "lib/store/codec.h"

struct vio_index;

int vio__index_new(const struct vio_alloc *alloc, struct vio_index **ret_index); /* VIO_ENOMEM */
void vio__index_free(struct vio_index *index);                                   /* NULL: fine */

/* -- Looking ----------------------------------------------------------------------------------- */

/* The number of the row with a key; 0: there is none. Of those that share a chassis, server or
 * adapter, the last one that was put. */
uint32_t vio__index_find(const struct vio_index *index, enum vio_row_kind kind,
                         enum vio_key_kind key, const void *data, size_t size);
uint32_t vio__index_find_row(const struct vio_index *index, uint64_t row);

/* The next one that shares that chassis, server or adapter; 0 at the end. */
uint32_t vio__index_chain(const struct vio_index *index, enum vio_key_kind key, uint32_t number);

/* The first number of a kind after `number` (0: of all); 0 at the end. */
uint32_t vio__index_next(const struct vio_index *index, enum vio_row_kind kind, uint32_t number);

size_t vio__index_count(const struct vio_index *index, enum vio_row_kind kind);

/* The row of a number, borrowed until it is put anew or removed. */
struct vio_row vio__index_row(const struct vio_index *index, uint32_t number);

/* Another row than the one of its own identity which has one of this body's unique keys (which
 * *ret_key tells): 0: none. */
uint32_t vio__index_rival(const struct vio_index *index, enum vio_row_kind kind, const void *body,
                          enum vio_key_kind *ret_key);

/* -- Changing ---------------------------------------------------------------------------------- */

/* Takes what so many vio__index_put() will need, beside what is reserved already. VIO_ENOMEM;
 * VIO_ELIMIT: an index holds at most 2^24 - 1 rows. */
int vio__index_reserve(struct vio_index *index, size_t rows);
void vio__index_release(struct vio_index *index, size_t rows);

/* Memory for a body, to be given to vio__index_put() or back. NULL: memory is out. */
void *vio__index_body(struct vio_index *index, size_t size);
void vio__index_drop_body(struct vio_index *index, void *body, size_t size);

/* Puts a row, reserved before, in place of the one with its identity. Its body was checked, is the
 * index's from now on, and has no rival. */
void vio__index_put(struct vio_index *index, const struct vio_row *row);
void vio__index_remove(struct vio_index *index, uint32_t number);

/*
 * Many rows, one after the other: appends a row, reserved before, whose body was checked; then, at
 * the latest after VIO_INDEX_BATCH of them and before anything else, links all that were appended.
 * Linking is the number of a row that has a unique key (*ret_key; VIO_KEY_ID: that of the row, too)
 * of an appended one (*ret_number), after which the index can only be freed; or 0.
 */
#define VIO_INDEX_BATCH 64
void vio__index_append(struct vio_index *index, const struct vio_row *row);
size_t vio__index_appended(const struct vio_index *index);
uint32_t vio__index_link_appended(struct vio_index *index, enum vio_key_kind *ret_key,
                                  uint32_t *ret_number);

#endif
