/* SPDX-License-Identifier: MIT */
/**
 * @file version.h
 * @brief The version of libvio: that of the headers and that of the library.
 */
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
 * @brief Tell the version of the library that is loaded.
 * @return "MAJOR.MINOR.PATCH": static text, never NULL.
 *
 * It may differ from VIO_VERSION_STRING when the library was exchanged after the program was
 * compiled. Callable from any thread, in callbacks and in a forked child.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
