/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Raw access to a chassis, for diagnostic tools: registers by offset or name, configuration spaces,
 * decoding.
 *
 * Writes here bypass every check: they are for those who hold the manual
 * (docs/hardware-interface.md).
 */
#ifndef LIBVIO_DEVICE_H
#define LIBVIO_DEVICE_H

#include <libvio/export.h>
#include <libvio/req.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_chassis;
struct vio_register;

/** Whose configuration space is read. */
enum vio_config_space {
    VIO_CONFIG_UNKNOWN = 0,
    VIO_CONFIG_ADAPTER = 1,  /**< index: slot; bdf: function number of the card */
    VIO_CONFIG_FUNCTION = 2, /**< index: function, as its server sees it; bdf: 0 */
    VIO_CONFIG_SERVER = 3,   /**< index: server; bdf: anything in its hierarchy */
    VIO_CONFIG_CHASSIS = 4,  /**< the management function itself; index and bdf: 0 */
};

/**
 * Reads `size` bytes of the register BAR.
 *
 * The bytes are read from the request with vio_req_get_data().
 *
 * @param offset  in bytes, a multiple of 4
 * @param size    a multiple of 4, at most 65536
 * @return 0, VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK; the request also ends with VIO_ENOTSUP
 * (this kind of chassis has no registers), VIO_ETRANSPORT, VIO_ETIMEDOUT, VIO_ECANCELED
 * @since 0.1.0
 */
VIO_EXPORT int vio_device_read(struct vio_chassis *chassis, uint64_t offset, size_t size,
                               vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * Writes a register.
 *
 * @param offset  in bytes, a multiple of `size`
 * @param value   in host order
 * @param size    4 or 8
 * @return as vio_device_read(); the request also ends with VIO_EPERM (read only)
 * @since 0.1.0
 */
VIO_EXPORT int vio_device_write(struct vio_chassis *chassis, uint64_t offset, uint64_t value,
                                size_t size, vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * Reads a configuration space from its start.
 *
 * @param bdf   bus (15:8), device (7:3), function (2:0)
 * @param size  64, 256 or 4096
 * @return as vio_device_read(); the request also ends with VIO_ENOENT (no function answers there)
 * @since 0.1.0
 */
VIO_EXPORT int vio_device_config(struct vio_chassis *chassis, enum vio_config_space space,
                                 uint32_t index, uint16_t bdf, size_t size, vio_req_cb cb,
                                 void *user, struct vio_req **ret_req);

/**
 * The bytes that a request of this header read, as on the wire (little-endian).
 *
 * @param ret_size  receives their number; may be NULL
 * @return borrowed from the request; NULL otherwise
 * @since 0.1.0
 */
VIO_EXPORT const uint8_t *vio_req_get_data(const struct vio_req *req, size_t *ret_size);

/** How many registers the interface has. @since 0.1.0 */
VIO_EXPORT size_t vio_register_count(void);
/** A register by its place in the manual's order; static, NULL beyond the last. @since 0.1.0 */
VIO_EXPORT const struct vio_register *vio_register_at(size_t at);
/**
 * A register by its name, such as "GLOBAL.BOOT_ID" or "FUNCTION[12].STATE"; letters of either case.
 *
 * @param ret_offset  receives its offset in the register BAR; may be NULL
 * @return static; NULL when there is none of that name
 * @since 0.1.0
 */
VIO_EXPORT const struct vio_register *vio_register_find(const char *name, uint64_t *ret_offset);
/** The register at an offset; ret_instance receives which instance of its block. NULL where there
 * is none. @since 0.1.0 */
VIO_EXPORT const struct vio_register *vio_register_find_offset(uint64_t offset,
                                                               uint32_t *ret_instance);
/** Its block, such as "FUNCTION". @since 0.1.0 */
VIO_EXPORT const char *vio_register_block(const struct vio_register *reg);
/** Its name within the block. @since 0.1.0 */
VIO_EXPORT const char *vio_register_name(const struct vio_register *reg);
/** What it means. @since 0.1.0 */
VIO_EXPORT const char *vio_register_text(const struct vio_register *reg);
/** "RO", "RW", "WO" or "W1C". @since 0.1.0 */
VIO_EXPORT const char *vio_register_access(const struct vio_register *reg);
/** Its offset in instance 0 of its block. @since 0.1.0 */
VIO_EXPORT uint64_t vio_register_offset(const struct vio_register *reg);
/** Its bytes: 4 and 8 are numbers, others byte strings. @since 0.1.0 */
VIO_EXPORT size_t vio_register_size(const struct vio_register *reg);
/** Instances of its block that the layout has room for, and their distance in bytes. @since 0.1.0
 */
VIO_EXPORT uint32_t vio_register_instances(const struct vio_register *reg, uint64_t *ret_stride);

/**
 * Writes a register's bytes with its fields' names, such as "0x00000013 LIFE=3 ENABLED=1".
 *
 * @param bytes  vio_register_size() bytes as on the wire
 * @param text   receives at most `size` bytes with the NUL; may be NULL when size is 0
 * @return bytes the whole text takes without its NUL, or VIO_EINVAL
 * @since 0.1.0
 */
VIO_EXPORT int vio_register_decode(const struct vio_register *reg, const uint8_t *bytes, char *text,
                                   size_t size);

#ifdef __cplusplus
}
#endif

#endif
