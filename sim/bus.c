/* SPDX-License-Identifier: MIT */
/* The chassis in process: made from a location, driven through lib/hw/bus.h. */
#include "lib/hw/bus.h"

#include <stdio.h>
#include <stdlib.h>

#include <libvio/error.h>

#include "sim/location.h"

static int make(const char *location, struct viosim **ret_sim, struct sim_diag *diag)
{
    struct sim_chassis_spec *spec;
    struct sim_options options;
    char *path;
    int err = sim_location_parse(location, &path, &options, diag);

    if (err != 0)
        return err;
    err = sim_chassis_spec_load(NULL, *path ? path : NULL, NULL, &spec, diag);
    free(path);
    if (err != 0)
        return err;
    err = sim_device_new(spec, &options, ret_sim, diag);
    sim_chassis_spec_free(spec);
    return err;
}

int viosim_new(const char *location, struct viosim **ret_sim, char *error, size_t error_size)
{
    struct sim_diag diag = {0};
    int err = make(location, ret_sim, &diag);

    if (err != 0 && error && error_size)
        snprintf(error, error_size, "%s", diag.text);
    return err;
}

/* What the bus calls a device: one client of a chassis of its own. */
struct bus_device {
    struct viosim *sim;
    struct sim_client *client;
};

static int bus_open(const char *location, const struct vio_bus_host *host, void **ret_device,
                    char *error, size_t error_size)
{
    struct sim_host ours = {.user = host->user, .interrupt = host->interrupt, .wake = host->wake};
    struct bus_device *device = calloc(1, sizeof *device);
    int err;

    if (!device) {
        if (error && error_size)
            snprintf(error, error_size, "out of memory");
        return VIO_ENOMEM;
    }
    err = viosim_new(location, &device->sim, error, error_size);
    if (err == 0) {
        err = sim_client_new(device->sim, &ours, &device->client);
        if (err != 0 && error && error_size)
            snprintf(error, error_size, "out of memory");
    }
    if (err != 0) {
        viosim_unref(device->sim);
        free(device);
        return err;
    }
    *ret_device = device;
    return 0;
}

static void bus_close(void *handle)
{
    struct bus_device *device = handle;

    sim_client_free(device->client);
    viosim_unref(device->sim);
    free(device);
}

static int bus_read(void *handle, unsigned bar, uint64_t offset, void *data, size_t size)
{
    struct bus_device *device = handle;

    return sim_client_read(device->client, bar, offset, data, size);
}

static int bus_write(void *handle, unsigned bar, uint64_t offset, const void *data, size_t size)
{
    struct bus_device *device = handle;

    return sim_client_write(device->client, bar, offset, data, size);
}

static void *bus_map(void *handle, unsigned bar, size_t *ret_size)
{
    struct bus_device *device = handle;

    return sim_client_map(device->client, bar, ret_size);
}

static int bus_config_read(void *handle, unsigned offset, void *data, size_t size)
{
    struct bus_device *device = handle;

    return sim_client_config_read(device->client, offset, data, size);
}

static int bus_reset(void *handle)
{
    struct bus_device *device = handle;

    sim_client_reset(device->client);
    return 0;
}

static uint64_t bus_next(void *handle)
{
    struct bus_device *device = handle;

    return sim_next(device->sim);
}

static bool bus_busy(void *handle)
{
    struct bus_device *device = handle;

    return sim_busy(device->sim);
}

static void bus_step(void *handle, uint64_t now)
{
    struct bus_device *device = handle;

    sim_step(device->sim, now);
}

static void *bus_handle(void *handle)
{
    struct bus_device *device = handle;

    return device->sim;
}

const struct vio_bus_ops *viosim_bus_entry(uint32_t version)
{
    static const struct vio_bus_ops ops = {
        .version = VIO_BUS_VERSION,
        .open = bus_open,
        .close = bus_close,
        .read = bus_read,
        .write = bus_write,
        .map = bus_map,
        .config_read = bus_config_read,
        .reset = bus_reset,
        .next = bus_next,
        .busy = bus_busy,
        .step = bus_step,
        .handle = bus_handle,
    };

    return version == VIO_BUS_VERSION ? &ops : NULL;
}
