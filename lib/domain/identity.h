/* SPDX-License-Identifier: MIT */
/*
 * Identities that are made, not given. Each contains 22 random bits of the store's UUID, so that
 * two stores do not make the same, and a number. As the first three bytes of a MAC and as the
 * company identifier of a WWN the 22 bits make a locally administered one, which belongs to nobody.
 */
#ifndef VIO_LIB_DOMAIN_IDENTITY_H
#define VIO_LIB_DOMAIN_IDENTITY_H

#include <stdint.h>

#include <libvio/address.h>

#include "lib/base/uuid.h"

/* Numbers are taken modulo these. */
#define VIO_IDENTITY_MACS  (UINT64_C(1) << 24)
#define VIO_IDENTITY_WWPNS (UINT64_C(1) << 36)
#define VIO_IDENTITY_WWNNS (UINT64_C(1) << 24)

/* Locally administered unicast MAC-48 (IEEE 802-2014, 8.4): 24 bits of prefix, 24 of number. */
void vio__identity_mac(const uint8_t store[VIO_UUID_SIZE], uint64_t number,
                       struct vio_address *ret_address);

/* WWN of NAA 5 (T11 FC-FS-3): 24 bits of company identifier, 36 of number. */
void vio__identity_wwpn(const uint8_t store[VIO_UUID_SIZE], uint64_t number,
                        struct vio_address *ret_address);

/* WWN of NAA 2: 24 bits of company identifier, 24 of number. */
void vio__identity_wwnn(const uint8_t store[VIO_UUID_SIZE], uint64_t number,
                        struct vio_address *ret_address);

/* UUID of version 4; `random` is one, of which all but the store's bits are kept. */
void vio__identity_uuid(const uint8_t store[VIO_UUID_SIZE], const uint8_t random[VIO_UUID_SIZE],
                        struct vio_address *ret_address);

#endif
