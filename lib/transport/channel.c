/* SPDX-License-Identifier: MIT */
#include "lib/transport/channel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/base/cursor.h"
#include "lib/transport/pending.h"

/* vfio-user, "Header": flags. */
#define FLAG_REPLY    0x1u
#define FLAG_TYPE     0xfu
#define FLAG_NO_REPLY 0x10u
#define FLAG_ERROR    0x20u

#define IN_SIZE       (2 * (VIO_CHANNEL_DATA + 64))
#define OUT_MAX       (8u << 20) /* a server that reads nothing while this much waits is stuck */
#define MOST_READS    16         /* per turn of the loop, so that one peer cannot keep it busy */

struct vio_channel {
    struct vio_loop *loop;
    struct vio_channel_listener listener;
    int fd;
    struct vio_watch *watch;
    struct vio_timer timer; /* of the oldest pending message, or of a failure to be told */
    uint64_t timeout;
    struct vio_pendings pendings;
    int broken;
    char text[160];
    int received_fd; /* for the next reply; -1: none */
    bool corked;
    struct vio_buf out;
    size_t in_size;
    uint8_t in[IN_SIZE];
};

static const char *command_name(unsigned command)
{
    switch (command) {
    case VIO_CHANNEL_VERSION:
        return "VERSION";
    case VIO_CHANNEL_GET_INFO:
        return "DEVICE_GET_INFO";
    case VIO_CHANNEL_GET_REGION_INFO:
        return "DEVICE_GET_REGION_INFO";
    case VIO_CHANNEL_GET_IRQ_INFO:
        return "DEVICE_GET_IRQ_INFO";
    case VIO_CHANNEL_SET_IRQS:
        return "DEVICE_SET_IRQS";
    case VIO_CHANNEL_REGION_READ:
        return "REGION_READ";
    case VIO_CHANNEL_REGION_WRITE:
        return "REGION_WRITE";
    case VIO_CHANNEL_RESET:
        return "DEVICE_RESET";
    default:
        return "an unknown command";
    }
}

/* What still comes would never be read, and keep the loop from sleeping. */
static void set_broken(struct vio_channel *channel, int code)
{
    channel->broken = code;
    (void)vio__watch_set(channel->watch, 0);
}

/* Told by the timer, since it may be found out inside a call. */
static void fail(struct vio_channel *channel, int code, const char *text, const char *detail)
{
    if (channel->broken != 0)
        return;
    set_broken(channel, code);
    snprintf(channel->text, sizeof channel->text, "%s%s", text, detail);
    vio__timer_start(&channel->timer, vio__loop_now(channel->loop));
}

static void arm(struct vio_channel *channel)
{
    const struct vio_pending *oldest = vio__pendings_oldest(&channel->pendings);

    if (channel->broken != 0)
        return;
    if (oldest == NULL)
        vio__timer_stop(&channel->timer);
    else
        vio__timer_start(&channel->timer, oldest->due);
}

static void on_timer(struct vio_timer *timer, void *user)
{
    struct vio_channel *channel = user;

    (void)timer;
    if (channel->broken == 0) {
        set_broken(channel, VIO_ETIMEDOUT);
        snprintf(channel->text, sizeof channel->text, "no answer to %s within %llu ms",
                 command_name(vio__pendings_oldest(&channel->pendings)->command),
                 (unsigned long long)(channel->timeout / 1000000));
    }
    channel->listener.broken(channel->listener.user, channel->broken, channel->text);
}

/* -- Receiving --------------------------------------------------------------------------------- */

static void close_fds(struct msghdr *message, int *io_kept)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        size_t count;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (*io_kept < 0)
                *io_kept = fd;
            else
                close(fd);
        }
    }
}

