/* SPDX-License-Identifier: MIT */
/* Asking by a tag what became of a step, of this owner or one before it, apart from doing any. */
#ifndef VIO_LIB_DRIVER_IOVE_INQUIRY_H
#define VIO_LIB_DRIVER_IOVE_INQUIRY_H

#include <stdint.h>

#include "lib/base/dlist.h"
#include "lib/driver/driver.h"

struct vio_iove_session;

/* A member of who asks. */
struct vio_iove_inquiries {
    struct vio_loop *loop;
    struct vio_iove_session *session;
    uint64_t timeout; /* of one, ns */
    struct vio_dlist list;
};

void vio__iove_inquiries_init(struct vio_iove_inquiries *inquiries, struct vio_loop *loop,
                              struct vio_iove_session *session, uint64_t timeout);

/* The outcome's status: VIO_ENOENT where the device knows of no such step, VIO_EINDOUBT where it
 * does not answer in time. VIO_ENOMEM. */
int vio__iove_inquire(struct vio_iove_inquiries *inquiries, struct vio_tag tag,
                      vio_driver_stepped done, void *user);

/* Ends all with VIO_ECLOSED. */
void vio__iove_inquiries_close(struct vio_iove_inquiries *inquiries);

#endif
