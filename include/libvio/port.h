/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A port of the chassis' PCIe switch, or an external port of an adapter, as one snapshot shows it.
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

/** Takes a reference, which keeps the whole snapshot. @return port; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_port *vio_port_ref(struct vio_port *port);
/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_port_unref(struct vio_port *port);

/** Its name, such as "server1/0". @since 0.1.0 */
VIO_EXPORT const char *vio_port_name(const struct vio_port *port);
/** Its number on the chassis, from 0. @since 0.1.0 */
VIO_EXPORT uint32_t vio_port_index(const struct vio_port *port);
/** What it leads to. @since 0.1.0 */
VIO_EXPORT enum vio_port_type vio_port_type(const struct vio_port *port);
/** Name of the server or adapter that it leads to or belongs to. @since 0.1.0 */
VIO_EXPORT const char *vio_port_owner(const struct vio_port *port);
/** Which of its owner's ports it is, from 0. @since 0.1.0 */
VIO_EXPORT uint32_t vio_port_path(const struct vio_port *port);
/** Whether it is enabled. @since 0.1.0 */
VIO_EXPORT bool vio_port_is_enabled(const struct vio_port *port);
/** Whether its link is up. @since 0.1.0 */
VIO_EXPORT bool vio_port_is_link_up(const struct vio_port *port);
/** Lanes in use. @since 0.1.0 */
VIO_EXPORT uint32_t vio_port_width(const struct vio_port *port);
/** Lanes there are. @since 0.1.0 */
VIO_EXPORT uint32_t vio_port_max_width(const struct vio_port *port);
/** Speed in use, MT/s per lane (2500, 5000, 8000, 16000, 32000); 0 for an external port. @since
 * 0.1.0 */
VIO_EXPORT uint32_t vio_port_speed(const struct vio_port *port);
/** Highest speed, MT/s per lane. @since 0.1.0 */
VIO_EXPORT uint32_t vio_port_max_speed(const struct vio_port *port);
/** Rate it carries while its link is up, bit/s each direction. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_capacity(const struct vio_port *port);
/** Sum of the guaranteed rates towards the network or storage, bit/s. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_tx_committed(const struct vio_port *port);
/** Sum of the guaranteed rates towards the servers, bit/s. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_rx_committed(const struct vio_port *port);
/** Bytes carried towards the network or storage. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_tx_bytes(const struct vio_port *port);
/** Bytes carried towards the servers. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_rx_bytes(const struct vio_port *port);
/** Correctable errors (PCIe Base Specification, Advanced Error Reporting). @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_correctable_errors(const struct vio_port *port);
/** Uncorrectable non-fatal errors. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_nonfatal_errors(const struct vio_port *port);
/** Uncorrectable fatal errors. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_fatal_errors(const struct vio_port *port);
/** How often its link was lost. @since 0.1.0 */
VIO_EXPORT uint64_t vio_port_link_downs(const struct vio_port *port);
/** "up", "down" or "disabled". @since 0.1.0 */
VIO_EXPORT const char *vio_port_state_name(const struct vio_port *port);

/** "server", "adapter" or "external"; "unknown" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_port_type_name(enum vio_port_type type);

#ifdef __cplusplus
}
#endif

#endif
