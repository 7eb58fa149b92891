/* SPDX-License-Identifier: MIT */
/* The codecs of the single kinds, for the codec alone. Writing fails by the buffer's status; what
 * is written may be refused when it is read. */
#ifndef VIO_LIB_STORE_CODEC_KINDS_H
#define VIO_LIB_STORE_CODEC_KINDS_H

#include "lib/domain/pool.h"
#include "lib/store/codec.h"

void vio__codec_put_vadapter(struct vio_buf *buf, const struct vio_vadapter_info *vadapter);

/* Reads into a vAdapter that was made new; with `alloc` NULL all but its texts, which are checked
 * only. */
int vio__codec_take_vadapter(const struct vio_alloc *alloc, const void *body, size_t size,
                             struct vio_vadapter_info *vadapter);
struct vio_key vio__codec_vadapter_key(const uint8_t *body, enum vio_key_kind key);
uint64_t vio__codec_vadapter_generation(const uint8_t *body);

void vio__codec_put_pool(struct vio_buf *buf, const struct vio_pool_info *pool);

/* With `alloc` NULL, what needs memory is checked only. */
int vio__codec_take_pool(const struct vio_alloc *alloc, const void *body, size_t size,
                         struct vio_pool_info *pool);
struct vio_key vio__codec_pool_key(const uint8_t *body, enum vio_key_kind key);
uint64_t vio__codec_pool_generation(const uint8_t *body);

#endif
