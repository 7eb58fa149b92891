/* SPDX-License-Identifier: MIT */
/*
 * Raw access to a chassis for diagnostic tools: registers by offset,
 * configuration spaces, names and decoding. The table is a driver's answer to
 * vio_driver_ops.device; NULL members are what it has not.
 */
#ifndef VIO_LIB_DRIVER_DEVICE_H
#define VIO_LIB_DRIVER_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/device.h>

struct vio_device;

typedef void (*vio_device_done)(void *user, int status);

struct vio_device_ops {
    int (*read)(struct vio_device *device, uint64_t offset, void *data, size_t size,
                vio_device_done done, void *user);
    int (*write)(struct vio_device *device, uint64_t offset, const void *data, size_t size,
                 vio_device_done done, void *user);
    /* Reads `size` bytes from `offset`; VIO_ENOENT when no function answers there. */
    int (*config_read)(struct vio_device *device, enum vio_config_space space, uint32_t index,
                       uint16_t bdf, unsigned offset, void *data, size_t size, vio_device_done done,
                       void *user);
};

/* The table of a device, which a driver's struct vio_device starts with. */
const struct vio_device_ops *vio__device_ops(const struct vio_device *device);

#endif
