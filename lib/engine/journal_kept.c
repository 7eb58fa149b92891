/* SPDX-License-Identifier: MIT */
/* Pools and holds in the journal. */
#include <string.h>

#include <libvio/error.h>

#include "lib/engine/journal.h"
#include "lib/store/codec.h"

enum { HAD = 1, HAS = 2 };

static int put_row(struct vio_buf *buf, enum vio_row_kind kind, const void *object)
{
    size_t at = buf->size;
    int status = vio__buf_append_le32(buf, 0);

    if (status == 0)
        status = vio__codec_encode(kind, object, buf);
    for (unsigned i = 0; status == 0 && i < 4; i++)
        buf->data[at + i] = (uint8_t)((buf->size - at - 4) >> (8 * i));
    return status;
}

int vio__journal_put_kept(struct vio_buf *buf, const struct vio_kept *kept)
{
    bool is_pool = kept->kind == VIO_ROW_POOL;
    bool had = is_pool ? kept->before != NULL : kept->had;
    bool has = is_pool ? kept->after != NULL : kept->has;
    int status = vio__buf_append_u8(buf, (uint8_t)kept->kind);

    if (status == 0)
        status = vio__buf_append_u8(buf, (uint8_t)((had ? HAD : 0) | (has ? HAS : 0)));
    if (status == 0 && !is_pool)
        return put_row(buf, VIO_ROW_HOLD, &kept->hold);
    if (status == 0 && had)
        status = put_row(buf, VIO_ROW_POOL, kept->before);
    if (status == 0 && has)
        status = put_row(buf, VIO_ROW_POOL, kept->after);
    return status;
}

static const uint8_t *take_row(struct vio_cursor *cursor, uint32_t *ret_size)
{
    *ret_size = vio__cursor_le32(cursor);
    return vio__cursor_bytes(cursor, *ret_size);
}

static int take_pool(const struct vio_alloc *alloc, struct vio_cursor *cursor,
                     struct vio_pool_info **ret_pool)
{
    uint32_t size;
    const uint8_t *body = take_row(cursor, &size);

    return body ? vio__codec_pool(alloc, body, size, ret_pool) : VIO_ECORRUPT;
}

static int take_hold(struct vio_cursor *cursor, struct vio_hold *ret_hold)
{
    uint32_t size;
    const uint8_t *body = take_row(cursor, &size);

    return body ? vio__codec_hold(body, size, ret_hold) : VIO_ECORRUPT;
}

int vio__journal_take_kept(const struct vio_alloc *alloc, struct vio_cursor *cursor,
                           struct vio_kept *kept)
{
    unsigned kind = vio__cursor_u8(cursor);
    unsigned flags = vio__cursor_u8(cursor);
    int status = 0;

    kept->kind = (enum vio_row_kind)kind;
    kept->commits = true;
    kept->had = (flags & HAD) != 0;
    kept->has = (flags & HAS) != 0;
    if ((kind != VIO_ROW_POOL && kind != VIO_ROW_HOLD) || flags == 0 || flags > (HAD | HAS))
        return VIO_ECORRUPT;
    if (kind == VIO_ROW_HOLD)
        return take_hold(cursor, &kept->hold);
    if (kept->had)
        status = take_pool(alloc, cursor, &kept->before);
    if (status == 0 && kept->has)
        status = take_pool(alloc, cursor, &kept->after);
    return status;
}
