/* SPDX-License-Identifier: MIT */
/*
 * Steps under way: sent under the lease, in order where they are about the same object, and
 * cleared up where their outcome is in doubt.
 *
 * In doubt is a step whose deadline passed, whose completion makes no sense, or whose queue set
 * went away while the device had it. The device is then asked by the tag. One that it never began
 * is sent again under the same tag, which it executes at most once, so that a command that is only
 * late changes nothing any more. Where it may not be sent again, the function is read back.
 */
#ifndef VIO_LIB_DRIVER_IOVE_STEP_H
#define VIO_LIB_DRIVER_IOVE_STEP_H

#include "lib/driver/driver.h"

struct vio_iove_lease;
struct vio_iove_session;
struct vio_iove_steps;

/* VIO_ENOMEM. */
int vio__iove_steps_new(struct vio_loop *loop, struct vio_iove_session *session,
                        struct vio_iove_lease *lease, uint64_t timeout,
                        struct vio_iove_steps **ret_steps);
void vio__iove_steps_free(struct vio_iove_steps *steps); /* when none is under way; NULL is fine */

/* VIO_ESTATE (not the owner), VIO_EFENCED (not any more), VIO_EINVAL, VIO_ENOMEM. `deadline` 0 or
 * UINT64_MAX: the timeout. */
int vio__iove_steps_submit(struct vio_iove_steps *steps, const struct vio_step *step,
                           uint64_t deadline, vio_driver_stepped done, void *user,
                           struct vio_tag *ret_tag);

size_t vio__iove_steps_count(const struct vio_iove_steps *steps);

/* Ends all with `status`, which is not in doubt: the chassis was reset, or is being closed. */
void vio__iove_steps_end_all(struct vio_iove_steps *steps, int status, const char *text);

#endif
