/* SPDX-License-Identifier: MIT */
/* Bounded reader of little-endian bytes: the one way to parse what comes from outside. Reading past
 * the end gives zeros and sets `failed`, which sticks: read all, then look once. */
#ifndef VIO_BASE_CURSOR_H
#define VIO_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vio_cursor {
    const uint8_t *data;
    size_t size;
    size_t pos; /* never beyond size */
    bool failed;
};

void vio__cursor_init(struct vio_cursor *cursor, const void *data, size_t size);
uint8_t vio__cursor_u8(struct vio_cursor *cursor);
uint16_t vio__cursor_le16(struct vio_cursor *cursor);
uint32_t vio__cursor_le32(struct vio_cursor *cursor);
uint64_t vio__cursor_le64(struct vio_cursor *cursor);

/* The next bytes, in place; NULL if there are not that many. */
const uint8_t *vio__cursor_bytes(struct vio_cursor *cursor, size_t size);

bool vio__cursor_copy(struct vio_cursor *cursor, void *ret_data, size_t size);
bool vio__cursor_skip(struct vio_cursor *cursor, size_t size);
bool vio__cursor_seek(struct vio_cursor *cursor, size_t pos);
size_t vio__cursor_left(const struct vio_cursor *cursor);

/* Nothing failed and all was read. */
bool vio__cursor_done(const struct vio_cursor *cursor);

#endif
