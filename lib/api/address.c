/* SPDX-License-Identifier: MIT */
#include <libvio/address.h>
#include <libvio/error.h>

#include "lib/domain/hwaddr.h"

int vio_address_parse(const char *text, int kind, struct vio_address *ret_address)
{
    if (text == NULL || ret_address == NULL)
        return VIO_EINVAL;
    return vio__hwaddr_parse(text, kind, ret_address);
}

int vio_address_from_bytes(int kind, const void *bytes, size_t size,
                           struct vio_address *ret_address)
{
    if (bytes == NULL || ret_address == NULL)
        return VIO_EINVAL;
    return vio__hwaddr_from_bytes(kind, bytes, size, ret_address);
}

int vio_address_format(const struct vio_address *address, char *buf, size_t size)
{
    if (address == NULL || buf == NULL)
        return VIO_EINVAL;
    return vio__hwaddr_format(address, buf, size);
}

int vio_address_is_valid(const struct vio_address *address)
{
    return address != NULL && vio__hwaddr_is_valid(address);
}

int vio_address_equal(const struct vio_address *a, const struct vio_address *b)
{
    return a != NULL && b != NULL && vio__hwaddr_compare(a, b) == 0;
}

int vio_address_compare(const struct vio_address *a, const struct vio_address *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return vio__hwaddr_compare(a, b);
}
