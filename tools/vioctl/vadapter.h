/* SPDX-License-Identifier: MIT */
/* The noun vadapter's files: showing and plugging (vadapter.c), describing a wish
 * (vadapter_spec.c), and taking foreign functions in (vadapter_adopt.c). */
#ifndef VIO_TOOLS_VIOCTL_VADAPTER_H
#define VIO_TOOLS_VIOCTL_VADAPTER_H

#include "tools/vioctl/vioctl.h"

extern const struct option create_options[];
extern const struct option set_options[];

json_t *describe_vadapter(const struct vio_vadapter *vadapter);

int create_vadapter(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set);
int set_vadapter(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set);
int adopt_vadapter(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set);

#endif
