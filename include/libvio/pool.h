/* SPDX-License-Identifier: MIT */
/**
 * @file pool.h
 * @brief A pool: ranges of identities of one purpose, from which vAdapters draw theirs.
 *
 * Ranges do not overlap, neither inside a pool nor across the pools of a store. The pools
 * "default-mac", "default-wwnn", "default-wwpn" and "default-uuid" are made on their first use;
 * from then on they are pools like any other.
 */
#ifndef LIBVIO_POOL_H
#define LIBVIO_POOL_H

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the identities of a pool are used for; it fixes the kind of their addresses. */
enum vio_pool_purpose {
    VIO_POOL_UNKNOWN = 0,
    VIO_POOL_MAC = 1,  /**< MAC-48 of vNICs */
    VIO_POOL_WWNN = 2, /**< node names of vHBAs (WWN) */
    VIO_POOL_WWPN = 3, /**< port names of vHBAs (WWN) */
    VIO_POOL_UUID = 4, /**< UUIDs of vDisks */
    VIO_POOL_WWN = 5   /**< node and port names of vHBAs, drawn in pairs: both or none */
};

/** Which free identity of a pool is given next. */
enum vio_pool_order {
    VIO_POOL_ORDER_UNKNOWN = 0,
    VIO_POOL_ORDER_LOWEST = 1,    /**< the lowest that is free */
    VIO_POOL_ORDER_SEQUENTIAL = 2 /**< the next free one after that given last; after the end of the
                                       ranges the lowest */
};

#ifdef __cplusplus
}
#endif

#endif