/* 1: there may be more; 0: that was all for now; -1: the channel failed. */
static int receive(struct vio_channel *channel)
{
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(VIO_CHANNEL_FDS * sizeof(int))];
    } control;
    struct iovec part = {channel->in + channel->in_size, sizeof channel->in - channel->in_size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t got;

    do
        got = recvmsg(channel->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return 0;
    if (got <= 0) {
        fail(channel, VIO_ETRANSPORT, got == 0 ? "the server closed the connection" : "receiving: ",
             got == 0 ? "" : strerrordesc_np(errno));
        return -1;
    }
    close_fds(&message, &channel->received_fd);
    channel->in_size += (size_t)got;
    return (size_t)got == part.iov_len; /* less means empty; if not, the loop calls again */
}

static void deliver(struct vio_channel *channel, struct vio_pending *pending, uint32_t flags,
                    uint32_t code, const uint8_t *payload, size_t size)
{
    struct vio_channel_reply reply = {.payload = payload, .size = size};
    vio_channel_replied replied = pending->replied;
    void *user = pending->user;

    if (flags & FLAG_ERROR)
        reply = (struct vio_channel_reply){.status = VIO_EIO, .code = code, .payload = payload};
    reply.fd = channel->received_fd;
    channel->received_fd = -1;
    vio__pendings_drop(&channel->pendings, pending);
    arm(channel);
    replied(user, &reply);
}

/* Handles the first message in the buffer. Its size; 0: it is not complete yet, or the channel
 * failed. */
static size_t handle_one(struct vio_channel *channel, const uint8_t *at, size_t left)
{
    struct vio_cursor header;
    struct vio_pending *pending;
    uint16_t id, command;
    uint32_t size, flags, code;

    if (left < VIO_CHANNEL_HEADER)
        return 0;
    vio__cursor_init(&header, at, VIO_CHANNEL_HEADER);
    id = vio__cursor_le16(&header);
    command = vio__cursor_le16(&header);
    size = vio__cursor_le32(&header);
    flags = vio__cursor_le32(&header);
    code = vio__cursor_le32(&header);
    if (size < VIO_CHANNEL_HEADER || size > VIO_CHANNEL_DATA + 64) {
        fail(channel, VIO_EPROTO,
             "the server does not speak vfio-user: a message of an impossible size", "");
        return 0;
    }
    pending = vio__pendings_find(&channel->pendings, id);
    if ((flags & FLAG_TYPE) != FLAG_REPLY || pending == NULL || pending->command != command) {
        fail(channel, VIO_EPROTO,
             "the server sent what was not asked for: ", command_name(command));
        return 0;
    }
    if (left < size)
        return 0;
    deliver(channel, pending, flags, code, at + VIO_CHANNEL_HEADER, size - VIO_CHANNEL_HEADER);
    return size;
}

static void handle(struct vio_channel *channel)
{
    size_t done = 0, size;

    while (channel->broken == 0 &&
           (size = handle_one(channel, channel->in + done, channel->in_size - done)) > 0)
        done += size;
    memmove(channel->in, channel->in + done, channel->in_size - done);
    channel->in_size -= done;
}

/* -- Sending ----------------------------------------------------------------------------------- */

static void flush(struct vio_channel *channel)
{
    ssize_t sent =
        send(channel->fd, channel->out.data, channel->out.size, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        fail(channel, VIO_ETRANSPORT, "sending: ", strerrordesc_np(errno));
        return;
    }
    if (sent > 0)
        vio__buf_consume(&channel->out, (size_t)sent);
    if (channel->out.size == 0)
        vio__watch_set(channel->watch, VIO_WATCH_READ);
}

static void on_ready(struct vio_watch *watch, int events, void *user)
{
    struct vio_channel *channel = user;

    (void)watch;
    if ((events & VIO_WATCH_WRITE) && channel->out.size > 0)
        flush(channel);
    for (int i = 0; i < MOST_READS && channel->broken == 0 && (events & VIO_WATCH_READ); i++) {
        int more = receive(channel);

        if (more < 0)
            break;
        handle(channel);
        if (more == 0)
            break;
    }
}

static void put_header(uint8_t *header, uint16_t id, const struct vio_channel_message *message,
                       bool wants_reply)
{
    uint32_t size = (uint32_t)(VIO_CHANNEL_HEADER + message->head_size + message->data_size);
    uint32_t flags = wants_reply ? 0 : FLAG_NO_REPLY;

    memset(header, 0, VIO_CHANNEL_HEADER);
    vio__channel_put32(header + 4, size);
    vio__channel_put32(header + 8, flags);
    header[0] = (uint8_t)id;
    header[1] = (uint8_t)(id >> 8);
    header[2] = (uint8_t)message->command;
}

static void attach_fds(struct msghdr *out, void *control, size_t size,
                       const struct vio_channel_message *message)
{
    struct cmsghdr *c;

    if (message->num_fds == 0)
        return;
    memset(control, 0, size);
    out->msg_control = control;
    out->msg_controllen = CMSG_SPACE(message->num_fds * sizeof(int));
    c = CMSG_FIRSTHDR(out);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(message->num_fds * sizeof(int));
    memcpy(CMSG_DATA(c), message->fds, message->num_fds * sizeof(int));
}

/* Bytes taken by the socket at once, or -1. */
static ssize_t send_now(struct vio_channel *channel, const uint8_t *header,
                        const struct vio_channel_message *message)
{
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(VIO_CHANNEL_FDS * sizeof(int))];
    } control;
    struct iovec part[3] = {{(void *)header, VIO_CHANNEL_HEADER},
                            {(void *)message->head, message->head_size},
                            {(void *)message->data, message->data_size}};
    struct msghdr out = {.msg_iov = part, .msg_iovlen = 3};
    ssize_t sent;

    attach_fds(&out, &control, sizeof control, message);
    do
        sent = sendmsg(channel->fd, &out, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

static int keep_rest(struct vio_channel *channel, const uint8_t *header,
                     const struct vio_channel_message *message, size_t sent)
{
    const void *part[3] = {header, message->head, message->data};
    size_t size[3] = {VIO_CHANNEL_HEADER, message->head_size, message->data_size};

    for (int i = 0; i < 3; i++) {
        size_t skip = sent < size[i] ? sent : size[i];

        if (size[i] > skip)
            vio__buf_append(&channel->out, (const uint8_t *)part[i] + skip, size[i] - skip);
        sent -= skip;
    }
    return channel->out.status;
}

static int transmit(struct vio_channel *channel, const uint8_t *header,
                    const struct vio_channel_message *message)
{
    size_t whole = VIO_CHANNEL_HEADER + message->head_size + message->data_size;
    ssize_t sent = 0;

    if (channel->out.size == 0 && !channel->corked)
        sent = send_now(channel, header, message);
    if (sent == (ssize_t)whole)
        return 0;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        fail(channel, VIO_ETRANSPORT, "sending: ", strerrordesc_np(errno));
        return VIO_ETRANSPORT;
    }
    /* Descriptors go with the first byte; one that cannot even send that has no room for them. */
    if (message->num_fds > 0 && sent <= 0) {
        fail(channel, VIO_ETRANSPORT, "the server reads nothing", "");
        return VIO_ETRANSPORT;
    }
    if (keep_rest(channel, header, message, sent > 0 ? (size_t)sent : 0) != 0) {
        fail(channel, VIO_ETRANSPORT, "the server reads nothing", "");
        return VIO_ETRANSPORT;
    }
    return channel->corked ? 0 : vio__watch_set(channel->watch, VIO_WATCH_READ | VIO_WATCH_WRITE);
}

