/* SPDX-License-Identifier: MIT */
/* One client's table of DMA mappings. Memory is reached with pread and pwrite, never mapped: a
 * client that truncates its file gets an error, not this process a SIGBUS. */
#ifndef CHASSISD_DMA_H
#define CHASSISD_DMA_H

#include <stddef.h>
#include <stdint.h>

#include "tools/chassisd/wire.h"

struct vfu_dma;

struct vfu_dma *vfu_dma_new(void);      /* NULL when memory is out */
void vfu_dma_free(struct vfu_dma *dma); /* closes the mappings' descriptors; NULL is fine */

/* Takes `fd` over (-1: memory that only the client can reach) if it returns 0. Else EINVAL, EEXIST
 * (overlaps a mapping), ENOSPC (table full), ENOMEM. */
int vfu_dma_map(struct vfu_dma *dma, const struct vfu_dma_map *map, int fd);
/* Returns 0, EINVAL, ENOENT (no mapping has exactly this address and size). */
int vfu_dma_unmap(struct vfu_dma *dma, const struct vfu_dma_unmap *unmap);

/* Move `size` bytes. Return 0, EFAULT (not mapped), EACCES (not mapped for that), ENOTSUP (mapped
 * without a descriptor), EIO. */
int vfu_dma_read(struct vfu_dma *dma, uint64_t address, void *data, size_t size);
int vfu_dma_write(struct vfu_dma *dma, uint64_t address, const void *data, size_t size);

#endif
