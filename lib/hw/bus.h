/* SPDX-License-Identifier: MIT */
/*
 * What a device in a loaded library offers to a transport: the few things that
 * a bus gives to a driver. libviosim implements it for `sim:`; libvio loads the
 * library and asks its one entry for the table. Versioned, so that either side
 * may be newer.
 */
#ifndef VIO_LIB_HW_BUS_H
#define VIO_LIB_HW_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIO_BUS_VERSION 1

/* Given by the transport; the device calls it on the thread that called into the device. */
struct vio_bus_host {
    void *user;
    void (*interrupt)(void *user, unsigned vector);
    void (*wake)(void *user); /* next() became earlier; may come from any thread */
};

struct vio_bus_ops {
    uint32_t version;

    /*
     * Opens the device that `location` names (what follows the URI's scheme).
     * On failure returns VIO_E… and writes one line to `error`.
     */
    int (*open)(const char *location, const struct vio_bus_host *host, void **ret_device,
                char *error, size_t error_size);
    void (*close)(void *device);

    /* Trapped access to a BAR. Returns 0 or VIO_E…; VIO_EGONE when the device is not there any
     * more. */
    int (*read)(void *device, unsigned bar, uint64_t offset, void *data, size_t size);
    int (*write)(void *device, unsigned bar, uint64_t offset, const void *data, size_t size);

    /* The memory behind BAR 2, valid until close; NULL where only trapped access is there. */
    void *(*map)(void *device, unsigned bar, size_t *ret_size);

    /* Configuration space of the management function itself. */
    int (*config_read)(void *device, unsigned offset, void *data, size_t size);

    int (*reset)(void *device); /* function level reset */

    /*
     * Time of the device, in ns of the caller's clock. next() is when step() is
     * wanted, UINT64_MAX for never; step() does what is due at `now`.
     */
    uint64_t (*next)(void *device);
    bool (*busy)(void *device); /* it is at work; else step() would only find that nobody came */
    void (*step)(void *device, uint64_t now);

    /* Handle for the library's own API (struct viosim *), NULL where there is none. */
    void *(*handle)(void *device);
};

/* The entry that the library exports under the name VIO_BUS_ENTRY. NULL: `version` is not offered.
 */
typedef const struct vio_bus_ops *(*vio_bus_entry_fn)(uint32_t version);
#define VIO_BUS_ENTRY "viosim_bus_entry"

#endif
