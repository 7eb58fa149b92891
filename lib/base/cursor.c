/* SPDX-License-Identifier: MIT */
#include "lib/base/cursor.h"

#include <string.h>

void vio__cursor_init(struct vio_cursor *cursor, const void *data, size_t size)
{
    *cursor = (struct vio_cursor){.data = data, .size = size};
}

size_t vio__cursor_left(const struct vio_cursor *cursor)
{
    return cursor->failed ? 0 : cursor->size - cursor->pos;
}

bool vio__cursor_done(const struct vio_cursor *cursor)
{
    return !cursor->failed && cursor->pos == cursor->size;
}

bool vio__cursor_skip(struct vio_cursor *cursor, size_t size)
{
    if (cursor->failed || size > cursor->size - cursor->pos) {
        cursor->failed = true;
        return false;
    }
    cursor->pos += size;
    return true;
}

bool vio__cursor_seek(struct vio_cursor *cursor, size_t pos)
{
    if (cursor->failed || pos > cursor->size) {
        cursor->failed = true;
        return false;
    }
    cursor->pos = pos;
    return true;
}

const uint8_t *vio__cursor_bytes(struct vio_cursor *cursor, size_t size)
{
    size_t pos = cursor->pos;

    return vio__cursor_skip(cursor, size) ? cursor->data + pos : NULL;
}

bool vio__cursor_copy(struct vio_cursor *cursor, void *ret_data, size_t size)
{
    const uint8_t *bytes = vio__cursor_bytes(cursor, size);

    if (cursor->failed)
        return false;
    if (size != 0)
        memcpy(ret_data, bytes, size);
    return true;
}

static uint64_t read_le(struct vio_cursor *cursor, size_t size)
{
    const uint8_t *bytes = vio__cursor_bytes(cursor, size);
    uint64_t value = 0;

    for (size_t i = 0; bytes != NULL && i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

uint8_t vio__cursor_u8(struct vio_cursor *cursor)
{
    return (uint8_t)read_le(cursor, 1);
}

uint16_t vio__cursor_le16(struct vio_cursor *cursor)
{
    return (uint16_t)read_le(cursor, 2);
}

uint32_t vio__cursor_le32(struct vio_cursor *cursor)
{
    return (uint32_t)read_le(cursor, 4);
}

uint64_t vio__cursor_le64(struct vio_cursor *cursor)
{
    return read_le(cursor, 8);
}
