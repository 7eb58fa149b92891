/* SPDX-License-Identifier: MIT */
#ifndef VIO_API_CHASSIS_CONFIG_H
#define VIO_API_CHASSIS_CONFIG_H

#include <libvio/chassis.h>

#include "lib/engine/engine.h"

#define VIO_HOLDER_SIZE 64

/* Fills what the configuration says; NULL: the defaults. `ret_holder` holds the holder's name. */
void vio__chassis_config_fill(const struct vio_chassis_config *config,
                              char ret_holder[VIO_HOLDER_SIZE],
                              struct vio_engine_config *ret_engine);

#endif
