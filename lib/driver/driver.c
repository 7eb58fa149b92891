/* SPDX-License-Identifier: MIT */
#include "lib/driver/driver.h"

#include <string.h>

#include "lib/driver/device.h"

static const struct vio_driver_ops *const drivers[] = {
    &vio__iove_driver_ops,
};

static bool has_scheme(const char *schemes, const char *scheme, size_t length)
{
    for (const char *at = schemes; *at;) {
        size_t size = strcspn(at, " ");

        if (size == length && memcmp(at, scheme, length) == 0)
            return true;
        at += size + strspn(at + size, " ");
    }
    return false;
}

const struct vio_driver_ops *vio__driver_for(const char *uri, const char **ret_schemes)
{
    size_t length = strcspn(uri, ":");

    /* With one driver, what it opens is all that there is. */
    *ret_schemes = drivers[0]->schemes;
    for (size_t i = 0; uri[length] == ':' && i < sizeof drivers / sizeof drivers[0]; i++)
        if (has_scheme(drivers[i]->schemes, uri, length))
            return drivers[i];
    return NULL;
}

const struct vio_device_ops *vio__device_ops(const struct vio_device *device)
{
    return *(const struct vio_device_ops *const *)(const void *)device;
}
