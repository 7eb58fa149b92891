/* SPDX-License-Identifier: MIT */
/*
 * The `vfio-user:PATH` transport: a device behind a UNIX socket, as vio-chassisd and any other
 * vfio-user server serve one. BAR 0 is trapped: each access is a message. BAR 2 is mapped where the
 * server gives a descriptor that it cannot shrink under the reader; else it is trapped too.
 *
 * The specification is QEMU's docs/interop/vfio-user.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/cursor.h"
#include "lib/transport/channel.h"
#include "lib/transport/ops.h"
#include "lib/transport/region.h"

/* vfio-user, "Region info" and "IRQ info", after <linux/vfio.h>. */
#define REGION_CONFIG 7
#define REGION_RINGS  2
#define REGIONS       9
#define REGION_MMAP   0x4u
#define REGION_CAPS   0x8u
#define CAP_SPARSE    1
#define IRQ_MSIX      2
#define IRQ_EVENTFD   0x4u
#define IRQ_TRIGGER   0x20u
#define INFO_SIZE     32
#define VECTORS       17
#define RETRY_NS      10000000u
#define CAPABILITIES                                                                               \
    "{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":65536,\"migration\":{\"pgsize\":" \
    "4096}}}"

struct vector {
    struct vio_user *owner;
    struct vio_watch *watch;
    int fd; /* -1: none */
    unsigned number;
};

struct vio_user {
    struct vio_transport base;
    struct vio_channel *channel;
    struct vio_region region;
    struct vio_transport_call *connecting;
    struct vio_timer retry;
    uint64_t timeout;
    uint64_t deadline;
    void *rings; /* BAR 2; NULL: trapped */
    size_t rings_size;
    unsigned vectors, wanted_vectors;
    bool greeted; /* the server answered VERSION */
    struct vector vector[VECTORS];
};

static struct vio_user *of(struct vio_transport *transport)
{
    return (struct vio_user *)transport;
}

/* -- The handshake: each step sends a message, whose reply starts the next -------------------- */

static void refuse(struct vio_user *user, int status, const char *what)
{
    struct vio_transport_call *call = user->connecting;

    if (call == NULL)
        return;
    user->connecting = NULL;
    vio__transport_set_error(&user->base, "%s: %s", user->base.uri.path, what);
    vio__transport_finish(call, status);
}

/* The connection ended. Where the server has not said a word, what it does not say is said here. */
static void lose(struct vio_user *user, int status, const char *what)
{
    refuse(user, status,
           status == VIO_ETRANSPORT && !user->greeted
               ? "the server hung up before it said a word; it may have as many clients as it takes"
               : what);
}

/* Whether a reply of the handshake can be used; it is refused otherwise. */
static bool accepted(struct vio_user *user, const struct vio_channel_reply *reply, const char *name)
{
    char text[160];

    if (reply->fd >= 0 && strcmp(name, "DEVICE_GET_REGION_INFO") != 0)
        close(reply->fd);
    if (reply->status == 0)
        return true;
    snprintf(text, sizeof text, "the server refused %s: %s", name,
             strerrordesc_np((int)reply->code) != NULL ? strerrordesc_np((int)reply->code)
                                                       : "unknown reason");
    refuse(user, VIO_EPROTO, text);
    return false;
}

static void ask(struct vio_user *user, enum vio_channel_command command, const void *head,
                size_t size, vio_channel_replied next)
{
    struct vio_channel_message message = {.command = command, .head = head, .head_size = size};
    int status = vio__channel_send(user->channel, &message, next, user);

    if (status != 0)
        lose(user, status, vio_strerror(status));
}

static void on_interrupt(struct vio_watch *watch, int events, void *context)
{
    struct vector *vector = context;
    struct vio_user *user = vector->owner;
    struct vio_transport *transport = &user->base;
    uint64_t count;

    (void)watch;
    (void)events;
    if (read(vector->fd, &count, sizeof count) != sizeof count ||
        transport->state != VIO_TRANSPORT_UP)
        return;
    /* What answers an interrupt is a handful of doorbells: one system call, one wake-up there. */
    vio__channel_cork(user->channel);
    transport->listener.interrupt(transport->listener.user, vector->number);
    if (user->channel != NULL)
        vio__channel_uncork(user->channel);
}

static int make_vector(struct vio_user *user, unsigned number)
{
    struct vector *vector = &user->vector[number];
    int status;

    vector->owner = user;
    vector->number = number;
    vector->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (vector->fd < 0)
        return VIO_ELIMIT;
    status = vio__watch_new(user->base.loop, vector->fd, on_interrupt, vector, &vector->watch);
    if (status == 0)
        status = vio__watch_set(vector->watch, VIO_WATCH_READ);
    return status;
}

