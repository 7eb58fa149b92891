/* SPDX-License-Identifier: MIT */
/* What a change writes into the store: its objects, and what becomes of their identities. */
#ifndef VIO_LIB_ENGINE_RECORDS_H
#define VIO_LIB_ENGINE_RECORDS_H

#include <stddef.h>

struct vio_change;

size_t vio__records_max(const struct vio_change *change);

/* Fill change->records; how many there are. Those that restore leave out what is in doubt. */
size_t vio__records_make(struct vio_change *change);
size_t vio__records_restore(struct vio_change *change);

#endif