void vio__channel_cork(struct vio_channel *channel)
{
    channel->corked = true;
}

void vio__channel_uncork(struct vio_channel *channel)
{
    channel->corked = false;
    if (channel->broken != 0 || channel->out.size == 0)
        return;
    flush(channel);
    if (channel->broken == 0 && channel->out.size > 0)
        vio__watch_set(channel->watch, VIO_WATCH_READ | VIO_WATCH_WRITE);
}

int vio__channel_send(struct vio_channel *channel, const struct vio_channel_message *message,
                      vio_channel_replied replied, void *user)
{
    uint64_t due = vio__loop_now(channel->loop) + channel->timeout;
    uint8_t header[VIO_CHANNEL_HEADER];
    struct vio_pending *pending = NULL;
    int status = channel->broken;

    if (status == 0 && replied != NULL)
        status = vio__pendings_add(&channel->pendings, (uint16_t)message->command, due, replied,
                                   user, &pending);
    if (status != 0)
        return status;
    put_header(header, pending != NULL ? pending->id : 0, message, pending != NULL);
    status = transmit(channel, header, message);
    if (status != 0 && pending != NULL)
        vio__pendings_drop(&channel->pendings, pending);
    else if (channel->pendings.count == 1)
        arm(channel);
    return status;
}

/* -- Opening and closing ----------------------------------------------------------------------- */

static int connect_to(const char *path, int *ret_fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return VIO_EINVAL;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return VIO_ETRANSPORT;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;

        close(fd);
        errno = error;
        if (error == EAGAIN)
            return VIO_EAGAIN;
        return error == ENOENT ? VIO_ENOENT : error == EACCES ? VIO_EPERM : VIO_ETRANSPORT;
    }
    *ret_fd = fd;
    return 0;
}

int vio__channel_open(struct vio_loop *loop, const char *path, uint64_t timeout,
                      const struct vio_channel_listener *listener, struct vio_channel **ret_channel,
                      int *ret_errno)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_channel *channel = vio__calloc(alloc, 1, sizeof *channel);
    int status;

    if (channel == NULL)
        return VIO_ENOMEM;
    channel->loop = loop;
    channel->listener = *listener;
    channel->timeout = timeout;
    channel->received_fd = -1;
    vio__pendings_init(&channel->pendings, alloc);
    vio__buf_init(&channel->out, alloc, OUT_MAX);
    vio__timer_init(&channel->timer, loop, false, on_timer, channel);
    status = connect_to(path, &channel->fd);
    *ret_errno = errno;
    if (status != 0) {
        vio__free(alloc, channel);
        return status;
    }
    status = vio__watch_new(loop, channel->fd, on_ready, channel, &channel->watch);
    if (status == 0)
        status = vio__watch_set(channel->watch, VIO_WATCH_READ);
    if (status != 0) {
        vio__channel_close(channel);
        return status;
    }
    *ret_channel = channel;
    return 0;
}

void vio__channel_close(struct vio_channel *channel)
{
    const struct vio_alloc *alloc;
    struct vio_pending *pending;

    if (channel == NULL)
        return;
    alloc = vio__loop_alloc(channel->loop);
    vio__timer_stop(&channel->timer);
    vio__watch_close(channel->watch);
    close(channel->fd);
    if (channel->received_fd >= 0)
        close(channel->received_fd);
    while ((pending = vio__pendings_oldest(&channel->pendings)) != NULL) {
        const struct vio_channel_reply none = {
            .status = channel->broken ? channel->broken : VIO_ECLOSED, .fd = -1};

        pending->replied(pending->user, &none);
        vio__pendings_drop(&channel->pendings, pending);
    }
    vio__buf_free(&channel->out);
    vio__free(alloc, channel);
}
