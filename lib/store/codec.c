/* SPDX-License-Identifier: MIT */
#include "lib/store/codec.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/store/codec_kinds.h"
#include "lib/store/parts.h"

#define VERSION         1

/* -- Holds ------------------------------------------------------------------------------------- */

#define HOLD_AT_ADDRESS 3

static void put_hold(struct vio_buf *buf, const struct vio_hold *hold)
{
    vio__buf_append_u8(buf, VERSION);
    vio__buf_append_u8(buf, (uint8_t)hold->state);
    vio__buf_append_u8(buf, (uint8_t)strlen(hold->owner));
    vio__part_put_address(buf, &hold->address);
    vio__buf_append_le64(buf, hold->until);
    vio__buf_append(buf, hold->previous, VIO_UUID_SIZE);
    vio__buf_append_str(buf, hold->owner);
}

int vio__codec_hold(const void *body, size_t size, struct vio_hold *ret_hold)
{
    struct vio_hold hold = {0};
    struct vio_cursor cursor;
    uint8_t version, length;

    vio__cursor_init(&cursor, body, size);
    version = vio__cursor_u8(&cursor);
    if (version > VERSION)
        return VIO_EVERSION;
    hold.state = (enum vio_identity_state)vio__cursor_u8(&cursor);
    length = vio__cursor_u8(&cursor);
    vio__part_take_address(&cursor, &hold.address);
    hold.until = vio__cursor_le64(&cursor);
    vio__cursor_copy(&cursor, hold.previous, VIO_UUID_SIZE);
    vio__part_take_text(&cursor, length, VIO_NAME_SIZE - 1, hold.owner);
    if (version == 0 || hold.address.kind == 0 ||
        (hold.state != VIO_IDENTITY_RESERVED && hold.state != VIO_IDENTITY_QUARANTINED &&
         hold.state != VIO_IDENTITY_EXTERNAL) ||
        !vio__cursor_done(&cursor))
        return VIO_ECORRUPT;
    *ret_hold = hold;
    return 0;
}

/* -- Chassis ----------------------------------------------------------------------------------- */

#define MET_AT_UUID 3

static void put_met(struct vio_buf *buf, const struct vio_met *met)
{
    vio__buf_append_u8(buf, VERSION);
    vio__buf_append_u8(buf, (uint8_t)strlen(met->name));
    vio__buf_append_u8(buf, (uint8_t)strlen(met->uri));
    vio__buf_append(buf, met->uuid, VIO_UUID_SIZE);
    vio__buf_append_le64(buf, met->boot_id);
    vio__buf_append_le64(buf, met->first);
    vio__buf_append_le64(buf, met->last);
    vio__buf_append_str(buf, met->name);
    vio__buf_append_str(buf, met->uri);
}

int vio__codec_met(const void *body, size_t size, struct vio_met *ret_met)
{
    struct vio_met met = {0};
    struct vio_cursor cursor;
    uint8_t version, name, uri;

    vio__cursor_init(&cursor, body, size);
    version = vio__cursor_u8(&cursor);
    if (version > VERSION)
        return VIO_EVERSION;
    name = vio__cursor_u8(&cursor);
    uri = vio__cursor_u8(&cursor);
    vio__cursor_copy(&cursor, met.uuid, VIO_UUID_SIZE);
    met.boot_id = vio__cursor_le64(&cursor);
    met.first = vio__cursor_le64(&cursor);
    met.last = vio__cursor_le64(&cursor);
    vio__part_take_text(&cursor, name, VIO_NAME_SIZE - 1, met.name);
    vio__part_take_text(&cursor, uri, VIO_URI_SIZE - 1, met.uri);
    if (version == 0 || vio__uuid_is_nil(met.uuid) || !vio__cursor_done(&cursor))
        return VIO_ECORRUPT;
    *ret_met = met;
    return 0;
}

/* -- All kinds --------------------------------------------------------------------------------- */

