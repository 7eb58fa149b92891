/* SPDX-License-Identifier: MIT */
/**
 * @file export.h
 * @brief What marks each function that libvio (VIO_EXPORT) or libviosim (VIOSIM_EXPORT) exports.
 *
 * All else in the libraries is hidden. The same names stand in lib/libvio.map and
 * sim/libviosim.map.
 */
#ifndef LIBVIO_EXPORT_H
#define LIBVIO_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#    define VIO_EXPORT    __attribute__((visibility("default")))
#    define VIOSIM_EXPORT __attribute__((visibility("default")))
#else
#    define VIO_EXPORT
#    define VIOSIM_EXPORT
#endif

/* ISO C wants a declaration in each translation unit, and so in a header that is compiled alone. */
struct vio_ctx;

#endif
