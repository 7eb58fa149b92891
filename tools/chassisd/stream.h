/* SPDX-License-Identifier: MIT */
/*
 * vfio-user messages on a non-blocking UNIX stream socket, whole ones with their descriptors. At
 * most one message waits in each direction: a peer that does not read its replies is not read from
 * either, so it can hold up nobody but itself and costs a bounded amount of memory.
 */
#ifndef CHASSISD_STREAM_H
#define CHASSISD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/chassisd/wire.h"

struct vfu_stream;

struct vfu_message {
    struct vfu_header header;
    const uint8_t *payload; /* valid until the next receive */
    size_t size;            /* of the payload */
    int fds[VFU_FDS_MAX];   /* who keeps one replaces it by -1; the others are closed */
    unsigned fd_count;
    bool fds_lost; /* more came than VFU_FDS_MAX, or than this process may have open */
};

enum vfu_progress {
    VFU_AGAIN = 0,  /* wait until the socket is ready */
    VFU_DONE = 1,   /* a whole message was received, or all was sent */
    VFU_CLOSED = 2, /* the peer is gone */
    VFU_BROKEN = 3, /* the header's size is impossible: what follows cannot be told apart */
};

/* Takes the socket over, even where it fails. Returns NULL when memory is out. */
struct vfu_stream *vfu_stream_new(int fd);
void vfu_stream_free(struct vfu_stream *stream); /* closes the socket; NULL is fine */

/* After VFU_DONE, and after VFU_BROKEN with only its header set, the message is released with
 * vfu_message_release(). */
enum vfu_progress vfu_stream_receive(struct vfu_stream *stream, struct vfu_message *ret_message);
void vfu_message_release(struct vfu_message *message);

/* Room for the payload of the next message to send; NULL when memory is out. */
void *vfu_stream_payload(struct vfu_stream *stream, size_t size);
/* Sends as much as goes at once of the header, whose size is filled in, and of `size` bytes of that
 * payload. `fd` goes with it unless it is -1, and stays the caller's. Nothing may be waiting. */
enum vfu_progress vfu_stream_send(struct vfu_stream *stream, const struct vfu_header *header,
                                  size_t size, int fd);
/* Sends what still waits. */
enum vfu_progress vfu_stream_flush(struct vfu_stream *stream);
bool vfu_stream_waiting(const struct vfu_stream *stream);

#endif