int vio__codec_check(enum vio_row_kind kind, const void *body, size_t size)
{
    struct vio_vadapter_info vadapter = {0};
    struct vio_pool_info pool = {0};
    struct vio_hold hold;
    struct vio_met met;

    if (size > VIO_BODY_MAX)
        return VIO_ECORRUPT;
    switch (kind) {
    case VIO_ROW_VADAPTER:
        return vio__codec_take_vadapter(NULL, body, size, &vadapter);
    case VIO_ROW_POOL:
        return vio__codec_take_pool(NULL, body, size, &pool);
    case VIO_ROW_HOLD:
        return vio__codec_hold(body, size, &hold);
    case VIO_ROW_CHASSIS:
        return vio__codec_met(body, size, &met);
    }
    return VIO_EVERSION;
}

int vio__codec_encode(enum vio_row_kind kind, const void *object, struct vio_buf *buf)
{
    size_t start = buf->size;
    int status;

    switch (kind) {
    case VIO_ROW_VADAPTER:
        vio__codec_put_vadapter(buf, object);
        break;
    case VIO_ROW_POOL:
        vio__codec_put_pool(buf, object);
        break;
    case VIO_ROW_HOLD:
        put_hold(buf, object);
        break;
    case VIO_ROW_CHASSIS:
        put_met(buf, object);
        break;
    default:
        return VIO_EINVAL;
    }
    if (buf->status != 0)
        return buf->status;
    status = vio__codec_check(kind, buf->data + start, buf->size - start);
    return status == 0 ? 0 : VIO_EINVAL;
}

struct vio_key vio__codec_key(enum vio_row_kind kind, const void *body, enum vio_key_kind key)
{
    const uint8_t *bytes = body;

    switch (kind) {
    case VIO_ROW_VADAPTER:
        return vio__codec_vadapter_key(bytes, key);
    case VIO_ROW_POOL:
        return vio__codec_pool_key(bytes, key);
    case VIO_ROW_HOLD:
        if (key == VIO_KEY_ID)
            return (struct vio_key){.data = bytes + HOLD_AT_ADDRESS,
                                    .size = 1 + vio__hwaddr_length(bytes[HOLD_AT_ADDRESS])};
        break;
    case VIO_ROW_CHASSIS:
        if (key == VIO_KEY_ID)
            return (struct vio_key){.data = bytes + MET_AT_UUID, .size = VIO_UUID_SIZE};
        break;
    }
    return (struct vio_key){0};
}

uint64_t vio__codec_generation(enum vio_row_kind kind, const void *body)
{
    switch (kind) {
    case VIO_ROW_VADAPTER:
        return vio__codec_vadapter_generation(body);
    case VIO_ROW_POOL:
        return vio__codec_pool_generation(body);
    case VIO_ROW_HOLD:
    case VIO_ROW_CHASSIS:
        break;
    }
    return 0;
}

static size_t put_index(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < sizeof(value); i++)
        at[i] = (uint8_t)(value >> 8 * i);
    return sizeof(value);
}

size_t vio__codec_address_key(const struct vio_address *address, uint8_t ret_key[VIO_KEY_SIZE])
{
    size_t length = vio__hwaddr_length(address->kind);

    ret_key[0] = address->kind;
    memcpy(ret_key + 1, address->bytes, length);
    return length > 0 ? 1 + length : 0;
}

size_t vio__codec_server_key(const uint8_t chassis[VIO_UUID_SIZE], uint32_t server,
                             uint8_t ret_key[VIO_KEY_SIZE])
{
    memcpy(ret_key, chassis, VIO_UUID_SIZE);
    return VIO_UUID_SIZE + put_index(ret_key + VIO_UUID_SIZE, server);
}

size_t vio__codec_adapter_key(const uint8_t chassis[VIO_UUID_SIZE], uint32_t adapter,
                              uint8_t ret_key[VIO_KEY_SIZE])
{
    size_t size = put_index(ret_key, adapter);

    memcpy(ret_key + size, chassis, VIO_UUID_SIZE);
    return size + VIO_UUID_SIZE;
}
