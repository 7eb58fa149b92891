/* SPDX-License-Identifier: MIT */
/**
 * @file function.h
 * @brief A function: what the chassis exposes to one server, as one snapshot shows it. A vAdapter
 *        has at most one.
 */
#ifndef LIBVIO_FUNCTION_H
#define LIBVIO_FUNCTION_H

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/vadapter.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_function;

/** Life cycle of a function. */
enum vio_function_state {
    VIO_FUNCTION_UNKNOWN = 0,
    VIO_FUNCTION_DETACHED = 1,
    VIO_FUNCTION_BINDING = 2,
    VIO_FUNCTION_BOUND = 3,
    VIO_FUNCTION_UNBINDING = 4,
    VIO_FUNCTION_FAULT = 5,
};

/**
 * @brief Take another reference.
 * @param function The function, or NULL.
 * @return *function*.
 *
 * It keeps the whole snapshot that it is part of. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_function *vio_function_ref(struct vio_function *function);

/**
 * @brief Give up a reference.
 * @param function The function, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_function_unref(struct vio_function *function);

/**
 * @brief Get the number of a function on its chassis.
 * @param function The function, or NULL.
 * @return The number, from 0; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_function_index(const struct vio_function *function);

/**
 * @brief Get the name that a function carries in hardware: its vAdapter's.
 * @param function The function, or NULL.
 * @return UTF-8 text that lives as long as the function; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_function_label(const struct vio_function *function);

/**
 * @brief Tell what a function is to its server.
 * @param function The function, or NULL.
 * @return The kind; VIO_VADAPTER_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_vadapter_kind vio_function_kind(const struct vio_function *function);

/**
 * @brief Get the state of a function.
 * @param function The function, or NULL.
 * @return The state; VIO_FUNCTION_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_function_state vio_function_state(const struct vio_function *function);

/**
 * @brief Tell whether a function lets traffic through.
 * @param function The function, or NULL.
 * @return true if it does; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_function_is_enabled(const struct vio_function *function);

/**
 * @brief Tell whether the path of a function is up.
 * @param function The function, or NULL.
 * @return true if it is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_function_is_link_up(const struct vio_function *function);

/**
 * @brief Tell whether no vAdapter is known for a function.
 * @param function The function, or NULL.
 * @return true if none is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_function_is_foreign(const struct vio_function *function);

/**
 * @brief Get the name of the adapter behind a function.
 * @param function The function, or NULL.
 * @return UTF-8 text that lives as long as the function; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_function_adapter(const struct vio_function *function);

/**
 * @brief Get the name of a function's server.
 * @param function The function, or NULL.
 * @return UTF-8 text that lives as long as the function, "" while it is detached; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_function_server(const struct vio_function *function);

/**
 * @brief Tell which of its server's ports carries a function.
 * @param function The function, or NULL.
 * @return The place of the port among them, from 0; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_function_path(const struct vio_function *function);

/**
 * @brief Get the place of a function in its server's PCIe hierarchy.
 * @param function The function, or NULL.
 * @return Bus (15:8), device (7:3), function (2:0); UINT32_MAX while it is detached; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_function_bdf(const struct vio_function *function);

/**
 * @brief Tell which virtual function of its adapter a function is.
 * @param function The function, or NULL.
 * @return The number of the VF, from 0; UINT32_MAX where it is proxied; 0 for NULL.
 *
 * Single Root I/O Virtualization and Sharing Specification 1.1. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_function_vf(const struct vio_function *function);

/**
 * @brief Get the size of a vDisk's function.
 * @param function The function, or NULL.
 * @return Bytes; 0 for other kinds and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_size(const struct vio_function *function);

/**
 * @brief Get the bytes delivered to the server.
 * @param function The function, or NULL.
 * @return Bytes since the function was created; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_rx_bytes(const struct vio_function *function);

/**
 * @brief Get the frames delivered to the server.
 * @param function The function, or NULL.
 * @return Frames since the function was created; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_rx_frames(const struct vio_function *function);

/**
 * @brief Get the frames dropped on the way to the server.
 * @param function The function, or NULL.
 * @return Frames since the function was created; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_rx_drops(const struct vio_function *function);

/**
 * @brief Get the bytes taken from the server.
 * @param function The function, or NULL.
 * @return Bytes since the function was created; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_tx_bytes(const struct vio_function *function);

/**
 * @brief Get the frames taken from the server.
 * @param function The function, or NULL.
 * @return Frames since the function was created; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_tx_frames(const struct vio_function *function);

/**
 * @brief Get the frames dropped on the way from the server.
 * @param function The function, or NULL.
 * @return Frames since the function was created; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_tx_drops(const struct vio_function *function);

/**
 * @brief Get a number that grows with each change of a function.
 * @param function The function, or NULL.
 * @return The generation; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_function_generation(const struct vio_function *function);

/**
 * @brief Get the UUID that a function carries in hardware: its vAdapter's.
 * @param function The function.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_function_cookie(const struct vio_function *function,
                                   struct vio_address *ret_uuid);

/**
 * @brief Get the live identity of a function: MAC-48, WWPN or UUID as its kind asks.
 * @param function    The function.
 * @param ret_address Where the identity goes.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT if it has none.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_function_address(const struct vio_function *function,
                                    struct vio_address *ret_address);

/**
 * @brief Get the WWNN of a vHBA's function.
 * @param function    The function.
 * @param ret_address Where the WWNN goes, an address of kind VIO_ADDRESS_WWN.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT for other kinds.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_function_node_address(const struct vio_function *function,
                                         struct vio_address *ret_address);

/**
 * @brief Get the name of a state.
 * @param state One of enum vio_function_state.
 * @return "detached", "binding", "bound", "unbinding" or "fault", "unknown" otherwise: static text,
 *         never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_function_state_name(enum vio_function_state state);

#ifdef __cplusplus
}
#endif

#endif
