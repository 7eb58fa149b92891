/* SPDX-License-Identifier: MIT */
#ifndef VIO_LIB_DOMAIN_QOS_H
#define VIO_LIB_DOMAIN_QOS_H

#include <stdbool.h>
#include <stdint.h>

/* Guaranteed rate and burst, peak rate and burst: bit/s and bytes. */
struct vio_rate {
    uint64_t cir, cbs, pir, pbs;
};

/* What a function may send (tx) and receive (rx). */
struct vio_qos_config {
    struct vio_rate tx, rx;
    uint16_t weight;
    uint8_t traffic_class;
    bool tx_police, rx_police;
};

bool vio__qos_equal(const struct vio_qos_config *a, const struct vio_qos_config *b);

#endif
