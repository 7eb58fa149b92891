/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A snapshot of a chassis and everything in it, at one version.
 *
 * Snapshots are immutable: any thread may read one, and it stays readable after
 * the chassis was closed. The objects in it (ports, servers, adapters,
 * functions, vAdapters) hold it: a reference to one keeps all of them.
 *
 * Getters return 0, NULL or an enumeration's 0 for a NULL argument. Texts are
 * UTF-8, never NULL otherwise, and live as long as the object.
 */
#ifndef LIBVIO_INVENTORY_H
#define LIBVIO_INVENTORY_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_adapter;
struct vio_function;
struct vio_inventory;
struct vio_port;
struct vio_server;
struct vio_vadapter;

/** The snapshot that a vio_chassis_observe() request took; borrowed, else NULL. @since 0.1.0 */
VIO_EXPORT struct vio_inventory *vio_req_get_inventory(const struct vio_req *req);

/** Takes a reference. @return inventory; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_inventory *vio_inventory_ref(struct vio_inventory *inventory);

/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_inventory_unref(struct vio_inventory *inventory);

/** Grows with each change of what the chassis reports; equal versions of one boot are equal in all
 * but traffic counters. @since 0.1.0 */
VIO_EXPORT uint64_t vio_inventory_version(const struct vio_inventory *inventory);

/** UUID of the chassis (RFC 9562 byte order). @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_inventory_uuid(const struct vio_inventory *inventory,
                                  struct vio_address *ret_uuid);

/** Name of the chassis. @since 0.1.0 */
VIO_EXPORT const char *vio_inventory_name(const struct vio_inventory *inventory);
/** Model of the chassis. @since 0.1.0 */
VIO_EXPORT const char *vio_inventory_model(const struct vio_inventory *inventory);
/** Serial number of the chassis. @since 0.1.0 */
VIO_EXPORT const char *vio_inventory_serial(const struct vio_inventory *inventory);
/** Firmware version of the chassis. @since 0.1.0 */
VIO_EXPORT const char *vio_inventory_firmware(const struct vio_inventory *inventory);
/** A number drawn at the last power-on or reset: functions of another boot are gone. @since 0.1.0
 */
VIO_EXPORT uint64_t vio_inventory_boot_id(const struct vio_inventory *inventory);
/** Time since that boot, ns. @since 0.1.0 */
VIO_EXPORT uint64_t vio_inventory_uptime(const struct vio_inventory *inventory);
/** Who owns the chassis, as the owner named itself; "" when nobody does. @since 0.1.0 */
VIO_EXPORT const char *vio_inventory_owner(const struct vio_inventory *inventory);
/** Code of the chassis' fault, 0 when it is healthy. @since 0.1.0 */
VIO_EXPORT uint32_t vio_inventory_fault(const struct vio_inventory *inventory);
/** How many functions the chassis can have. @since 0.1.0 */
VIO_EXPORT uint32_t vio_inventory_max_functions(const struct vio_inventory *inventory);

/** How many objects of each kind there are. @since 0.1.0 */
VIO_EXPORT size_t vio_inventory_num_ports(const struct vio_inventory *inventory);
/** @copydoc vio_inventory_num_ports @since 0.1.0 */
VIO_EXPORT size_t vio_inventory_num_servers(const struct vio_inventory *inventory);
/** @copydoc vio_inventory_num_ports @since 0.1.0 */
VIO_EXPORT size_t vio_inventory_num_adapters(const struct vio_inventory *inventory);
/** @copydoc vio_inventory_num_ports @since 0.1.0 */
VIO_EXPORT size_t vio_inventory_num_functions(const struct vio_inventory *inventory);
/** @copydoc vio_inventory_num_ports @since 0.1.0 */
VIO_EXPORT size_t vio_inventory_num_vadapters(const struct vio_inventory *inventory);

/** The object of that name (vAdapters also by UUID text); borrowed from the inventory, NULL when
 * there is none. @since 0.1.0 */
VIO_EXPORT struct vio_port *vio_inventory_find_port(const struct vio_inventory *inventory,
                                                    const char *name);
/** @copydoc vio_inventory_find_port @since 0.1.0 */
VIO_EXPORT struct vio_server *vio_inventory_find_server(const struct vio_inventory *inventory,
                                                        const char *name);
/** @copydoc vio_inventory_find_port @since 0.1.0 */
VIO_EXPORT struct vio_adapter *vio_inventory_find_adapter(const struct vio_inventory *inventory,
                                                          const char *name);
/** @copydoc vio_inventory_find_port @since 0.1.0 */
VIO_EXPORT struct vio_vadapter *vio_inventory_find_vadapter(const struct vio_inventory *inventory,
                                                            const char *name);
/** The function with that number; borrowed from the inventory, NULL when there is none. @since
 * 0.1.0 */
VIO_EXPORT struct vio_function *vio_inventory_find_function(const struct vio_inventory *inventory,
                                                            uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
