/* SPDX-License-Identifier: MIT */
/* What the other api files need of a chassis. */
#ifndef VIO_API_CHASSIS_H
#define VIO_API_CHASSIS_H

#include <libvio/chassis.h>

#include "lib/engine/engine.h"
#include "lib/loop/loop.h"

/* The first line of each public call: VIO_EINVAL for NULL, VIO_EFORK, VIO_ECLOSED. */
int vio__chassis_check(const struct vio_chassis *chassis);

/* `chassis` is not NULL. */
struct vio_loop *vio__chassis_loop(const struct vio_chassis *chassis);
struct vio_engine *vio__chassis_engine(const struct vio_chassis *chassis);

/* For an operation that keeps the chassis until it has ended: takes a reference; gives it back. */
void *vio__chassis_keep(struct vio_chassis *chassis);
void vio__chassis_release(void *chassis);

#endif
