/* SPDX-License-Identifier: MIT */
/* Where a vAdapter goes when its user does not say. */
#ifndef VIO_LIB_DOMAIN_PLACEMENT_H
#define VIO_LIB_DOMAIN_PLACEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/vadapter.h>

#include "lib/domain/actual.h"

/* What is promised but not in the actual state yet, by adapter number; NULL: nothing. */
struct vio_promise {
    uint32_t functions;
    uint64_t space;
};

/* Whether an adapter is there, works and is shared as that kind. */
bool vio__placement_fits(const struct vio_adapter_info *adapter, enum vio_vadapter_kind kind);

/* The number of the adapter of that kind with room for one more of that size and the most room
 * left; VIO_NO_INDEX where there is none. */
uint32_t vio__placement_adapter(const struct vio_actual *actual, const struct vio_promise *promises,
                                enum vio_vadapter_kind kind, uint64_t size);

/* The server's port that is to carry one more: of those whose link is up, or else of all, the one
 * with the fewest functions. */
uint32_t vio__placement_path(const struct vio_actual *actual, const struct vio_server_info *server);

#endif
