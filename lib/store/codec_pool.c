/* SPDX-License-Identifier: MIT */
/* The body of a pool's row. */
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/domain/pool.h"
#include "lib/store/codec_kinds.h"
#include "lib/store/parts.h"

#define VERSION 1

/* Places of the fixed fields. */
enum place {
    AT_NAME_LENGTH = 3,
    AT_UUID = 4,
    AT_GENERATION = 20,
    AT_NAME = 32,
};

/* -- Writing ----------------------------------------------------------------------------------- */

/* The kind stands once in front of the ends of all ranges. */
static void put_ranges(struct vio_buf *buf, const struct vio_pool_ranges *ranges)
{
    vio__buf_append_le16(buf, (uint16_t)ranges->count);
    if (ranges->count > 0)
        vio__buf_append_u8(buf, ranges->range[0].first.kind);
    for (size_t i = 0; i < ranges->count; i++) {
        size_t length = vio__hwaddr_length(ranges->range[0].first.kind);

        vio__buf_append(buf, ranges->range[i].first.bytes, length);
        vio__buf_append(buf, ranges->range[i].last.bytes, length);
    }
}

void vio__codec_put_pool(struct vio_buf *buf, const struct vio_pool_info *pool)
{
    vio__buf_append_u8(buf, VERSION);
    vio__buf_append_u8(buf, (uint8_t)pool->purpose);
    vio__buf_append_u8(buf, (uint8_t)pool->order);
    vio__buf_append_u8(buf, (uint8_t)strlen(pool->name));
    vio__buf_append(buf, pool->uuid, VIO_UUID_SIZE);
    vio__buf_append_le64(buf, pool->generation);
    vio__buf_append_le32(buf, pool->quarantine);
    vio__buf_append_str(buf, pool->name);
    put_ranges(buf, &pool->ranges);
    put_ranges(buf, &pool->exclusions);
    put_ranges(buf, &pool->externals);
    vio__part_put_texts(buf, pool->description, &pool->labels);
}

/* -- Reading ----------------------------------------------------------------------------------- */

static void take_end(struct vio_cursor *cursor, uint8_t kind, struct vio_address *ret_address)
{
    *ret_address = (struct vio_address){.kind = kind, .length = (uint8_t)vio__hwaddr_length(kind)};
    vio__cursor_copy(cursor, ret_address->bytes, ret_address->length);
}

/* Ranges in order, apart from each other. */
static int take_ranges(struct vio_cursor *cursor, const struct vio_alloc *alloc,
                       struct vio_pool_ranges *ranges)
{
    size_t count = vio__cursor_le16(cursor);
    uint8_t kind = count > 0 ? vio__cursor_u8(cursor) : 0;
    struct vio_pool_range range, former = {0};

    if (count > VIO_POOL_RANGES_MAX || (count > 0 && vio__hwaddr_length(kind) == 0))
        cursor->failed = true;
    if (alloc && count > 0 && !cursor->failed) {
        ranges->range = vio__calloc(alloc, count, sizeof(*ranges->range));
        if (!ranges->range)
            return VIO_ENOMEM;
    }
    for (size_t i = 0; i < count && !cursor->failed; i++) {
        take_end(cursor, kind, &range.first);
        take_end(cursor, kind, &range.last);
        if (vio__hwaddr_compare(&range.first, &range.last) > 0 ||
            (i > 0 && vio__hwaddr_compare(&former.last, &range.first) >= 0))
            cursor->failed = true;
        else if (alloc)
            ranges->range[ranges->count++] = range;
        former = range;
    }
    return 0;
}

static int take_all_ranges(struct vio_cursor *cursor, const struct vio_alloc *alloc,
                           struct vio_pool_info *pool)
{
    int status = take_ranges(cursor, alloc, &pool->ranges);

    if (status == 0)
        status = take_ranges(cursor, alloc, &pool->exclusions);
    if (status == 0)
        status = take_ranges(cursor, alloc, &pool->externals);
    return status;
}

int vio__codec_take_pool(const struct vio_alloc *alloc, const void *body, size_t size,
                         struct vio_pool_info *pool)
{
    struct vio_cursor cursor;
    uint8_t version, length;
    int status;

    vio__cursor_init(&cursor, body, size);
    version = vio__cursor_u8(&cursor);
    if (version > VERSION)
        return VIO_EVERSION;
    pool->purpose = (enum vio_pool_purpose)vio__cursor_u8(&cursor);
    pool->order = (enum vio_pool_order)vio__cursor_u8(&cursor);
    length = vio__cursor_u8(&cursor);
    vio__cursor_copy(&cursor, pool->uuid, VIO_UUID_SIZE);
    pool->generation = vio__cursor_le64(&cursor);
    pool->quarantine = vio__cursor_le32(&cursor);
    vio__part_take_text(&cursor, length, VIO_NAME_MAX, pool->name);
    if (version == 0 || pool->purpose < VIO_POOL_MAC || pool->purpose > VIO_POOL_WWN ||
        pool->order < VIO_POOL_ORDER_LOWEST || pool->order > VIO_POOL_ORDER_SEQUENTIAL ||
        pool->generation == 0 || pool->quarantine > VIO_POOL_QUARANTINE_MAX ||
        vio__uuid_is_nil(pool->uuid) || !vio__name_is_valid(pool->name))
        cursor.failed = true;
    status = take_all_ranges(&cursor, alloc, pool);
    if (status == 0)
        status = vio__part_take_texts(&cursor, alloc, &pool->description, &pool->labels);
    if (status != 0)
        return status;
    return vio__cursor_done(&cursor) ? 0 : VIO_ECORRUPT;
}

int vio__codec_pool(const struct vio_alloc *alloc, const void *body, size_t size,
                    struct vio_pool_info **ret_pool)
{
    struct vio_pool_info *pool;
    int status = vio__pool_new(alloc, &pool);

    if (status != 0)
        return status;
    status = vio__codec_take_pool(&pool->alloc, body, size, pool);
    if (status != 0) {
        vio__pool_unref(pool);
        return status;
    }
    *ret_pool = pool;
    return 0;
}

/* -- Keys -------------------------------------------------------------------------------------- */

struct vio_key vio__codec_pool_key(const uint8_t *body, enum vio_key_kind key)
{
    if (key == VIO_KEY_ID)
        return (struct vio_key){.data = body + AT_UUID, .size = VIO_UUID_SIZE};
    if (key == VIO_KEY_NAME)
        return (struct vio_key){.data = body + AT_NAME, .size = body[AT_NAME_LENGTH]};
    return (struct vio_key){0};
}

uint64_t vio__codec_pool_generation(const uint8_t *body)
{
    struct vio_cursor cursor;

    vio__cursor_init(&cursor, body + AT_GENERATION, sizeof(uint64_t));
    return vio__cursor_le64(&cursor);
}
