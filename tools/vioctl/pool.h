/* SPDX-License-Identifier: MIT */
/* The noun pool's two files: showing (pool.c) and describing a wish (pool_spec.c). */
#ifndef VIO_TOOLS_VIOCTL_POOL_H
#define VIO_TOOLS_VIOCTL_POOL_H

#include "tools/vioctl/vioctl.h"

extern const struct option create_pool_options[];
extern const struct option set_pool_options[];

int create_pool(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set);
int set_pool(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set);

#endif
