/* SPDX-License-Identifier: MIT */
/* Reading everything, page by page, or one function. */
#ifndef VIO_LIB_DRIVER_IOVE_OBSERVE_H
#define VIO_LIB_DRIVER_IOVE_OBSERVE_H

#include "lib/driver/driver.h"

struct vio_iove_session;

/*
 * The observation's chassis.change is the change counter before the first record was read: what is
 * newer comes as events. Ends with VIO_EPROTO where the device contradicts itself, VIO_ETIMEDOUT,
 * VIO_EDEVICE, or why the session went down; `error` (VIO_IOVE_ERROR_SIZE bytes, which must outlive
 * it) then says more. VIO_ENOMEM.
 */
int vio__iove_observe(struct vio_loop *loop, struct vio_iove_session *session, uint64_t timeout,
                      char *error, vio_driver_observed done, void *user);

/* VIO_ENOENT when there is no such function. */
int vio__iove_read_function(struct vio_loop *loop, struct vio_iove_session *session,
                            uint64_t timeout, uint32_t index, char *error, vio_driver_read done,
                            void *user);

#endif
