/* SPDX-License-Identifier: MIT */
/* vDisks that were removed long enough ago are purged, when somebody looks. */
#ifndef VIO_LIB_ENGINE_EXPIRY_H
#define VIO_LIB_ENGINE_EXPIRY_H

#include <stdint.h>

struct vio_engine;
struct vio_inventory;

#define VIO_EXPIRY_DEFAULT (UINT64_C(7) * 86400 * 1000000000) /* ns */

/* Begins to purge those of a snapshot that are kept longer than the ledger says. What there is no
 * memory for is purged the next time. */
void vio__expiry_check(struct vio_engine *engine, const struct vio_inventory *inventory);

#endif
