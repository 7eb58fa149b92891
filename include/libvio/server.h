/* SPDX-License-Identifier: MIT */
/**
 * @file server.h
 * @brief A server: a host wired to one or two server ports, as one snapshot shows it.
 */
#ifndef LIBVIO_SERVER_H
#define LIBVIO_SERVER_H

#include <libvio/address.h>
#include <libvio/export.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_port;
struct vio_server;

/**
 * @brief Take another reference.
 * @param server The server, or NULL.
 * @return *server*.
 *
 * It keeps the whole snapshot that it is part of. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_server *vio_server_ref(struct vio_server *server);

/**
 * @brief Give up a reference.
 * @param server The server, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_server_unref(struct vio_server *server);

/**
 * @brief Get the name of a server.
 * @param server The server, or NULL.
 * @return UTF-8 text that lives as long as the server; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_server_name(const struct vio_server *server);

/**
 * @brief Get the number of a server on its chassis.
 * @param server The server, or NULL.
 * @return The number, from 0; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_server_index(const struct vio_server *server);

/**
 * @brief Tell whether a server is wired to at least one of its ports.
 * @param server The server, or NULL.
 * @return true if it is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_server_is_present(const struct vio_server *server);

/**
 * @brief Tell whether a server has power.
 * @param server The server, or NULL.
 * @return true if it has; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_server_is_powered(const struct vio_server *server);

/**
 * @brief Tell how many ports lead to a server.
 * @param server The server, or NULL.
 * @return 1 or 2; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_server_num_ports(const struct vio_server *server);

/**
 * @brief Get the number of hot-plug slots in a server's PCIe hierarchy.
 * @param server The server, or NULL.
 * @return Slots, used ones included; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_server_hotplug_slots(const struct vio_server *server);

/**
 * @brief Get the number of hot-plug slots in use.
 * @param server The server, or NULL.
 * @return Slots; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_server_hotplug_used(const struct vio_server *server);

/**
 * @brief Get the state of a server in a word.
 * @param server The server, or NULL.
 * @return "on", "off" or "absent": static text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_server_state_name(const struct vio_server *server);

/**
 * @brief Tell how many vAdapters are in a server.
 * @param server The server, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_server_num_vadapters(const struct vio_server *server);

/**
 * @brief Get the rate that a server's ports carry whose link is up.
 * @param server The server, or NULL.
 * @return bit/s in each direction; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_server_capacity(const struct vio_server *server);

/**
 * @brief Get the sum of the guaranteed rates from a server.
 * @param server The server, or NULL.
 * @return bit/s; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_server_tx_committed(const struct vio_server *server);

/**
 * @brief Get the sum of the guaranteed rates to a server.
 * @param server The server, or NULL.
 * @return bit/s; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_server_rx_committed(const struct vio_server *server);

/**
 * @brief Get the UUID of a server's system board.
 * @param server   The server.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT if it is not known.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_server_uuid(const struct vio_server *server, struct vio_address *ret_uuid);

/**
 * @brief Get one of the ports that lead to a server.
 * @param server The server, or NULL.
 * @param at     Which, 0 to vio_server_num_ports() - 1.
 * @return The port, which lives as long as the snapshot: vio_port_ref() it to keep it; NULL beyond
 *         the last and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_port *vio_server_port(const struct vio_server *server, uint32_t at);

#ifdef __cplusplus
}
#endif

#endif
