/* SPDX-License-Identifier: MIT */
/*
 * A set of 64-bit numbers, for numbers that lie close together: a tree whose leaves have one bit
 * for each of 2,048 numbers, and whose inner nodes know which of their 64 children are full. What
 * a call costs depends on the height of the tree, not on how many numbers there are.
 */
#ifndef VIO_BASE_BITMAP_H
#define VIO_BASE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"

struct vio_bitmap;

int vio__bitmap_new(const struct vio_alloc *alloc, struct vio_bitmap **ret_bitmap); /* VIO_ENOMEM */
void vio__bitmap_free(struct vio_bitmap *bitmap);                                   /* NULL: fine */

/* Puts a number in, which may be in already. VIO_ENOMEM. */
int vio__bitmap_set(struct vio_bitmap *bitmap, uint64_t number);

/* Takes it out; false where it was not in. */
bool vio__bitmap_clear(struct vio_bitmap *bitmap, uint64_t number);

bool vio__bitmap_has(const struct vio_bitmap *bitmap, uint64_t number);

/* The lowest number from `first` to `last` that is in, or is not in; false where there is none. */
bool vio__bitmap_next_set(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last,
                          uint64_t *ret_number);
bool vio__bitmap_next_clear(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last,
                            uint64_t *ret_number);

/* How many numbers from `first` to `last` are in. */
uint64_t vio__bitmap_count(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last);

#endif
