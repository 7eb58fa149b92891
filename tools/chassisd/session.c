/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/chassisd/irq.h"
#include "tools/chassisd/stream.h"
#include "tools/chassisd/version.h"

#define MESSAGES_PER_TURN 32

struct vfu_session {
    const struct vfu_device *device;
    struct vfu_stream *stream;
    struct vfu_dma *dma;
    struct vfu_irq *irqs[VFIO_PCI_NUM_IRQS]; /* by VFIO's interrupt index */
    struct vfu_peer peer;
    bool negotiated;
    bool ending; /* once the last reply is sent */
};

/* What a handler answers with. */
struct reply {
    size_t size; /* of the payload that it wrote to the stream */
    int fd;      /* stays the device's; -1: none */
};

struct vfu_session *vfu_session_new(int fd, const struct vfu_device *device)
{
    struct vfu_session *session = calloc(1, sizeof *session);
    struct vfu_stream *stream = vfu_stream_new(fd);
    bool complete;

    if (!session) {
        vfu_stream_free(stream);
        return NULL;
    }
    session->device = device;
    session->stream = stream;
    session->dma = vfu_dma_new();
    complete = session->stream && session->dma;
    for (unsigned i = 0; i < VFIO_PCI_NUM_IRQS; i++) {
        session->irqs[i] = vfu_irq_new(i == VFIO_PCI_MSIX_IRQ_INDEX ? device->vectors : 0);
        complete = complete && session->irqs[i];
    }
    if (complete)
        return session;
    vfu_session_free(session);
    return NULL;
}

void vfu_session_free(struct vfu_session *session)
{
    if (!session)
        return;
    for (unsigned i = 0; i < VFIO_PCI_NUM_IRQS; i++)
        vfu_irq_free(session->irqs[i]);
    vfu_dma_free(session->dma);
    vfu_stream_free(session->stream);
    free(session);
}

void vfu_session_interrupt(struct vfu_session *session, unsigned vector)
{
    vfu_irq_trigger(session->irqs[VFIO_PCI_MSIX_IRQ_INDEX], vector);
}

struct vfu_dma *vfu_session_dma(struct vfu_session *session)
{
    return session->dma;
}

bool vfu_session_wants_write(const struct vfu_session *session)
{
    return vfu_stream_waiting(session->stream);
}

bool vfu_session_negotiated(const struct vfu_session *session)
{
    return session->negotiated;
}

static int answer(struct vfu_session *session, const void *payload, size_t size,
                  struct reply *ret_reply)
{
    void *room = vfu_stream_payload(session->stream, size);

    if (!room)
        return ENOMEM;
    memcpy(room, payload, size);
    ret_reply->size = size;
    return 0;
}

static int on_version(struct vfu_session *session, struct vfu_message *message,
                      struct reply *ret_reply)
{
    uint8_t text[VFU_VERSION_REPLY_MAX];
    int error;

    if (session->negotiated || message->fd_count != 0)
        return EINVAL;
    error = vfu_version_read(message->payload, message->size, &session->peer);
    if (error)
        return error;
    session->negotiated = true;
    return answer(session, text, vfu_version_write(&session->peer, text), ret_reply);
}

static int on_dma_map(struct vfu_session *session, struct vfu_message *message,
                      struct reply *ret_reply)
{
    struct vfu_dma_map map;
    int error;

    (void)ret_reply;
    memcpy(&map, message->payload, sizeof map);
    if (message->fd_count > 1)
        return EINVAL;
    error = vfu_dma_map(session->dma, &map, message->fd_count ? message->fds[0] : -1);
    if (!error)
        message->fds[0] = -1;
    return error;
}

static int on_dma_unmap(struct vfu_session *session, struct vfu_message *message,
                        struct reply *ret_reply)
{
    struct vfu_dma_unmap unmap;
    int error;

    memcpy(&unmap, message->payload, sizeof unmap);
    error = vfu_dma_unmap(session->dma, &unmap);
    return error ? error : answer(session, &unmap, sizeof unmap, ret_reply);
}

