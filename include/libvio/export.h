/* SPDX-License-Identifier: MIT */
#ifndef LIBVIO_EXPORT_H
#define LIBVIO_EXPORT_H

/**
 * VIO_EXPORT, VIOSIM_EXPORT - mark each function that libvio, or libviosim, exports
 *
 * All else in the libraries is hidden. The same names stand in lib/libvio.map and
 * sim/libviosim.map.
 */
#if defined(__GNUC__) || defined(__clang__)
#    define VIO_EXPORT    __attribute__((visibility("default")))
#    define VIOSIM_EXPORT __attribute__((visibility("default")))
#else
#    define VIO_EXPORT
#    define VIOSIM_EXPORT
#endif

#endif
