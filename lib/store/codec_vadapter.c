/* SPDX-License-Identifier: MIT */
/* The body of a vAdapter's row. What it is found by stands in front, at fixed places or right after
 * the name, so that an index needs no copies of it. */
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/domain/vlan.h"
#include "lib/store/codec_kinds.h"
#include "lib/store/parts.h"

#define VERSION 1

enum flag {
    ENABLED = 1,
    HAS_NODE = 2,
    HAS_FACTORY = 4,
    HAS_SIZE = 8,
    HAS_VLAN = 16,
    HAS_QOS = 32,
    HAS_TEXTS = 64,
    IS_RETIRED = 128,
};

/* Places of the fixed fields. */
enum place {
    AT_FLAGS = 1,
    AT_NAME_LENGTH = 3,
    AT_UUID = 4,
    AT_ADAPTER = 20,
    AT_CHASSIS = 24,
    AT_SERVER = 40,
    AT_GENERATION = 48,
    AT_NAME = 56,
};

#define INDEX_SIZE 4

static const struct vio_qos_config no_qos;

/* -- Writing ----------------------------------------------------------------------------------- */

static uint8_t flags_of(const struct vio_vadapter_info *vadapter)
{
    unsigned flags = 0;

    if (vadapter->enabled)
        flags |= ENABLED;
    if (vadapter->node_address.kind != 0)
        flags |= HAS_NODE;
    if (vadapter->factory_address.kind != 0)
        flags |= HAS_FACTORY;
    if (vadapter->size != 0)
        flags |= HAS_SIZE;
    if (vadapter->vlan.mode != VIO_VLAN_NONE)
        flags |= HAS_VLAN;
    if (!vio__qos_equal(&vadapter->qos, &no_qos))
        flags |= HAS_QOS;
    if (vadapter->retired != 0)
        flags |= IS_RETIRED;
    if (vadapter->description || vadapter->labels.count > 0)
        flags |= HAS_TEXTS;
    return (uint8_t)flags;
}

static void put_vlan(struct vio_buf *buf, const struct vio_vlan_config *vlan)
{
    vio__buf_append_u8(buf, (uint8_t)vlan->mode);
    vio__buf_append_le16(buf, vlan->vlan);
    vio__buf_append_u8(buf, (uint8_t)vlan->ranges);
    for (uint32_t i = 0; i < vlan->ranges && i < VIO_VLAN_RANGES; i++) {
        vio__buf_append_le16(buf, vlan->range[i].first);
        vio__buf_append_le16(buf, vlan->range[i].last);
    }
}

static void put_rate(struct vio_buf *buf, const struct vio_rate *rate)
{
    vio__buf_append_le64(buf, rate->cir);
    vio__buf_append_le64(buf, rate->cbs);
    vio__buf_append_le64(buf, rate->pir);
    vio__buf_append_le64(buf, rate->pbs);
}

static void put_qos(struct vio_buf *buf, const struct vio_qos_config *qos)
{
    put_rate(buf, &qos->tx);
    put_rate(buf, &qos->rx);
    vio__buf_append_le16(buf, qos->weight);
    vio__buf_append_u8(buf, qos->traffic_class);
    vio__buf_append_u8(buf, (uint8_t)(qos->tx_police | qos->rx_police << 1));
}