static int on_device_info(struct vfu_session *session, struct vfu_message *message,
                          struct reply *ret_reply)
{
    struct vfu_device_info info;

    memcpy(&info, message->payload, sizeof info);
    if (info.argsz < sizeof info)
        return EINVAL;
    info = (struct vfu_device_info){sizeof info, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
                                    VFIO_PCI_NUM_REGIONS, VFIO_PCI_NUM_IRQS};
    return answer(session, &info, sizeof info, ret_reply);
}

/* A region is mappable as a whole or not at all, so no capability ever follows. */
static int on_region_info(struct vfu_session *session, struct vfu_message *message,
                          struct reply *ret_reply)
{
    const struct vfu_device *device = session->device;
    struct vfu_region_info info;
    uint64_t size;
    int fd = -1;

    memcpy(&info, message->payload, sizeof info);
    if (info.argsz < sizeof info || info.index >= VFIO_PCI_NUM_REGIONS)
        return EINVAL;
    size = device->region_size(device->user, info.index);
    info = (struct vfu_region_info){.argsz = sizeof info, .index = info.index, .size = size};
    if (size != 0) {
        info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
        fd = device->region_fd(device->user, info.index);
    }
    if (fd >= 0 && session->peer.max_msg_fds > 0) {
        info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
        ret_reply->fd = fd;
    }
    return answer(session, &info, sizeof info, ret_reply);
}

static int on_irq_info(struct vfu_session *session, struct vfu_message *message,
                       struct reply *ret_reply)
{
    struct vfu_irq_info info;

    memcpy(&info, message->payload, sizeof info);
    if (info.argsz < sizeof info || info.index >= VFIO_PCI_NUM_IRQS)
        return EINVAL;
    info.argsz = sizeof info;
    info.count = vfu_irq_count(session->irqs[info.index]);
    info.flags = info.count ? VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE : 0;
    return answer(session, &info, sizeof info, ret_reply);
}

static int on_set_irqs(struct vfu_session *session, struct vfu_message *message,
                       struct reply *ret_reply)
{
    struct vfu_irq_set set;

    (void)ret_reply;
    memcpy(&set, message->payload, sizeof set);
    if (set.index >= VFIO_PCI_NUM_IRQS)
        return EINVAL;
    return vfu_irq_set(session->irqs[set.index], &set, message->payload + sizeof set,
                       message->size - sizeof set, message->fds, message->fd_count);
}

static int check_access(const struct vfu_session *session, const struct vfu_region_access *access)
{
    const struct vfu_device *device = session->device;
    uint64_t size;

    if (access->region >= VFIO_PCI_NUM_REGIONS || access->count > VFU_DATA_MAX)
        return EINVAL;
    size = device->region_size(device->user, access->region);
    if (access->offset > size || access->count > size - access->offset)
        return EINVAL;
    return 0;
}

static int on_region_read(struct vfu_session *session, struct vfu_message *message,
                          struct reply *ret_reply)
{
    const struct vfu_device *device = session->device;
    struct vfu_region_access access;
    uint8_t *payload;
    int error;

    memcpy(&access, message->payload, sizeof access);
    error = check_access(session, &access);
    if (error)
        return error;
    payload = vfu_stream_payload(session->stream, sizeof access + access.count);
    if (!payload)
        return ENOMEM;
    memcpy(payload, &access, sizeof access);
    ret_reply->size = sizeof access + access.count;
    return device->read(device->user, access.region, access.offset, payload + sizeof access,
                        access.count);
}

static int on_region_write(struct vfu_session *session, struct vfu_message *message,
                           struct reply *ret_reply)
{
    const struct vfu_device *device = session->device;
    struct vfu_region_access access;
    int error;

    memcpy(&access, message->payload, sizeof access);
    error = check_access(session, &access);
    if (!error && message->size - sizeof access != access.count)
        error = EINVAL;
    if (!error)
        error = device->write(device->user, access.region, access.offset,
                              message->payload + sizeof access, access.count);
    return error ? error : answer(session, &access, sizeof access, ret_reply);
}

