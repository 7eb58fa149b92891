/* SPDX-License-Identifier: MIT */
/* Snapshots of pools. */
#ifndef VIO_API_POOL_H
#define VIO_API_POOL_H

#include <stdbool.h>

#include <libvio/pool.h>

#include "lib/base/alloc.h"
#include "lib/domain/pool.h"
#include "lib/engine/ledger.h"

/* A pool as it is now in that store, with the numbers of its identities. VIO_ENOMEM. */
int vio__pool_snapshot(const struct vio_ledger *ledger, struct vio_pool_info *info,
                       struct vio_pool **ret_pool);

/* Whether this is its name or the text of its UUID. */
bool vio__pool_is(const struct vio_pool *pool, const char *name);

#endif
