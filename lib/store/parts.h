/* SPDX-License-Identifier: MIT */
/* Parts that the bodies of several kinds of rows have, for the codec alone. What is read and is not
 * what it should be sets the cursor's `failed`. */
#ifndef VIO_LIB_STORE_PARTS_H
#define VIO_LIB_STORE_PARTS_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/cursor.h"
#include "lib/domain/labels.h"
#include "lib/domain/observation.h"

/* Bytes without a NUL, whose length stands elsewhere. */
void vio__part_take_text(struct vio_cursor *cursor, size_t length, size_t max, char *ret_text);

/* Kind and bytes. */
void vio__part_put_address(struct vio_buf *buf, const struct vio_address *address);
void vio__part_take_address(struct vio_cursor *cursor, struct vio_address *ret_address);

/* A description (NULL: "") and labels. Read with `alloc` NULL, they are only checked. VIO_ENOMEM,
 * with nothing made. */
void vio__part_put_texts(struct vio_buf *buf, const char *description,
                         const struct vio_labels *labels);
int vio__part_take_texts(struct vio_cursor *cursor, const struct vio_alloc *alloc,
                         char **ret_description, struct vio_labels *ret_labels);

#endif
