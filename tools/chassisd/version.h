/* SPDX-License-Identifier: MIT */
/* The negotiation that opens a vfio-user connection. */
#ifndef CHASSISD_VERSION_H
#define CHASSISD_VERSION_H

#include <stddef.h>
#include <stdint.h>

#include "tools/chassisd/wire.h"

#define VFU_VERSION_TEXT_MAX  4096u /* bytes of JSON that a client may send */
#define VFU_VERSION_REPLY_MAX 256u

/* What the client says about itself that matters here. */
struct vfu_peer {
    uint16_t minor;       /* both sides know it */
    uint32_t max_msg_fds; /* descriptors it takes with one message */
};

/* Reads the payload of a VERSION message. Returns 0, or EINVAL for a major version other than 0 and
 * for text that is not the JSON the protocol defines. */
int vfu_version_read(const uint8_t *payload, size_t size, struct vfu_peer *ret_peer);

/* Writes the payload of the reply, with what this server takes, and returns its size. */
size_t vfu_version_write(const struct vfu_peer *peer, uint8_t reply[VFU_VERSION_REPLY_MAX]);

#endif