static void irq_set(void *context, const struct vio_channel_reply *reply);

/* One descriptor with each message: that is what a server takes that does not announce more. */
static void set_next_irq(struct vio_user *user)
{
    struct vio_transport_call *call = user->connecting;
    struct vio_channel_message message = {.command = VIO_CHANNEL_SET_IRQS, .num_fds = 1};
    uint8_t head[20] = {0};
    int status;

    if (user->vectors == user->wanted_vectors) {
        user->connecting = NULL;
        vio__transport_finish(call, 0);
        return;
    }
    vio__channel_put32(head, sizeof head);
    vio__channel_put32(head + 4, IRQ_EVENTFD | IRQ_TRIGGER);
    vio__channel_put32(head + 8, IRQ_MSIX);
    vio__channel_put32(head + 12, user->vectors);
    vio__channel_put32(head + 16, 1);
    status = make_vector(user, user->vectors);
    message.head = head;
    message.head_size = sizeof head;
    message.fds = &user->vector[user->vectors++].fd;
    if (status == 0)
        status = vio__channel_send(user->channel, &message, irq_set, user);
    if (status != 0)
        refuse(user, status, vio_strerror(status));
}

static void irq_set(void *context, const struct vio_channel_reply *reply)
{
    struct vio_user *user = context;

    if (accepted(user, reply, "DEVICE_SET_IRQS"))
        set_next_irq(user);
}

static void irq_info(void *context, const struct vio_channel_reply *reply)
{
    struct vio_user *user = context;
    struct vio_cursor cursor;
    uint32_t count;

    if (!accepted(user, reply, "DEVICE_GET_IRQ_INFO"))
        return;
    vio__cursor_init(&cursor, reply->payload, reply->size);
    vio__cursor_skip(&cursor, 12);
    count = vio__cursor_le32(&cursor);
    if (cursor.failed) {
        refuse(user, VIO_EPROTO, "the server's DEVICE_GET_IRQ_INFO is too short");
        return;
    }
    user->wanted_vectors = count < VECTORS ? count : VECTORS; /* without any there is polling */
    set_next_irq(user);
}

/* A mapping that its owner can truncate would end this process by SIGBUS (mmap(2)). */
static bool cannot_shrink(int fd, uint64_t end)
{
    struct stat file;
    int seals = fcntl(fd, F_GET_SEALS);

    return seals >= 0 && (seals & F_SEAL_SHRINK) && fstat(fd, &file) == 0 &&
           (uint64_t)file.st_size >= end;
}

/* A server may let only parts of a region be mapped; parts are of no use here. */
static bool whole_is_mappable(const uint8_t *info, size_t size, uint32_t cap_offset, uint64_t bytes)
{
    struct vio_cursor cursor;

    vio__cursor_init(&cursor, info, size);
    for (int caps = 0; cap_offset != 0 && caps < 8; caps++) {
        uint16_t id;
        uint32_t next, areas;

        vio__cursor_seek(&cursor, cap_offset);
        id = vio__cursor_le16(&cursor);
        vio__cursor_skip(&cursor, 2);
        next = vio__cursor_le32(&cursor);
        areas = vio__cursor_le32(&cursor);
        vio__cursor_skip(&cursor, 4);
        if (id == CAP_SPARSE && !cursor.failed)
            return areas == 1 && vio__cursor_le64(&cursor) == 0 &&
                   vio__cursor_le64(&cursor) >= bytes && !cursor.failed;
        if (cursor.failed)
            return false;
        cap_offset = next;
    }
    return true;
}

static void map_rings(struct vio_user *user, const struct vio_channel_reply *reply)
{
    struct vio_cursor cursor;
    uint32_t flags, cap_offset;
    uint64_t size, offset;
    void *at;

    vio__cursor_init(&cursor, reply->payload, reply->size);
    vio__cursor_skip(&cursor, 4);
    flags = vio__cursor_le32(&cursor);
    vio__cursor_skip(&cursor, 4);
    cap_offset = vio__cursor_le32(&cursor);
    size = vio__cursor_le64(&cursor);
    offset = vio__cursor_le64(&cursor);
    if (cursor.failed || !(flags & REGION_MMAP) || reply->fd < 0 || size == 0 ||
        size > SIZE_MAX / 2 || offset > INT64_MAX - size ||
        !whole_is_mappable(reply->payload, reply->size, flags & REGION_CAPS ? cap_offset : 0,
                           size) ||
        !cannot_shrink(reply->fd, offset + size))
        return;
    at = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, reply->fd, (off_t)offset);
    if (at == MAP_FAILED)
        return;
    user->rings = at;
    user->rings_size = (size_t)size;
}

