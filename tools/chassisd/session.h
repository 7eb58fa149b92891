/* SPDX-License-Identifier: MIT */
/*
 * One vfio-user client: its socket, its DMA mappings and interrupts, and the device it talks to.
 * Knows no event loop; whoever owns it tells when the socket is ready.
 */
#ifndef CHASSISD_SESSION_H
#define CHASSISD_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/chassisd/dma.h"

struct vfu_session;

/*
 * The PCI device that a session serves, by VFIO's region numbers: BAR n is region n, region 7 the
 * configuration space. The session asks nothing outside a region. read and write return 0 or a
 * positive errno value.
 */
struct vfu_device {
    void *user;
    unsigned vectors;                                     /* of MSI-X */
    uint64_t (*region_size)(void *user, unsigned region); /* 0: there is none */
    int (*region_fd)(void *user, unsigned region); /* memory of the whole region, -1: trapped */
    int (*read)(void *user, unsigned region, uint64_t offset, void *data, size_t size);
    int (*write)(void *user, unsigned region, uint64_t offset, const void *data, size_t size);
    void (*reset)(void *user);
};

/* Takes the connected socket over, even where it fails. `device` must outlive the session. Returns
 * NULL when memory is out. */
struct vfu_session *vfu_session_new(int fd, const struct vfu_device *device);
void vfu_session_free(struct vfu_session *session); /* NULL is fine */

/* To be called when the socket is ready. Handles a bounded number of messages, so that one client
 * does not keep the others waiting. False: the session has ended and is to be freed. */
bool vfu_session_work(struct vfu_session *session);
/* What to wait for: a reply that could not be sent comes before the next message. */
bool vfu_session_wants_write(const struct vfu_session *session);
bool vfu_session_negotiated(const struct vfu_session *session);

void vfu_session_interrupt(struct vfu_session *session, unsigned vector);
struct vfu_dma *vfu_session_dma(struct vfu_session *session);

#endif
