/* SPDX-License-Identifier: MIT */
/**
 * @file identity.h
 * @brief Identities: the MACs, WWNs and UUIDs of a store, and what became of each.
 *
 * An identity is free, then reserved, then assigned, then quarantined, then free again. What is not
 * to be drawn is excluded or external.
 */
#ifndef LIBVIO_IDENTITY_H
#define LIBVIO_IDENTITY_H

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What may be done with an identity. */
enum vio_identity_state {
    VIO_IDENTITY_UNKNOWN = 0,
    VIO_IDENTITY_FREE = 1,        /**< may be drawn or given */
    VIO_IDENTITY_RESERVED = 2,    /**< kept by hand, or by a change that is under way */
    VIO_IDENTITY_ASSIGNED = 3,    /**< a vAdapter has it, and its chassis has confirmed that */
    VIO_IDENTITY_QUARANTINED = 4, /**< released a while ago: its previous owner alone may have it */
    VIO_IDENTITY_EXCLUDED = 5,    /**< its pool does not give it */
    VIO_IDENTITY_EXTERNAL = 6     /**< something outside the store uses it */
};

#ifdef __cplusplus
}
#endif

#endif