static int on_reset(struct vfu_session *session, struct vfu_message *message,
                    struct reply *ret_reply)
{
    (void)message;
    (void)ret_reply;
    session->device->reset(session->device->user);
    return 0;
}

static const struct handler {
    size_t least; /* bytes of payload */
    bool takes_fds;
    int (*fn)(struct vfu_session *session, struct vfu_message *message, struct reply *ret_reply);
} handlers[] = {
    [VFU_VERSION] = {sizeof(struct vfu_version), false, on_version},
    [VFU_DMA_MAP] = {sizeof(struct vfu_dma_map), true, on_dma_map},
    [VFU_DMA_UNMAP] = {sizeof(struct vfu_dma_unmap), false, on_dma_unmap},
    [VFU_DEVICE_GET_INFO] = {sizeof(struct vfu_device_info), false, on_device_info},
    [VFU_DEVICE_GET_REGION_INFO] = {sizeof(struct vfu_region_info), false, on_region_info},
    [VFU_DEVICE_GET_IRQ_INFO] = {sizeof(struct vfu_irq_info), false, on_irq_info},
    [VFU_DEVICE_SET_IRQS] = {sizeof(struct vfu_irq_set), true, on_set_irqs},
    [VFU_REGION_READ] = {sizeof(struct vfu_region_access), false, on_region_read},
    [VFU_REGION_WRITE] = {sizeof(struct vfu_region_access), false, on_region_write},
    [VFU_DEVICE_RESET] = {0, false, on_reset},
};

static int handle(struct vfu_session *session, struct vfu_message *message, struct reply *ret_reply)
{
    const struct vfu_header *header = &message->header;
    const struct handler *handler;

    if ((header->flags & VFU_TYPE_MASK) != VFU_TYPE_COMMAND)
        return EINVAL;
    if (!session->negotiated && header->command != VFU_VERSION)
        return EINVAL;
    if (header->command >= sizeof handlers / sizeof handlers[0])
        return ENOTSUP;
    handler = &handlers[header->command];
    if (!handler->fn)
        return ENOTSUP;
    if (message->size < handler->least || message->fds_lost ||
        (message->fd_count != 0 && !handler->takes_fds))
        return EINVAL;
    return handler->fn(session, message, ret_reply);
}

/* False: the peer is gone. A connection whose negotiation fails ends with the error's reply. */
static bool serve(struct vfu_session *session, struct vfu_message *message, bool broken)
{
    struct vfu_header header = message->header;
    struct reply reply = {.size = 0, .fd = -1};
    int error = broken ? EINVAL : handle(session, message, &reply);

    vfu_message_release(message);
    session->ending = broken || !session->negotiated;
    if (header.flags & VFU_NO_REPLY)
        return true;
    header.flags = VFU_TYPE_REPLY | (error ? VFU_ERROR : 0);
    header.error = (uint32_t)error;
    return vfu_stream_send(session->stream, &header, error ? 0 : reply.size,
                           error ? -1 : reply.fd) != VFU_CLOSED;
}

bool vfu_session_work(struct vfu_session *session)
{
    struct vfu_message message;

    for (int i = 0; i < MESSAGES_PER_TURN; i++) {
        enum vfu_progress progress = vfu_stream_flush(session->stream);

        if (progress == VFU_AGAIN)
            return true;
        if (progress == VFU_CLOSED || session->ending)
            return false;
        progress = vfu_stream_receive(session->stream, &message);
        if (progress == VFU_AGAIN)
            return true;
        if (progress == VFU_CLOSED)
            return false;
        if ((message.header.flags & VFU_TYPE_MASK) == VFU_TYPE_REPLY) {
            vfu_message_release(
                &message); /* nothing was asked: a reply to this could go on for ever */
            return false;
        }
        if (!serve(session, &message, progress == VFU_BROKEN))
            return false;
    }
    return true;
}
