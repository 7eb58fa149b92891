/* SPDX-License-Identifier: MIT */
/* Who a chassis is that no file gives a UUID. */
#ifndef CHASSISD_IDENTITY_H
#define CHASSISD_IDENTITY_H

#include <stdint.h>

/* The same for each name of the same socket, which need not be there yet: a chassis that is started
 * again at its address is the one that clients know, after a power cycle. */
void identity_of_socket(const char *path, uint8_t ret_uuid[16]);

#endif
