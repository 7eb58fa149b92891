/* SPDX-License-Identifier: MIT */
/**
 * @file port.h
 * @brief A port of the chassis' PCIe switch, or an external port of an adapter, as one snapshot
 *        shows it.
 */
#ifndef LIBVIO_PORT_H
#define LIBVIO_PORT_H

#include <libvio/export.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_port;

/** What a port leads to. */
enum vio_port_type {
    VIO_PORT_UNKNOWN = 0,
    VIO_PORT_SERVER = 1,   /**< a server */
    VIO_PORT_ADAPTER = 2,  /**< an adapter slot */
    VIO_PORT_EXTERNAL = 3, /**< from an adapter to a network or fabric */
};

/**
 * @brief Take another reference.
 * @param port The port, or NULL.
 * @return *port*.
 *
 * It keeps the whole snapshot that it is part of. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_port *vio_port_ref(struct vio_port *port);

/**
 * @brief Give up a reference.
 * @param port The port, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_port_unref(struct vio_port *port);

/**
 * @brief Get the name of a port, such as "server1/0".
 * @param port The port, or NULL.
 * @return UTF-8 text that lives as long as the port; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_port_name(const struct vio_port *port);

/**
 * @brief Get the number of a port on its chassis.
 * @param port The port, or NULL.
 * @return The number, from 0; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_port_index(const struct vio_port *port);

/**
 * @brief Tell what a port leads to.
 * @param port The port, or NULL.
 * @return Its type; VIO_PORT_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_port_type vio_port_type(const struct vio_port *port);

/**
 * @brief Get the name of the server or adapter that a port leads to or belongs to.
 * @param port The port, or NULL.
 * @return UTF-8 text that lives as long as the port; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_port_owner(const struct vio_port *port);

/**
 * @brief Tell which of its owner's ports a port is.
 * @param port The port, or NULL.
 * @return The place among them, from 0; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_port_path(const struct vio_port *port);

/**
 * @brief Tell whether a port is enabled.
 * @param port The port, or NULL.
 * @return true if it is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_port_is_enabled(const struct vio_port *port);

/**
 * @brief Tell whether the link of a port is up.
 * @param port The port, or NULL.
 * @return true if it is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_port_is_link_up(const struct vio_port *port);

/**
 * @brief Get the width of the link.
 * @param port The port, or NULL.
 * @return Lanes in use; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_port_width(const struct vio_port *port);

/**
 * @brief Get the width that the link can have.
 * @param port The port, or NULL.
 * @return Lanes there are; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_port_max_width(const struct vio_port *port);

/**
 * @brief Get the speed of the link.
 * @param port The port, or NULL.
 * @return MT/s per lane: 2500, 5000, 8000, 16000 or 32000 (PCI Express Base Specification,
 *         Supported Link Speeds); 0 for an external port and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_port_speed(const struct vio_port *port);

/**
 * @brief Get the highest speed that the link can have.
 * @param port The port, or NULL.
 * @return MT/s per lane, as vio_port_speed(); 0 for an external port and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_port_max_speed(const struct vio_port *port);

/**
 * @brief Get the rate that a port carries while its link is up.
 * @param port The port, or NULL.
 * @return bit/s in each direction; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_capacity(const struct vio_port *port);

/**
 * @brief Get the sum of the guaranteed rates towards the network or storage.
 * @param port The port, or NULL.
 * @return bit/s; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_tx_committed(const struct vio_port *port);

/**
 * @brief Get the sum of the guaranteed rates towards the servers.
 * @param port The port, or NULL.
 * @return bit/s; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_rx_committed(const struct vio_port *port);

/**
 * @brief Get the traffic towards the network or storage.
 * @param port The port, or NULL.
 * @return Bytes carried since the chassis was switched on; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_tx_bytes(const struct vio_port *port);

/**
 * @brief Get the traffic towards the servers.
 * @param port The port, or NULL.
 * @return Bytes carried since the chassis was switched on; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_rx_bytes(const struct vio_port *port);

/**
 * @brief Get the number of correctable errors.
 * @param port The port, or NULL.
 * @return Errors since the chassis was switched on; 0 for NULL.
 *
 * PCI Express Base Specification, Advanced Error Reporting. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_correctable_errors(const struct vio_port *port);

/**
 * @brief Get the number of uncorrectable errors that were not fatal.
 * @param port The port, or NULL.
 * @return Errors since the chassis was switched on; 0 for NULL.
 *
 * PCI Express Base Specification, Advanced Error Reporting. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_nonfatal_errors(const struct vio_port *port);

/**
 * @brief Get the number of uncorrectable errors that were fatal.
 * @param port The port, or NULL.
 * @return Errors since the chassis was switched on; 0 for NULL.
 *
 * PCI Express Base Specification, Advanced Error Reporting. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_fatal_errors(const struct vio_port *port);

/**
 * @brief Tell how often the link was lost.
 * @param port The port, or NULL.
 * @return Times since the chassis was switched on; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_port_link_downs(const struct vio_port *port);

/**
 * @brief Get the state of a port in a word.
 * @param port The port, or NULL.
 * @return "up", "down" or "disabled": static text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_port_state_name(const struct vio_port *port);

/**
 * @brief Get the name of a type of port.
 * @param type One of enum vio_port_type.
 * @return "server", "adapter" or "external", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_port_type_name(enum vio_port_type type);

#ifdef __cplusplus
}
#endif

#endif
