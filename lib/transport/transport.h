/* SPDX-License-Identifier: MIT */
/*
 * How the registers of a chassis are reached: `sim` inside the process,
 * `vfio-user` through a socket, `pci` through a mapped BAR. A transport knows
 * regions, bytes and interrupts, and nothing of what they mean.
 *
 * All of it runs on the loop's thread and never blocks. A `done` is called
 * exactly once for each call that returned 0, later, never inside the call;
 * close completes what is outstanding with VIO_ECLOSED.
 */
#ifndef VIO_LIB_TRANSPORT_TRANSPORT_H
#define VIO_LIB_TRANSPORT_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

struct vio_loop;
struct vio_transport;

typedef void (*vio_transport_done)(void *user, int status);

/* What a transport tells its owner; never inside a call into the transport. */
struct vio_transport_listener {
    void *user;
    void (*interrupt)(void *user, unsigned vector);
    /* The device cannot be reached any more. Accesses end with `code` until vio__transport_reopen.
     */
    void (*lost)(void *user, int code, const char *text);
};

/*
 * Opens what `uri` names ("sim:…", "vfio-user:PATH"). `done` comes with the
 * transport ready for use or with the reason why not; vio__transport_error
 * then has one line that names it. *ret_transport is set at once and is to be
 * closed in either case.
 */
int vio__transport_open(struct vio_loop *loop, const char *uri,
                        const struct vio_transport_listener *listener, uint64_t timeout_ns,
                        vio_transport_done done, void *user, struct vio_transport **ret_transport);

/* Connects anew after `lost`. Mappings made before are void. */
int vio__transport_reopen(struct vio_transport *transport, uint64_t timeout_ns,
                          vio_transport_done done, void *user);

/* Frees the transport once everything outstanding has been completed; then `done`. */
void vio__transport_close(struct vio_transport *transport, vio_transport_done done, void *user);

/* One line about the last failure to open, reopen or reach the device; "" when there was none. */
const char *vio__transport_error(const struct vio_transport *transport);

/*
 * Access to a BAR. `data` must stay valid until `done`. Accesses, posts
 * included, reach the device in the order in which they were made.
 */
int vio__transport_read(struct vio_transport *transport, unsigned bar, uint64_t offset, void *data,
                        size_t size, vio_transport_done done, void *user);
int vio__transport_write(struct vio_transport *transport, unsigned bar, uint64_t offset,
                         const void *data, size_t size, vio_transport_done done, void *user);

/* A posted write of 4 or 8 bytes (`value` in host order): doorbells. A failure comes as `lost`. */
int vio__transport_post(struct vio_transport *transport, unsigned bar, uint64_t offset,
                        uint64_t value, size_t size);

/* The management function's own configuration space. */
int vio__transport_config_read(struct vio_transport *transport, unsigned offset, void *data,
                               size_t size, vio_transport_done done, void *user);

/*
 * The memory of a BAR; NULL where it can only be reached by trapped access, as
 * with a descriptor that its owner could truncate under the reader. Valid until
 * close or reopen.
 */
void *vio__transport_map(struct vio_transport *transport, unsigned bar, size_t *ret_size);

/* Function level reset of the management function. */
int vio__transport_reset(struct vio_transport *transport, vio_transport_done done, void *user);

/* The struct viosim behind a `sim:` URI, else NULL. */
void *vio__transport_sim(struct vio_transport *transport);

#endif