void vio__codec_put_vadapter(struct vio_buf *buf, const struct vio_vadapter_info *vadapter)
{
    uint8_t flags = flags_of(vadapter);

    vio__buf_append_u8(buf, VERSION);
    vio__buf_append_u8(buf, flags);
    vio__buf_append_u8(buf, (uint8_t)vadapter->kind);
    vio__buf_append_u8(buf, (uint8_t)strlen(vadapter->name));
    vio__buf_append(buf, vadapter->uuid, VIO_UUID_SIZE);
    vio__buf_append_le32(buf, vadapter->adapter);
    vio__buf_append(buf, vadapter->chassis, VIO_UUID_SIZE);
    vio__buf_append_le32(buf, vadapter->server);
    vio__buf_append_le32(buf, vadapter->path);
    vio__buf_append_le64(buf, vadapter->generation);
    vio__buf_append_str(buf, vadapter->name);
    vio__part_put_address(buf, &vadapter->address);
    if (flags & HAS_NODE)
        vio__part_put_address(buf, &vadapter->node_address);
    if (flags & HAS_FACTORY)
        vio__part_put_address(buf, &vadapter->factory_address);
    if (flags & HAS_SIZE)
        vio__buf_append_le64(buf, vadapter->size);
    if (flags & HAS_VLAN)
        put_vlan(buf, &vadapter->vlan);
    if (flags & HAS_QOS)
        put_qos(buf, &vadapter->qos);
    if (flags & IS_RETIRED)
        vio__buf_append_le64(buf, vadapter->retired);
    if (flags & HAS_TEXTS)
        vio__part_put_texts(buf, vadapter->description, &vadapter->labels);
}

/* -- Reading ----------------------------------------------------------------------------------- */

static void take_vlan(struct vio_cursor *cursor, struct vio_vlan_config *vlan)
{
    vlan->mode = (enum vio_vlan_mode)vio__cursor_u8(cursor);
    vlan->vlan = vio__cursor_le16(cursor);
    vlan->ranges = vio__cursor_u8(cursor);
    if (vlan->mode > VIO_VLAN_TRUNK || vlan->vlan > VIO_VLAN_MAX || vlan->ranges > VIO_VLAN_RANGES)
        cursor->failed = true;
    for (uint32_t i = 0; i < vlan->ranges && !cursor->failed; i++) {
        struct vio_vlan_range *range = &vlan->range[i];

        range->first = vio__cursor_le16(cursor);
        range->last = vio__cursor_le16(cursor);
        if (range->first > range->last || range->last > VIO_VLAN_MAX)
            cursor->failed = true;
    }
}

static void take_rate(struct vio_cursor *cursor, struct vio_rate *rate)
{
    rate->cir = vio__cursor_le64(cursor);
    rate->cbs = vio__cursor_le64(cursor);
    rate->pir = vio__cursor_le64(cursor);
    rate->pbs = vio__cursor_le64(cursor);
}

static void take_qos(struct vio_cursor *cursor, struct vio_qos_config *qos)
{
    uint8_t police;

    take_rate(cursor, &qos->tx);
    take_rate(cursor, &qos->rx);
    qos->weight = vio__cursor_le16(cursor);
    qos->traffic_class = vio__cursor_u8(cursor);
    police = vio__cursor_u8(cursor);
    qos->tx_police = police & 1;
    qos->rx_police = police >> 1 & 1;
    if (police > 3)
        cursor->failed = true;
}

static uint8_t take_fixed(struct vio_cursor *cursor, struct vio_vadapter_info *vadapter)
{
    uint8_t flags = vio__cursor_u8(cursor);
    uint8_t length;

    vadapter->kind = (enum vio_vadapter_kind)vio__cursor_u8(cursor);
    length = vio__cursor_u8(cursor);
    vio__cursor_copy(cursor, vadapter->uuid, VIO_UUID_SIZE);
    vadapter->adapter = vio__cursor_le32(cursor);
    vio__cursor_copy(cursor, vadapter->chassis, VIO_UUID_SIZE);
    vadapter->server = vio__cursor_le32(cursor);
    vadapter->path = vio__cursor_le32(cursor);
    vadapter->generation = vio__cursor_le64(cursor);
    vio__part_take_text(cursor, length, VIO_NAME_MAX, vadapter->name);
    vadapter->enabled = flags & ENABLED;
    if (vadapter->kind > VIO_VADAPTER_VDISK || vadapter->generation == 0 ||
        vio__uuid_is_nil(vadapter->uuid) || !vio__name_is_valid(vadapter->name))
        cursor->failed = true;
    return flags;
}

