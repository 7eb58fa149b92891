/* SPDX-License-Identifier: MIT */
#include "lib/base/buf.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

enum { CAPACITY_MIN = 64 };

void vio__buf_init(struct vio_buf *buf, const struct vio_alloc *alloc, size_t max)
{
    *buf = (struct vio_buf){.alloc = alloc, .max = max};
}

void vio__buf_free(struct vio_buf *buf)
{
    vio__free(buf->alloc, buf->data);
    vio__buf_init(buf, buf->alloc, buf->max);
}

void vio__buf_reset(struct vio_buf *buf)
{
    buf->size = 0;
    buf->status = 0;
}

static int fail(struct vio_buf *buf, int status)
{
    buf->status = status;
    return status;
}

static int grow(struct vio_buf *buf, size_t size)
{
    size_t capacity = buf->capacity != 0 ? buf->capacity : CAPACITY_MIN;
    uint8_t *data;

    if (size > buf->max - buf->size || buf->max == SIZE_MAX)
        return fail(buf, VIO_ELIMIT);
    if (capacity > buf->max)
        capacity = buf->max + 1;
    while (capacity <= buf->size + size)
        capacity = capacity > buf->max / 2 ? buf->max + 1 : 2 * capacity;
    data = vio__realloc(buf->alloc, buf->data, 1, capacity);
    if (data == NULL)
        return fail(buf, VIO_ENOMEM);
    buf->data = data;
    buf->capacity = capacity;
    return 0;
}

/* Room for `size` bytes more, and for a terminating zero beyond them. The capacity never exceeds
 * the limit and that zero. */
static inline int reserve(struct vio_buf *buf, size_t size)
{
    if (buf->status < 0)
        return buf->status;
    return size < buf->capacity - buf->size ? 0 : grow(buf, size);
}

int vio__buf_reserve(struct vio_buf *buf, size_t size)
{
    return reserve(buf, size);
}

int vio__buf_append(struct vio_buf *buf, const void *data, size_t size)
{
    int r = reserve(buf, size);

    if (r == 0 && size != 0) {
        memcpy(buf->data + buf->size, data, size);
        buf->size += size;
    }
    return r;
}

int vio__buf_append_str(struct vio_buf *buf, const char *text)
{
    return vio__buf_append(buf, text, strlen(text));
}

int vio__buf_append_zeros(struct vio_buf *buf, size_t size)
{
    int r = reserve(buf, size);

    if (r == 0) {
        memset(buf->data + buf->size, 0, size);
        buf->size += size;
    }
    return r;
}

static int append_le(struct vio_buf *buf, uint64_t value, size_t size)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    return vio__buf_append(buf, bytes, size);
}

int vio__buf_append_u8(struct vio_buf *buf, uint8_t value)
{
    return vio__buf_append(buf, &value, 1);
}

int vio__buf_append_le16(struct vio_buf *buf, uint16_t value)
{
    return append_le(buf, value, 2);
}

int vio__buf_append_le32(struct vio_buf *buf, uint32_t value)
{
    return append_le(buf, value, 4);
}

int vio__buf_append_le64(struct vio_buf *buf, uint64_t value)
{
    return append_le(buf, value, 8);
}

int vio__buf_vprintf(struct vio_buf *buf, const char *fmt, va_list args)
{
    va_list again;
    int length;
    int r;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, fmt, args);
    r = length < 0 ? fail(buf, VIO_EINVAL) : reserve(buf, (size_t)length);
    if (r == 0) {
        vsnprintf((char *)buf->data + buf->size, (size_t)length + 1, fmt, again);
        buf->size += (size_t)length;
    }
    va_end(again);
    return r;
}

int vio__buf_printf(struct vio_buf *buf, const char *fmt, ...)
{
    va_list args;
    int r;

    va_start(args, fmt);
    r = vio__buf_vprintf(buf, fmt, args);
    va_end(args);
    return r;
}

void vio__buf_consume(struct vio_buf *buf, size_t size)
{
    if (size > buf->size)
        size = buf->size;
    if (size != 0)
        memmove(buf->data, buf->data + size, buf->size - size);
    buf->size -= size;
}

const char *vio__buf_str(struct vio_buf *buf)
{
    if (reserve(buf, 0) < 0)
        return NULL;
    buf->data[buf->size] = '\0';
    return (const char *)buf->data;
}

char *vio__buf_steal(struct vio_buf *buf)
{
    char *text;

    if (vio__buf_str(buf) == NULL)
        return NULL;
    text = (char *)buf->data;
    buf->data = NULL;
    vio__buf_free(buf);
    return text;
}
