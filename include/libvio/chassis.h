/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A chassis: opening, observing and closing it.
 *
 * A `struct vio_chassis` is a live connection. What it looks like at one
 * moment is a `struct vio_inventory` (inventory.h).
 */
#ifndef LIBVIO_CHASSIS_H
#define LIBVIO_CHASSIS_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_ctx;
struct vio_chassis;
struct vio_chassis_config;
struct vio_inventory;
struct viosim;

/**
 * Makes a configuration for vio_chassis_open() with its defaults: ownership is
 * claimed, a live owner is waited for 0 ms and then refused.
 *
 * Configuration objects belong to one thread.
 *
 * @param ret_config  receives the configuration; free it with vio_chassis_config_free()
 * @return 0, VIO_EINVAL (ret_config is NULL), VIO_ENOMEM
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_new(struct vio_chassis_config **ret_config);

/** Frees a configuration; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_chassis_config_free(struct vio_chassis_config *config);

/**
 * Opens the chassis for reading only: no lease is claimed, nothing is written
 * anywhere, and calls that would change something end with VIO_EPERM.
 *
 * @return 0, VIO_EINVAL
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_read_only(struct vio_chassis_config *config, bool read_only);

/**
 * Takes the chassis over from an owner that is alive. That owner is fenced: the
 * device refuses its commands from then on.
 *
 * @return 0, VIO_EINVAL
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_take_over(struct vio_chassis_config *config, bool take_over);

/**
 * How long opening waits for a live owner to leave before it is refused.
 *
 * @param milliseconds  0 to 3600000
 * @return 0, VIO_EINVAL
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_wait(struct vio_chassis_config *config,
                                           uint32_t milliseconds);

/**
 * How this owner is named to others that are refused.
 *
 * @param holder  1 to 63 bytes of UTF-8 without control characters; copied.
 *                Default: "PROGRAM pid N on HOST".
 * @return 0, VIO_EINVAL, VIO_ENAME
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_holder(struct vio_chassis_config *config, const char *holder);

/**
 * How long one command of the device may take before its outcome is asked for.
 *
 * @param milliseconds  1 to 3600000; default 5000
 * @return 0, VIO_EINVAL
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_command_timeout(struct vio_chassis_config *config,
                                                      uint32_t milliseconds);

/**
 * Opens a chassis.
 *
 * URIs: `sim:` (a software chassis of its own, from the default description),
 * `sim:FILE.yaml`, both with `?time=virtual&seed=N`; `vfio-user:PATH` (the
 * UNIX socket of a vio-chassisd or of any vfio-user server with this device).
 *
 * Functions that the store does not know are adopted by their label and cookie
 * when the chassis is opened for writing.
 *
 * The callback runs on the loop's thread. The chassis is read from the request
 * with vio_req_get_chassis().
 *
 * @param ctx      the context
 * @param uri      the chassis; copied
 * @param config   NULL for the defaults; read during the call only
 * @param cb       called once if this returns 0, never inside the call; may be NULL
 * @param user     passed to cb
 * @param ret_req  may be NULL; receives a reference, written before completion
 * @return 0, VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK. The request ends with 0, VIO_EPARSE
 * (the URI or a file it names; the message says where), VIO_ENOENT, VIO_ETRANSPORT, VIO_EPROTO,
 *         VIO_EVERSION, VIO_EOWNED (the message names the owner), VIO_ETIMEDOUT, VIO_ECANCELED
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_open(struct vio_ctx *ctx, const char *uri,
                                const struct vio_chassis_config *config, vio_req_cb cb, void *user,
                                struct vio_req **ret_req);

/**
 * The chassis that a vio_chassis_open() request opened.
 *
 * @return borrowed from the request: vio_chassis_ref() it to keep it; NULL for
 *         another kind of request or one that failed
 * @since 0.1.0
 */
VIO_EXPORT struct vio_chassis *vio_req_get_chassis(const struct vio_req *req);

/**
 * Closes a chassis: refuses new calls with VIO_ECLOSED, ends outstanding ones
 * with VIO_ECLOSED, gives the lease back, then completes. What exists on the
 * chassis stays.
 *
 * @return as vio_chassis_open(); VIO_ECLOSED when it was closed before
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_close(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                                 struct vio_req **ret_req);

/** Takes a reference. @return chassis; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_chassis *vio_chassis_ref(struct vio_chassis *chassis);

/**
 * Gives a reference back; NULL is fine. The last one closes a chassis that is
 * still open, in the background.
 *
 * @since 0.1.0
 */
VIO_EXPORT void vio_chassis_unref(struct vio_chassis *chassis);

/** The URI it was opened with, as long as the chassis is referenced. @since 0.1.0 */
VIO_EXPORT const char *vio_chassis_uri(const struct vio_chassis *chassis);

/** Whether it was opened for reading only. @since 0.1.0 */
VIO_EXPORT bool vio_chassis_is_read_only(const struct vio_chassis *chassis);

/**
 * Reads everything from the chassis into a new snapshot.
 *
 * The inventory is read from the request with vio_req_get_inventory().
 *
 * @return as vio_chassis_open(); the request also ends with VIO_EPROTO when the
 *         device contradicts itself, VIO_EGONE when it is not there any more
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_observe(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

/**
 * The software chassis behind a `sim:` URI, for libviosim's functions.
 *
 * @return borrowed, valid until the chassis is closed; NULL for other chassis
 * @since 0.1.0
 */
VIO_EXPORT struct viosim *vio_chassis_sim(struct vio_chassis *chassis);

#ifdef __cplusplus
}
#endif

#endif
