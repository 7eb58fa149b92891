/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

json_t *describe_address(const struct vio_address *address)
{
    char text[128];

    if (vio_address_format(address, text, sizeof text) < 0)
        return json_null();
    return json_string(text);
}

json_t *describe_bdf(uint32_t bdf)
{
    char text[16];

    if (bdf > UINT16_MAX)
        return json_null();
    snprintf(text, sizeof text, "%02x:%02x.%x", (unsigned)bdf >> 8, (unsigned)bdf >> 3 & 31,
             (unsigned)bdf & 7);
    return json_string(text);
}
