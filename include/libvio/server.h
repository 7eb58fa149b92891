/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A server: a host wired to one or two server ports, as one snapshot shows it.
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

/** Takes a reference, which keeps the whole snapshot. @return server; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_server *vio_server_ref(struct vio_server *server);
/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_server_unref(struct vio_server *server);

/** Its name. @since 0.1.0 */
VIO_EXPORT const char *vio_server_name(const struct vio_server *server);
/** Its number on the chassis, from 0. @since 0.1.0 */
VIO_EXPORT uint32_t vio_server_index(const struct vio_server *server);
/** Whether a server is wired to at least one of its ports. @since 0.1.0 */
VIO_EXPORT bool vio_server_is_present(const struct vio_server *server);
/** Whether it has power. @since 0.1.0 */
VIO_EXPORT bool vio_server_is_powered(const struct vio_server *server);
/** How many ports lead to it: 1 or 2. @since 0.1.0 */
VIO_EXPORT uint32_t vio_server_num_ports(const struct vio_server *server);
/** Hot-plug slots of its PCIe hierarchy. @since 0.1.0 */
VIO_EXPORT uint32_t vio_server_hotplug_slots(const struct vio_server *server);
/** Hot-plug slots in use. @since 0.1.0 */
VIO_EXPORT uint32_t vio_server_hotplug_used(const struct vio_server *server);
/** "on", "off" or "absent". @since 0.1.0 */
VIO_EXPORT const char *vio_server_state_name(const struct vio_server *server);
/** How many vAdapters are in it. @since 0.1.0 */
VIO_EXPORT size_t vio_server_num_vadapters(const struct vio_server *server);
/** Capacity of its ports whose link is up, bit/s each direction. @since 0.1.0 */
VIO_EXPORT uint64_t vio_server_capacity(const struct vio_server *server);
/** Sum of the guaranteed rates from it, bit/s. @since 0.1.0 */
VIO_EXPORT uint64_t vio_server_tx_committed(const struct vio_server *server);
/** Sum of the guaranteed rates to it, bit/s. @since 0.1.0 */
VIO_EXPORT uint64_t vio_server_rx_committed(const struct vio_server *server);

/** UUID of its system board. @return 0, VIO_EINVAL, VIO_ENOENT (not known) @since 0.1.0 */
VIO_EXPORT int vio_server_uuid(const struct vio_server *server, struct vio_address *ret_uuid);
/** Its port number `at`, borrowed from the snapshot; NULL beyond the last. @since 0.1.0 */
VIO_EXPORT struct vio_port *vio_server_port(const struct vio_server *server, uint32_t at);

#ifdef __cplusplus
}
#endif

#endif
