/* SPDX-License-Identifier: MIT */
#include <libvio/version.h>

const char *vio_version_string(void)
{
    return VIO_VERSION_STRING;
}
