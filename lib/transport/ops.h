/* SPDX-License-Identifier: MIT */
/*
 * For those who write a transport: one const table per scheme, listed in transport.c. What all have
 * in common is there: deferring each `done`, completing what is outstanding when the transport is
 * closed or lost, refusing accesses meanwhile.
 */
#ifndef VIO_LIB_TRANSPORT_OPS_H
#define VIO_LIB_TRANSPORT_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "lib/transport/transport.h"
#include "lib/transport/uri.h"

/* Something that ends with one `done`. It stays valid until vio__transport_finish(). */
struct vio_transport_call {
    struct vio_dlist node;
    struct vio_post post;
    struct vio_transport *transport;
    vio_transport_done done;
    void *user;
    int status;
    bool finished;
};

struct vio_transport_ops {
    const char *scheme;
    size_t size; /* of the transport's own struct, which starts with struct vio_transport */

    /* Connects, also anew after disconnect(), and finishes `call`. The URI is transport->uri. */
    void (*connect)(struct vio_transport *transport, uint64_t timeout_ns,
                    struct vio_transport_call *call);

    /* Gives up the connection, finished or not, without waiting; no call is touched any more. Also
     * before the first connect(), and twice. */
    void (*disconnect)(struct vio_transport *transport);

    /* After disconnect(), once nobody uses what was mapped. May be NULL. */
    void (*unmap)(struct vio_transport *transport);

    void (*read)(struct vio_transport *transport, unsigned bar, uint64_t offset, void *data,
                 size_t size, struct vio_transport_call *call);
    void (*write)(struct vio_transport *transport, unsigned bar, uint64_t offset, const void *data,
                  size_t size, struct vio_transport_call *call);
    void (*post)(struct vio_transport *transport, unsigned bar, uint64_t offset, const void *data,
                 size_t size);
    void (*config_read)(struct vio_transport *transport, unsigned offset, void *data, size_t size,
                        struct vio_transport_call *call);
    void *(*map)(struct vio_transport *transport, unsigned bar, size_t *ret_size);
    void (*reset)(struct vio_transport *transport, struct vio_transport_call *call);
    void *(*sim)(struct vio_transport *transport); /* may be NULL */
};

enum vio_transport_state {
    VIO_TRANSPORT_DOWN = 0, /* not connected: never, or lost */
    VIO_TRANSPORT_CONNECTING = 1,
    VIO_TRANSPORT_UP = 2,
    VIO_TRANSPORT_CLOSED = 3,
};

struct vio_transport {
    const struct vio_transport_ops *ops; /* NULL: the URI names none */
    struct vio_loop *loop;
    struct vio_transport_listener listener;
    enum vio_transport_state state;
    int code; /* why it is down */
    struct vio_dlist calls;
    unsigned calling; /* `done`s that are being called */
    struct vio_transport_call *connecting;
    struct vio_post lost; /* tells the listener */
    bool losing;
    struct vio_post freeing;
    vio_transport_done closed;
    void *closed_user;
    struct vio_uri uri;
    char location[VIO_URI_MAX + 1]; /* the URI behind "scheme:", as it was given */
    char error[256];
};

extern const struct vio_transport_ops vio__transport_sim_ops;
extern const struct vio_transport_ops vio__transport_vfio_user_ops;

/* Ends a call, once. Its `done` comes later. */
void vio__transport_finish(struct vio_transport_call *call, int status);

/* The text of vio__transport_error(). */
void vio__transport_set_error(struct vio_transport *transport, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The device cannot be reached: ends all calls with `code`, disconnects and tells the listener.
 * The reason was given to vio__transport_set_error(). */
void vio__transport_lose(struct vio_transport *transport, int code);

#endif
