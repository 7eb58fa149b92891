/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct vfu_stream {
    int fd;

    struct vfu_message in; /* as far as it was received */
    size_t in_done;        /* bytes of it, the header included */
    uint8_t *in_payload;
    size_t in_capacity;

    uint8_t *out; /* a message with its header */
    size_t out_capacity;
    size_t out_size;
    size_t out_done;
    int out_fd; /* goes with the first byte */
};

struct vfu_stream *vfu_stream_new(int fd)
{
    struct vfu_stream *stream = calloc(1, sizeof *stream);

    if (!stream) {
        close(fd);
        return NULL;
    }
    stream->fd = fd;
    stream->out_fd = -1;
    return stream;
}

void vfu_stream_free(struct vfu_stream *stream)
{
    if (!stream)
        return;
    vfu_message_release(&stream->in);
    close(stream->fd);
    free(stream->in_payload);
    free(stream->out);
    free(stream);
}

void vfu_message_release(struct vfu_message *message)
{
    for (unsigned i = 0; i < message->fd_count; i++) {
        if (message->fds[i] >= 0)
            close(message->fds[i]);
    }
    message->fd_count = 0;
}

static bool reserve(uint8_t **buffer, size_t *capacity, size_t size)
{
    uint8_t *grown;

    if (size <= *capacity)
        return true;
    grown = realloc(*buffer, size);
    if (!grown)
        return false;
    *buffer = grown;
    *capacity = size;
    return true;
}

static void keep_fds(struct vfu_message *message, struct msghdr *msg)
{
    if (msg->msg_flags & MSG_CTRUNC)
        message->fds_lost = true;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (message->fd_count < VFU_FDS_MAX) {
                message->fds[message->fd_count++] = fd;
            } else {
                message->fds_lost = true;
                close(fd);
            }
        }
    }
}

/* Receives until `target` holds `size` bytes. Never reads past them: descriptors that arrive belong
 * to the message at hand. */
static enum vfu_progress fill(struct vfu_stream *stream, uint8_t *target, size_t offset,
                              size_t size)
{
    while (offset < size) {
        union {
            struct cmsghdr align;
            char bytes[CMSG_SPACE(VFU_FDS_MAX * sizeof(int))];
        } control;
        struct iovec iov = {.iov_base = target + offset, .iov_len = size - offset};
        struct msghdr msg = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
        ssize_t n = recvmsg(stream->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? VFU_AGAIN : VFU_CLOSED;
        keep_fds(&stream->in, &msg);
        if (n == 0)
            return VFU_CLOSED;
        offset += (size_t)n;
        stream->in_done += (size_t)n;
    }
    return VFU_DONE;
}

static void hand_over(struct vfu_stream *stream, struct vfu_message *ret_message)
{
    *ret_message = stream->in;
    ret_message->payload = stream->in_payload;
    memset(&stream->in, 0, sizeof stream->in);
    stream->in_done = 0;
}

enum vfu_progress vfu_stream_receive(struct vfu_stream *stream, struct vfu_message *ret_message)
{
    struct vfu_header *header = &stream->in.header;
    enum vfu_progress progress;

    if (stream->in_done < sizeof *header) {
        progress = fill(stream, (uint8_t *)header, stream->in_done, sizeof *header);
        if (progress != VFU_DONE)
            return progress;
    }
    if (header->size < sizeof *header || header->size - sizeof *header > VFU_PAYLOAD_MAX) {
        hand_over(stream, ret_message);
        return VFU_BROKEN;
    }
    stream->in.size = header->size - sizeof *header;
    if (!reserve(&stream->in_payload, &stream->in_capacity, stream->in.size))
        return VFU_CLOSED;
    progress = fill(stream, stream->in_payload, stream->in_done - sizeof *header, stream->in.size);
    if (progress == VFU_DONE)
        hand_over(stream, ret_message);
    return progress;
}

void *vfu_stream_payload(struct vfu_stream *stream, size_t size)
{
    if (!reserve(&stream->out, &stream->out_capacity, sizeof(struct vfu_header) + size))
        return NULL;
    return stream->out + sizeof(struct vfu_header);
}

enum vfu_progress vfu_stream_send(struct vfu_stream *stream, const struct vfu_header *header,
                                  size_t size, int fd)
{
    struct vfu_header filled = *header;

    if (!vfu_stream_payload(stream, size))
        return VFU_CLOSED;
    filled.size = (uint32_t)(sizeof filled + size);
    memcpy(stream->out, &filled, sizeof filled);
    stream->out_size = filled.size;
    stream->out_done = 0;
    stream->out_fd = fd;
    return vfu_stream_flush(stream);
}

static ssize_t send_some(struct vfu_stream *stream)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec iov = {.iov_base = stream->out + stream->out_done,
                        .iov_len = stream->out_size - stream->out_done};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

    if (stream->out_fd >= 0) {
        struct cmsghdr *c;

        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof control.bytes;
        c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &stream->out_fd, sizeof(int));
    }
    return sendmsg(stream->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

enum vfu_progress vfu_stream_flush(struct vfu_stream *stream)
{
    while (stream->out_done < stream->out_size) {
        ssize_t n = send_some(stream);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? VFU_AGAIN : VFU_CLOSED;
        stream->out_done += (size_t)n;
        stream->out_fd = -1;
    }
    return VFU_DONE;
}

bool vfu_stream_waiting(const struct vfu_stream *stream)
{
    return stream->out_done < stream->out_size;
}
