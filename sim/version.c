/* SPDX-License-Identifier: MIT */
#include <libviosim/version.h>

#include <libvio/version.h>

const char *viosim_version_string(void)
{
    return VIO_VERSION_STRING;
}
