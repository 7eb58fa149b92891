/* SPDX-License-Identifier: MIT */
/* The lease: claimed, kept alive, given back, and noticed when it is lost. */
#ifndef VIO_LIB_DRIVER_IOVE_LEASE_H
#define VIO_LIB_DRIVER_IOVE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

struct vio_iove_lease;
struct vio_iove_session;
struct vio_loop;

typedef void (*vio_iove_lease_done)(void *user, int status);

/* `fenced` is told, once, when the lease was ours and is not any more. `error` is where one line
 * about a failure goes, VIO_IOVE_ERROR_SIZE bytes. VIO_ENOMEM. */
int vio__iove_lease_new(struct vio_loop *loop, struct vio_iove_session *session, const char *holder,
                        uint64_t timeout, char *error, void (*fenced)(void *user), void *user,
                        struct vio_iove_lease **ret_lease);

/* Only when no claim or release is under way. NULL is fine. */
void vio__iove_lease_free(struct vio_iove_lease *lease);

/* VIO_EOWNED where another one is live and `take_over` is not set. VIO_EBUSY while one is under
 * way; VIO_ESTATE when it is ours already. */
int vio__iove_lease_claim(struct vio_iove_lease *lease, bool take_over, vio_iove_lease_done done,
                          void *user);
/* Whatever it ends with, the lease is ours no more. VIO_ESTATE when it was not. */
int vio__iove_lease_release(struct vio_iove_lease *lease, uint64_t timeout,
                            vio_iove_lease_done done, void *user);

/* Another queue set comes into use: what is ours goes on through it. */
void vio__iove_lease_renew(struct vio_iove_lease *lease);

/* The number of our lease in force, else 0. */
uint64_t vio__iove_lease_number(const struct vio_iove_lease *lease);

/* Of a lease that was ours and is not any more: 0 when there was none. */
uint64_t vio__iove_lease_lost_number(const struct vio_iove_lease *lease);

/* What GLOBAL.LEASE was read as. One look may be older than the claim; two are not. */
void vio__iove_lease_seen(struct vio_iove_lease *lease, uint64_t number);

/* The device said that `number` is not in force, or has lost all leases. */
void vio__iove_lease_lost(struct vio_iove_lease *lease, uint64_t number);

#endif