static void region_info(void *context, const struct vio_channel_reply *reply)
{
    struct vio_user *user = context;
    uint8_t head[16] = {0};

    if (reply->status == 0)
        map_rings(user, reply);
    if (reply->fd >= 0)
        close(reply->fd);
    if (!accepted(user, &(struct vio_channel_reply){reply->status, reply->code, NULL, 0, -1},
                  "DEVICE_GET_REGION_INFO"))
        return;
    vio__channel_put32(head, sizeof head);
    vio__channel_put32(head + 8, IRQ_MSIX);
    ask(user, VIO_CHANNEL_GET_IRQ_INFO, head, sizeof head, irq_info);
}

static void device_info(void *context, const struct vio_channel_reply *reply)
{
    struct vio_user *user = context;
    struct vio_cursor cursor;
    uint8_t head[INFO_SIZE] = {0};

    if (!accepted(user, reply, "DEVICE_GET_INFO"))
        return;
    vio__cursor_init(&cursor, reply->payload, reply->size);
    vio__cursor_skip(&cursor, 8);
    if (vio__cursor_le32(&cursor) < REGIONS || cursor.failed) {
        refuse(user, VIO_EPROTO, "the server's device is no PCI device");
        return;
    }
    /* Room for the sparse capability, so that one question is enough. */
    vio__channel_put32(head, 1024);
    vio__channel_put32(head + 8, REGION_RINGS);
    ask(user, VIO_CHANNEL_GET_REGION_INFO, head, sizeof head, region_info);
}

/* The number behind "max_data_xfer_size" in the server's capabilities, if it is there. */
static uint32_t find_data_max(const uint8_t *json, size_t size)
{
    static const char key[] = "\"max_data_xfer_size\"";
    const uint8_t *at = memmem(json, size, key, sizeof key - 1);
    const uint8_t *end = json + size;
    uint64_t value = 0;

    if (at == NULL)
        return VIO_CHANNEL_DATA;
    for (at += sizeof key - 1; at < end && (*at == ' ' || *at == ':' || *at == '\t'); at++)
        ;
    for (; at < end && *at >= '0' && *at <= '9' && value < VIO_CHANNEL_DATA; at++)
        value = 10 * value + (*at - '0');
    return value > 0 && value < VIO_CHANNEL_DATA ? (uint32_t)value : VIO_CHANNEL_DATA;
}

static void version(void *context, const struct vio_channel_reply *reply)
{
    struct vio_user *user = context;
    struct vio_cursor cursor;
    uint8_t head[16] = {0};
    uint16_t major;

    if (!accepted(user, reply, "VERSION"))
        return;
    vio__cursor_init(&cursor, reply->payload, reply->size);
    major = vio__cursor_le16(&cursor);
    vio__cursor_skip(&cursor, 2);
    if (cursor.failed || major != 0) {
        refuse(user, cursor.failed ? VIO_EPROTO : VIO_EVERSION,
               "the server speaks another version of vfio-user; 0.x is known");
        return;
    }
    user->greeted = true;
    user->region.max = find_data_max(reply->payload + 4, reply->size - 4);
    vio__channel_put32(head, sizeof head);
    ask(user, VIO_CHANNEL_GET_INFO, head, sizeof head, device_info);
}

static void say_version(struct vio_user *user)
{
    uint8_t head[4 + sizeof CAPABILITIES] = {0, 0, 1, 0}; /* 0.1, then the text with its NUL */

    memcpy(head + 4, CAPABILITIES, sizeof CAPABILITIES);
    ask(user, VIO_CHANNEL_VERSION, head, sizeof head, version);
}

/* -- Connecting ------------------------------------------------------------------------------- */

static void broken(void *context, int code, const char *text)
{
    struct vio_user *user = context;

    if (user->connecting != NULL) {
        lose(user, code, text);
        return;
    }
    if (user->base.state != VIO_TRANSPORT_UP)
        return;
    vio__transport_set_error(&user->base, "%s: %s", user->base.uri.path, text);
    vio__transport_lose(&user->base, code);
}

