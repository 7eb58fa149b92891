/* SPDX-License-Identifier: MIT */
#ifndef LIBVIOSIM_EXPORT_H
#define LIBVIOSIM_EXPORT_H

/**
 * VIOSIM_EXPORT - marks each function that libviosim exports
 *
 * All else in the library is hidden. The same names stand in sim/libviosim.map.
 */
#if defined(__GNUC__) || defined(__clang__)
#    define VIOSIM_EXPORT __attribute__((visibility("default")))
#else
#    define VIOSIM_EXPORT
#endif

#endif
