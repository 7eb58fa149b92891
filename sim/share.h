/* SPDX-License-Identifier: MIT */
/* Where the descriptions of chassis and adapters lie that are known by name. */
#ifndef SIM_SHARE_H
#define SIM_SHARE_H

#include <stdbool.h>

#define SIM_SHARE_SIZE 4096

/* The environment's VIO_SHARE_DIR; else share/libvio beside the library or program; else the
 * directory that was configured. */
void sim_share_find(char path[SIM_SHARE_SIZE]);

#endif
