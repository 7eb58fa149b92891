/* SPDX-License-Identifier: MIT */
#ifndef LIBVIO_VERSION_H
#define LIBVIO_VERSION_H

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of the headers that a program was compiled with. */
#define VIO_VERSION_MAJOR  0
#define VIO_VERSION_MINOR  1
#define VIO_VERSION_PATCH  0
#define VIO_VERSION_STRING "0.1.0"

/**
 * vio_version_string() - the version of the library that is loaded
 *
 * It may differ from VIO_VERSION_STRING when the library was exchanged after the program was
 * compiled.
 *
 * Return: "MAJOR.MINOR.PATCH". The string is static: it is valid for ever and never freed.
 * Thread safety: may be called from any thread and inside any callback, also after a fork.
 * Since: 0.1.0
 */
VIO_EXPORT const char *vio_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
