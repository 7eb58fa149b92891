/* SPDX-License-Identifier: MIT */
#include "lib/transport/region.h"

#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/cursor.h"

/* One access, split into messages that the server takes; ends with its last reply. */
struct access {
    struct vio_transport *transport;
    struct vio_transport_call *call;
    unsigned outstanding;
    int status;
};

/* One of its messages. */
struct part {
    struct access *access;
    uint8_t *data; /* where a read's bytes go; NULL for a write */
    uint64_t offset;
    uint32_t region;
    uint32_t size;
};

static void access_release(struct access *access)
{
    if (--access->outstanding > 0)
        return;
    vio__transport_finish(access->call, access->status);
    vio__free(vio__loop_alloc(access->transport->loop), access);
}

/* The reply repeats offset, region and count (vfio-user, "VFIO_USER_REGION_READ"). */
static int check_part(const struct part *part, const struct vio_channel_reply *reply)
{
    struct vio_cursor cursor;
    bool same;

    if (reply->status != 0)
        return reply->status;
    vio__cursor_init(&cursor, reply->payload, reply->size);
    same = vio__cursor_le64(&cursor) == part->offset;
    same = vio__cursor_le32(&cursor) == part->region && same;
    same = vio__cursor_le32(&cursor) == part->size && same;
    if (same && part->data != NULL)
        same = vio__cursor_copy(&cursor, part->data, part->size);
    return same && !cursor.failed ? 0 : VIO_EPROTO;
}

static void part_done(void *context, const struct vio_channel_reply *reply)
{
    struct part *part = context;
    struct access *access = part->access;
    int status = check_part(part, reply);

    if (reply->fd >= 0)
        close(reply->fd);
    if (status == VIO_EIO)
        vio__transport_set_error(
            access->transport, "%s: the server refused access to region %u at 0x%llx",
            access->transport->uri.path, part->region, (unsigned long long)part->offset);
    if (access->status == 0)
        access->status = status;
    vio__free(vio__loop_alloc(access->transport->loop), part);
    access_release(access);
}

static void put_place(uint8_t head[16], uint32_t region, uint64_t offset, uint32_t size)
{
    vio__channel_put32(head, (uint32_t)offset);
    vio__channel_put32(head + 4, (uint32_t)(offset >> 32));
    vio__channel_put32(head + 8, region);
    vio__channel_put32(head + 12, size);
}

static int send_part(struct access *access, struct vio_channel *channel, uint32_t region,
                     uint64_t offset, uint8_t *into, const uint8_t *from, uint32_t size)
{
    const struct vio_alloc *alloc = vio__loop_alloc(access->transport->loop);
    struct part *part = vio__calloc(alloc, 1, sizeof *part);
    uint8_t head[16];
    struct vio_channel_message message = {
        .command = into != NULL ? VIO_CHANNEL_REGION_READ : VIO_CHANNEL_REGION_WRITE,
        .head = head,
        .head_size = sizeof head,
        .data = from,
        .data_size = from != NULL ? size : 0,
    };
    int status;

    if (part == NULL)
        return VIO_ENOMEM;
    *part = (struct part){access, into, offset, region, size};
    put_place(head, region, offset, size);
    status = vio__channel_send(channel, &message, part_done, part);
    if (status != 0)
        vio__free(alloc, part);
    else
        access->outstanding++;
    return status;
}

void vio__region_access(const struct vio_region *region, uint32_t index, uint64_t offset,
                        uint8_t *into, const uint8_t *from, size_t size,
                        struct vio_transport_call *call)
{
    struct vio_transport *transport = region->transport;
    struct access *access = vio__calloc(vio__loop_alloc(transport->loop), 1, sizeof *access);

    if (access == NULL) {
        vio__transport_finish(call, VIO_ENOMEM);
        return;
    }
    *access = (struct access){.transport = transport, .call = call, .outstanding = 1};
    for (size_t at = 0; at < size && access->status == 0;) {
        uint32_t part = size - at < region->max ? (uint32_t)(size - at) : region->max;

        access->status =
            send_part(access, region->channel, index, offset + at, into != NULL ? into + at : NULL,
                      from != NULL ? from + at : NULL, part);
        at += part;
    }
    access_release(access);
}

void vio__region_post(const struct vio_region *region, uint32_t index, uint64_t offset,
                      const void *data, size_t size)
{
    uint8_t head[16];
    struct vio_channel_message message = {.command = VIO_CHANNEL_REGION_WRITE,
                                          .head = head,
                                          .head_size = sizeof head,
                                          .data = data,
                                          .data_size = size};

    put_place(head, index, offset, (uint32_t)size);
    vio__channel_send(region->channel, &message, NULL, NULL);
}
