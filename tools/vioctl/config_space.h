/* SPDX-License-Identifier: MIT */
/* Walks a server's PCIe hierarchy as its operating system would and prints it as lspci -xxxx does.
 */
#ifndef VIO_TOOLS_VIOCTL_CONFIG_SPACE_H
#define VIO_TOOLS_VIOCTL_CONFIG_SPACE_H

#include "tools/vioctl/vioctl.h"

int config_space_print(struct vioctl *ctl, uint32_t server);

#endif
