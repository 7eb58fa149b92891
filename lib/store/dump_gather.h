/* SPDX-License-Identifier: MIT */
#ifndef VIO_LIB_STORE_DUMP_GATHER_H
#define VIO_LIB_STORE_DUMP_GATHER_H

#include <stdint.h>

struct vio_alloc;
struct vio_dump;
struct vio__store;

/* On the loop's thread: all objects that are committed, in no order yet; vio__dump_finish() may run
 * elsewhere. Default pools that nothing was drawn from are not there. `now`: the store's clock, ns.
 * `alloc` is the loop's. VIO_ENOMEM. */
int vio__dump_gather(const struct vio_alloc *alloc, const struct vio__store *store, uint64_t now,
                     struct vio_dump **ret_dump);

#endif
