/* SPDX-License-Identifier: MIT */
/* The objects that only stores know: holds on identities, and the chassis that were met. */
#ifndef VIO_LIB_STORE_OBJECTS_H
#define VIO_LIB_STORE_OBJECTS_H

#include <stdint.h>

#include <libvio/address.h>
#include <libvio/identity.h>

#include "lib/base/uuid.h"
#include "lib/domain/observation.h"

#define VIO_URI_SIZE 256

/* Why an identity is not free although no vAdapter has it. */
struct vio_hold {
    struct vio_address address;
    enum vio_identity_state state; /* RESERVED, QUARANTINED or EXTERNAL */
    uint64_t until;                /* ns since 1970; 0: for ever */
    char owner[VIO_NAME_SIZE];     /* who reserved it, or the previous owner's name */
    uint8_t previous[VIO_UUID_SIZE];
};

/* A chassis that the store has met. */
struct vio_met {
    uint8_t uuid[VIO_UUID_SIZE];
    char name[VIO_NAME_SIZE];
    char uri[VIO_URI_SIZE];
    uint64_t boot_id;
    uint64_t first, last; /* ns since 1970 */
};

#endif
