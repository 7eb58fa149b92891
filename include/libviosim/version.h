/* SPDX-License-Identifier: MIT */
#ifndef LIBVIOSIM_VERSION_H
#define LIBVIOSIM_VERSION_H

#include <libviosim/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * viosim_version_string() - the version of the software chassis that is loaded
 *
 * Return: "MAJOR.MINOR.PATCH". The string is static: it is valid for ever and never freed.
 * Thread safety: may be called from any thread.
 * Since: 0.1.0
 */
VIOSIM_EXPORT const char *viosim_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
