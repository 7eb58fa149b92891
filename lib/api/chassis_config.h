/* SPDX-License-Identifier: MIT */
#ifndef VIO_API_CHASSIS_CONFIG_H
#define VIO_API_CHASSIS_CONFIG_H

#include <libvio/chassis.h>

#include "lib/engine/engine.h"

#define VIO_HOLDER_SIZE 64

/* Fills what the configuration says; NULL: the defaults. `ret_holder` holds the holder's name.
 * `store_uri`: of the store, where the configuration names none. */
void vio__chassis_config_fill(const struct vio_chassis_config *config, const char *store_uri,
                              char ret_holder[VIO_HOLDER_SIZE],
                              struct vio_engine_config *ret_engine);

/* Borrowed from the configuration; NULL: none is named. */
struct vio_store *vio__chassis_config_store(const struct vio_chassis_config *config);
bool vio__chassis_config_is_read_only(const struct vio_chassis_config *config);

/* "PROGRAM pid N on HOST": how a program is named to others. */
void vio__holder_default(char holder[VIO_HOLDER_SIZE]);

#endif
