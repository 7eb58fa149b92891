/* SPDX-License-Identifier: MIT */
/* Reads and writes of a vfio-user device's regions, split into messages that its server takes. */
#ifndef VIO_LIB_TRANSPORT_REGION_H
#define VIO_LIB_TRANSPORT_REGION_H

#include <stddef.h>
#include <stdint.h>

#include "lib/transport/channel.h"
#include "lib/transport/ops.h"

struct vio_region {
    struct vio_transport *transport; /* gets the text of refusals */
    struct vio_channel *channel;
    uint32_t max; /* bytes that the server takes in one message */
};

/* Reads `into`, or writes `from`; the other is NULL. `call` ends with the last reply. */
void vio__region_access(const struct vio_region *region, uint32_t index, uint64_t offset,
                        uint8_t *into, const uint8_t *from, size_t size,
                        struct vio_transport_call *call);

/* A write that no reply is wanted for. */
void vio__region_post(const struct vio_region *region, uint32_t index, uint64_t offset,
                      const void *data, size_t size);

#endif
