/* SPDX-License-Identifier: MIT */
/* The noun vadapter's two files: showing (vadapter.c) and describing a wish (vadapter_spec.c). */
#ifndef VIO_TOOLS_VIOCTL_VADAPTER_H
#define VIO_TOOLS_VIOCTL_VADAPTER_H

#include "tools/vioctl/vioctl.h"

extern const struct option create_options[];
extern const struct option set_options[];

json_t *describe_vadapter(const struct vio_vadapter *vadapter);
int show_vadapter(struct vioctl *ctl, const struct vio_vadapter *vadapter);
/* Waits for a request on a vAdapter, shows what it is then, and lets the request go. */
int finish_vadapter(struct vioctl *ctl, int started, struct vio_req *req, const char *what);

int create_vadapter(struct vioctl *ctl, const struct arguments *args);
int set_vadapter(struct vioctl *ctl, const struct arguments *args);

#endif
