/* SPDX-License-Identifier: MIT */
/* Growing buffer with a maximum. The first failure sticks: later appends do nothing and return it,
 * so a writer may append all and look at the status once. */
#ifndef VIO_BASE_BUF_H
#define VIO_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"

struct vio_buf {
    const struct vio_alloc *alloc; /* must outlive the buffer */
    uint8_t *data;                 /* NULL while nothing was appended */
    size_t size;
    size_t capacity;
    size_t max;
    int status; /* 0, VIO_ENOMEM, or VIO_ELIMIT when it would exceed max */
};

void vio__buf_init(struct vio_buf *buf, const struct vio_alloc *alloc, size_t max);
void vio__buf_free(struct vio_buf *buf);  /* the buffer is empty and usable afterwards */
void vio__buf_reset(struct vio_buf *buf); /* empties it, keeps its memory, clears the status */

int vio__buf_reserve(struct vio_buf *buf, size_t size); /* room for so many bytes more */
int vio__buf_append(struct vio_buf *buf, const void *data, size_t size);
int vio__buf_append_str(struct vio_buf *buf, const char *text); /* without its zero */
int vio__buf_append_zeros(struct vio_buf *buf, size_t size);
int vio__buf_append_u8(struct vio_buf *buf, uint8_t value);
int vio__buf_append_le16(struct vio_buf *buf, uint16_t value);
int vio__buf_append_le32(struct vio_buf *buf, uint32_t value);
int vio__buf_append_le64(struct vio_buf *buf, uint64_t value);
int vio__buf_printf(struct vio_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int vio__buf_vprintf(struct vio_buf *buf, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

void vio__buf_consume(struct vio_buf *buf, size_t size); /* drops the first bytes */

/* The content with a terminating zero that does not count; NULL if the status is not 0. */
const char *vio__buf_str(struct vio_buf *buf);

/* As vio__buf_str, but the memory is the caller's now, to be freed with the same alloc. */
char *vio__buf_steal(struct vio_buf *buf);

#endif
