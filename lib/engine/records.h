/* SPDX-License-Identifier: MIT */
/* What a change writes into the store: its objects, and what becomes of their identities. */
#ifndef VIO_LIB_ENGINE_RECORDS_H
#define VIO_LIB_ENGINE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

struct vio_change;
struct vio_ledger;
struct vio_object;
struct vio_record;

size_t vio__records_max(const struct vio_change *change);

/* Fill change->records; how many there are. Those that restore leave out what is in doubt. */
size_t vio__records_make(struct vio_change *change);
size_t vio__records_restore(struct vio_change *change);

/*
 * What makes the desired state that of before a change that broke off, of objects of which nobody
 * could tell and, where nothing of it was put back (`whole`), of the others that nobody has changed
 * since. How many of `records`, which has room for VIO_RECORDS_BACK of each object.
 */
#define VIO_RECORDS_BACK 5
size_t vio__records_back(struct vio_ledger *ledger, struct vio_object *objects, size_t num_objects,
                         bool whole, struct vio_record *records);

#endif