static void try_connect(struct vio_user *user)
{
    struct vio_channel_listener listener = {.user = user, .broken = broken};
    uint64_t now = vio__loop_now(user->base.loop);
    int error = 0;
    int status = vio__channel_open(user->base.loop, user->base.uri.path, user->timeout, &listener,
                                   &user->channel, &error);

    user->region = (struct vio_region){&user->base, user->channel, VIO_CHANNEL_DATA};
    user->greeted = false;
    if (status == 0)
        say_version(user);
    else if (status == VIO_EAGAIN && now < user->deadline)
        vio__timer_start(&user->retry, now + RETRY_NS);
    else if (status == VIO_EAGAIN)
        refuse(user, VIO_ETIMEDOUT, "the server accepts nobody");
    else if (error == ENAMETOOLONG)
        refuse(user, status, "the path of a UNIX socket has at most 107 bytes");
    else
        refuse(user, status, status == VIO_ENOMEM ? vio_strerror(status) : strerrordesc_np(error));
}

static void retry(struct vio_timer *timer, void *context)
{
    (void)timer;
    try_connect(context);
}

static void user_connect(struct vio_transport *transport, uint64_t timeout_ns,
                         struct vio_transport_call *call)
{
    struct vio_user *user = of(transport);

    user->connecting = call;
    user->timeout = timeout_ns;
    user->deadline = vio__loop_now(transport->loop) + timeout_ns;
    for (unsigned i = 0; i < VECTORS; i++)
        user->vector[i].fd = -1;
    vio__timer_init(&user->retry, transport->loop, false, retry, user);
    if (*transport->uri.path == '\0')
        refuse(user, VIO_EINVAL, "the path of a socket is missing; give vfio-user:PATH");
    else if (transport->uri.num_params > 0)
        refuse(user, VIO_EINVAL, "vfio-user: takes no parameters");
    else
        try_connect(user);
}

static void user_disconnect(struct vio_transport *transport)
{
    struct vio_user *user = of(transport);

    user->connecting = NULL;
    if (user->retry.loop != NULL)
        vio__timer_stop(&user->retry);
    vio__channel_close(user->channel);
    user->channel = NULL;
    for (unsigned i = 0; i < user->vectors; i++) {
        vio__watch_close(user->vector[i].watch);
        if (user->vector[i].fd >= 0)
            close(user->vector[i].fd);
        user->vector[i] = (struct vector){.fd = -1};
    }
    user->vectors = 0;
}

static void user_unmap(struct vio_transport *transport)
{
    struct vio_user *user = of(transport);

    if (user->rings != NULL)
        munmap(user->rings, user->rings_size);
    user->rings = NULL;
}

/* -- Access ----------------------------------------------------------------------------------- */

static void user_read(struct vio_transport *transport, unsigned bar, uint64_t offset, void *data,
                      size_t size, struct vio_transport_call *call)
{
    vio__region_access(&of(transport)->region, bar, offset, data, NULL, size, call);
}

static void user_write(struct vio_transport *transport, unsigned bar, uint64_t offset,
                       const void *data, size_t size, struct vio_transport_call *call)
{
    vio__region_access(&of(transport)->region, bar, offset, NULL, data, size, call);
}

static void user_config_read(struct vio_transport *transport, unsigned offset, void *data,
                             size_t size, struct vio_transport_call *call)
{
    vio__region_access(&of(transport)->region, REGION_CONFIG, offset, data, NULL, size, call);
}

static void user_post(struct vio_transport *transport, unsigned bar, uint64_t offset,
                      const void *data, size_t size)
{
    vio__region_post(&of(transport)->region, bar, offset, data, size);
}

static void *user_map(struct vio_transport *transport, unsigned bar, size_t *ret_size)
{
    struct vio_user *user = of(transport);

    if (bar != REGION_RINGS || user->rings == NULL)
        return NULL;
    *ret_size = user->rings_size;
    return user->rings;
}

static void reset_done(void *context, const struct vio_channel_reply *reply)
{
    if (reply->fd >= 0)
        close(reply->fd);
    vio__transport_finish(context, reply->status);
}

static void user_reset(struct vio_transport *transport, struct vio_transport_call *call)
{
    struct vio_channel_message message = {.command = VIO_CHANNEL_RESET};
    int status = vio__channel_send(of(transport)->channel, &message, reset_done, call);

    if (status != 0)
        vio__transport_finish(call, status);
}

const struct vio_transport_ops vio__transport_vfio_user_ops = {
    .scheme = "vfio-user",
    .size = sizeof(struct vio_user),
    .connect = user_connect,
    .disconnect = user_disconnect,
    .unmap = user_unmap,
    .read = user_read,
    .write = user_write,
    .post = user_post,
    .config_read = user_config_read,
    .map = user_map,
    .reset = user_reset,
};
