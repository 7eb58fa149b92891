/* SPDX-License-Identifier: MIT */
/* What the GLOBAL block says of a chassis, read once and checked. */
#ifndef VIO_LIB_DRIVER_IOVE_LIMITS_H
#define VIO_LIB_DRIVER_IOVE_LIMITS_H

#include <stdint.h>

#include "lib/hw/regs.h"

#define VIO_IOVE_GLOBAL_SIZE VIO_HW_RECORD_SIZE /* the part of the GLOBAL block that is read */
#define VIO_IOVE_ERROR_SIZE  256

struct vio_iove_limits {
    uint8_t uuid[16];
    uint64_t boot_id;
    uint32_t status; /* GLOBAL.STATUS */
    uint32_t fault;
    uint64_t lease;
    uint32_t num_ports, num_servers, num_slots, num_functions, num_queues;
    uint32_t max_ring, max_data;
    uint32_t queue_base, queue_stride;
    uint64_t lease_limit, queue_limit; /* ns */
};

/*
 * VIO_EVERSION, VIO_EPROTO, with one line in `error` that names what was found and what is wanted.
 * `global` is a copy of the block's bytes.
 */
int vio__iove_limits_parse(const uint8_t global[VIO_IOVE_GLOBAL_SIZE],
                           struct vio_iove_limits *ret_limits, char error[VIO_IOVE_ERROR_SIZE]);

#endif
