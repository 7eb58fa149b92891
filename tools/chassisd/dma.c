/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/dma.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mapping {
    uint64_t address;
    uint64_t size;
    uint64_t offset; /* in the file */
    uint32_t flags;
    int fd;
};

struct vfu_dma {
    struct mapping *mappings; /* ascending addresses, none overlaps another */
    size_t count;
    size_t capacity;
};

struct vfu_dma *vfu_dma_new(void)
{
    return calloc(1, sizeof(struct vfu_dma));
}

static void drop_all(struct vfu_dma *dma)
{
    for (size_t i = 0; i < dma->count; i++) {
        if (dma->mappings[i].fd >= 0)
            close(dma->mappings[i].fd);
    }
    dma->count = 0;
}

void vfu_dma_free(struct vfu_dma *dma)
{
    if (!dma)
        return;
    drop_all(dma);
    free(dma->mappings);
    free(dma);
}

/* Index of the first mapping that ends past `address`; the count if there is none. */
static size_t find(const struct vfu_dma *dma, uint64_t address)
{
    size_t low = 0, high = dma->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mapping *m = &dma->mappings[middle];

        if (m->address + (m->size - 1) < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool grow(struct vfu_dma *dma)
{
    size_t capacity = dma->capacity ? dma->capacity * 2 : 16;
    struct mapping *grown;

    if (dma->count < dma->capacity)
        return true;
    grown = realloc(dma->mappings, capacity * sizeof *grown);
    if (!grown)
        return false;
    dma->mappings = grown;
    dma->capacity = capacity;
    return true;
}

/* A range that does not wrap, and that a file offset can reach. */
static bool map_is_sane(const struct vfu_dma_map *map, int fd)
{
    struct stat st;

    if (map->argsz < sizeof *map ||
        map->flags & ~(uint32_t)(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE))
        return false;
    if (map->size == 0 || map->address + (map->size - 1) < map->address)
        return false;
    if (fd < 0)
        return true;
    return map->offset <= INT64_MAX && map->size <= INT64_MAX - map->offset &&
           fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

int vfu_dma_map(struct vfu_dma *dma, const struct vfu_dma_map *map, int fd)
{
    size_t at = find(dma, map->address);

    if (!map_is_sane(map, fd))
        return EINVAL;
    if (at < dma->count && dma->mappings[at].address - map->address < map->size)
        return EEXIST;
    if (at < dma->count && dma->mappings[at].address <= map->address)
        return EEXIST;
    if (dma->count == VFU_DMA_MAPS_MAX)
        return ENOSPC;
    if (!grow(dma))
        return ENOMEM;
    memmove(dma->mappings + at + 1, dma->mappings + at, (dma->count - at) * sizeof *dma->mappings);
    dma->mappings[at] = (struct mapping){map->address, map->size, map->offset, map->flags, fd};
    dma->count++;
    return 0;
}

int vfu_dma_unmap(struct vfu_dma *dma, const struct vfu_dma_unmap *unmap)
{
    size_t at = find(dma, unmap->address);

    if (unmap->argsz < sizeof *unmap || unmap->flags & ~(uint32_t)VFIO_DMA_UNMAP_FLAG_ALL)
        return EINVAL;
    if (unmap->flags & VFIO_DMA_UNMAP_FLAG_ALL) {
        if (unmap->address != 0 || unmap->size != 0)
            return EINVAL;
        drop_all(dma);
        return 0;
    }
    if (at == dma->count || dma->mappings[at].address != unmap->address ||
        dma->mappings[at].size != unmap->size)
        return ENOENT;
    if (dma->mappings[at].fd >= 0)
        close(dma->mappings[at].fd);
    dma->count--;
    memmove(dma->mappings + at, dma->mappings + at + 1, (dma->count - at) * sizeof *dma->mappings);
    return 0;
}

static int transfer(int fd, uint64_t offset, void *data, size_t size, bool write)
{
    uint8_t *p = data;

    while (size > 0) {
        ssize_t n = write ? pwrite(fd, p, size, (off_t)offset) : pread(fd, p, size, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return EIO; /* the file is shorter than its mapping */
        p += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

/* Goes on from mapping to mapping: neighbours look like one piece of memory to a device. */
static int move(struct vfu_dma *dma, uint64_t address, void *data, size_t size, uint32_t access)
{
    uint8_t *p = data;

    for (size_t i = find(dma, address); size > 0; i++) {
        const struct mapping *m;
        uint64_t skip;
        size_t part;
        int error;

        if (i == dma->count)
            return EFAULT;
        m = &dma->mappings[i];
        if (m->address > address)
            return EFAULT;
        if (!(m->flags & access))
            return EACCES;
        if (m->fd < 0)
            return ENOTSUP;
        skip = address - m->address;
        part = m->size - skip < size ? (size_t)(m->size - skip) : size;
        error = transfer(m->fd, m->offset + skip, p, part, access == VFIO_DMA_MAP_FLAG_WRITE);
        if (error)
            return error;
        p += part;
        address += part;
        size -= part;
    }
    return 0;
}

int vfu_dma_read(struct vfu_dma *dma, uint64_t address, void *data, size_t size)
{
    return move(dma, address, data, size, VFIO_DMA_MAP_FLAG_READ);
}

int vfu_dma_write(struct vfu_dma *dma, uint64_t address, const void *data, size_t size)
{
    return move(dma, address, (void *)(uintptr_t)data, size, VFIO_DMA_MAP_FLAG_WRITE);
}
