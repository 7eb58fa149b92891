/* SPDX-License-Identifier: MIT */
/* Raw access for diagnostic tools: lib/driver/device.h on a chassis of this kind. */
#ifndef VIO_LIB_DRIVER_IOVE_RAW_H
#define VIO_LIB_DRIVER_IOVE_RAW_H

#include "lib/driver/device.h"

struct vio_iove_session;
struct vio_loop;

/* VIO_ENOMEM. */
int vio__iove_raw_new(struct vio_loop *loop, struct vio_iove_session *session,
                      struct vio_device **ret_device);
void vio__iove_raw_free(struct vio_device *device); /* when nothing is outstanding; NULL is fine */

#endif
