/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/limits.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/hw/wire.h"

#define MS UINT64_C(1000000)

/* Each number that everything else is sized by, and what it may be. */
static const struct bound {
    const char *name;
    uint32_t offset;
    uint32_t least, most;
} bounds[] = {
    {"NUM_PORTS", VIO_HW_GLOBAL_NUM_PORTS, 0, VIO_HW_PORT_COUNT},
    {"NUM_SERVERS", VIO_HW_GLOBAL_NUM_SERVERS, 0, VIO_HW_SERVER_COUNT},
    {"NUM_SLOTS", VIO_HW_GLOBAL_NUM_SLOTS, 0, VIO_HW_SLOT_COUNT},
    {"NUM_FUNCTIONS", VIO_HW_GLOBAL_NUM_FUNCTIONS, 0, VIO_HW_FUNCTION_COUNT},
    {"NUM_QUEUES", VIO_HW_GLOBAL_NUM_QUEUES, 1, VIO_HW_QUEUE_COUNT},
    {"MAX_RING", VIO_HW_GLOBAL_MAX_RING, 2, UINT32_MAX},
    {"COMMAND_SIZE", VIO_HW_GLOBAL_COMMAND_SIZE, VIO_HW_COMMAND_SIZE, VIO_HW_COMMAND_SIZE},
    {"COMPLETION_SIZE", VIO_HW_GLOBAL_COMPLETION_SIZE, VIO_HW_COMPLETION_SIZE,
     VIO_HW_COMPLETION_SIZE},
    {"EVENT_SIZE", VIO_HW_GLOBAL_EVENT_SIZE, VIO_HW_EVENT_SIZE, VIO_HW_EVENT_SIZE},
    {"RECORD_SIZE", VIO_HW_GLOBAL_RECORD_SIZE, VIO_HW_RECORD_SIZE, VIO_HW_RECORD_SIZE},
    {"MAX_DATA", VIO_HW_GLOBAL_MAX_DATA, VIO_HW_RECORD_SIZE, UINT32_MAX},
    {"LEASE_LIMIT", VIO_HW_GLOBAL_LEASE_LIMIT, 100, 3600000},
    {"QUEUE_LIMIT", VIO_HW_GLOBAL_QUEUE_LIMIT, 100, 3600000},
    {"QUEUE_BASE", VIO_HW_GLOBAL_QUEUE_BASE, VIO_HW_RECORD_SIZE, VIO_HW_BAR0_SIZE},
    {"QUEUE_STRIDE", VIO_HW_GLOBAL_QUEUE_STRIDE, 2 * VIO_HW_WINDOW_SIZE, VIO_HW_BAR0_SIZE},
};

static int check_identity(const uint8_t *global, char *error)
{
    uint32_t magic = vio__hw_get32(global + VIO_HW_GLOBAL_MAGIC);
    uint32_t version = vio__hw_get32(global + VIO_HW_GLOBAL_VERSION);

    if (magic != VIO_HW_MAGIC) {
        snprintf(error, VIO_IOVE_ERROR_SIZE,
                 "GLOBAL.MAGIC is 0x%08x, not 0x%08x: this is no chassis of that kind", magic,
                 VIO_HW_MAGIC);
        return VIO_EPROTO;
    }
    if (VIO_HW_GET(GLOBAL_VERSION, MAJOR, version) != VIO_HW_VERSION_MAJOR) {
        snprintf(error, VIO_IOVE_ERROR_SIZE,
                 "the chassis speaks version %u.%u of the register interface; %d.x is supported",
                 (unsigned)VIO_HW_GET(GLOBAL_VERSION, MAJOR, version),
                 (unsigned)VIO_HW_GET(GLOBAL_VERSION, MINOR, version), VIO_HW_VERSION_MAJOR);
        return VIO_EVERSION;
    }
    return 0;
}

static int check_bounds(const uint8_t *global, char *error)
{
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        const struct bound *b = &bounds[i];
        uint32_t value = vio__hw_get32(global + b->offset);

        if (value < b->least || value > b->most) {
            snprintf(error, VIO_IOVE_ERROR_SIZE, "GLOBAL.%s is %u, not %u to %u", b->name, value,
                     b->least, b->most);
            return VIO_EPROTO;
        }
    }
    return 0;
}

int vio__iove_limits_parse(const uint8_t global[VIO_IOVE_GLOBAL_SIZE],
                           struct vio_iove_limits *ret_limits, char error[VIO_IOVE_ERROR_SIZE])
{
    struct vio_iove_limits l = {0};
    int status = check_identity(global, error);

    if (!status)
        status = check_bounds(global, error);
    if (status)
        return status;

    memcpy(l.uuid, global + VIO_HW_GLOBAL_UUID, sizeof l.uuid);
    l.boot_id = vio__hw_get64(global + VIO_HW_GLOBAL_BOOT_ID);
    l.status = vio__hw_get32(global + VIO_HW_GLOBAL_STATUS);
    l.fault = vio__hw_get32(global + VIO_HW_GLOBAL_FAULT);
    l.lease = vio__hw_get64(global + VIO_HW_GLOBAL_LEASE);
    l.num_ports = vio__hw_get32(global + VIO_HW_GLOBAL_NUM_PORTS);
    l.num_servers = vio__hw_get32(global + VIO_HW_GLOBAL_NUM_SERVERS);
    l.num_slots = vio__hw_get32(global + VIO_HW_GLOBAL_NUM_SLOTS);
    l.num_functions = vio__hw_get32(global + VIO_HW_GLOBAL_NUM_FUNCTIONS);
    l.num_queues = vio__hw_get32(global + VIO_HW_GLOBAL_NUM_QUEUES);
    l.max_ring = vio__hw_get32(global + VIO_HW_GLOBAL_MAX_RING);
    l.max_data = vio__hw_get32(global + VIO_HW_GLOBAL_MAX_DATA);
    l.queue_base = vio__hw_get32(global + VIO_HW_GLOBAL_QUEUE_BASE);
    l.queue_stride = vio__hw_get32(global + VIO_HW_GLOBAL_QUEUE_STRIDE);
    l.lease_limit = vio__hw_get32(global + VIO_HW_GLOBAL_LEASE_LIMIT) * MS;
    l.queue_limit = vio__hw_get32(global + VIO_HW_GLOBAL_QUEUE_LIMIT) * MS;
    if (l.queue_base + (uint64_t)l.num_queues * l.queue_stride > VIO_HW_BAR0_SIZE) {
        snprintf(error, VIO_IOVE_ERROR_SIZE, "GLOBAL.NUM_QUEUES is %u: these lie beyond BAR 0",
                 l.num_queues);
        return VIO_EPROTO;
    }
    *ret_limits = l;
    return 0;
}
