/* SPDX-License-Identifier: MIT */
/*
 * Messages of the vfio-user protocol over a UNIX stream socket: commands out, their replies back,
 * descriptors with them. What they mean is vfio_user.c's.
 *
 * The specification is QEMU's docs/interop/vfio-user.rst. The protocol has no time-outs: the
 * channel adds them, as a peer that does not answer is as good as gone.
 */
#ifndef VIO_LIB_TRANSPORT_CHANNEL_H
#define VIO_LIB_TRANSPORT_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/loop/loop.h"

struct vio_channel;

/* vfio-user, "Commands". */
enum vio_channel_command {
    VIO_CHANNEL_VERSION = 1,
    VIO_CHANNEL_GET_INFO = 4,
    VIO_CHANNEL_GET_REGION_INFO = 5,
    VIO_CHANNEL_GET_IRQ_INFO = 7,
    VIO_CHANNEL_SET_IRQS = 8,
    VIO_CHANNEL_REGION_READ = 9,
    VIO_CHANNEL_REGION_WRITE = 10,
    VIO_CHANNEL_RESET = 13,
};

#define VIO_CHANNEL_HEADER 16
#define VIO_CHANNEL_DATA                                                                    \
    65536u                 /* most bytes of one access; longer ones are split by the caller \
                            */
#define VIO_CHANNEL_FDS 32 /* most descriptors of one message */

/* A reply without its header. `fd` is the callee's to close; -1: none came. status VIO_EIO: the
 * server refused; `payload` is empty and `code` its errno value. */
struct vio_channel_reply {
    int status;
    uint32_t code;
    const uint8_t *payload;
    size_t size;
    int fd;
};

typedef void (*vio_channel_replied)(void *user, const struct vio_channel_reply *reply);

struct vio_channel_listener {
    void *user;
    /* The connection is of no use any more. Never inside a call; closing the channel is all that
     * is left to do. */
    void (*broken)(void *user, int code, const char *text);
};

/* A message to send: fixed part, then data, then descriptors; all are copied or sent at once. */
struct vio_channel_message {
    enum vio_channel_command command;
    const void *head;
    size_t head_size;
    const void *data;
    size_t data_size;
    const int *fds;
    size_t num_fds;
};

/*
 * Connects. VIO_EAGAIN: the server's backlog is full, try again later. Otherwise VIO_ENOENT,
 * VIO_ETRANSPORT, VIO_ENOMEM; the errno value goes to *ret_errno. `timeout` is each message's, ns.
 */
int vio__channel_open(struct vio_loop *loop, const char *path, uint64_t timeout,
                      const struct vio_channel_listener *listener, struct vio_channel **ret_channel,
                      int *ret_errno);

/* Ends what is outstanding with the reason why the channel broke, else VIO_ECLOSED; these callbacks
 * come inside the call. Not to be called inside `replied`. NULL is fine. */
void vio__channel_close(struct vio_channel *channel);

/* `replied` NULL: no reply is wanted, and none will be sent. Never calls back inside the call.
 * VIO_EAGAIN: all 65,536 numbers that the protocol has wait for their answers; VIO_ENOMEM; or why
 * the channel broke. */
int vio__channel_send(struct vio_channel *channel, const struct vio_channel_message *message,
                      vio_channel_replied replied, void *user);

/* Until uncork, what is sent waits, to go out in one piece. Without descriptors only. */
void vio__channel_cork(struct vio_channel *channel);
void vio__channel_uncork(struct vio_channel *channel);

static inline void vio__channel_put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

#endif