static void take_optional(struct vio_cursor *cursor, uint8_t flags,
                          struct vio_vadapter_info *vadapter)
{
    vio__part_take_address(cursor, &vadapter->address);
    if (flags & HAS_NODE) {
        vio__part_take_address(cursor, &vadapter->node_address);
        if (vadapter->node_address.kind == 0)
            cursor->failed = true;
    }
    if (flags & HAS_FACTORY)
        vio__part_take_address(cursor, &vadapter->factory_address);
    if (flags & HAS_SIZE)
        vadapter->size = vio__cursor_le64(cursor);
    if (flags & HAS_VLAN)
        take_vlan(cursor, &vadapter->vlan);
    if (flags & HAS_QOS)
        take_qos(cursor, &vadapter->qos);
    if (flags & IS_RETIRED)
        vadapter->retired = vio__cursor_le64(cursor);
}

int vio__codec_take_vadapter(const struct vio_alloc *alloc, const void *body, size_t size,
                             struct vio_vadapter_info *vadapter)
{
    struct vio_cursor cursor;
    uint8_t version, flags;
    int status = 0;

    vio__cursor_init(&cursor, body, size);
    version = vio__cursor_u8(&cursor);
    if (version > VERSION)
        return VIO_EVERSION;
    flags = take_fixed(&cursor, vadapter);
    take_optional(&cursor, flags, vadapter);
    if (version == 0)
        cursor.failed = true;
    if (flags & HAS_TEXTS)
        status = vio__part_take_texts(&cursor, alloc, &vadapter->description, &vadapter->labels);
    if (status != 0)
        return status;
    return vio__cursor_done(&cursor) ? 0 : VIO_ECORRUPT;
}

int vio__codec_vadapter(const struct vio_alloc *alloc, const void *body, size_t size,
                        struct vio_vadapter_info **ret_vadapter)
{
    struct vio_vadapter_info *vadapter;
    int status = vio__vadapter_new(alloc, &vadapter);

    if (status != 0)
        return status;
    status = vio__codec_take_vadapter(&vadapter->alloc, body, size, vadapter);
    if (status != 0) {
        vio__vadapter_unref(vadapter);
        return status;
    }
    *ret_vadapter = vadapter;
    return 0;
}

/* -- Keys -------------------------------------------------------------------------------------- */

static struct vio_key address_at(const uint8_t *at)
{
    size_t length = vio__hwaddr_length(at[0]);

    return (struct vio_key){.data = at, .size = length > 0 ? 1 + length : 0};
}

struct vio_key vio__codec_vadapter_key(const uint8_t *body, enum vio_key_kind key)
{
    const uint8_t *address = body + AT_NAME + body[AT_NAME_LENGTH];

    switch (key) {
    case VIO_KEY_ID:
        return (struct vio_key){.data = body + AT_UUID, .size = VIO_UUID_SIZE};
    case VIO_KEY_NAME:
        return (struct vio_key){.data = body + AT_NAME, .size = body[AT_NAME_LENGTH]};
    case VIO_KEY_ADDRESS:
        return address_at(address);
    case VIO_KEY_NODE:
        if (!(body[AT_FLAGS] & HAS_NODE))
            break;
        return address_at(address + 1 + vio__hwaddr_length(address[0]));
    case VIO_KEY_CHASSIS:
        return (struct vio_key){.data = body + AT_CHASSIS, .size = VIO_UUID_SIZE};
    case VIO_KEY_SERVER:
        return (struct vio_key){.data = body + AT_CHASSIS, .size = VIO_UUID_SIZE + INDEX_SIZE};
    case VIO_KEY_ADAPTER:
        return (struct vio_key){.data = body + AT_ADAPTER, .size = INDEX_SIZE + VIO_UUID_SIZE};
    }
    return (struct vio_key){0};
}

uint64_t vio__codec_vadapter_generation(const uint8_t *body)
{
    struct vio_cursor cursor;

    vio__cursor_init(&cursor, body + AT_GENERATION, sizeof(uint64_t));
    return vio__cursor_le64(&cursor);
}
