/* SPDX-License-Identifier: MIT */
#ifndef LIBVIO_EXPORT_H
#define LIBVIO_EXPORT_H

/**
 * VIO_EXPORT - marks each function that libvio exports
 *
 * All else in the library is hidden. The same names stand in lib/libvio.map.
 */
#if defined(__GNUC__) || defined(__clang__)
#    define VIO_EXPORT __attribute__((visibility("default")))
#else
#    define VIO_EXPORT
#endif

#endif
