/* SPDX-License-Identifier: MIT */
/* Plans as bytes, as a store keeps them: integers of 7 bits a byte, texts with their length. */
#ifndef VIO_LIB_DOMAIN_PLAN_CODEC_H
#define VIO_LIB_DOMAIN_PLAN_CODEC_H

#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/domain/plan.h"

/* Appends a plan; the buffer's status tells whether it worked. */
void vio__plan_encode(const struct vio_plan *plan, struct vio_buf *buf);

/* The bytes are judged as what comes from outside. VIO_EVERSION of a newer kind; VIO_ECORRUPT,
 * VIO_ENOMEM. */
int vio__plan_decode(const struct vio_alloc *alloc, const void *data, size_t size,
                     struct vio_plan **ret_plan);

/* As decode, to be completed by what is not kept in the bytes themselves. */
int vio__plan_builder_decode(const struct vio_alloc *alloc, const void *data, size_t size,
                             struct vio_plan_builder **ret_builder);

#endif
