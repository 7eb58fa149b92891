/* SPDX-License-Identifier: MIT */
/*
 * Messages of the vfio-user protocol, as QEMU's docs/interop/vfio-user.rst defines them. Numbers
 * are in the host's byte order. Flags and indices that the protocol shares with the kernel's VFIO
 * come from <linux/vfio.h>; the structures are fixed here, because the kernel's may grow.
 */
#ifndef CHASSISD_WIRE_H
#define CHASSISD_WIRE_H

#include <assert.h>
#include <stdint.h>

#include <linux/vfio.h>

#define VFU_MAJOR 0
#define VFU_MINOR 1 /* the newest that is spoken; the reply names the older of both sides' */

enum vfu_command {
    VFU_VERSION = 1,
    VFU_DMA_MAP = 2,
    VFU_DMA_UNMAP = 3,
    VFU_DEVICE_GET_INFO = 4,
    VFU_DEVICE_GET_REGION_INFO = 5,
    VFU_DEVICE_GET_REGION_IO_FDS = 6,
    VFU_DEVICE_GET_IRQ_INFO = 7,
    VFU_DEVICE_SET_IRQS = 8,
    VFU_REGION_READ = 9,
    VFU_REGION_WRITE = 10,
    VFU_DMA_READ = 11,
    VFU_DMA_WRITE = 12,
    VFU_DEVICE_RESET = 13,
};

/* Header flags. */
#define VFU_TYPE_MASK    0xfu
#define VFU_TYPE_COMMAND 0x0u
#define VFU_TYPE_REPLY   0x1u
#define VFU_NO_REPLY     0x10u
#define VFU_ERROR        0x20u

struct vfu_header {
    uint16_t id;
    uint16_t command;
    uint32_t size; /* of the whole message */
    uint32_t flags;
    uint32_t error; /* errno value, in replies with VFU_ERROR */
};

struct vfu_version {
    uint16_t major;
    uint16_t minor; /* JSON text and its terminating zero may follow */
};

struct vfu_dma_map {
    uint32_t argsz;
    uint32_t flags; /* VFIO_DMA_MAP_FLAG_READ, _WRITE */
    uint64_t offset;
    uint64_t address;
    uint64_t size;
};

struct vfu_dma_unmap {
    uint32_t argsz;
    uint32_t flags; /* VFIO_DMA_UNMAP_FLAG_ALL */
    uint64_t address;
    uint64_t size;
};

struct vfu_device_info {
    uint32_t argsz;
    uint32_t flags;
    uint32_t regions;
    uint32_t irqs;
};

struct vfu_region_info {
    uint32_t argsz;
    uint32_t flags;
    uint32_t index;
    uint32_t cap_offset; /* 0: no capabilities follow */
    uint64_t size;
    uint64_t offset;
};

struct vfu_irq_info {
    uint32_t argsz;
    uint32_t flags;
    uint32_t index;
    uint32_t count;
};

struct vfu_irq_set {
    uint32_t argsz;
    uint32_t flags;
    uint32_t index;
    uint32_t start;
    uint32_t count; /* as many bytes may follow */
};

struct vfu_region_access {
    uint64_t offset;
    uint32_t region;
    uint32_t count; /* as many bytes follow in a write and in the reply to a read */
};

static_assert(sizeof(struct vfu_header) == 16, "as on the wire");
static_assert(sizeof(struct vfu_version) == 4, "as on the wire");
static_assert(sizeof(struct vfu_dma_map) == 32, "as on the wire");
static_assert(sizeof(struct vfu_dma_unmap) == 24, "as on the wire");
static_assert(sizeof(struct vfu_device_info) == 16, "as on the wire");
static_assert(sizeof(struct vfu_region_info) == 32, "as on the wire");
static_assert(sizeof(struct vfu_irq_info) == 16, "as on the wire");
static_assert(sizeof(struct vfu_irq_set) == 20, "as on the wire");
static_assert(sizeof(struct vfu_region_access) == 16, "as on the wire");

/* What this server takes, announced in its VERSION reply. */
#define VFU_FDS_MAX      16u       /* descriptors with one message */
#define VFU_DATA_MAX     0x100000u /* bytes of one region access */
#define VFU_DMA_MAPS_MAX 4096u     /* mappings of one client */
#define VFU_PAGE_SIZES   4096u
#define VFU_PAYLOAD_MAX  (sizeof(struct vfu_region_access) + VFU_DATA_MAX)

#endif
